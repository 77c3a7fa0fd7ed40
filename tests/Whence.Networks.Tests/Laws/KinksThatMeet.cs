using Whence.Generator.Graphs;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Laws;

/// <summary>Paths whose exact integrals are known by hand: kinks at one place, at the ends, and units that never move.</summary>
public sealed class KinksThatMeet
{
    private delegate Value Body(Sketch s, Value x);

    [Fact]
    public void UnitsThatTurnTogether() => Gives((s, x) => Sum(s, s.Relu(x - 0.5)), [1, 1, 1], [0.5, 0.5, 0.5]);

    [Fact]
    public void UnitsThatTurnTogetherInLayers() =>
        // Below turns at 1/2, and above, which it moves, at the same place.
        Gives((s, x) => s.Relu(Sum(s, s.Relu(x - 0.5))), [1, 1], [0.5, 0.5]);

    [Fact]
    public void UnitsOfWhichOneTurnsTheOtherBack() =>
        // max(x - 1/2, 0) - 2 max(x - 1/2, 0) is 0 up to the kink and falls after it: what stands on it never turns on.
        Gives((s, x) => s.Relu(Sum(s, s.Relu(x - 0.5) - 2 * s.Relu(x - 0.5))), [1, 1], [0, 0]);

    [Fact]
    public void UnitsThatCrossAsTheyTurn() =>
        // |a - b| with a and b from two kinks at one place.
        Gives((s, x) => s.Apply<Whence.Ops.Abs>(Sum(s, s.Relu(x - 0.5) * s.Constant(1, -3))), [1, 1], [-0.5, 1.5]);

    [Fact]
    public void AKinkAtTheReference() => Gives((s, x) => Sum(s, s.Relu(x)), [2, -3], [2, 0]);

    [Fact]
    public void AKinkAtTheInput() => Gives((s, x) => Sum(s, s.Apply<Whence.Ops.Abs>(x - 1)), [1, 1], [-1, -1]);

    [Fact]
    public void KinksAtBothEnds() =>
        Gives((s, x) => Sum(s, s.Apply(Sketch.FunctionOf(typeof(Whence.Ops.Clamp), [0, 1]), x)), [1, 2, -1], [1, 1, 0]);

    [Fact]
    public void BothKinksOfAClampAtOnePlace() =>
        Gives((s, x) => Sum(s, s.Apply(Sketch.FunctionOf(typeof(Whence.Ops.Clamp), [0.5, 0.5]), x) + 0 * x), [1, 0.25], [0, 0]);

    [Fact]
    public void ClampsUpsideDownAreConstant() =>
        Gives((s, x) => Sum(s, s.Apply(Sketch.FunctionOf(typeof(Whence.Ops.Clamp), [0.75, 0.25]), x) + x), [1, 0.5], [1, 0.5]);

    [Fact]
    public void DeadUnits() => Gives((s, x) => Sum(s, s.Relu(x - 3)), [1, 2], [0, 0]);

    [Fact]
    public void UnitsThatStandStillHaveTheSlopeThere() =>
        // Their inputs move and cancel: at a rectifier's kink the slope is 0, at a clamp's 1, at abs' 0.
        Gives((s, x) => s.Relu(Sum(s, x)) + s.Apply<Whence.Ops.Abs>(Sum(s, x))
            + s.Apply(Sketch.FunctionOf(typeof(Whence.Ops.Clamp), [0, 5]), Sum(s, x)), [1, -1], [1, -1]);

    [Fact]
    public void MembersThatStayTied() =>
        // The first of equals, all along.
        Gives((s, x) => s.Call("Max", Settings.None, Part(s, x, 0), Part(s, x, 1)), [1, 1], [1, 0]);

    [Fact]
    public void MembersThatMeet() =>
        // 1 - 3t and t - ... : the second overtakes at t = 1/2.
        Gives((s, x) => s.Call("Max", Settings.None, Part(s, x, 0) + 1, Part(s, x, 1) - 0.5), [-1, 2], [-0.5, 1]);

    [Fact]
    public void MembersThatMeetAllAtOnce() =>
        // 1/2, t and 2t - 1/2 meet at 1/2, from where the last is the largest.
        Gives((s, x) => s.Call("Max", Settings.None, s.Call("Max", Settings.None, 0 * Part(s, x, 0) + 0.5, Part(s, x, 0)),
            Part(s, x, 1) - 0.5), [1, 2], [0, 1]);

    [Fact]
    public void MaximaOfRectifiersThatAreOff() =>
        Gives((s, x) => Sum(s, s.Call("MaxPool1d", s.Call("Reshape", Settings.Of("axes", [1, 4]), s.Relu(x - 0.5)), ("window", 2))),
            [0, 1, 0, 0.25], [0, 0.5, 0, 0]);

    [Fact]
    public void NothingMoves() => Gives((s, x) => Sum(s, s.Relu(x)), [0, 0], [0, 0]);

    [Fact]
    public void AStraightNetworkHasNoKinks() => Gives((s, x) => Sum(s, x * s.Constant(2, -1)), [1, 3], [2, -3]);

    [Fact]
    public void HeldInputsAreFactorsAndTerms()
    {
        var s = new Sketch();
        var (x, held) = (s.Input("x", 2), s.Held("held", 2));
        var net = Interpreted(s.Return(Sum(s, s.Relu(x * held - 0.5) + held * x)));
        Is(net, [1, 1, 1, 0], [0, 0, 1, 0], [0.5 + 1, 0, 0, 0]);
    }

    [Fact]
    public void SeveralInputsMoveTogether()
    {
        var s = new Sketch();
        var (a, b) = (s.Input("a", 1), s.Input("b", 1));
        var net = Interpreted(s.Return(s.Relu(a - b)));
        // From 1 - 2 to 3 - 0: on for 3/4 of the way.
        Is(net, [3, 0], [1, 2], [1.5, 1.5]);
    }

    private static Value Sum(Sketch s, Value x) =>
        s.Call("Sum", s.ShapeOf(x).Rank == 1 ? x : s.Call("Flatten", x), ("axis", 0), ("keep", 1));

    private static Value Part(Sketch s, Value x, int element) =>
        s.Call("Slice", x, ("axis", 0), ("start", element), ("length", 1));

    private static void Gives(Body body, double[] x, double[] expected)
    {
        var s = new Sketch();
        Is(Interpreted(s.Return(body(s, s.Input("x", x.Length)))), x, new double[x.Length], expected);
    }

    private static InterpretedNetwork Interpreted(Graph graph) =>
        new ZooNetwork("by_hand", graph, TensorsFrom.Weights(Weights.Random(1))).Interpret();

    private static void Is(InterpretedNetwork net, double[] x, double[] reference, double[] expected)
    {
        var (scores, sums) = (new double[x.Length], new Completeness[1]);
        SpanExplainers.IntegratedGradients<double>(net, x, 1, Target.Unit(0), References.One<double>(reference),
            new() { Scores = scores, Sums = sums }, new PathOptions { Quadrature = Quadrature.Exact });
        Assert.True(sums[0].IsExact);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], scores[i], 1e-14);
        Assert.InRange(Math.Abs(sums[0].Gap!.Value), 0, 1e-14);
    }
}
