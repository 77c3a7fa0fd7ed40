namespace Whence.Generator.Tests.House;

/// <summary>
/// generator/README.md, "Adding things": a backward method is added, to the runtime and to the compiler, by what is said there alone, and
/// asked of a network. It is the straight-through estimator (Bengio, Léonard and Courville, arXiv 1308.3432): the gradient, as if every
/// activation were the identity.
/// </summary>
[Trait("Long", "laws")]
public sealed class AddingAMethod
{
    private const string Passes = "runtime/Explain/Pass.cs";
    private const string Attribute = "runtime/Declare/NetworkAttribute.cs";
    private const string Registry = "generator/Derive/MethodRegistry.cs";
    private const int Size = 36;

    // The method's file.
    private const string Doors = """
        namespace Whence;

        using Whence.Authoring;

        public interface IStraightThroughNetwork : INetwork;

        internal readonly struct StraightThrough : IMethod
        {
            public Recipe Recipe(Signature net) => new() { Name = "StraightThrough", Pass = Pass.StraightThrough };

            public void Place(int row, ref RowSpec spec)
            {
            }
        }

        public static partial class Explainers
        {
            public static Attribution StraightThrough(this IStraightThroughNetwork net, ReadOnlySpan<float> x, Target target) =>
                net.Explain(new StraightThrough(), x, target);
        }
        """;

    private const string WayBack = """
        using Whence.Generator.Ops;

        namespace Whence.Generator.Derive;

        internal sealed class StraightThrough : Gradient
        {
            public override string Name => nameof(StraightThrough);

            public override Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m) => IsArithmetic(at) ? base.Elementwise(at, op, m) : m;
        }
        """;

    // Without its activations, the network is linear: what a unit of input moves is its weight, whatever the others are.
    private const string Networks = """
        [Network(Explain = Methods.StraightThrough, Layers = ["Conv"])]
        public sealed partial class Digits
        {
            [Conv2d(3, kernel: 3)] private partial Tensor Conv(Tensor x);
            [Linear(5)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(1, 6, 6)] Tensor image) =>
                Softmax(Fc2(Tanh(Fc1(Flatten(AvgPool2d(Relu(Conv(image)), 2))))));
        }

        [Network]
        public sealed partial class Linear
        {
            [Conv2d(3, kernel: 3)] private partial Tensor Conv(Tensor x);
            [Linear(5)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(1, 6, 6)] Tensor image) => Fc2(Fc1(Flatten(AvgPool2d(Conv(image), 2))));
        }

        public static class Answers
        {
            public static float[] Scores(float[] image) =>
                Digits.Load(Weights.Random(11)).StraightThrough(image, Target.Unit(2)).Scores.ToArray();

            public static double Logit(double[] image) =>
                Linear.Load(Weights.Random(11)).Forward(Tensor.From(new Shape(1, 6, 6), image)).Values[2];
        }
        """;

    [Fact]
    public void ABackwardMethodIsItsFileAClassAndThreeLines()
    {
        var answers = Extended.Answers(
            new Dictionary<string, string>
            {
                ["runtime/Explain/Methods/StraightThrough.cs"] = Doors,
                [Passes] = Extended.Added(Passes, "LrpEpsilon,", "StraightThrough,"),
                [Attribute] = Extended.Added(Attribute, "LrpEpsilon = 256,",
                    "[Gives(typeof(IStraightThroughNetwork))] StraightThrough = 512,"),
            },
            new Dictionary<string, string>
            {
                ["generator/Derive/StraightThrough.cs"] = WayBack,
                [Registry] = Extended.Added(Registry, "settings => new LrpEpsilon(settings.LrpEpsilon)),",
                    "(nameof(StraightThrough), _ => new StraightThrough()),"),
            },
            Networks);
        var image = Enumerable.Range(0, Size).Select(i => MathF.Sin(i * 0.7f)).ToArray();
        var scores = (float[])Call("Scores", image);
        var none = (double)Call("Logit", new double[Size]);
        Assert.Equal(Size, scores.Length);
        for (var i = 0; i < Size; i++)
        {
            var unit = new double[Size];
            unit[i] = 1;
            Assert.Equal((double)Call("Logit", unit) - none, scores[i], 1e-6);
        }

        object Call(string name, object argument) => answers.GetMethod(name)!.Invoke(null, [argument])!;
    }
}
