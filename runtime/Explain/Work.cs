namespace Whence;

using System.Numerics;
using System.Runtime.CompilerServices;

/// <summary>
/// A question whose arguments are checked and pinned: some inputs, their references and targets, and where the answers go.
/// Answers chunk by chunk; sums over steps and references run in their order, so no bit depends on the size of a chunk.
/// </summary>
internal unsafe partial struct Work<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public IWalks<T> Net;
    public Score Score;
    public Flow Flow;
    public Options Options;
    public PathPoints? Points;
    /// <summary>
    /// Whether conductance takes a layer's moves over the pieces of the path, rather than between the points as Captum does.
    /// </summary>
    public bool WholePath;
    public bool Relu;
    public SlidingWindow? Window;
    public Groups? Groups;
    public int Samples;
    public ulong RandomSeed;
    public Prepared<T>? Prepared;

    /// <summary>The place of the first input in the caller's batch.</summary>
    public int First;
    public int Count;
    public int From;
    public int To;
    public int Layer;
    public int Unit;

    public int InputSize;
    public int FromSize;
    public int ToSize;
    public int ScoreSize;
    public int SumsEach;

    public T* X;
    public T* References;
    /// <summary>References for one input.</summary>
    public int Each;
    public bool PerInput;
    public T* Seeds;
    public bool PerInputSeeds;

    public T* Scores;
    public T* Positive;
    public T* Negative;
    public T* Multipliers;
    public T* Hypothetical;
    public Completeness* Sums;

    private readonly int ChunkRows => Net.Signature.ChunkRows;

    /// <summary>The same question about some of the inputs.</summary>
    public readonly Work<T> Slice(int first, int count)
    {
        var part = this;
        part.First += first;
        part.Count = count;
        part.X += (long)first * InputSize;
        if (PerInput)
            part.References += (long)first * Each * InputSize;
        if (PerInputSeeds)
            part.Seeds += (long)first * FromSize;
        var scores = (long)first * ScoreSize;
        part.Scores += scores;
        if (Positive != null)
            part.Positive += scores;
        if (Negative != null)
            part.Negative += scores;
        if (Multipliers != null)
            part.Multipliers += scores;
        if (Hypothetical != null)
            part.Hypothetical += scores;
        if (Sums != null)
            part.Sums += (long)first * SumsEach;
        return part;
    }

    /// <summary>Answers.</summary>
    public readonly void Run()
    {
        switch (Score)
        {
            case Score.Multiplier or Score.TimesInput or Score.TimesActivation or Score.GradCam:
                Once();
                break;
            case Score.Contribution:
                Differences();
                break;
            case Score.Expected:
                Expected();
                break;
            case Score.Mutation:
                Mutated();
                break;
            case Score.Value:
                Valued();
                break;
            case Score.Occlusion or Score.Ablation or Score.Shapley or Score.ShapleySampling or Score.KernelShap:
                Changed();
                break;
            default:
                Along();
                break;
        }
    }

    private readonly ReadOnlySpan<T> Input(int input) => new(X + (long)input * InputSize, InputSize);

    private readonly ReadOnlySpan<T> Inputs(int input, int count) => new(X + (long)input * InputSize, checked(count * InputSize));

    // A pair is an input and one of its references; an input's pairs follow each other.
    private readonly ReadOnlySpan<T> Reference(int pair) =>
        new(References + (long)(PerInput ? pair : pair % Each) * InputSize, InputSize);

    private readonly ReadOnlySpan<T> Seed(int input) => new(Seeds + (PerInputSeeds ? (long)input * FromSize : 0), FromSize);

    private readonly Span<T> ScoreRow(int input) => new(Scores + (long)input * ScoreSize, ScoreSize);

    // The inputs of some pairs, as they lie if every input has one reference, else copied into the buffer.
    private readonly ReadOnlySpan<T> PairInputs(int pair, int pairs, Span<T> buffer)
    {
        if (Each == 1)
            return Inputs(pair, pairs);
        for (var i = 0; i < pairs; i++)
            Input((pair + i) / Each).CopyTo(buffer.Slice(i * InputSize, InputSize));
        return buffer[..(pairs * InputSize)];
    }

    private readonly ReadOnlySpan<T> PairReferences(int pair, int pairs, Span<T> buffer)
    {
        if (PerInput)
            return new(References + (long)pair * InputSize, checked(pairs * InputSize));
        for (var i = 0; i < pairs; i++)
            Reference(pair + i).CopyTo(buffer.Slice(i * InputSize, InputSize));
        return buffer[..(pairs * InputSize)];
    }

    // Each row's seed; row i belongs to input (first + i) / each.
    private readonly ReadOnlySpan<T> RowSeeds(int first, int rows, int each, Span<T> buffer)
    {
        if (!PerInputSeeds)
            return Seed(0);
        if (each == 1)
            return new(Seeds + (long)first * FromSize, checked(rows * FromSize));
        for (var i = 0; i < rows; i++)
            Seed((first + i) / each).CopyTo(buffer.Slice(i * FromSize, FromSize));
        return buffer[..(rows * FromSize)];
    }

    /// <summary>The target at each input.</summary>
    private readonly void Outputs(Span<Weighed> outputs)
    {
        using var arena = Arena<T>.Enter();
        var chunk = Math.Min(ChunkRows, Count);
        var values = arena.Take(checked(chunk * FromSize));
        for (var first = 0; first < Count; first += chunk)
        {
            var rows = Math.Min(chunk, Count - first);
            Net.Forward(Inputs(first, rows), From, values[..(rows * FromSize)], rows);
            for (var i = 0; i < rows; i++)
                outputs[first + i] = Rows.Weigh(Seed(first + i), values.Slice(i * FromSize, FromSize));
        }
    }

    /// <summary>The target at the references of each input, averaged.</summary>
    private readonly void ReferenceOutputs(Span<Weighed> outputs)
    {
        using var arena = Arena<T>.Enter();
        outputs.Clear();
        if (PerInput)
            AddOwnReferences(arena, outputs);
        else
            AddSharedReferences(arena, outputs);
        for (var input = 0; input < Count; input++)
            outputs[input] /= Each;
    }

    private readonly void AddSharedReferences(in Arena<T> arena, Span<Weighed> outputs)
    {
        var values = Prepared is null ? default : Prepared.ValuesOf(From);
        if (values.IsEmpty)
        {
            var computed = arena.Take(checked(Each * FromSize));
            Explain.Forward(Net, new ReadOnlySpan<T>(References, Each * InputSize), From, computed, Each);
            values = computed;
        }
        for (var input = 0; input < Count; input++)
        {
            for (var r = 0; r < Each; r++)
                outputs[input] += Rows.Weigh(Seed(input), values.Slice(r * FromSize, FromSize));
        }
    }

    private readonly void AddOwnReferences(in Arena<T> arena, Span<Weighed> outputs)
    {
        var pairs = checked(Count * Each);
        var chunk = Math.Min(ChunkRows, pairs);
        var values = arena.Take(checked(chunk * FromSize));
        for (var first = 0; first < pairs; first += chunk)
        {
            var rows = Math.Min(chunk, pairs - first);
            Net.Forward(new(References + (long)first * InputSize, rows * InputSize), From, values[..(rows * FromSize)], rows);
            for (var i = 0; i < rows; i++)
                outputs[(first + i) / Each] += Rows.Weigh(Seed((first + i) / Each), values.Slice(i * FromSize, FromSize));
        }
    }

    /// <summary>Sums up one answer, refuses what is not finite or not complete enough, and hands the sums to the caller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Record(int input, int answer, ReadOnlySpan<T> scores, Weighed output, Weighed referenceOutput, bool applies,
        int steps)
    {
        double sum = 0, magnitude = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            var score = double.CreateTruncating(scores[i]);
            sum += score;
            magnitude += Math.Abs(score);
        }
        var sums = new Completeness(output.Value, referenceOutput.Value, sum, magnitude, applies, steps, null)
        {
            Rounding = applies ? Completeness.Places * UnitInTheLastPlace * (output.Size + referenceOutput.Size) : 0,
            Remedy = Remedy,
        };
        if (!double.IsFinite(output.Value) || applies && !double.IsFinite(referenceOutput.Value) || !double.IsFinite(magnitude))
            throw NonFinite(input, sums);
        if (Options.RequireGap is { } allowed && sums.RelativeGap > allowed)
            throw new CompletenessException(sums, allowed, First + input);
        if (Sums != null)
            Sums[input * SumsEach + answer] = sums;
    }

    /// <summary>Of a number around 1.</summary>
    private static double UnitInTheLastPlace => double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    private readonly Remedy Remedy => Score switch
    {
        Score.Contribution => To < 0 ? Remedy.Rule : Remedy.RuleOrLayer,
        Score.Integral => Remedy.Steps,
        Score.Conductance when !WholePath => Remedy.WholePath,
        Score.Conductance or Score.LayerIntegral => Remedy.StepsOrLayer,
        Score.Expected => Remedy.Samples,
        Score.TimesInput => Remedy.Stabiliser,
        _ => Remedy.None,
    };
}
