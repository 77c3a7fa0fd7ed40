namespace Whence;

using System.Numerics;
using System.Runtime.CompilerServices;
using Whence.Authoring;

/// <summary>
/// Answers requests by any method: checks and pins them and cuts them for threads, so that each part is a job for the one
/// <see cref="Loop{T, M}"/>.
/// </summary>
internal static unsafe class Driver<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What the answers of one forward pass take.
    private const long MostElements = 1 << 25;

    /// <summary>Answers it; the outputs are [targets, count, ...].</summary>
    public static void Run<M>(M method, in Request<T> request) where M : struct, IMethod
    {
        var signature = request.Net.Signature;
        var recipe = method.Recipe(signature);
        var options = request.Options ?? ExplainOptions.Default;
        request.Check(recipe, options);
        if (Layout.SumsCalls(signature, recipe))
            AnswerCalls(ref method, recipe, request, options);
        else
            Answer(ref method, recipe, request, options, request.Scores, Layout.ScoreSize(signature, recipe));
    }

    // The scores of all calls of a layer, then their sums.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AnswerCalls<M>(ref M method, in Recipe recipe, in Request<T> request, ExplainOptions options)
        where M : struct, IMethod
    {
        using var arena = Arena<T>.Enter();
        var eachApart = (Int128)Layout.ToSize(request.Net.Signature, recipe) * Layout.SumsEach(recipe);
        var all = request.Targets.Answers * (request.Count * eachApart);
        if (all > Array.MaxLength)
            throw Check.TooLong(all, "x", $"{recipe.Name}'s scores of all calls of the layer");
        var (apart, size) = ((int)eachApart, (int)all);
        var scores = new ScoreSpans<T>
        {
            Scores = arena.Take(size),
            Sums = request.Scores.Sums,
            Positive = request.Scores.Positive.IsEmpty ? default : arena.Take(size),
            Negative = request.Scores.Negative.IsEmpty ? default : arena.Take(size),
            Multipliers = request.Scores.Multipliers.IsEmpty ? default : arena.Take(size),
        };
        Answer(ref method, recipe, request, options, scores, apart);
        var calls = Layout.Calls(request.Net.Signature, recipe);
        var one = Layout.ToSize(request.Net.Signature, recipe) / calls;
        SumCalls(scores.Scores, request.Scores.Scores, calls, one);
        SumCalls(scores.Positive, request.Scores.Positive, calls, one);
        SumCalls(scores.Negative, request.Scores.Negative, calls, one);
        SumCalls(scores.Multipliers, request.Scores.Multipliers, calls, one);
    }

    private static void SumCalls(ReadOnlySpan<T> each, Span<T> sums, int calls, int size)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            var (row, unit) = Math.DivRem(i, size);
            var sum = 0.0;
            for (var call = 0; call < calls; call++)
                sum += double.CreateTruncating(each[(row * calls + call) * size + unit]);
            sums[i] = T.CreateTruncating(sum);
        }
    }

    private static void Answer<M>(ref M method, in Recipe recipe, scoped in Request<T> request, ExplainOptions options,
        scoped in ScoreSpans<T> to, int scoreSize)
        where M : struct, IMethod
    {
        // How far an answer is shows whether it takes more steps.
        if (to.Sums.IsEmpty && IsRefined(recipe, options))
        {
            AnswerWithSums(ref method, recipe, request, options, to, scoreSize);
            return;
        }
        var progress = new Progress { Whole = options.Progress is null ? 0 : Steps(recipe, request, options) };
        var asked = new Asked<M>(ref method, recipe, options, scoreSize, options.Progress is null ? null : &progress);
        if (request.Targets.IsPerInput)
            AnswerOwn(asked, request, to);
        else if (request.Targets.Answers != 1)
            AnswerEach(asked, request, to);
        else if (request.Count > 0)
            AnswerTogether(asked, request, to, [0], request.Targets[0, 0].Point(request.Net.Signature));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AnswerWithSums<M>(ref M method, in Recipe recipe, scoped in Request<T> request, ExplainOptions options,
        scoped in ScoreSpans<T> to, int scoreSize)
        where M : struct, IMethod
    {
        using var completeness = Arena<Completeness>.Enter();
        var sums = completeness.Take(checked(request.Targets.Answers * request.Count * Layout.SumsEach(recipe)));
        if (sums.IsEmpty)
            return;
        Answer(ref method, recipe, request, options, to with { Sums = sums }, scoreSize);
    }

    // What is asked beside the request, whose parts all of a call's jobs share.
    private readonly ref struct Asked<M> where M : struct, IMethod
    {
        private readonly ref M method;
        private readonly ref readonly Recipe recipe;

        public Asked(ref M method, in Recipe recipe, ExplainOptions options, int scoreSize, Progress* progress)
        {
            this.method = ref method;
            this.recipe = ref recipe;
            (Options, ScoreSize) = (options, scoreSize);
            Progress = progress;
        }

        public M Method => method;
        public ref readonly Recipe Recipe => ref recipe;
        public ExplainOptions Options { get; }
        public int ScoreSize { get; }
        public Progress* Progress { get; }

        public int MostInputs(in Request<T> request) => (int)Math.Min(request.Count, Driver<T>.MostInputs(recipe, request, Options));
    }

    // Each input has a target of its own: in stretches of inputs whose targets are units of one point.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AnswerOwn<M>(scoped in Asked<M> asked, scoped in Request<T> request, scoped in ScoreSpans<T> to)
        where M : struct, IMethod
    {
        var (signature, count, most) = (request.Net.Signature, request.Count, asked.MostInputs(request));
        for (var start = 0; start < count;)
        {
            var (from, end) = (request.Targets[start, 0].Point(signature), start + 1);
            while (end < Math.Min(count, (long)start + most) && request.Targets[end, 0].Point(signature) == from)
                end++;
            Pin(asked, request, to, [0], start, end - start, from);
            start = end;
        }
    }

    // Targets that are units of one point have their answers from one forward pass.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AnswerEach<M>(scoped in Asked<M> asked, scoped in Request<T> request, scoped in ScoreSpans<T> to)
        where M : struct, IMethod
    {
        using var arena = Arena<int>.Enter();
        var targets = request.Targets;
        var points = arena.Take(targets.Answers);
        var together = arena.Take(targets.Answers);
        for (var answer = 0; request.Count > 0 && answer < points.Length; answer++)
            points[answer] = targets[0, answer].Point(request.Net.Signature);
        var most = MostAnswers(asked.Recipe, request);
        for (var answer = 0; request.Count > 0 && answer < points.Length; answer++)
        {
            var from = points[answer];
            if (from < 0)
                continue;
            var found = 0;
            for (var other = answer; other < points.Length && found < most; other++)
            {
                if (points[other] != from)
                    continue;
                together[found++] = other;
                points[other] = -1;
            }
            AnswerTogether(asked, request, to, together[..found], from);
        }
    }

    // Answers about units of one point, for all inputs.
    private static void AnswerTogether<M>(scoped in Asked<M> asked, scoped in Request<T> request, scoped in ScoreSpans<T> to,
        ReadOnlySpan<int> answers, int from)
        where M : struct, IMethod
    {
        var most = asked.MostInputs(request);
        for (var start = 0; start < request.Count; start += most)
            Pin(asked, request, to, answers, start, Math.Min(most, request.Count - start), from);
    }

    // Of larger answers fewer have their multipliers in memory at a time.
    private static int MostAnswers(in Recipe recipe, in Request<T> request)
    {
        if (request.Net is IDeviceModel<T> { TakesAnswers: false })
            return 1;
        var rows = Math.Min(request.Net.Signature.ChunkRows, (long)request.Count * recipe.Rows * Math.Max(1, request.References.Each));
        var size = recipe.Fold is Fold.Outcomes or Fold.Values
            ? recipe.Rows
            : 2 * (rows + 4) * Layout.ToSize(request.Net.Signature, recipe);
        return (int)Math.Clamp(MostElements / Math.Max(1, size), 1, int.MaxValue);
    }

    // Steps that are doubled are not known before: then inputs are counted.
    private static long Steps(in Recipe recipe, in Request<T> request, ExplainOptions options)
    {
        var inputs = (long)request.Targets.Answers * request.Count;
        var each = request.References.IsGiven ? request.References.Each : 1;
        return IsRefined(recipe, options) ? inputs : inputs * Job<T>.PairsEach(recipe, each) * recipe.Rows;
    }

    // Exactly, or with more and more steps.
    private static bool IsRefined(in Recipe recipe, ExplainOptions options) =>
        recipe.IsExact || recipe.Refines && options is PathOptions { Tolerance: not null };

    // Where inputs are held fixed, every reference has the input's own values of them.
    private static bool OwnsReferences(in Recipe recipe, in Request<T> request) =>
        recipe.Compares && request.References.Prepared is null && request.Net.Signature.HasMasks;

    // References of their own are as many as inputs times references: this many are made at a time.
    private static long MostInputs(in Recipe recipe, in Request<T> request, ExplainOptions options) => OwnsReferences(recipe, request)
        ? Math.Max(1, 4L * request.Net.Signature.ChunkRows / (request.References.IsGiven ? request.References.Each : 1)) * options.Threads
        : int.MaxValue;

    private static void Pin<M>(scoped in Asked<M> asked, scoped in Request<T> request, scoped in ScoreSpans<T> to,
        ReadOnlySpan<int> answers, int first, int count, int from)
        where M : struct, IMethod
    {
        using var arena = Arena<T>.Enter();
        ref readonly var recipe = ref asked.Recipe;
        var options = asked.Options;
        var signature = request.Net.Signature;
        var inputSize = signature.InputSize;
        var seeds = Seeds(arena, request, answers, first, count, from);
        ref readonly var given = ref request.References;
        var references = given.IsGiven ? given.Rows : recipe.Compares ? arena.TakeClear(inputSize) : default;
        var each = given.IsGiven ? given.Each : 1;
        if (given.IsPerInput)
            references = references.Slice(first * each * inputSize, count * each * inputSize);
        var inputs = request.X.Slice(first * inputSize, count * inputSize);
        var owns = OwnsReferences(recipe, request);
        if (owns)
            references = Masks.Own(signature, inputs, references, each, given.IsPerInput, arena.Take(checked(count * each * inputSize)));
        var (sumsEach, start) = (Layout.SumsEach(recipe), first * asked.ScoreSize);
        fixed (int* places = answers)
        fixed (T* x = inputs, references0 = references, seeds0 = seeds)
        fixed (T* scores = From(to.Scores, start), positive = From(to.Positive, start), negative = From(to.Negative, start))
        fixed (T* multipliers = From(to.Multipliers, start), hypothetical = From(to.Hypothetical, start))
        fixed (Completeness* sums = to.Sums.IsEmpty ? default : to.Sums[(first * sumsEach)..])
        {
            Run(asked.Method, recipe, new Job<T>
            {
                Net = request.Net, Options = options, RequireGap = options.RequireGap, Prepared = given.Prepared,
                First = request.First + first, Count = count,
                From = from, FromSize = Sizes.Of(signature.Points[from].Shape), InputSize = inputSize, ScoreSize = asked.ScoreSize,
                SumsEach = sumsEach, Answers = answers.Length, Places = places, Targets = request.Targets.Answers,
                ScoreStride = (long)request.Count * asked.ScoreSize, SumStride = (long)request.Count * sumsEach,
                X = x, References = references0, Each = each, PerInput = given.IsPerInput || owns, Seeds = seeds0,
                PerInputSeeds = request.Targets.IsPerInput,
                Scores = scores, Positive = positive, Negative = negative, Multipliers = multipliers, Hypothetical = hypothetical,
                Sums = sums,
                Progress = asked.Progress,
            });
        }
    }

    private static Span<T> From(Span<T> all, int start) => all.IsEmpty ? default : all[start..];

    private static Span<T> Seeds(in Arena<T> arena, in Request<T> request, ReadOnlySpan<int> answers, int first, int count, int from)
    {
        var point = request.Net.Signature.Points[from];
        var size = Sizes.Of(point.Shape);
        var rows = request.Targets.IsPerInput ? count : answers.Length;
        var seeds = arena.Take(checked(rows * size));
        for (var row = 0; row < rows; row++)
        {
            var (input, answer) = request.Targets.IsPerInput ? (first + row, 0) : (first, answers[row]);
            request.Targets[input, answer].Seed(point, seeds.Slice(row * size, size));
        }
        return seeds;
    }

    /// <summary>Answers a job, on as many threads as its options say.</summary>
    private static void Run<M>(M method, in Recipe recipe, in Job<T> job) where M : struct, IMethod
    {
        if (job.Options.Threads > 1 && job.Count > 1)
            OverThreads<T>.Run(method, recipe, job, Math.Min(job.Options.Threads, job.Count));
        else
            RunHere(ref method, recipe, job);
    }

    /// <summary>Answers a job on this thread.</summary>
    public static void RunHere<M>(ref M method, in Recipe recipe, in Job<T> job) where M : struct, IMethod
    {
        if (recipe.IsExact)
            Exact<T>.Run(ref method, recipe, job);
        else if (IsRefined(recipe, job.Options))
            Doubling<T>.Run(ref method, job, ((PathOptions)job.Options).Tolerance!.Value);
        else
            Loop<T, M>.Run(ref method, recipe, job);
    }
}
