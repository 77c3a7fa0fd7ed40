using System.Numerics;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// What does not move, and what nothing depends on, has a score of exactly zero however steep a function is there; in emitted code and in
/// double.
/// </summary>
public sealed class ZeroTimesInfinity
{
    private const string Methods = "[Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = [\"asked\"])]";

    private const string Text = $$"""
        {{Methods}}
        public sealed partial class Norms
        {
            public Tensor Forward([Shape(3, 2)] Tensor p)
            {
                var asked = p * 1;
                return Sum(Sqrt(Sum(Square(asked), 1)), 0);
            }
        }

        {{Methods}}
        public sealed partial class Roots
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Sqrt(asked), 0);
            }
        }

        {{Methods}}
        public sealed partial class Powers
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Pow(asked, 0.3) + Pow(asked, 0.5), 0);
            }
        }

        {{Methods}}
        public sealed partial class Inverses
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Clamp(Reciprocal(asked), 0, 5) + Clamp(1 / asked, 0, 5) + Clamp(ReciprocalSqrt(asked), 0, 5) + Clamp(Pow(asked, -1.5), 0, 5) + Sigmoid(Log(asked)), 0);
            }
        }

        {{Methods}}
        public sealed partial class Sums
        {
            public Tensor Forward([Shape(3, 3)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Exp(LogSumExp(Log(asked), 1)), 0);
            }
        }

        {{Methods}}
        public sealed partial class Attended
        {
            public Tensor Forward([Shape(4)] Tensor scores, [Mask(4)] Tensor present)
            {
                var asked = scores * 2;
                return Softmax(asked + Log(present));
            }
        }

        {{Methods}}
        public sealed partial class AttendedElementwise
        {
            public Tensor Forward([Shape(4)] Tensor scores, [Mask(4)] Tensor present)
            {
                var asked = scores * 2;
                return LogSumExp(asked + Log(present), keep: true);
            }
        }

        {{Methods}}
        public sealed partial class Deviations
        {
            public Tensor Forward([Shape(2, 4)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Sqrt(Mean(Square(asked - Mean(asked, 1, keep: true)), 1, keep: false)), 0);
            }
        }

        {{Methods}}
        public sealed partial class Multiplied
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Sqrt(asked * asked), 0);
            }
        }

        {{Methods}}
        public sealed partial class Neighbours
        {
            public Tensor Forward([Shape(3, 2)] Tensor atoms, [Mask(3, 3)] Tensor bonds)
            {
                var asked = atoms * 1;
                return Sum(Sqrt(Sum(MatMul(bonds, Square(asked)), 1)), 0);
            }
        }

        {{Methods}}
        public sealed partial class Absent
        {
            public Tensor Forward([Shape(3)] Tensor x, [Mask(3)] Tensor present)
            {
                var asked = x * present;
                return Sum(Sqrt(asked) + Sqrt(x) * present, 0);
            }
        }

        {{Methods}}
        public sealed partial class Differences
        {
            public Tensor Forward([Shape(4)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Sqrt(Slice(asked, 0, 0, 2) - Slice(asked, 0, 2, 2)), 0);
            }
        }

        {{Methods}}
        public sealed partial class Steps
        {
            public Tensor Forward([Shape(3, 2)] Tensor rows)
            {
                var asked = rows * 1;
                var sum = Zeros(1);
                foreach (var row in asked)
                    sum = sum + Sqrt(Sum(Square(row), 0, keep: true));
                return sum;
            }
        }

        {{Methods}}
        public sealed partial class Owned
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Mine.SignedRoot(asked), 0);
            }
        }

        {{Methods}}
        public sealed partial class OwnedNorms
        {
            public Tensor Forward([Shape(3, 2)] Tensor p)
            {
                var asked = p * 1;
                return Sum(Mine.SignedRoot(Sum(Square(asked), 1)), 0);
            }
        }

        {{Methods}}
        public sealed partial class Bounds
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Relu(Log(asked)) + LeakyRelu(Log(asked), 0) + Max(Log(asked), 0), 0);
            }
        }

        {{Methods}}
        public sealed partial class Caps
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var asked = x * 1;
                return Sum(Clamp(Reciprocal(asked), 0, 5) + Min(Reciprocal(asked), 5), 0);
            }
        }

        public static class Mine
        {
            [Elementwise<SignedRoot>]
            public static Tensor SignedRoot(Tensor x) => x.Map<SignedRoot>();
        }

        public readonly struct SignedRoot : IElementwise
        {
            public V Value<V, M>(V x) where M : struct, IMath<V> => M.IfPositive(x, M.Sqrt(M.Abs(x)), M.Negate(M.Sqrt(M.Abs(x))));

            public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Divide(M.Constant(0.5), M.Abs(y));
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    /// <summary>
    /// A network, an input, a reference, and the contributions from one to the other where the methods agree; NaN where they differ but for
    /// zeros.
    /// </summary>
    private sealed record Case(string Network, double[] X, double[] Reference, double[] Contributions);

    private const double Some = double.NaN;
    private const double Any = double.PositiveInfinity;

    private static readonly Dictionary<string, Case> cases = new()
    {
        ["norms"] = new("Norms", [3, 4, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0], [1.8, 3.2, 1, 0, 0, 0]),
        ["norms to nothing"] = new("Norms", [0, 0, 0, 0, 0, 0], [3, 4, 1, 0, 0, 0], [-1.8, -3.2, -1, 0, 0, 0]),
        ["norms, nothing moves"] = new("Norms", [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]),
        ["roots"] = new("Roots", [4, 0, 1], [0, 0, 0], [2, 0, 1]),
        ["roots to nothing"] = new("Roots", [0, 0, 0.25], [4, 0, 1], [-2, 0, -0.5]),
        ["powers"] = new("Powers", [1, 0, 1], [0, 0, 0], [2, 0, 2]),
        ["inverses"] = new("Inverses", [0, 0.5, 0], [0, 1, 0], [0, Some, 0]),
        ["sums"] = new("Sums", [1, 0, 2, 0, 0, 0, 1, 1, 0], [2, 0, 3, 0, 0, 0, 3, 1, 0], [-1, 0, -1, 0, 0, 0, -2, 0, 0]),
        ["attention"] = new("Attended", [1, 2, 3, -1, 1, 0, 1, 0], [0, 5, 1, 0, 1, 0, 1, 0], [Some, 0, Some, 0, 0, 0, 0, 0]),
        ["log-sum-exp"] = new("AttendedElementwise", [1, 2, 3, -1, 1, 0, 1, 0], [0, 5, 1, 0, 1, 0, 1, 0], [Some, 0, Some, 0, 0, 0, 0, 0]),
        ["deviations"] = new("Deviations", [0, 0, 0, 0, 3, -3, 3, -3], [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0.75, 0.75, 0.75, 0.75]),
        ["products"] = new("Multiplied", [2, 0, -3], [0, 0, 0], [2, 0, 3]),
        ["neighbours"] = new("Neighbours", [3, 4, 1, 0, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1.8, 3.2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ["absent"] = new("Absent", [4, 0, 9, 1, 1, 0], [0, 0, 1, 0, 0, 0], [4, 0, 0, 0, 0, 0]),
        ["steps"] = new("Steps", [3, 4, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0], [1.8, 3.2, 1, 0, 0, 0]),
        ["what infinity does not move"] = new("Bounds", [0, 4, 0.5], [0.5, 1, 0], [0, 3 * Math.Log(4), 0]),
        ["what infinity does not move down"] = new("Caps", [0, 0.1, 0.125], [0.1, 0.1, 0], [0, 0, 0]),
        ["norms by a function of one's own"] = new("OwnedNorms", [3, 4, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0], [1.8, 3.2, 1, 0, 0, 0]),
        ["a function of one's own"] = new("Owned", [4, 0, -9], [0, 0, 0], [2, 0, -3]),
    };

    public static TheoryData<string> Names => [.. cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void DeepLiftGivesItNothing(string name) => Each(name, new Ask(
        (net, x, x0, scores, sums) =>
            SpanExplainers.DeepLift<double>(net, x, 1, Target.Unit(0).OfOutput(), Rule.Rescale, References.One(x0),
                new() { Scores = scores, Sums = sums }),
        (net, x, x0, scores, sums) =>
            SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(0).OfOutput(), Rule.Rescale, References.One(x0),
                new() { Scores = scores, Sums = sums })),
        new Ask(
        (net, x, x0, scores, sums) =>
            SpanExplainers.DeepLift<double>(net, x, 1, Target.Unit(0).OfOutput(), Rule.RevealCancel, References.One(x0),
                new() { Scores = scores, Sums = sums }),
        (net, x, x0, scores, sums) =>
            SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(0).OfOutput(), Rule.RevealCancel, References.One(x0),
                new() { Scores = scores, Sums = sums })));

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientsGiveItNothing(string name) => Each(name,
        [.. Enum.GetValues<Quadrature>().Except([Quadrature.Exact]).Select(quadrature => new Ask(
        (net, x, x0, scores, sums) =>
            SpanExplainers.IntegratedGradients<double>(net, x, 1, Target.Unit(0).OfOutput(), References.One(x0),
                new() { Scores = scores, Sums = sums }, Path(quadrature)),
        (net, x, x0, scores, sums) =>
            SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(0).OfOutput(), References.One(x0),
                new() { Scores = scores, Sums = sums }, Path(quadrature))) { Tolerance = 0.08 })]);

    /// <summary>All but where the gradient at the input itself is infinite, and what it is multiplied by is not zero.</summary>
    public static TheoryData<string> NamesOfFiniteGradients => [.. cases.Keys.Where(name => name != "roots to nothing")];

    // Of other methods only the zeros are known.
    [Theory]
    [MemberData(nameof(NamesOfFiniteGradients))]
    public void OtherMethodsGiveItNothing(string name) => Each(name, new Ask(
        (net, x, x0, scores, sums) =>
            SpanExplainers.GradientTimesInput<double>(net, x, 1, Target.Unit(0).OfOutput(), References.One(x0), scores),
        (net, x, x0, scores, sums) =>
            SpanExplainers.GradientTimesInput<float>(net, x, 1, Target.Unit(0).OfOutput(), References.One(x0),
                scores)) { Takes = OnlyZeros }, new Ask(
                (net, x, x0, scores, sums) => SpanExplainers.DeepLift<double>(net, x, 1, Target.Unit(0).OfOutput(), Rule.Inherit,
                    References.SeveralPerInput([.. x0, .. x], 2), scores),
                (net, x, x0, scores, sums) => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(0).OfOutput(), Rule.Inherit,
                    References.SeveralPerInput([.. x0, .. x], 2), scores)) { Takes = OnlyZeros }, new Ask(
                    (net, x, x0, scores, sums) =>
                        SpanExplainers.ExpectedGradients<double>(net, x, 1, Target.Unit(0).OfOutput(), References.One(x0), scores),
                    (net, x, x0, scores, sums) => SpanExplainers.ExpectedGradients<float>(net, x, 1, Target.Unit(0).OfOutput(),
                        References.One(x0), scores)) { Takes = OnlyZeros }, new Ask(
                        (net, x, x0, scores, sums) =>
                            SpanExplainers.ShapleySampling<double>(net, null, x, 1, Target.Unit(0).OfOutput(), References.One(x0),
                                scores),
                        (net, x, x0, scores, sums) => SpanExplainers.ShapleySampling<float>(net, null, x, 1, Target.Unit(0).OfOutput(),
                            References.One(x0), scores)) { Takes = OnlyZeros });

    private static Case OnlyZeros(Case one) =>
        one with { Contributions = [.. one.Contributions.Select((value, i) => value != 0 || one.X[i] != one.Reference[i] ? Any : 0)] };

    [Theory]
    [InlineData("norms")]
    [InlineData("roots")]
    [InlineData("deviations")]
    [InlineData("products")]
    [InlineData("steps")]
    public void ALayersMethodsGiveItNothing(string name)
    {
        var asks = new List<Ask>();
        foreach (var quadrature in Enum.GetValues<Quadrature>().Except([Quadrature.Exact]))
        {
            asks.Add(new(
                (net, x, x0, scores, sums) => SpanExplainers.LayerIntegratedGradients<double>(net, "asked", x, 1, Target.Unit(0).OfOutput(),
                    References.One(x0), new() { Scores = scores, Sums = sums }, Path(quadrature)),
                (net, x, x0, scores, sums) => SpanExplainers.LayerIntegratedGradients<float>(net, "asked", x, 1, Target.Unit(0).OfOutput(),
                    References.One(x0), new() { Scores = scores, Sums = sums }, Path(quadrature))) { Tolerance = 0.08 });
        }
        asks.Add(new(
            (net, x, x0, scores, sums) =>
                SpanExplainers.LayerDeepLift<double>(net, "asked", x, 1, Target.Unit(0).OfOutput(), Rule.RevealCancel,
                    References.One(x0), new() { Scores = scores, Sums = sums }),
            (net, x, x0, scores, sums) =>
                SpanExplainers.LayerDeepLift<float>(net, "asked", x, 1, Target.Unit(0).OfOutput(), Rule.RevealCancel,
                    References.One(x0), new() { Scores = scores, Sums = sums })));
        asks.Add(new(
            (net, x, x0, scores, sums) => SpanExplainers.LrpEpsilon<double>(net, x, 1, Target.Unit(0).OfOutput(), scores),
            (net, x, x0, scores, sums) => SpanExplainers.LrpEpsilon<float>(net, x, 1, Target.Unit(0).OfOutput(), scores))
            {
                Takes = OnlyZeros,
            });
        Each(name, [.. asks]);
    }

    [Fact]
    public void ADifferenceOfZeroHasNothingToShare()
    {
        // 1 - 1 is 0 at the input as at the reference, where the root is infinitely steep: no share of 0 is asked for, and the other root
        // keeps its own.
        Check(new("Differences", [1, 4, 1, 3], [0, 0, 0, 0], [0, 4, 0, -3]), 1e-5,
            (net, x, x0, scores, sums) =>
                SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(0).OfOutput(), Rule.Rescale, References.One(x0),
                    new() { Scores = scores, Sums = sums }),
            networks.Value.Network("Differences").Load(Weights.Random(1)).Compiled);
    }

    private static PathOptions Path(Quadrature quadrature) => new() { Steps = 2000, Quadrature = quadrature };

    private delegate void Asked<T>(IModel<T> net, T[] x, T[] x0, T[] scores, Completeness[] sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private sealed record Ask(Asked<double> InDouble, Asked<float> InSingle)
    {
        /// <summary>How far scores may be off, of their size; null for rounding. Integrals of a root converge slowly.</summary>
        public double? Tolerance { get; init; }

        /// <summary>What is known of a case's scores.</summary>
        public Func<Case, Case> Takes { get; init; } = one => one;
    }

    private static void Each(string name, params Ask[] asks)
    {
        var one = cases[name];
        var net = networks.Value.Network(one.Network).Load(Weights.Random(1));
        foreach (var ask in asks)
        {
            Check(ask.Takes(one), ask.Tolerance ?? 1e-9, ask.InDouble, net.Interpreted);
            Check(ask.Takes(one), ask.Tolerance ?? 1e-5, ask.InSingle, net.Compiled);
        }
    }

    private static void Check<T>(Case one, double tolerance, Asked<T> ask, IModel<T> net)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (scores, sums) = (new T[one.X.Length], new Completeness[1]);
        ask(net, [.. one.X.Select(T.CreateChecked)], [.. one.Reference.Select(T.CreateChecked)], scores, sums);
        for (var i = 0; i < scores.Length; i++)
        {
            var (expected, found) = (one.Contributions[i], double.CreateChecked(scores[i]));
            Assert.True(expected == Any ? double.IsFinite(found) : double.IsNaN(expected)
                ? double.IsFinite(found) && found != 0
                : expected == 0 ? found == 0 : Math.Abs(found - expected) <= tolerance * Math.Max(1, Math.Abs(expected)),
                $"{typeof(T).Name}: element {i} has {found:r}, not {expected:r}, of {string.Join(" ", scores)}.");
        }
        Assert.True(sums[0].RelativeGap is null || sums[0].RelativeGap <= Math.Max(tolerance, 1e-4), $"{typeof(T).Name}: {sums[0]}");
    }
}
