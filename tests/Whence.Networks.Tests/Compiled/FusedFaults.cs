using System.Text;
using Whence.CompilerServices;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Every operator that may have no finite value or slope, computed in one loop with what stands before it and what follows: whichever
/// question comes to no finite answer names that operator and its element, also where what follows bounds it.
/// </summary>
public sealed class FusedFaults
{
    private const int Size = 3;

    // One input each, so that nothing is shared: {0} is the operator, of the input or of what is made of it.
    private static readonly (string Input, string Of, string Text)[] places =
    [
        ("a", "a", "Relu({0})"), ("b", "b", "{0} * 2 + Tanh(b)"), ("c", "c", "Clamp({0}, -1, 1) * 3"), ("d", "d", "Sigmoid(0 - {0})"),
        ("e", "before", "{0} + e"), ("f", "f", "Fold({0})"), ("g", "g", "Relu(Tanh({0} * 0.5) - g)"),
    ];

    /// <summary>An operator, an element at which it has no value or no slope, and one beside it at which all is well.</summary>
    private static readonly (string Name, string Operator, float Bad, float Good)[] operators =
    [
        ("LogOfNegative", "Log({0})", -1, 2), ("LogOfZero", "Log({0})", 0, 2), ("LogOfLeast", "Log({0})", 1e-45f, 2),
        ("SqrtOfNegative", "Sqrt({0})", -1, 4), ("SqrtOfZero", "Sqrt({0})", 0, 4),
        ("ReciprocalOfZero", "Reciprocal({0})", 0, 2), ("ReciprocalOfLittle", "Reciprocal({0})", 1e-25f, 2),
        ("QuotientByZero", "1 / {0}", 0, 2), ("RsqrtOfNegative", "ReciprocalSqrt({0})", -4, 1),
        ("RsqrtOfZero", "ReciprocalSqrt({0})", 0, 1), ("RsqrtOfLittle", "ReciprocalSqrt({0})", 1e-30f, 1),
        ("PowOfNegative", "Pow({0}, 1.5)", -2, 1), ("RootOfZero", "Pow({0}, 0.25)", 0, 1), ("InverseOfZero", "Pow({0}, -2)", 0, 1),
        ("ExpOfMuch", "Exp({0})", 100, 1), ("SquareOfMuch", "Square({0})", 1e20f, 2), ("CubeOfMuch", "Pow({0}, 3)", 1e15f, 2),
        ("TooMuch", "{0} * 1e30", 1e20f, 2), ("ProductOfMuch", "{0} * {0}", -1e20f, 2),
        ("OwnRootOfZero", "Root({0})", 0, 4), ("OwnRootOfNegative", "Root({0})", -4, 4), ("OwnKinkAtOne", "Kink({0})", 1, 3),
        ("OwnCliffAtTwo", "Cliff({0})", 2, 1),
    ];

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text()));

    private delegate void Door(INetwork net, float[] x, float[] reference, int unit);

    private static readonly float[] scores = new float[64];

    private static readonly Dictionary<string, Door> doors = new()
    {
        ["Predict"] = (net, x, _, _) => SpanExplainers.Predict<float>(net, x, scores.AsSpan(0, net.Signature.OutputSize), 1),
        ["Gradient"] = (net, x, _, unit) => SpanExplainers.Gradient<float>(net, x, 1, Unit(unit), To(x)),
        ["GradientTimesInput"] = (net, x, x0, unit) => SpanExplainers.GradientTimesInput<float>(net, x, 1, Unit(unit), One(x0), To(x)),
        ["GuidedBackprop"] = (net, x, _, unit) => SpanExplainers.GuidedBackprop<float>(net, x, 1, Unit(unit), To(x)),
        ["GuidedBackpropRescale"] =
            (net, x, x0, unit) => SpanExplainers.GuidedBackpropRescale<float>(net, x, 1, Unit(unit), One(x0), To(x)),
        ["LrpEpsilon"] = (net, x, _, unit) => SpanExplainers.LrpEpsilon<float>(net, x, 1, Unit(unit), To(x)),
        ["IntegratedGradients"] = (net, x, x0, unit) => SpanExplainers.IntegratedGradients<float>(net, x, 1, Unit(unit), One(x0), To(x)),
        ["InteriorGradients"] = (net, x, x0, unit) =>
            SpanExplainers.InteriorGradients<float>(net, x, 1, Unit(unit), One(x0), new PathPoints([1.0]), To(x)),
        ["ExpectedGradients"] = (net, x, x0, unit) => SpanExplainers.ExpectedGradients<float>(net, x, 1, Unit(unit), One(x0), To(x)),
        ["Rescale"] = (net, x, x0, unit) => SpanExplainers.DeepLift<float>(net, x, 1, Unit(unit), Rule.Rescale, One(x0), To(x)),
        ["RevealCancel"] = (net, x, x0, unit) => SpanExplainers.DeepLift<float>(net, x, 1, Unit(unit), Rule.RevealCancel, One(x0), To(x)),
        ["Ablation"] = (net, x, x0, unit) => SpanExplainers.Ablation<float>(net, null, x, 1, Unit(unit), One(x0), To(x)),
        ["ScoreAlong"] = (net, x, x0, unit) =>
            SpanExplainers.ScoreAlong<float>(net, x, 1, Unit(unit), One(x0), new PathPoints([1.0]), scores.AsSpan(0, 1)),
        ["GradientAlong"] = (net, x, x0, unit) =>
            SpanExplainers.GradientAlong<float>(net, x, 1, Unit(unit), One(x0), new PathPoints([1.0]), new double[1]),
        ["SmoothGrad"] = (net, x, _, unit) =>
            SpanExplainers.SmoothGrad<float>(net, x, 1, Unit(unit), To(x), new NoiseOptions { Deviation = 0, Samples = 2 }),
    };

    public static TheoryData<string> Names => [.. operators.Select(one => one.Name)];

    private static Targets Unit(int unit) => Target.Unit(unit % Size).Of(unit / Size);

    private static References<float> One(float[] reference) => References.One(reference);

    private static Span<float> To(float[] x) => scores.AsSpan(0, x.Length);

    private static string Text()
    {
        var text = new StringBuilder("""
            using static Own;

            public readonly struct OwnRoot : IElementwise
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => M.Sqrt(x);

                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Divide(M.Constant(0.5), y);
            }

            // The root of what is beyond 1, and before it the negative root: infinitely steep at 1.
            public readonly struct OwnKink : IElementwise
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => M.Sqrt(M.Abs(M.Subtract(x, M.Constant(1))));

                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Divide(M.Constant(0.5), y);
            }

            // Without a slope at 2.
            public readonly struct OwnCliff : IElementwise
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => M.Abs(M.Subtract(x, M.Constant(2)));

                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Divide(M.Subtract(x, M.Constant(2)), y);
            }

            public static class Own
            {
                [Elementwise<OwnRoot>] public static Tensor Root(Tensor x) => x.Map<OwnRoot>();

                [Elementwise<OwnKink>] public static Tensor Kink(Tensor x) => x.Map<OwnKink>();

                [Elementwise<OwnCliff>] public static Tensor Cliff(Tensor x) => x.Map<OwnCliff>();
            }

            """);
        foreach (var (name, written, _, _) in operators)
        {
            var answers = places.Select(place => string.Format(place.Text, string.Format(written, place.Of)));
            text.AppendLine($$"""
                [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet)]
                public sealed partial class {{name}}
                {
                    [Linear(3)] private partial Tensor Fold(Tensor x);

                    public ({{string.Join(", ", places.Select(place => $"Tensor {place.Input.ToUpperInvariant()}"))}}) Forward(
                        {{string.Join(", ", places.Select(place => $"[Shape({Size})] Tensor {place.Input}"))}})
                    {
                        var before = e * 2 - e;
                        return ({{string.Join(", ", answers)}});
                    }
                }
                """);
        }
        return text.Append("""
            [Network(Explain = Methods.DeepLift)]
            public sealed partial class Ridden
            {
                [Linear(8)] private partial Tensor Fold(Tensor x);

                public Tensor Forward([Shape(3)] Tensor x) => Relu(Fold(x));
            }
            """).ToString();
    }

    /// <summary>What an operator of the runtime's own is called where it stands alone: one that may have no value must be tried.</summary>
    [Fact]
    public void NoFunctionOfTheRuntimesIsForgotten()
    {
        float[] points = [-3e38f, -1e25f, -100, -1, 0, 1e-45f, 1e-30f, 1, 100, 1e25f, 3e38f];
        var types = typeof(Tensor).Assembly.GetTypes().Where(type => type.FullName!.StartsWith("Whence.Ops", StringComparison.Ordinal)
            && type.IsValueType && typeof(IElementwise).IsAssignableFrom(type)
            && type.GetConstructors().All(made => made.GetParameters().Length == 0)).ToList();
        Assert.True(types.Count > 10);
        var forgotten = new List<string>();
        foreach (var type in types)
        {
            var check = typeof(FusedFaults).GetMethod(nameof(IsAlwaysFinite), System.Reflection.BindingFlags.NonPublic
                | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(type);
            var isFinite = (bool)check.Invoke(null, [points])!;
            if (!isFinite && !operators.Any(one => one.Operator.StartsWith(type.Name + "(", StringComparison.Ordinal)))
                forgotten.Add(type.Name);
        }
        Assert.Empty(forgotten);
    }

    private static bool IsAlwaysFinite<F>(float[] points) where F : struct, IElementwise => points.All(x =>
    {
        var y = default(F).Value<float, FloatMath>(x);
        return float.IsFinite(y) && float.IsFinite(default(F).Slope<float, FloatMath>(x, y));
    });

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Long", "laws")]
    public void WhatHasNoFiniteAnswerNamesTheOperator(string name)
    {
        var (_, written, bad, good) = operators.Single(one => one.Name == name);
        var net = networks.Value.Network(name).Load(Weights.Random(3)).Compiled;
        var fine = Enumerable.Repeat(good, Size * places.Length).ToArray();
        var refused = new HashSet<string>();
        for (var place = 0; place < places.Length; place++)
        {
            if (places[place].Of == "before" && Math.Abs(bad) > 1e10)
                continue;
            float[] x = [.. fine];
            x[place * Size + 1] = bad;
            foreach (var (door, ask) in doors)
            {
                foreach (var (input, reference) in new[] { (x, fine), (fine, x), (x, x) })
                {
                    try
                    {
                        ask(net, input, reference, place * Size + 1);
                    }
                    catch (NonFiniteException error)
                    {
                        refused.Add(door);
                        // A function of one's own that is not said to be partial is asked also where a part of its move would lead,
                        // which the error says beside where multipliers may have overflowed.
                        if (error.Fault?.Operator != string.Format(written, places[place].Of) && door == "RevealCancel" && IsOwn(written))
                        {
                            Assert.Contains("only a part of what it is applied to has moved", error.Message, StringComparison.Ordinal);
                            continue;
                        }
                        Assert.True(error.Fault is { } fault && fault.Operator == string.Format(written, places[place].Of)
                            && fault.Index.SequenceEqual([1]), $"{door} of {places[place].Text}: {error.Message}");
                    }
                }
            }
        }
        Assert.True(refused.Count > 3, $"Only {string.Join(", ", refused)}.");
    }

    private static bool IsOwn(string written) => written is "Root({0})" or "Kink({0})" or "Cliff({0})";

    /// <summary>A product's own overflow below the function on its last write.</summary>
    [Fact]
    public void AProductBelowAFunctionIsNamed()
    {
        var net = networks.Value.Network("Ridden").Load(Weights.Random(3)).Compiled;
        var error = Assert.Throws<NonFiniteException>(() => net.Predict([3e38f, 3e38f, -3e38f]));
        Assert.Equal("Fold(x)", error.Layer);
    }
}
