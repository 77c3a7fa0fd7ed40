namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// Answers requests by any method: checks and pins them and cuts them for threads, so that each part is a job for the one
/// <see cref="Loop{T, M}"/>.
/// </summary>
internal static unsafe class Driver<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Answers it: targets outermost, so that the outputs are [targets, count, ...].</summary>
    public static void Run<M>(M method, in Request<T> request) where M : struct, IMethod
    {
        var recipe = method.Recipe(request.Net.Signature);
        var options = request.Options ?? Options.Default;
        request.Check(recipe, options);
        if (!Layout.SumsCalls(request.Net.Signature, recipe))
        {
            Answer(method, recipe, request, options, request.Scores, Layout.ScoreSize(request.Net.Signature, recipe));
            return;
        }
        // The scores of all calls, then their sums.
        using var arena = Arena<T>.Enter();
        var apart = Layout.ToSize(request.Net.Signature, recipe) * Layout.SumsEach(recipe);
        var size = checked(request.Targets.Answers * request.Count * apart);
        var scores = new DeepLiftScores<T>
        {
            Contributions = arena.Take(size),
            Positive = request.Scores.Positive.IsEmpty ? default : arena.Take(size),
            Negative = request.Scores.Negative.IsEmpty ? default : arena.Take(size),
            Multipliers = request.Scores.Multipliers.IsEmpty ? default : arena.Take(size),
        };
        Answer(method, recipe, request, options, scores, apart);
        var calls = Layout.Calls(request.Net.Signature, recipe);
        var one = Layout.ToSize(request.Net.Signature, recipe) / calls;
        SumCalls(scores.Contributions, request.Scores.Contributions, calls, one);
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

    // In stretches of inputs whose targets are units of one point.
    private static void Answer<M>(in M method, in Recipe recipe, in Request<T> request, Options options, scoped in DeepLiftScores<T> scores,
        int scoreSize)
        where M : struct, IMethod
    {
        var signature = request.Net.Signature;
        var targets = request.Targets;
        var progress = new Progress { Whole = Steps(recipe, request, options) };
        for (var answer = 0; answer < targets.Answers; answer++)
        {
            var start = 0;
            while (start < request.Count)
            {
                var from = targets[start, answer].Point(signature);
                var most = (int)Math.Min(request.Count, start + MostInputs(recipe, request, options));
                var end = targets.IsPerInput ? start + 1 : most;
                while (end < most && targets[end, answer].Point(signature) == from)
                    end++;
                Pin(method, recipe, request, options, scores, scoreSize, answer, start, end - start, from, &progress);
                start = end;
            }
        }
    }

    // Steps that are doubled are not known before: then inputs are counted.
    private static long Steps(in Recipe recipe, in Request<T> request, Options options)
    {
        var inputs = (long)request.Targets.Answers * request.Count;
        var job = new Job<T> { Each = request.References.IsGiven ? request.References.Each : 1 };
        return IsDoubled(recipe, options) ? inputs : inputs * job.PairsEach(recipe) * recipe.Rows;
    }

    private static bool IsDoubled(in Recipe recipe, Options options) => recipe.Refines && options is PathOptions { Tolerance: not null };

    // Where inputs are held fixed, every reference has the input's own values of them.
    private static bool OwnsReferences(in Recipe recipe, in Request<T> request) =>
        recipe.Compares && request.References.Prepared is null && request.Net.Signature.HasConstants;

    // References of their own are as many as inputs times references: this many are made at a time.
    private static long MostInputs(in Recipe recipe, in Request<T> request, Options options) => OwnsReferences(recipe, request)
        ? Math.Max(1, 4L * request.Net.Signature.ChunkRows / (request.References.IsGiven ? request.References.Each : 1)) * options.Threads
        : int.MaxValue;

    private static void Pin<M>(in M method, in Recipe recipe, in Request<T> request, Options options, scoped in DeepLiftScores<T> to,
        int scoreSize,
        int answer, int first, int count, int from, Progress* progress) where M : struct, IMethod
    {
        using var arena = Arena<T>.Enter();
        var signature = request.Net.Signature;
        var inputSize = signature.InputSize;
        var seeds = Seeds(arena, request, answer, first, count, from);
        var given = request.References;
        var references = given.IsGiven ? given.Rows : recipe.Compares ? arena.TakeClear(inputSize) : default;
        var each = given.IsGiven ? given.Each : 1;
        if (given.IsPerInput)
            references = references.Slice(first * each * inputSize, count * each * inputSize);
        var inputs = request.X.Slice(first * inputSize, count * inputSize);
        var owns = OwnsReferences(recipe, request);
        if (owns)
            references = Held.Own(signature, inputs, references, each, given.IsPerInput, arena.Take(checked(count * each * inputSize)));
        var sumsEach = Layout.SumsEach(recipe);
        var row = answer * request.Count + first;
        fixed (T* x = inputs, references0 = references, seeds0 = seeds)
        fixed (T* scores = Part(to.Contributions, row, count, scoreSize), positive = Part(to.Positive, row, count, scoreSize))
        fixed (T* negative = Part(to.Negative, row, count, scoreSize), multipliers = Part(to.Multipliers, row, count, scoreSize))
        fixed (T* hypothetical = Part(to.Hypothetical, row, count, scoreSize))
        fixed (Completeness* sums = request.Sums.IsEmpty ? default : request.Sums.Slice(row * sumsEach, count * sumsEach))
        {
            var job = new Job<T>
            {
                Net = request.Net, Options = options, RequireGap = options.RequireGap, Prepared = given.Prepared,
                First = request.First + first, Count = count,
                From = from, FromSize = Sizes.Of(signature.Points[from].Shape), InputSize = inputSize, ScoreSize = scoreSize,
                SumsEach = sumsEach,
                X = x, References = references0, Each = each, PerInput = given.IsPerInput || owns, Seeds = seeds0,
                PerInputSeeds = request.Targets.IsPerInput,
                Scores = scores, Positive = positive, Negative = negative, Multipliers = multipliers, Hypothetical = hypothetical,
                Sums = sums,
                Progress = options.Progress is null ? null : progress,
            };
            if (options.Threads > 1 && count > 1)
                Spread<T>.Run(method, recipe, job, Math.Min(options.Threads, count));
            else
                Run(method, recipe, job);
        }
    }

    private static Span<T> Part(Span<T> all, int row, int count, int size) => all.IsEmpty ? default : all.Slice(row * size, count * size);

    private static Span<T> Seeds(in Arena<T> arena, in Request<T> request, int answer, int first, int count, int from)
    {
        var point = request.Net.Signature.Points[from];
        var size = Sizes.Of(point.Shape);
        var rows = request.Targets.IsPerInput ? count : 1;
        var seeds = arena.Take(checked(rows * size));
        for (var row = 0; row < rows; row++)
            request.Targets[first + row, answer].Seed(point, seeds.Slice(row * size, size));
        return seeds;
    }

    /// <summary>Answers a job on this thread.</summary>
    public static void Run<M>(M method, in Recipe recipe, in Job<T> job) where M : struct, IMethod
    {
        if (IsDoubled(recipe, job.Options))
            Doubling<T>.Run(ref method, job);
        else
            Loop<T, M>.Run(ref method, recipe, job);
    }
}
