namespace Whence;

using System.Numerics;

/// <summary>What is computed of the multipliers that walks bring back.</summary>
internal enum Score
{
    /// <summary>The multipliers themselves.</summary>
    Multiplier,
    /// <summary>Multiplier times (input - reference).</summary>
    TimesInput,
    /// <summary>Multiplier at a layer times the layer's value.</summary>
    TimesActivation,
    /// <summary>Grad-CAM: a channel's mean multiplier times its value, summed over channels.</summary>
    GradCam,
    /// <summary>DeepLIFT: multipliers times the two parts of the difference from the reference.</summary>
    Contribution,
    /// <summary>The gradient at each of several points of the path.</summary>
    Interior,
    /// <summary>Integrated gradients.</summary>
    Integral,
    /// <summary>Integrated gradients between a layer's values at the reference and at the input.</summary>
    LayerIntegral,
    /// <summary>The average over the path of the gradient at a layer.</summary>
    Influence,
    /// <summary>The gradient at a layer times the layer's moves, along the path.</summary>
    Conductance,
    /// <summary>What flows from each input through one neuron, along the path.</summary>
    NeuronConductance,
    /// <summary>Expected gradients: the gradient at random points of the paths from random references.</summary>
    Expected,
    /// <summary>The change when a sliding window hides a part of the input.</summary>
    Occlusion,
    /// <summary>The change when one group is taken away.</summary>
    Ablation,
    /// <summary>Shapley values, over all coalitions.</summary>
    Shapley,
    /// <summary>Shapley values, over random orders.</summary>
    ShapleySampling,
    /// <summary>Shapley values, by weighted least squares.</summary>
    KernelShap,
    /// <summary>The change when one letter becomes another.</summary>
    Mutation,
    /// <summary>The target itself at points of the path.</summary>
    Value,
}

/// <summary>One question to a network about a batch of inputs, as the span methods of <see cref="Explain"/> put it.</summary>
internal ref struct Ask<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public required IWalks<T> Net;
    public required Score Score;
    public required Flow Flow;
    public required ReadOnlySpan<T> X;
    public required int Count;
    /// <summary>The place of the first input in the caller's batch, if that is cut up.</summary>
    public int Offset;
    public required Targets Targets;

    /// <summary>The point whose units get the scores, or -1 for the inputs.</summary>
    public int To = -1;
    /// <summary>The point of the neuron in <see cref="Score.NeuronConductance"/>.</summary>
    public int Layer = -1;
    /// <summary>The neuron's place in its layer.</summary>
    public int Unit;
    /// <summary>The points on the path; null if <see cref="Options"/> says which.</summary>
    public PathPoints? Points;
    /// <summary>Whether a layer's calls have scores of their own.</summary>
    private bool ApartFromEachOther;
    public bool Relu;
    public SlidingWindow? Window;
    public Groups? Groups;
    /// <summary>How many orders, coalitions or points are drawn.</summary>
    public int Samples;
    public ulong RandomSeed;
    public References<T> References;
    public Options Options = Options.Default;

    public Span<T> Scores;
    public Span<T> Positive;
    public Span<T> Negative;
    public Span<T> Multipliers;
    public Span<T> Hypothetical;
    public Span<Completeness> Sums;

    public Ask()
    {
    }

    /// <summary>Whether the scores depend on a reference.</summary>
    public readonly bool HasReference => Score is not (Score.Multiplier or Score.TimesActivation or Score.GradCam or Score.Mutation);

    /// <summary>Elements of the scores of one input.</summary>
    public readonly int ScoreSize => Score switch
    {
        Score.GradCam => ToSize / Calls / Net.Signature.Points[To].Shape[Calls == 1 ? 0 : 1],
        Score.Interior => checked(ToSize * Points!.Alphas.Length),
        Score.Value => Points!.Alphas.Length,
        Score.Ablation or Score.Shapley or Score.ShapleySampling or Score.KernelShap => Groups?.Count ?? ToSize,
        _ => ApartFromEachOther ? ToSize : ToSize / Calls,
    };

    /// <summary>How many calls of a layer the scores are summed over; Grad-CAM sums over their channels as it sums over one's.</summary>
    private readonly int Calls => To < 0 ? 1 : Net.Signature.Points[To].Calls;

    /// <summary>Elements of the point whose units get the scores.</summary>
    public readonly int ToSize => To < 0 ? Net.Signature.InputSize : Sizes.Of(Net.Signature.Points[To].Shape);

    private readonly bool WholePath => Score == Score.Conductance && Options is PathOptions { ConductanceSum: ConductanceSum.WholePath };

    // Counterfactuals take forward passes alone.
    private readonly bool Walks => Score < Score.Occlusion;

    /// <summary>Answers with a <see cref="Completeness"/> of their own for one input and target.</summary>
    public readonly int SumsEach => Score == Score.Interior ? Points!.Alphas.Length : 1;

    /// <summary>Answers it: targets outermost, so that the outputs are [targets, count, ...].</summary>
    public readonly void Answer()
    {
        Refuse();
        if (Calls > 1 && Score != Score.GradCam)
            AnswerEachCall();
        else
            AnswerAll();
    }

    // The scores of all calls, then their sums.
    private readonly void AnswerEachCall()
    {
        using var arena = Arena<T>.Enter();
        var each = this;
        each.ApartFromEachOther = true;
        var size = checked(Targets.Answers * Count * ToSize);
        each.Scores = arena.Take(size);
        each.Positive = Positive.IsEmpty ? default : arena.Take(size);
        each.Negative = Negative.IsEmpty ? default : arena.Take(size);
        each.Multipliers = Multipliers.IsEmpty ? default : arena.Take(size);
        each.AnswerAll();
        SumCalls(each.Scores, Scores);
        SumCalls(each.Positive, Positive);
        SumCalls(each.Negative, Negative);
        SumCalls(each.Multipliers, Multipliers);
    }

    private readonly void SumCalls(ReadOnlySpan<T> each, Span<T> sums)
    {
        var size = ToSize / Calls;
        for (var i = 0; i < sums.Length; i++)
        {
            var (row, unit) = Math.DivRem(i, size);
            var sum = 0.0;
            for (var call = 0; call < Calls; call++)
                sum += double.CreateTruncating(each[(row * Calls + call) * size + unit]);
            sums[i] = T.CreateTruncating(sum);
        }
    }

    private readonly void AnswerAll()
    {
        for (var answer = 0; answer < Targets.Answers; answer++)
        {
            var start = 0;
            while (start < Count)
            {
                var from = Targets[start, answer].Point(Net.Signature);
                var most = (int)Math.Min(Count, start + MostInputs);
                var end = Targets.IsPerInput ? start + 1 : most;
                while (end < most && Targets[end, answer].Point(Net.Signature) == from)
                    end++;
                Run(answer, start, end - start, from);
                start = end;
            }
        }
    }

    // Where inputs are held fixed, every reference has the input's own values of them.
    private readonly bool OwnsReferences => HasReference && References.Prepared is null && Net.Signature.HasConstants;

    // References of their own are as many as inputs times references: this many are made at a time.
    private readonly long MostInputs =>
        OwnsReferences
            ? Math.Max(1, 4L * Net.Signature.ChunkRows / (References.IsGiven ? References.Each : 1)) * Options.Threads
            : int.MaxValue;

    private readonly void Refuse()
    {
        if (Walks)
            Check.Flow(Net.Signature, Flow, Score == Score.Contribution ? "rule" : "net");
        Check.Options(Options);
        Check.Input(Net.Signature, X, Count);
        Check.References(Net, References, Count, Score is Score.Interior or Score.Value);
        Check.Constants(Net.Signature, X, Count, References);
        Check.Targets(Targets, Count);
        var rows = (long)Targets.Answers * Count;
        Check.Output(Scores.Length, rows * ScoreSize, "scores");
        Check.OutputOrNone(Positive.Length, rows * ScoreSize, "positive");
        Check.OutputOrNone(Negative.Length, rows * ScoreSize, "negative");
        Check.OutputOrNone(Multipliers.Length, rows * ScoreSize, "multipliers");
        Check.OutputOrNone(Hypothetical.Length, rows * ScoreSize, "hypothetical");
        Check.OutputOrNone(Sums.Length, rows * SumsEach, "sums");
        if (Count > 0 || Targets.IsPerInput)
            return;
        for (var answer = 0; answer < Targets.Answers; answer++)
            Targets[0, answer].Point(Net.Signature);
    }

    private readonly unsafe void Run(int answer, int first, int count, int from)
    {
        using var arena = Arena<T>.Enter();
        var inputSize = Net.Signature.InputSize;
        var seeds = Seeds(arena, answer, first, count, from);
        var references = References.IsGiven ? References.Rows : HasReference ? arena.TakeClear(inputSize) : default;
        var each = References.IsGiven ? References.Each : 1;
        if (References.IsPerInput)
            references = references.Slice(first * each * inputSize, count * each * inputSize);
        var owns = OwnsReferences;
        if (owns)
            references = Held.Own(Net.Signature, X.Slice(first * inputSize, count * inputSize), references, each, References.IsPerInput,
                arena.Take(checked(count * each * inputSize)));
        var row = answer * Count + first;
        var empty = default(Span<T>);
        fixed (T* x = X.Slice(first * inputSize, count * inputSize), references0 = references, seeds0 = seeds)
        fixed (T* scores = Scores.Slice(row * ScoreSize, count * ScoreSize))
        fixed (T* positive = Positive.IsEmpty ? empty : Positive.Slice(row * ScoreSize, count * ScoreSize))
        fixed (T* negative = Negative.IsEmpty ? empty : Negative.Slice(row * ScoreSize, count * ScoreSize))
        fixed (T* multipliers = Multipliers.IsEmpty ? empty : Multipliers.Slice(row * ScoreSize, count * ScoreSize))
        fixed (T* hypothetical = Hypothetical.IsEmpty ? empty : Hypothetical.Slice(row * ScoreSize, count * ScoreSize))
        fixed (Completeness* sums = Sums.IsEmpty ? default : Sums.Slice(row * SumsEach, count * SumsEach))
        {
            var work = new Work<T>
            {
                Net = Net, Score = Score, Flow = Flow, Options = Options, Points = Points, WholePath = WholePath, Relu = Relu,
                Window = Window, Groups = Groups, Samples = Samples, RandomSeed = RandomSeed, Prepared = References.Prepared,
                First = Offset + first, Count = count, From = from, To = To, Layer = Layer, Unit = Unit,
                InputSize = inputSize, FromSize = Sizes.Of(Net.Signature.Points[from].Shape), ToSize = ToSize, ScoreSize = ScoreSize,
                SumsEach = SumsEach,
                X = x, References = references0, Each = each, PerInput = References.IsPerInput || owns, Seeds = seeds0,
                PerInputSeeds = Targets.IsPerInput,
                Scores = scores, Positive = positive, Negative = negative, Multipliers = multipliers, Hypothetical = hypothetical,
                Sums = sums,
            };
            if (Options.Threads > 1 && count > 1)
                Spread<T>.Run(work, Math.Min(Options.Threads, count));
            else
                work.Run();
        }
    }

    private readonly Span<T> Seeds(in Arena<T> arena, int answer, int first, int count, int from)
    {
        var point = Net.Signature.Points[from];
        var size = Sizes.Of(point.Shape);
        var rows = Targets.IsPerInput ? count : 1;
        var seeds = arena.Take(checked(rows * size));
        for (var row = 0; row < rows; row++)
            Targets[first + row, answer].Seed(point, seeds.Slice(row * size, size));
        return seeds;
    }
}
