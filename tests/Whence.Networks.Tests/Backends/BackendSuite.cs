using System.Numerics;
using System.Reflection;
using Xunit.Sdk;

namespace Whence.Networks.Tests.Backends;

/// <summary>
/// What every backend must do, over the doors that users take: the numbers of the interpreter in double precision, the same bits for a row
/// alone, in a batch and over threads, the same errors in the same words. A backend's tests derive from this and say how a network is
/// loaded for it and how exact it is; what it does not run it says network by network, and those cases are skipped with its reason: each
/// question of networks that a static property Lacking names counts as one.
/// </summary>
public abstract class BackendSuite<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The largest error of a number, relative to the largest of the answer and 1.</summary>
    private protected abstract double Tolerance { get; }

    /// <summary>One of <see cref="BackendNetworks"/>, with its weights, as the backend runs it.</summary>
    private protected abstract IModel<T> Load(string network);

    /// <summary>Why the backend does not run a network; null if it does.</summary>
    private protected virtual string? Lacks(string network) => null;

    public static TheoryData<string> Networks => [.. BackendNetworks.Names];

    [SkippableTheory]
    [EachQuestion]
    public void TheNumbersAreTheInterpreters(string network, string question)
    {
        var actual = Of(network).Answer(question);
        var expected = Interpreted(network).Answer(question);
        Close($"{network}, {question}", expected, actual);
    }

    [SkippableTheory]
    [EachQuestion]
    public void ARowHasTheSameBitsAloneInABatchAndOverThreads(string network, string question)
    {
        var batch = Of(network, inputs: 5);
        var together = batch.Answer(question);
        var size = together.Length / batch.Inputs;
        for (var input = 0; input < batch.Inputs; input++)
            Assert.Equal(together[(input * size)..((input + 1) * size)], batch.At(input).Answer(question));
        Assert.Equal(together, (batch with { Threads = 3 }).Answer(question));
    }

    /// <summary>As many rows as make several chunks of any size.</summary>
    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void NoBitDependsOnWhereAChunkEnds(string network)
    {
        var batch = Of(network, inputs: 130);
        foreach (var question in new[] { "integrated gradients", "Rescale over references", "ablation", "interior gradients" })
        {
            var together = batch.Answer(question);
            var size = together.Length / batch.Inputs;
            foreach (var input in new[] { 0, 1, 64, 127, 129 })
                Assert.Equal(batch.At(input).Answer(question), together[(input * size)..((input + 1) * size)]);
        }
    }

    /// <summary>One for all inputs, one or several an input, none; prepared ones.</summary>
    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void ReferencesOfAllKinds(string network)
    {
        var (here, there) = (Of(network), Interpreted(network));
        var each = Inquiry<T>.Each;
        foreach (var question in asked)
        {
            Close($"{network}, {question}, zeros", Ask(there, question, default), Ask(here, question, default));
            Close($"{network}, {question}, one", Ask(there, question, Rows(there, 1)), Ask(here, question, Rows(here, 1)));
            Close($"{network}, {question}, several", Ask(there, question, References.Several(Rows(there, each), each)),
                Ask(here, question, References.Several<T>(Rows(here, each), each)));
        }
        if (here.Net.Signature.Inputs.Any(input => input.IsMask))
            return;
        var references = Rows(here, each);
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            var (fresh, prepared) = (new T[here.X.Length], new T[here.X.Length]);
            SpanExplainers.DeepLift<T>(here.Net, here.X, here.Inputs, here.Target, rule, References.Several<T>(references, each), fresh);
            SpanExplainers.DeepLift<T>(here.Net, here.X, here.Inputs, here.Target, rule,
                SpanExplainers.Prepare<T>(here.Net, references, rule, each),
                prepared);
            Assert.Equal(fresh, prepared);
        }
    }

    /// <summary>A difference, weights, a layer's unit, the output above a softmax; a target for each input, and several for all.</summary>
    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void TargetsOfAllKinds(string network)
    {
        var (here, there) = (Of(network), Interpreted(network));
        var units = here.Net.Signature.Outputs[0].Shape.Size;
        double[] weights = [.. Enumerable.Range(0, units).Select(unit => 0.5 - unit)];
        Target[] targets =
        [
            Target.Unit(0), Target.Difference(1, 0), Target.Weights(weights), Target.LayerWeights(here.Layer, Falling(here.LayerSize)),
            Target.Unit(1).OfOutput(), Target.Unit(0).MeanCentred(),
        ];
        foreach (var question in asked)
        {
            foreach (var target in targets)
                Close($"{network}, {question}, {target}", Ask(there with { Target = target }, question, default),
                    Ask(here with { Target = target }, question, default));
        }
        var (mine, theirs) = (new T[2 * here.X.Length], new double[2 * here.X.Length]);
        SpanExplainers.IntegratedGradients<T>(here.Net, here.X, here.Inputs, Targets.Each(targets.AsSpan(0, 2)), default, mine);
        SpanExplainers.IntegratedGradients<double>(there.Net, there.X, here.Inputs, Targets.Each(targets.AsSpan(0, 2)), default, theirs);
        Close($"{network}, for each of two targets", theirs, Wide(mine));
        SpanExplainers.DeepLift<T>(here.Net, here.X, 3, Targets.PerInput(targets.AsSpan(1, 3)), Rule.Rescale, default,
            mine.AsSpan(0, here.X.Length));
        SpanExplainers.DeepLift<double>(there.Net, there.X, 3, Targets.PerInput(targets.AsSpan(1, 3)), Rule.Rescale, default,
            theirs.AsSpan(0, here.X.Length));
        Close($"{network}, a target for each input", theirs, Wide(mine));
    }

    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void EveryAnswerHasItsSums(string network)
    {
        var (here, there) = (Of(network), Interpreted(network));
        var (mine, theirs) = (new Completeness[here.Inputs], new Completeness[here.Inputs]);
        SpanExplainers.DeepLift(here.Net, here.X, here.Inputs, here.Target, Rule.Rescale, default,
            new() { Scores = (T[])here.X.Clone(), Sums = mine });
        SpanExplainers.DeepLift(there.Net, there.X, here.Inputs, here.Target, Rule.Rescale, default,
            new() { Scores = (double[])there.X.Clone(), Sums = theirs });
        Close(network, [.. theirs.SelectMany(Numbers)], [.. mine.SelectMany(Numbers)]);
        Assert.All(mine, sums => Assert.InRange(Math.Abs(sums.Gap!.Value), 0, 20 * Tolerance));
        var few = new PathOptions { Steps = 1, Quadrature = Quadrature.Left, RequireGap = 0 };
        Assert.Throws<CompletenessException>(() =>
            SpanExplainers.IntegratedGradients<T>(here.Net, here.X, here.Inputs, here.Target, default, new T[here.X.Length], few));
    }

    /// <summary>What cannot be answered is refused in the words that any backend has for it.</summary>
    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void ErrorsHaveTheSameWords(string network)
    {
        var (here, there) = (Of(network), Interpreted(network));
        SameError(() => (there with { X = there.X[1..] }).Answer("gradient"), () => (here with { X = here.X[1..] }).Answer("gradient"));
        SameError(() => (there with { Target = Target.Unit(99) }).Answer("gradient"),
            () => (here with { Target = Target.Unit(99) }).Answer("gradient"));
        SameError(() => LayerGradient(there, "Nowhere"), () => LayerGradient(here, "Nowhere"));
        SameError(() => Ask(there, asked[0], References.Several(Rows(there, 1), 0)),
            () => Ask(here, asked[0], References.Several<T>(Rows(here, 1), 0)));
        var nothing = here with { X = (T[])here.X.Clone() };
        nothing.X[0] = T.NaN;
        Assert.StartsWith("x must be finite, but element 0 of ", Assert.Throws<ArgumentException>(() => nothing.Answer("gradient")).Message,
            StringComparison.Ordinal);
        // Inputs whose products overflow.
        var most = T.BitDecrement(T.PositiveInfinity);
        var far = here with { X = [.. here.X.Select((value, i) => i % 2 == 0 ? most : -most)] };
        if (network != "Digits")
            return;
        var error = Assert.Throws<NonFiniteException>(() => far.Answer("output"));
        Assert.Contains("the first value that is not finite", error.Message, StringComparison.Ordinal);
        Assert.Contains("Conv1", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<NonFiniteException>(() => far.Answer("integrated gradients"));
        Assert.Contains("Conv1", error.Message, StringComparison.Ordinal);
        Assert.Contains("is the first whose value is not finite", error.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void ACallIsCancelledAndTellsItsProgress(string network)
    {
        var here = Of(network, inputs: 40);
        using var source = new CancellationTokenSource();
        var told = new List<double>();
        var options = new PathOptions { Steps = 40, Progress = new Teller(told.Add) };
        SpanExplainers.IntegratedGradients<T>(here.Net, here.X, here.Inputs, here.Target, default, new T[here.X.Length], options);
        Assert.Equal(1, told[^1]);
        Assert.Equal(told.Order(), told);
        var cancelled = options with { Cancellation = source.Token, Progress = new Teller(_ => source.Cancel()), Steps = 4000 };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SpanExplainers.IntegratedGradients<T>(here.Net, here.X, here.Inputs, here.Target, default, new T[here.X.Length], cancelled));
        // And can be asked again.
        Assert.NotEmpty(here.At(0).Answer("integrated gradients"));
    }

    private Inquiry<T> Of(string network, int inputs = Inquiry<T>.Count)
    {
        var why = Lacks(network);
        Skip.If(why is not null, why);
        return Inquiry<T>.Of(Load(network), network, inputs);
    }

    private static Inquiry<double> Interpreted(string network) => Inquiry<double>.Of(BackendNetworks.Interpreted(network), network);

    private void Close(string what, double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance * scale,
                $"{what}: element {i} is {actual[i]:r} and not {expected[i]:r}.");
    }

    private static void SameError(Action there, Action here)
    {
        var (expected, actual) = (Assert.ThrowsAny<ArgumentException>(there), Assert.ThrowsAny<ArgumentException>(here));
        Assert.Equal((expected.GetType(), expected.Message), (actual.GetType(), actual.Message));
    }

    private static readonly string[] asked = ["path", "rescale", "ablation"];

    private static double[] Ask<TElement>(Inquiry<TElement> of, string question, References<TElement> references)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
    {
        var scores = new TElement[of.X.Length];
        if (question == "path")
            SpanExplainers.IntegratedGradients(of.Net, of.X, of.Inputs, of.Target, references, scores, new() { Steps = 5 });
        else if (question == "rescale")
            SpanExplainers.DeepLift<TElement>(of.Net, of.X, of.Inputs, of.Target, Rule.Rescale, references, scores);
        else
            SpanExplainers.Ablation(of.Net, null, of.X, of.Inputs, of.Target, references, scores);
        return Wide(scores);
    }

    private static void LayerGradient<TElement>(Inquiry<TElement> of, string layer)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement> =>
        SpanExplainers.LayerGradient(of.Net, layer, of.X, of.Inputs, of.Target, new TElement[1]);

    private static TElement[] Rows<TElement>(Inquiry<TElement> of, int rows)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement> => of.References[..(rows * of.Net.Signature.InputSize)];

    private static double[] Falling(int size) => [.. Enumerable.Range(0, size).Select(i => 1.0 / (i + 1))];

    private static double[] Numbers(Completeness sums) => [sums.Output, sums.ReferenceOutput, sums.Sum, sums.Magnitude];

    private static double[] Wide<TElement>(TElement[] values) where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement> =>
        Array.ConvertAll(values, double.CreateTruncating);

    private sealed class Teller(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}

/// <summary>The questions of each network; of one that the class that is run lacks, none.</summary>
[DataDiscoverer("Xunit.Sdk.DataDiscoverer", "xunit.core")]
internal sealed class EachQuestionAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        var lacking = (IEnumerable<string>?)testMethod.ReflectedType!
            .GetProperty("Lacking", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) ?? [];
        return BackendNetworks.Names.SelectMany(name => (lacking.Contains(name) ? ["all"] : BackendQuestions.Of(name))
            .Select(question => new object[] { name, question }));
    }
}
