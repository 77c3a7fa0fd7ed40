using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Laws;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Values that no input moves, wherever they can stand: they contribute nothing, and everything else what it does without them.
/// </summary>
public sealed class ConstantValues : LawfulNetworks
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    public static TheoryData<string> Names => [.. Drawn];

    private static readonly string[] Drawn =
    [
        "Biased", "Biases", "FromZeros", "GruFromZeros", "LstmFromZeros", "OverConstants", "Clock", "ClocksApart", "LearnedStart",
        "LearnedAtEveryStep", "Encoded", "ConstantLoop", "Queries", "ConstantMatrix",
        "ConstantFactors", "Joined", "Images", "Answers", "Held", "Normed",
    ];

    private const string Text = """
        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Biased
        {
            [Linear(4)] private partial Tensor P(Tensor x);

            public Tensor Forward([Shape(4)] Tensor x) => Relu(x + P(Constant(1)));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["second"])]
        public sealed partial class Biases
        {
            [Linear(5)] private partial Tensor First(Tensor x);
            [Linear(4)] private partial Tensor P(Tensor x);
            [Linear(5)] private partial Tensor Q(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4)] Tensor x)
            {
                var given = Sigmoid(P(Constant(1, -2)));
                var second = Relu(First(x - given)) * Exp(Q(given));
                return Head(Softplus(First(x) + Tanh(second) + Q(Abs(given) * given)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["h"])]
        public sealed partial class FromZeros
        {
            [Linear(5)] private partial Tensor In(Tensor x);
            [Linear(5)] private partial Tensor Back(Tensor h);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 4)] Tensor x)
            {
                var h = Zeros(5);
                for (var t = 0; t < 3; t++)
                {
                    var gate = Sigmoid(Back(h));
                    h = gate * Tanh(In(Reshape(Slice(x, 0, t, 1), 4)) + Back(Relu(h))) + (1 - gate) * h;
                }
                return Head(h);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class GruFromZeros
        {
            [GruCell(4)] private partial Tensor Cell(Tensor x, Tensor h);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 3)] Tensor x)
            {
                var h = Cell(Constant(0.5, 1, -1), Zeros(4));
                for (var t = 0; t < 2; t++)
                    h = Cell(Reshape(Slice(x, 0, t, 1), 3), h);
                return Head(h);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class LstmFromZeros
        {
            [LstmCell(4)] private partial (Tensor, Tensor) Cell(Tensor x, Tensor h, Tensor c);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 3)] Tensor x)
            {
                var (h, c) = (Zeros(4), Zeros(4));
                for (var t = 0; t < 2; t++)
                    (h, c) = Cell(Reshape(Slice(x, 0, t, 1), 3), h, c);
                return Head(Concat(0, h, c));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class OverConstants
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var h = x;
                foreach (var s in Reshape(Constant(1, 2, 3, 4, 5, 6), 2, 3))
                    h = Tanh(h * s);
                return h;
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["all"])]
        public sealed partial class Clock
        {
            [Linear(4)] private partial Tensor In(Tensor x);
            [Linear(4)] private partial Tensor Tick(Tensor t);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5, 3)] Tensor sequence)
            {
                var (t, h) = (Zeros(4), Zeros(4));
                var states = new System.Collections.Generic.List<Tensor>();
                foreach (var x in sequence)
                {
                    t = Sigmoid(Tick(t));
                    h = Relu(In(x) * t + h + Tick(t * t));
                    states.Add(h);
                }
                var all = Stack(states);
                return Head(Mean(all, 0) + Relu(h + t));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["ticks"])]
        public sealed partial class ClocksApart
        {
            [Linear(3)] private partial Tensor Tick(Tensor t);
            [Linear(3)] private partial Tensor In(Tensor x);

            public Tensor Forward([Shape(3, 3)] Tensor sequence)
            {
                var (t, times) = (Zeros(3), new System.Collections.Generic.List<Tensor>());
                var h = Zeros(3);
                foreach (var x in sequence)
                {
                    t = Tanh(Tick(t));
                    times.Add(t);
                    h = Tanh(h + x);
                }
                var ticks = Stack(times);
                foreach (var at in ticks)
                    h = Relu(In(h) * at + t);
                foreach (var x in sequence)
                    h = Tanh(x - h * t);
                return h;
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class LearnedStart
        {
            [Linear(4)] private partial Tensor Start(Tensor x);
            [Linear(4)] private partial Tensor In(Tensor x);
            [Linear(4)] private partial Tensor Back(Tensor x);

            public Tensor Forward([Shape(3, 2)] Tensor sequence)
            {
                var h = Tanh(Start(Constant(1)));
                foreach (var x in sequence)
                    h = Sigmoid(In(x) + Back(h)) * h;
                return h;
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class LearnedAtEveryStep
        {
            [Linear(4)] private partial Tensor Start(Tensor x);
            [Linear(4)] private partial Tensor In(Tensor x);

            public Tensor Forward([Shape(3, 2)] Tensor sequence)
            {
                var (h, last) = (Zeros(4), Zeros(4));
                foreach (var x in sequence)
                {
                    last = h;
                    h = Tanh(In(x) + Softplus(Start(Constant(2))));
                }
                return h + Relu(last);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["places"])]
        public sealed partial class Encoded
        {
            [Linear(3)] private partial Tensor Turn(Tensor x);
            [Linear(3)] private partial Tensor Mix(Tensor x);

            public Tensor Forward([Shape(4, 3)] Tensor sequence)
            {
                var (p, all) = (Zeros(3), new System.Collections.Generic.List<Tensor>());
                foreach (var at in Reshape(Constant(1, 2, 3, 4), 4, 1))
                {
                    p = Tanh(Turn(p) + Sum(at, 0));
                    all.Add(p);
                }
                var places = Stack(all);
                return Mean(Relu(Mix(sequence + places)) * places, 0);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class ConstantLoop
        {
            [Lstm(3)] private partial Tensor Lstm(Tensor x);
            [Gru(3, Bidirectional = true, LastState = true)] private partial Tensor Gru(Tensor x);
            [Linear(6)] private partial Tensor Fc(Tensor x);

            public Tensor Forward([Shape(4, 3)] Tensor sequence)
            {
                var given = Lstm(Reshape(Constant(1, 2, 3, 4, 5, 6, 7, 8), 4, 2));
                return Relu(Fc(Sum(Tanh(sequence - given), 0)) + Gru(given));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Queries
        {
            [Linear(4)] private partial Tensor Query(Tensor x);
            [Linear(4)] private partial Tensor Key(Tensor x);
            [Linear(4)] private partial Tensor Content(Tensor x);
            [MultiHeadAttention(2)] private partial Tensor Attend(Tensor q, Tensor k, Tensor v);

            public Tensor Forward([Shape(3, 4)] Tensor x)
            {
                var queries = Query(Reshape(Constant(1, 0, 0, 1), 2, 2));
                var seen = ScaledDotProductAttention(queries, Key(x), Content(x));
                return Flatten(Attend(Relu(queries), seen, seen));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class ConstantMatrix
        {
            [Linear(12)] private partial Tensor Left(Tensor x);
            [Linear(3)] private partial Tensor Right(Tensor x);

            public Tensor Forward([Shape(3, 4)] Tensor x)
            {
                var left = Reshape(Left(Constant(1)), 4, 3);
                var right = Tanh(Right(Reshape(Constant(1, 2, 3, 4, 5, 6, 7, 8), 4, 2)));
                return Flatten(Relu(MatMul(Tanh(MatMul(left, x)), right)) * Reshape(Right(Constant(0.5, -0.5)), 1, 3));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet)]
        public sealed partial class ConstantFactors
        {
            [Linear(5)] private partial Tensor P(Tensor x);
            [Linear(5)] private partial Tensor Fc(Tensor x);
            [PRelu(PerChannel = true)] private partial Tensor Bent(Tensor x);
            [LayerNorm] private partial Tensor Norm(Tensor x);

            public Tensor Forward([Shape(5)] Tensor x)
            {
                var p = Bent(P(Constant(1)));
                var bounded = Min(Max(Fc(x), p - 1), Norm(p) + 1);
                return Max(p, Fc(Relu(bounded / Softplus(p)))) + Softmax(Fc(p)) * bounded - Max(Fc(p), p) / (1 + Square(x));
            }
        }

        [Network(Explain = Methods.All, Layers = ["all"])]
        public sealed partial class Joined
        {
            [Linear(3)] private partial Tensor P(Tensor x);
            [Linear(6)] private partial Tensor Fc(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4)] Tensor x)
            {
                var all = Concat(0, x, P(Constant(1)), Constant(1, 2), Tanh(P(Constant(-1))), Zeros(2));
                return Head(Relu(Fc(all)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["map"])]
        public sealed partial class Images
        {
            [Conv2d(4, kernel: 3, Pad = 1)] private partial Tensor First(Tensor x);
            [Conv2d(2, kernel: 3, Pad = 1)] private partial Tensor Grid(Tensor x);
            [BatchNorm] private partial Tensor Norm(Tensor x);
            [Linear(32)] private partial Tensor P(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 4, 4)] Tensor image)
            {
                var map = Reshape(P(Constant(1)), 2, 4, 4);
                var grid = MaxPool2d(Relu(Grid(map)), 2);
                var seen = Relu(Norm(First(image + map)) * Sigmoid(First(UpsampleNearest(grid, 2))));
                return Head(Flatten(Concat(0, AvgPool2d(seen, 2), grid)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["P", "c", "d", "e", "f"])]
        public sealed partial class Answers
        {
            [Linear(4)] private partial Tensor P(Tensor x);

            public (Tensor first, Tensor second, Tensor third) Forward([Shape(4)] Tensor x)
            {
                var c = Constant(1, 2, 3, -4);
                var d = Relu(P(c));
                var e = Reshape(d, 2, 2);
                var f = Zeros(2, 2);
                return (Tanh(x * d + Reshape(e + f, 4)), d, c);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["scaled"])]
        public sealed partial class Held
        {
            [Linear(4)] private partial Tensor P(Tensor x);
            [Linear(4)] private partial Tensor Back(Tensor x);

            public Tensor Forward([Shape(3, 4)] Tensor sequence, [Mask(4)] Tensor present)
            {
                var scaled = Sigmoid(P(present)) * P(Constant(1, 2, 3, 4));
                var (h, t) = (scaled, present);
                foreach (var x in sequence)
                {
                    t = Tanh(P(t));
                    h = Relu(Back(h) * t + x * present);
                }
                return h * present + Softplus(scaled - t);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet)]
        public sealed partial class Normed
        {
            [BatchNorm] private partial Tensor Batch(Tensor x);
            [LayerNorm] private partial Tensor Layer(Tensor x);
            [Maxout(3, 2)] private partial Tensor Largest(Tensor x);
            [Linear(6)] private partial Tensor P(Tensor x);

            public Tensor Forward([Shape(6)] Tensor x)
            {
                var p = Layer(Batch(P(Constant(1))));
                return Largest(x * p) + Largest(p) - LogSoftmax(Largest(Layer(x - p)) + Largest(-p));
            }
        }
        """;

    [Theory]
    [MemberData(nameof(Names))]
    public void DeepLiftIsCompleteInDouble(string name)
    {
        var net = networks.Value.Network(name).Network;
        var subject = new Subject(new ZooNetwork(name, net.Graph!, TensorsFrom.Weights(Weights.Random(11)), [.. net.Points]));
        foreach (var pass in Load(name).Signature.Passes.Where(pass => pass is Pass.Rescale or Pass.RevealCancel or Pass.Genomics))
            ContributionsSumToDifference.Require(subject, pass);
    }

    private protected override double Tolerance(string name) => 1e-4;

    private protected override Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(11));
}
