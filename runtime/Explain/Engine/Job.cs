namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// A request whose arguments are checked and pinned, about units of one point: some inputs, their references, the seeds of one answer or of
/// several, and where these go. It alone is cut for threads, by inputs.
/// </summary>
internal unsafe struct Job<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public IModel<T> Net;
    public ExplainOptions Options;
    /// <summary>The gap over which an answer is refused; null if none is.</summary>
    public double? RequireGap;
    public PreparedReferences<T>? Prepared;

    /// <summary>The place of the first input in the caller's batch.</summary>
    public int First;
    public int Count;
    /// <summary>The point that is explained.</summary>
    public int From;
    public int FromSize;
    public int InputSize;
    public int ScoreSize;
    public int SumsEach;

    public T* X;
    public T* References;
    /// <summary>References for one input.</summary>
    public int Each;
    public bool PerInput;
    /// <summary>How many answers each input gets, one for each of so many of the call's targets.</summary>
    public int Answers;
    /// <summary>[Answers]: the targets' places among those of the call.</summary>
    public int* Places;
    /// <summary>How many targets the call has.</summary>
    public int Targets;
    /// <summary>[Answers, FromSize]; of targets that each input has its own of, of which there is one answer, [Count, FromSize].</summary>
    public T* Seeds;
    public bool PerInputSeeds;

    /// <summary>From the scores of one target to those of the next one.</summary>
    public long ScoreStride;
    public long SumStride;
    public T* Scores;
    public T* Positive;
    public T* Negative;
    public T* Multipliers;
    public T* Hypothetical;
    public Completeness* Sums;
    /// <summary>How much of the whole call is done, shared by its threads; null if nobody asks.</summary>
    public Progress* Progress;

    /// <summary>The same job about one of the answers.</summary>
    public readonly Job<T> Answer(int answer)
    {
        var part = this;
        part.Answers = 1;
        part.Places += answer;
        if (!PerInputSeeds)
            part.Seeds += (long)answer * FromSize;
        return part;
    }

    /// <summary>The same job about some of the inputs.</summary>
    public readonly Job<T> Slice(int first, int count)
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

    /// <summary>How many pairs an input's rows are made for: what has scores of its own is asked once an input.</summary>
    public readonly int PairsEach(in Recipe recipe) => PairsEach(recipe, Each);

    /// <summary>The same of inputs with so many references.</summary>
    public static int PairsEach(in Recipe recipe, int each) =>
        recipe.PerInput || recipe.Fold is Fold.PerRow or Fold.Values ? 1 : each;

    /// <summary>The input of a pair.</summary>
    public static int InputOf(int pair, int pairsEach) => pairsEach == 1 ? pair : pair / pairsEach;

    public readonly ReadOnlySpan<T> Input(int input) => new(X + (long)input * InputSize, InputSize);

    public readonly ReadOnlySpan<T> Inputs(int input, int count) => new(X + (long)input * InputSize, checked(count * InputSize));

    /// <summary>One of an input's references.</summary>
    public readonly ReadOnlySpan<T> Reference(int input, int reference) =>
        new(References + ((PerInput ? (long)input * Each : 0) + reference) * InputSize, InputSize);

    /// <summary>
    /// The references of some pairs, in which an input's follow each other: as they lie if inputs have their own, else copied into the
    /// buffer.
    /// </summary>
    public readonly ReadOnlySpan<T> PairReferences(int pair, int pairs, Span<T> buffer)
    {
        if (PerInput)
            return new(References + (long)pair * InputSize, checked(pairs * InputSize));
        for (var i = 0; i < pairs; i++)
            Reference(0, (pair + i) % Each).CopyTo(buffer.Slice(i * InputSize, InputSize));
        return buffer[..(pairs * InputSize)];
    }

    /// <summary>The inputs of some pairs: as they lie if every input has one, else copied into the buffer.</summary>
    public readonly ReadOnlySpan<T> PairInputs(int pair, int pairs, int each, Span<T> buffer)
    {
        if (each == 1)
            return Inputs(pair, pairs);
        for (var i = 0; i < pairs; i++)
            Input((pair + i) / each).CopyTo(buffer.Slice(i * InputSize, InputSize));
        return buffer[..(pairs * InputSize)];
    }

    public readonly ReadOnlySpan<T> Seed(int answer, int input) =>
        new(Seeds + (PerInputSeeds ? (long)input : answer) * FromSize, FromSize);

    /// <summary>Where the scores of an answer begin, in each part of them.</summary>
    public readonly long ScorePlace(int answer, int input) => Places[answer] * ScoreStride + (long)input * ScoreSize;

    public readonly Span<T> ScoreRow(int answer, int input) => new(Scores + ScorePlace(answer, input), ScoreSize);

    public readonly ref Completeness Sum(int answer, int input, int row) =>
        ref Sums[Places[answer] * SumStride + (long)input * SumsEach + row];

    /// <summary>What is explained, in words.</summary>
    public readonly string NameOf(int answer) =>
        Net.Signature.Points[From].Name + (Targets > 1 ? FormattableString.Invariant($" (target {Places[answer]})") : "");

    public readonly CompletenessException Incomplete(in Completeness sums, double allowed, int answer, int input) =>
        new(sums, allowed, First + input, Places[answer], Targets);

    /// <summary>The targets at each input, [Answers, Count].</summary>
    public readonly void Outputs(Span<Weighed> outputs)
    {
        using var arena = Arena<T>.Enter();
        var chunk = Math.Min(Net.Signature.ChunkRows, Count);
        var values = arena.Take(checked(chunk * FromSize));
        for (var first = 0; first < Count; first += chunk)
        {
            var rows = Math.Min(chunk, Count - first);
            Net.Forward(Inputs(first, rows), From, values[..(rows * FromSize)], rows);
            for (var answer = 0; answer < Answers; answer++)
            {
                for (var i = 0; i < rows; i++)
                    outputs[answer * Count + first + i] = Rows.Weigh(Seed(answer, first + i), values.Slice(i * FromSize, FromSize));
            }
        }
    }

    /// <summary>The targets at the references of each input, averaged; [Answers, Count].</summary>
    public readonly void ReferenceOutputs(Span<Weighed> outputs)
    {
        using var arena = Arena<T>.Enter();
        outputs.Clear();
        if (PerInput)
            AddOwnReferences(arena, outputs);
        else
            AddSharedReferences(arena, outputs);
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] /= Each;
    }

    private readonly void AddSharedReferences(in Arena<T> arena, Span<Weighed> outputs)
    {
        var values = Prepared is null ? default : Prepared.ValuesOf(From);
        if (values.IsEmpty)
        {
            var computed = arena.Take(checked(Each * FromSize));
            SpanExplainers.Forward(Net, new ReadOnlySpan<T>(References, Each * InputSize), From, computed, Each);
            values = computed;
        }
        for (var i = 0; i < outputs.Length; i++)
        {
            for (var r = 0; r < Each; r++)
                outputs[i] += Rows.Weigh(Seed(i / Count, i % Count), values.Slice(r * FromSize, FromSize));
        }
    }

    private readonly void AddOwnReferences(in Arena<T> arena, Span<Weighed> outputs)
    {
        var pairs = checked(Count * Each);
        var chunk = Math.Min(Net.Signature.ChunkRows, pairs);
        var values = arena.Take(checked(chunk * FromSize));
        for (var first = 0; first < pairs; first += chunk)
        {
            var rows = Math.Min(chunk, pairs - first);
            Net.Forward(new(References + (long)first * InputSize, rows * InputSize), From, values[..(rows * FromSize)], rows);
            for (var answer = 0; answer < Answers; answer++)
            {
                for (var i = 0; i < rows; i++)
                {
                    var input = (first + i) / Each;
                    outputs[answer * Count + input] += Rows.Weigh(Seed(answer, input), values.Slice(i * FromSize, FromSize));
                }
            }
        }
    }
}
