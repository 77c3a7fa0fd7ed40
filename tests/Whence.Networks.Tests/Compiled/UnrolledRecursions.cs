namespace Whence.Networks.Tests.Compiled;

/// <summary>Methods that call themselves, unrolled: what is compiled is what Forward says in double, and is explained completely.</summary>
public sealed class UnrolledRecursions
{
    private const string Text = """
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Depth
        {
            [Linear(4)] private partial Tensor Step(Tensor x);

            private Tensor Go(Tensor h, int n) => n == 0 ? h : Go(Tanh(Step(h)) + 0.5 * h, n - 1);

            public Tensor Forward([Shape(4)] Tensor x) => Go(x, 5);
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Tree
        {
            [Linear(3)] private partial Tensor Joined(Tensor x);

            private Tensor Of(Tensor x)
            {
                var size = x.Shape[0];
                if (size == 1)
                    return Reshape(x, x.Shape[1]);
                return Sigmoid(Joined(Concat(Of(Slice(x, 0, 0, size / 2)), Of(Slice(x, 0, size / 2, size - size / 2)))));
            }

            public Tensor Forward([Shape(5, 3)] Tensor x) => Of(x);
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class ByTurns
        {
            [Linear(4)] private partial Tensor Rise(Tensor x);
            [Linear(4)] private partial Tensor Fall(Tensor x);

            private Tensor Odd(Tensor x, int n) => n == 0 ? x : Even(Relu(Rise(x)), n - 1);

            private Tensor Even(Tensor x, int n) { if (n <= 0) return -x; return Odd(Softplus(Fall(x)) - x, n - 1); }

            public Tensor Forward([Shape(4)] Tensor x)
            {
                return Power(Odd(x, 3), 3) + Even(x, 2);

                Tensor Power(Tensor of, int n) => n == 1 ? of : of * Power(0.5 * of, n - 1);
            }
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Cells
        {
            [LstmCell(3)] private partial (Tensor State, Tensor Cell) Cell(Tensor x, Tensor state, Tensor cell);

            private (Tensor State, Tensor Cell) After(Tensor rows, int n)
            {
                if (n == 0)
                    return (Zeros(3), Zeros(3));
                var (state, cell) = After(rows, n - 1);
                return Cell(Reshape(Slice(rows, 0, n - 1, 1), rows.Shape[1]), state, cell);
            }

            public Tensor Forward([Shape(4, 2)] Tensor rows) => After(rows, rows.Shape[0]).State;
        }
        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    [Theory]
    [InlineData("Depth")]
    [InlineData("Tree")]
    [InlineData("ByTurns")]
    [InlineData("Cells")]
    public void AreWhatForwardSays(string name)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(3));
        var random = new Random(11);
        var (size, outputs) = (net.Signature.InputSize, net.Signature.OutputSize);
        for (var i = 0; i < 20; i++)
        {
            var x = Enumerable.Range(0, size).Select(_ => (float)(2 * random.NextDouble() - 1)).ToArray();
            var eager = net.Eager([.. x.Select(value => (double)value)]);
            var interpreted = new double[outputs];
            net.Interpreted.Forward([.. x.Select(value => (double)value)], -1, interpreted, 1);
            var compiled = net.Compiled.Predict(x);
            for (var unit = 0; unit < outputs; unit++)
            {
                Assert.Equal(eager[unit], interpreted[unit], 1e-12);
                Assert.Equal(eager[unit], compiled[unit], 2e-6 * (1 + Math.Abs(eager[unit])));
            }
            var target = Target.Unit(i % outputs).OfOutput();
            var zero = net.Eager(new double[size])[i % outputs];
            foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
                IsComplete(scores => SpanExplainers.DeepLift<float>(net.Compiled, x, 1, target, rule, default, scores), 1e-4);
            IsComplete(scores => SpanExplainers.IntegratedGradients<float>(net.Compiled, x, 1, target, default, scores,
                new PathOptions { Quadrature = Quadrature.GaussLegendre, Steps = 30 }), 1e-2);

            void IsComplete(Action<float[]> ask, double tolerance)
            {
                var scores = new float[size];
                ask(scores);
                Assert.Equal(eager[i % outputs] - zero, scores.Sum(score => (double)score), tolerance);
            }
        }
    }
}
