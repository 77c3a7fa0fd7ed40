namespace Whence;

using System.Numerics;
using Whence.Authoring;
using Whence.CompilerServices;

/// <summary>
/// Carries recipes out over spans, for networks whose passes are <see cref="IHostPasses{T}"/>: the compiled class, the tests' interpreter
/// in double precision. Forms rows, asks the network about them, and folds the answers into sums in double that outlive the chunk.
/// </summary>
internal unsafe ref partial struct HostExecutor<T> : IExecutor<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref readonly Recipe recipe;
    private readonly ref readonly Job<T> job;
    private readonly IHostPasses<T> net;
    private readonly Arena<T> arena;
    private readonly Arena<double> doubles;
    private readonly Arena<Weighed> measures;
    private readonly Arena<int> places;
    private readonly Arena<ChangedBox> boxes;

    private readonly int pairsEach;
    private readonly int toSize;
    // The rows are the inputs as they are, one a pair.
    private readonly bool isAtInput;
    // Whether the way back needs what was kept of references, and how much that is a row.
    private readonly bool compares;
    private readonly int keptSize;
    // The multipliers are written where the scores go.
    private readonly bool isInPlace;
    // The target at an input is known from its first row.
    private readonly bool takesOutputs;

    // [answers, inputs]: the targets at each input and at its references.
    private readonly Span<Weighed> outputs;
    private readonly Span<Weighed> referenceOutputs;
    // The rows under way.
    private ReadOnlySpan<RowSpec> specs;
    private long first;

    // [rows, ...]
    private readonly Span<T> xs;
    private readonly Span<T> fromValues;
    private Span<T> seeds;
    // [answers, rows, size of To], and from one answer's to the next one's; DeepLIFT's multipliers of the negative part apart.
    private Span<T> multipliers;
    private Span<T> negatives;
    private int answerStride;
    // [rows, size of To]: its values, and the parts of a layer's difference.
    private Span<T> toValues;
    private Span<T> rises;
    private Span<T> falls;
    // What was kept of the references that all inputs share, and of each row's, [rows, kept size].
    private ReadOnlySpan<T> sharedKept;
    private Span<T> kept;
    // Of a neuron that all goes through: its layer's multipliers, [answers, rows, its size], and for each answer and call of the layer the
    // seed that is 1 at it alone.
    private Span<T> middle;
    private Span<T> neuron;
    private int neuronSize;
    // The calls of its layer, whose ways back are answers of their own; 1 where there is no neuron.
    private int calls = 1;
    // Its own multipliers are those of all answers: no row may have to be taken elsewhere for one of them.
    private readonly bool sharesNeuron;
    // Of rows placed at a layer its values there, [rows, size]; where the paths of the pairs under way begin and end, [pairs, size].
    private Span<T> injected;
    private Span<T> ends;
    private Span<T> starts;
    private Span<T> pairRows;
    private int firstPair;
    // The pairs before this one have theirs.
    private int enclosed;

    // [answers, size of To]: the sums over the rows of the pair under way, and over the pairs of its input.
    private Span<double> sum;
    private Span<double> total;
    // [answers, size of To] and [size of To]: of the row before.
    private Span<T> lastMultipliers;
    private Span<T> lastValues;
    private Contributions<T> contributions;

    // Paths by the question about them; null where rows are walked one by one.
    private readonly IPathPasses<T>? paths;
    // [pairs, ...]: what is kept of the paths under way, from firstPath on; [answers, pairs, ...]: their sums, and the multipliers of those
    // that have ended.
    private Span<T> keptPaths;
    private Span<double> pathSums;
    private Span<T> ended;
    private int mostPaths;
    private Span<T> pairReferences;
    private int firstPath;
    private int begun;
    // [rows], of a neuron that all goes through [answers, rows].
    private Span<T> alphas;
    private Span<double> weights;

    // [answers, rows]: the targets at each row of the call under way.
    private readonly Span<double> found;
    // Which of them is asked about in each row of a chunk.
    private readonly Span<int> which;

    // What recomputes rows in part; null where they are whole passes.
    private readonly ILocalPasses<T>? local;
    // Of each row of the call under way: what its box reaches, and the box. Of those that are asked about together the boxes.
    private Span<int> kinds;
    private Span<ChangedBox> rowBoxes;
    private Span<ChangedBox> askedBoxes;
    // What was kept of which input.
    private Span<T> keptInput;
    private int keptOf;

    /// <param name="assignment">The method, and what it is asked about.</param>
    /// <param name="net">The job's network.</param>
    /// <param name="placement">What is known of all rows.</param>
    public HostExecutor(Assignment<T> assignment, IHostPasses<T> net, Placement placement)
    {
        recipe = ref assignment.Recipe;
        job = ref assignment.Job;
        this.net = net;
        isAtInput = placement == Placement.AtInput && (recipe.Fold is Fold.PerRow or Fold.Contributions);
        paths = CanFollow(recipe, job, placement) ? (IPathPasses<T>)net : null;
        arena = Arena<T>.Enter();
        var asksForward = recipe.Fold is Fold.Values or Fold.Outcomes;
        local = LocalOf(recipe, job, net);
        doubles = Arena<double>.EnterIf(recipe.Fold != Fold.PerRow);
        measures = Arena<Weighed>.EnterIf(recipe.Fold is not (Fold.PerRow or Fold.Values));
        places = Arena<int>.EnterIf(asksForward);
        boxes = Arena<ChangedBox>.EnterIf(local is not null);
        try
        {
            pairsEach = job.PairsEach(recipe);
            toSize = Layout.ToSize(net.Signature, recipe);
            compares = Layout.Compares(recipe.Pass);
            keptSize = compares ? net.KeptSize(recipe.Pass!.Value) : 0;
            var total = (long)job.Count * pairsEach * recipe.Rows;
            var chunk = (int)Math.Min(net.Signature.ChunkRows, total);
            isInPlace = MakesOwnScores && AreEquallyFar();
            sharesNeuron = recipe.Through is not null && paths is null && placement == Placement.OnPath;
            takesOutputs = recipe.Fold == Fold.Contributions && this.isAtInput;
            if (paths is not null ? recipe.Fold == Fold.Moves : !this.isAtInput || pairsEach > 1 || recipe.Pass is null)
                xs = arena.Take(checked(chunk * job.InputSize));
            if (recipe.Fold is Fold.PerRow or Fold.Values or Fold.Outcomes || takesOutputs)
                fromValues = arena.Take(checked(chunk * job.FromSize));
            ChunkRows = recipe.Fold != Fold.Outcomes ? chunk : (int)Math.Min(total, (local is null ? 4L : SortedChunks) * chunk);
            if (asksForward)
            {
                found = doubles.Take(checked(job.Answers * ChunkRows));
                which = places.Take(chunk);
                if (local is not null)
                    MakeRoomForLocal(chunk);
            }
            else
            {
                MakeRoomForBackward(chunk);
                if (paths is not null)
                    MakeRoomForPaths(chunk);
                MakeRoomForSums();
            }
            if (recipe.Fold is Fold.PerRow or Fold.Values)
                return;
            outputs = measures.Take(checked(job.Answers * job.Count));
            referenceOutputs = measures.Take(outputs.Length);
            if (!takesOutputs)
                job.Outputs(outputs);
            if (recipe.Fold != Fold.Outcomes && (recipe.IsComplete || compares))
                job.ReferenceOutputs(referenceOutputs);
            else
                referenceOutputs.Fill(Weighed.None);
        }
        catch
        {
            // Nobody else has it yet: a network whose forward pass throws leaves the thread's memory as it was.
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int ChunkRows { get; }

    /// <summary>Every row has its place in memory.</summary>
    public readonly int ChunkPairs => 0;

    /// <inheritdoc/>
    public readonly Weighed Output(int answer, int input) => outputs[answer * job.Count + input];

    /// <inheritdoc/>
    public readonly Weighed ReferenceOutput(int answer, int input) => referenceOutputs[answer * job.Count + input];

    /// <inheritdoc/>
    public readonly Weighed RowOutput(int answer, int row) =>
        Rows.Weigh(job.Seed(answer, Input(row)), fromValues.Slice(row * job.FromSize, job.FromSize));

    /// <inheritdoc/>
    public readonly double Outcome(int answer, int row) => found[answer * ChunkRows + row];

    /// <inheritdoc/>
    public void Run(long first, ReadOnlySpan<RowSpec> rows, ReadOnlySpan<bool> masks)
    {
        specs = rows;
        this.first = first;
        if (recipe.Fold is Fold.Values or Fold.Outcomes)
        {
            Ask(masks);
            return;
        }
        Backward();
        if (recipe.Fold == Fold.PerRow)
            Score();
        else
            AddRows();
    }

    /// <summary>Not called.</summary>
    public readonly void RunPairs(int first, int pairs, ReadOnlySpan<RowSpec> rows) => throw new NotSupportedException();

    /// <summary>The host has answered when it returns.</summary>
    public readonly void Wait()
    {
    }

    /// <summary>Gives its memory back.</summary>
    public readonly void Dispose()
    {
        boxes.Dispose();
        places.Dispose();
        measures.Dispose();
        doubles.Dispose();
        arena.Dispose();
    }

    private readonly int Input(int row) => Job<T>.InputOf(specs[row].Pair, pairsEach);
}
