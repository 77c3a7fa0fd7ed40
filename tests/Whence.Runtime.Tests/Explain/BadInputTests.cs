namespace Whence.Runtime.Tests.Explaining;

public class BadInputTests
{
    private readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private readonly double[] x = Inputs.Random<double>(2);
    private readonly double[] scores = new double[10];

    private void Refused<E>(string argument, string[] says, Action ask) where E : ArgumentException
    {
        var error = Assert.Throws<E>(argument, ask);
        Assert.All(says, part => Assert.Contains(part, error.Message));
        Assert.All(scores, score => Assert.Equal(0, score));
    }

    [Fact]
    public void InputsOfAnotherLength()
    {
        Refused<ArgumentException>("x", ["2 inputs", "5 elements (sequence [2, 2] then extra [1, 1])", "10 in all", "holds 9"],
            () => SpanExplainers.Gradient(net, x.AsSpan(0, 9), 2, Target.Unit(0), scores));
        Refused<ArgumentOutOfRangeException>("count", ["at least 0", "-1"],
            () => SpanExplainers.Gradient(net, x, -1, Target.Unit(0), scores));
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity)]
    public void InputsThatAreNotFinite(double value)
    {
        x[9] = value;
        Refused<ArgumentException>("x", ["element 0 of extra [1, 1] in input 1", value.ToString()],
            () => SpanExplainers.Gradient(net, x, 2, Target.Unit(0), scores));
        Refused<ArgumentException>("x", ["extra"], () => SpanExplainers.Predict(net, x, new double[8], 2));
        Refused<ArgumentException>("references", ["element 0 of extra [1, 1] in reference 1"],
            () => SpanExplainers.DeepLift(net, new double[10], 2, Target.Unit(0), Rule.Rescale, References.PerInput(x), scores));
        var single = new float[40];
        single[37] = (float)value;
        Assert.Throws<ArgumentException>("x",
            () => SpanExplainers.Gradient(SmallNet<float>.Tanh(), single, 8, Target.Unit(0), new float[40]));
    }

    [Fact]
    public void ReferencesOfAnotherLength()
    {
        Refused<ArgumentException>("references", ["1 reference of 5 elements", "holds 4"],
            () => SpanExplainers.IntegratedGradients(net, x, 2, Target.Unit(0), new double[4], scores));
        Refused<ArgumentException>("references", ["6 references", "30 in all", "holds 10"],
            () => SpanExplainers.DeepLift(net, x, 2, Target.Unit(0), Rule.Rescale, References.SeveralPerInput(new double[10], 3),
                scores));
        Refused<ArgumentOutOfRangeException>("references", ["at least 1"],
            () => SpanExplainers.DeepLift(net, x, 2, Target.Unit(0), Rule.Rescale, References.Several<double>([], 0), scores));
        Refused<ArgumentException>("references", ["takes 1 reference"],
            () => SpanExplainers.InteriorGradients(net, x, 2, Target.Unit(0), References.Several(x, 2), new PathPoints([1.0]),
                scores));
    }

    [Fact]
    public void ReferencesPreparedForSomethingElse()
    {
        var prepared = SpanExplainers.Prepare(net, x.AsSpan(0, 5), Rule.RevealCancel);
        Refused<ArgumentException>("references", ["another network"],
            () => SpanExplainers.DeepLift(SmallNet<double>.Tanh(), x, 2, Target.Unit(0), Rule.RevealCancel, prepared, scores));
        Refused<ArgumentException>("rule", ["prepared for RevealCancel", "Rescale"],
            () => SpanExplainers.DeepLift(net, x, 2, Target.Unit(0), Rule.Rescale, prepared, scores));
        Refused<ArgumentException>("references", ["holds 4"], () => SpanExplainers.Prepare(net, x.AsSpan(0, 4)));
    }

    [Fact]
    public void TargetsOutOfRange()
    {
        Refused<ArgumentOutOfRangeException>("target", ["unit 3", "y [3] has 3 units"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Unit(3), scores));
        Refused<ArgumentOutOfRangeException>("target", ["unit -1"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Difference(0, -1), scores));
        Refused<ArgumentOutOfRangeException>("target", ["axis 1 is 2", "Hidden [2, 2]"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Layer("Hidden", 1, 2), scores));
        Refused<ArgumentException>("target", ["3 indices", "2 axes"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Layer("Hidden", 1, 0, 0), scores));
        Refused<ArgumentException>("target", ["2 weights", "3 units"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Weights(1, 2), scores));
        Refused<ArgumentException>("target", ["weight 1 is NaN"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Weights(1, double.NaN, 0), scores));
        Refused<ArgumentOutOfRangeException>("target", ["output 2", "has 2"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Unit(0).Of(2), scores));
        Refused<ArgumentException>("target", ["\"z\"", "\"y\", \"total\""],
            () => SpanExplainers.Gradient(net, x, 2, Target.Unit(0).Of("z"), scores));
        Refused<ArgumentException>("target", ["empty"], () => SpanExplainers.Gradient(net, x, 2, default(Target), scores));
        Refused<ArgumentException>("target", ["OfOutput"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Layer("Hidden", 1).OfOutput(), scores));
        Refused<ArgumentException>("target", ["did you mean \"Hidden\"?", "Layers = [\"hiden\"]"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Layer("hiden", 1), scores));
        Refused<ArgumentException>("targets", ["2 inputs", "there are 1"],
            () => SpanExplainers.Gradient(net, x, 2, Targets.PerInput([Target.Unit(0)]), scores));
    }

    [Fact]
    public void LayersThatWereNotDeclared()
    {
        string[] says = ["only \"Hidden\"", "not \"Fc9\"", "[Network(Layers = [\"Fc9\"])]"];
        Refused<ArgumentException>("target", says, () => SpanExplainers.Gradient(net, x, 2, Target.Layer("Fc9", 0), scores));
        Refused<ArgumentException>("layer", says, () => SpanExplainers.Conductance(net, "Fc9", x, 2, Target.Unit(0), default, scores));
        Refused<ArgumentException>("layer", says, () => SpanExplainers.LayerActivation(net, "Fc9", x, 2, scores));
        Refused<ArgumentOutOfRangeException>("unit", ["4 units", "unit 4"],
            () => SpanExplainers.NeuronConductance(net, "Hidden", 4, x, 2, Target.Unit(0), default, scores));
    }

    [Fact]
    public void QuestionsThatWereNotCompiled()
    {
        var deepLift = SmallNet<double>.Tanh(7, Pass.Rescale);
        Refused<ArgumentException>("net", ["not compiled for Gradient", "Methods.Gradient"],
            () => SpanExplainers.Gradient(deepLift, x, 2, Target.Unit(0), scores));
        Refused<ArgumentException>("rule", ["not compiled for Genomics", "Methods.Genomics"],
            () => SpanExplainers.DeepLift(deepLift, x, 2, Target.Unit(0), Rule.Genomics, default, scores));
        Refused<ArgumentException>("rule", ["Methods.RevealCancel"],
            () => SpanExplainers.Prepare(deepLift, x.AsSpan(0, 5), Rule.RevealCancel));
    }

    [Fact]
    public void OptionsThatMeanNothing()
    {
        void Ask(PathOptions options) => SpanExplainers.IntegratedGradients(net, x, 2, Target.Unit(0), default, scores, options: options);
        Refused<ArgumentOutOfRangeException>("options", ["Steps is at least 1, but is 0"], () => Ask(new() { Steps = 0 }));
        Refused<ArgumentOutOfRangeException>("options", ["MaxSteps is at least 1, but is 0"], () => Ask(new() { MaxSteps = 0 }));
        Refused<ArgumentOutOfRangeException>("steps", ["at least 2"], () => Ask(new() { Steps = 1, Quadrature = Quadrature.Trapezoid }));
        Refused<ArgumentOutOfRangeException>("options", ["Tolerance"], () => Ask(new() { Tolerance = 0 }));
        Refused<ArgumentOutOfRangeException>("options", ["MaxSteps"], () => Ask(new() { Tolerance = 1e-3, MaxSteps = 49 }));
        Refused<ArgumentOutOfRangeException>("options", ["Threads"], () => Ask(new() { Threads = 0 }));
        Refused<ArgumentOutOfRangeException>("options", ["RequireGap"], () => Ask(new() { RequireGap = double.NaN }));
        Refused<ArgumentOutOfRangeException>("threads", ["at least 1"], () => SpanExplainers.Predict(net, x, new double[8], 2, 0));
    }

    [Fact]
    public void OutputsOfAnotherLength()
    {
        Refused<ArgumentException>("scores", ["10 elements", "has 9"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Unit(0), scores.AsSpan(0, 9)));
        Refused<ArgumentException>("sums", ["2 elements", "has 3"],
            () => SpanExplainers.Gradient(net, x, 2, Target.Unit(0), new() { Scores = scores, Sums = new Completeness[3] }));
        Refused<ArgumentException>("positive", ["10 elements", "has 1"], () =>
            SpanExplainers.DeepLift(net, x, 2, Target.Unit(0), Rule.Rescale, default, new() { Scores = scores, Positive = new double[1] }));
        Refused<ArgumentException>("y", ["8 elements"], () => SpanExplainers.Predict(net, x, scores, 2));
    }

    [Fact]
    public void HypotheticalContributionsNeedChannels()
    {
        var flat = new FunctionNet(5, v => v.Sum(), v => [1, 1, 1, 1, 1]);
        Refused<ArgumentException>("scores", ["one-hot inputs [channels, positions]", "x is [5]"], () => SpanExplainers.DeepLift(flat, x, 2,
            Target.Unit(0), Rule.Rescale, default, new() { Scores = scores, Hypothetical = new double[10] }));
        Refused<ArgumentException>("scores", ["layer Hidden"], () => SpanExplainers.LayerDeepLift(net, "Hidden", x, 2, Target.Unit(0),
            Rule.Rescale, default, new() { Scores = scores, Hypothetical = new double[10] }));
    }

    [Fact]
    public void NoInputsAreNoMistake()
    {
        SpanExplainers.Gradient(net, [], 0, Target.Unit(0), Span<double>.Empty);
        SpanExplainers.DeepLift(net, [], 0, Targets.PerInput([]), Rule.Rescale, default, Span<double>.Empty);
        SpanExplainers.IntegratedGradients(net, [], 0, Target.Unit(0), References.PerInput<double>([]), Span<double>.Empty,
            options: new PathOptions { Threads = 3 });
        SpanExplainers.Predict(net, [], Span<double>.Empty, 0);
        Refused<ArgumentOutOfRangeException>("target", ["output 5"],
            () => SpanExplainers.Gradient(net, [], 0, Target.Unit(0).Of(5), Span<double>.Empty));
    }

    [Fact]
    public void ALayerThatOverflowsIsNamed()
    {
        var exploding = SmallNet<float>.Exp();
        var large = new float[15];
        large[5] = 1e30f;
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.Gradient(exploding, large, 3, Target.Unit(0), new float[15]));
        Assert.Equal("Hidden", error.Layer);
        Assert.Equal(1, error.Input);
        Assert.Contains("SmallNet's layer Hidden", error.Message);

        foreach (var threads in new[] { 1, 2 })
        {
            var options = new PathOptions { Threads = threads };
            error = Assert.Throws<NonFiniteException>(
                () => SpanExplainers.IntegratedGradients(exploding, large, 3, Target.Unit(0), default, new float[15], options: options));
            Assert.Equal(1, error.Input);
            error = Assert.Throws<NonFiniteException>(
                () => SpanExplainers.DeepLift(exploding, new float[15], 3, Target.Unit(0), Rule.Rescale,
                    References.PerInput(large), new float[15], options: options));
            Assert.Equal(1, error.Input);
            Assert.Contains("reference of input 1", error.Message);
        }
        Assert.IsAssignableFrom<ArithmeticException>(error);
    }

    [Fact]
    public void ScoresThatOverflowAreRefused()
    {
        var steep = new FunctionNet(1, v => 0, v => [double.MaxValue]);
        var error = Assert.Throws<NonFiniteException>(
            () => SpanExplainers.IntegratedGradients(steep, [1e10], 1, Target.Unit(0), default, new double[1]));
        Assert.Null(error.Layer);
        Assert.Contains("overflowed", error.Message);
    }

    [Fact]
    public void AGapOverTheOneAllowedIsRefused()
    {
        var options = new PathOptions { Quadrature = Quadrature.Right, Steps = 2, RequireGap = 1e-6 };
        var error = Assert.Throws<CompletenessException>(
            () => SpanExplainers.IntegratedGradients(net, x, 2, Target.Unit(0), default, scores, options: options));
        Assert.True(error.Completeness.RelativeGap > 1e-6);
        Assert.Throws<CompletenessException>(() => SpanExplainers.IntegratedGradients(net, x, 2, Target.Unit(0), default, scores,
            options: options with { Tolerance = 1e-9, MaxSteps = 8 }));
        SpanExplainers.IntegratedGradients(net, x, 2, Target.Unit(0), default, scores,
            options: options with { Quadrature = Quadrature.GaussLegendre, Steps = 30 });
        SpanExplainers.Gradient(net, x, 2, Target.Unit(0), scores, options: options);
    }
}
