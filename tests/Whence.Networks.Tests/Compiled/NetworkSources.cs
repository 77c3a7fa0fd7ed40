namespace Whence.Networks.Tests.Compiled;

/// <summary>Networks in C#: the trained ones, and some with weights by chance for all that those have not.</summary>
internal static class NetworkSources
{
    /// <summary>Networks whose weights are files.</summary>
    public static readonly string[] Trained = ["mnist_cnn", "genomics_cnn", "tabular_mlp", "lstm_lm"];

    /// <summary>Those of them with a foreach over a tensor.</summary>
    public static readonly string[] Scans = ["Recurrent", "BothWays", "Swapping", "Gates", "Images"];

    /// <summary>Networks whose weights are by chance.</summary>
    public static readonly string[] Drawn =
    [
        "Inception", "Residual", "Attention", "Gated", "TwoInputs", "Sequence", "Shared", "Nested", "Rejoined", "Squashed", "Normed",
        "Ruled", "Routed", "OneByOne", "Bare", "Untouched", "Branches", "Masked", "Transformer", "Patches", "Seen", "Decoder",
        .. Scans,
    ];

    /// <summary>Some of the networks.</summary>
    public static string Only(params string[] names) => string.Concat(Text.Split("[Network(").Skip(1)
        .Where(source => names.Any(name => source.Contains($"partial class {name}\n", StringComparison.Ordinal)))
        .Select(source => "[Network(" + source));

    public const string Text = """
        [Network(Explain = Methods.IntegratedGradients | Methods.Rescale | Methods.RevealCancel, Layers = ["Lstm"])]
        public sealed partial class lstm_lm
        {
            [Lstm(128)] private partial Tensor Lstm(Tensor sequence);
            [Linear(63)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(50, 64)] Tensor text) => Head(Last(Lstm(text)));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["below", "h", "all"])]
        public sealed partial class Recurrent
        {
            [Linear(6)] private partial Tensor In(Tensor x);
            [Linear(6, Bias = false)] private partial Tensor Back(Tensor h);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5, 4)] Tensor sequence)
            {
                var below = Tanh(sequence);
                var h = Zeros(6);
                var states = new System.Collections.Generic.List<Tensor>();
                foreach (var x in below)
                {
                    h = Tanh(In(x) + Back(h));
                    states.Add(h);
                }
                var all = Stack(states);
                return Head(h + Relu(Mean(all, 0)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["context", "all"])]
        public sealed partial class BothWays
        {
            [Linear(4)] private partial Tensor Start(Tensor x);
            [Linear(4)] private partial Tensor Step(Tensor x);
            [Linear(4)] private partial Tensor Gate(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(6, 3)] Tensor sequence, [Shape(5)] Tensor given)
            {
                var context = Relu(Start(given));
                Tensor first = context, second = Zeros(4);
                var rising = new System.Collections.Generic.List<Tensor>();
                var falling = new System.Collections.Generic.List<Tensor>();
                foreach (var x in sequence)
                {
                    first = Relu(Step(x) + 0.5 * first * Sigmoid(Gate(context)));
                    rising.Add(first);
                }
                foreach (var x in Reverse(sequence))
                {
                    second = Tanh(Step(x) + second - context);
                    falling.Add(second * context);
                }
                var all = Stack(rising) * Reverse(Stack(falling));
                return Head(Sum(all, 0) + first);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Swapping
        {
            [Linear(3)] private partial Tensor Mix(Tensor x);

            public (Tensor First, Tensor Second) Forward([Shape(3, 3)] Tensor sequence)
            {
                var state = (A: Zeros(3), B: Constant(1, 2, 3), Same: Constant(0.5, 0.25, 1));
                var (p, q) = (Constant(1, 1, 2), Slice(Flatten(sequence), 0, 2, 3));
                foreach (var x in sequence)
                {
                    var was = state.A;
                    state = (state.B + Mix(x) * p, was * 0.5, state.Same);
                    (p, q) = (q, p);
                }
                return (state.A * state.Same + q, state.B);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["h"])]
        public sealed partial class Gates
        {
            [Linear(5)] private partial Tensor Input(Tensor x);
            [Linear(5)] private partial Tensor Forget(Tensor x);
            [Linear(5)] private partial Tensor Cell(Tensor x);
            [Linear(5)] private partial Tensor Output(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(7, 4)] Tensor sequence)
            {
                Tensor h = Zeros(5), c = Zeros(5);
                foreach (var x in sequence)
                    (h, c) = Step(x, h, c);
                return Head(h);
            }

            private (Tensor, Tensor) Step(Tensor x, Tensor h, Tensor c)
            {
                var both = Concat(x, h);
                c = Sigmoid(Forget(both)) * c + Sigmoid(Input(both)) * Tanh(Cell(both));
                return (Sigmoid(Output(both)) * Tanh(c), c);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["last"])]
        public sealed partial class Images
        {
            [Conv2d(2, kernel: 3, Pad = 1)] private partial Tensor Mix(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 2, 4, 3)] Tensor film)
            {
                var last = Zeros(2, 4, 3);
                var seen = new System.Collections.Generic.List<Tensor>();
                foreach (var frame in film)
                {
                    last = Relu(Mix(frame) - 0.3 * last);
                    seen.Add(MaxPool2d(last, 2));
                }
                return Head(Flatten(Last(Reverse(Stack(seen))))) + Head(Flatten(Slice(MaxPool2d(last, 2), 0, 0, 2)));
            }
        }

        [Network(Explain = Methods.All, Layers = ["Conv2", "relu3"])]
        public sealed partial class mnist_cnn
        {
            [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
            [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
            [Linear(128)] private partial Tensor Fc1(Tensor x);
            [Linear(10)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(1, 28, 28)] Tensor image)
            {
                var relu3 = Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image)))))));
                return Fc2(relu3);
            }
        }

        [Network(Explain = Methods.All, Layers = ["relu1", "relu2", "relu3"])]
        public sealed partial class genomics_cnn
        {
            [Conv1d(50, kernel: 11)] private partial Tensor Conv1(Tensor x);
            [Conv1d(50, kernel: 11)] private partial Tensor Conv2(Tensor x);
            [Linear(50)] private partial Tensor Fc1(Tensor x);
            [Linear(3)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(4, 200)] Tensor dna)
            {
                var relu1 = Relu(Conv1(dna));
                var relu2 = Relu(Conv2(relu1));
                var relu3 = Relu(Fc1(GlobalAvgPool(relu2)));
                return Fc2(relu3);
            }
        }

        [Network(Explain = Methods.All, Layers = ["Bn1", "relu1", "relu2"])]
        public sealed partial class tabular_mlp
        {
            [Linear(64)] private partial Tensor Fc1(Tensor x);
            [BatchNorm] private partial Tensor Bn1(Tensor x);
            [Linear(32)] private partial Tensor Fc2(Tensor x);
            [BatchNorm] private partial Tensor Bn2(Tensor x);
            [Linear(2)] private partial Tensor Fc3(Tensor x);

            public Tensor Forward([Shape(30)] Tensor row)
            {
                var relu1 = Relu(Bn1(Fc1(row)));
                var relu2 = Relu(Bn2(Fc2(relu1)));
                return Fc3(relu2);
            }
        }

        [Network(Explain = Methods.All, Layers = ["all", "Three"])]
        public sealed partial class Inception
        {
            [Conv2d(4, kernel: 1)] private partial Tensor One(Tensor x);
            [Conv2d(3, kernel: 1)] private partial Tensor Reduce(Tensor x);
            [Conv2d(5, kernel: 3, Pad = 1)] private partial Tensor Three(Tensor x);
            [Conv2d(2, kernel: 1)] private partial Tensor Project(Tensor x);
            [Linear(4)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 8, 9)] Tensor image)
            {
                var all = Concat(Relu(One(image)), Relu(Three(Relu(Reduce(image)))), Relu(Project(MaxPool2d(image, 3, stride: 1, pad: 1))));
                return Head(GlobalAvgPool(MaxPool2d(all, 3, stride: 2, pad: 1, ceil: true)));
            }
        }

        [Network(Explain = Methods.All, Layers = ["Left"])]
        public sealed partial class Branches
        {
            [Conv2d(3, kernel: 3)] private partial Tensor Left(Tensor x);
            [Conv2d(2, kernel: 3)] private partial Tensor Right(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 6, 5)] Tensor image) => Head(GlobalAvgPool(Concat(Relu(Left(image)), Relu(Right(image)))));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["stem", "joined"])]
        public sealed partial class Residual
        {
            [Conv2d(6, kernel: 3, Pad = 1, Bias = false)] private partial Tensor Stem(Tensor x);
            [BatchNorm] private partial Tensor Norm0(Tensor x);
            [Conv2d(6, kernel: 3, Pad = 1, Groups = 2, Bias = false)] private partial Tensor First(Tensor x);
            [BatchNorm] private partial Tensor Norm1(Tensor x);
            [Conv2d(6, kernel: 3, Pad = 2, Dilation = 2)] private partial Tensor Second(Tensor x);
            [BatchNorm] private partial Tensor Norm2(Tensor x);
            [BatchNorm] private partial Tensor Norm3(Tensor x);
            [Linear(4)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 7, 7)] Tensor image)
            {
                var stem = Relu(Norm0(Stem(image)));
                var branch = Relu(Norm1(First(stem)));
                var joined = Relu(Norm2(Second(branch)) + stem);
                return Softmax(Head(GlobalMaxPool(Relu(Norm3(joined)))));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["weight"])]
        public sealed partial class Attention
        {
            [Conv1d(4, kernel: 1)] private partial Tensor Query(Tensor x);
            [Conv1d(4, kernel: 1)] private partial Tensor Key(Tensor x);
            [Conv1d(4, kernel: 1)] private partial Tensor Content(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4, 5)] Tensor tokens)
            {
                var key = Mean(Key(tokens), axis: 1, keep: true);
                var weight = Softmax(Sum(Query(tokens) * key, axis: 0, keep: true), axis: 1);
                return Head(Gelu(Sum(Content(tokens) * weight, axis: 1)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet, Layers = ["state", "gate"])]
        public sealed partial class Gated
        {
            [Linear(5)] private partial Tensor Gate(Tensor x);
            [Linear(5)] private partial Tensor News(Tensor x);
            [Linear(5)] private partial Tensor Keep(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(6)] Tensor row)
            {
                var gate = Sigmoid(Gate(row));
                var state = gate * Tanh(News(row)) + (1 - gate) * Keep(row);
                return Head(state / (LogSumExp(state, axis: 0, keep: true) + 4));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["A", "joined"])]
        public sealed partial class TwoInputs
        {
            [Linear(4)] private partial Tensor A(Tensor x);
            [Linear(3)] private partial Tensor B(Tensor x);
            [Linear(2)] private partial Tensor First(Tensor x);
            [Linear(3)] private partial Tensor Second(Tensor x);

            public (Tensor First, Tensor Second) Forward([Shape(3)] Tensor a, [Shape(2, 2)] Tensor b)
            {
                var joined = Concat(Elu(A(a)), Softplus(B(Flatten(b))));
                return (First(joined), LogSoftmax(Second(Silu(joined))));
            }
        }

        [Network(Explain = Methods.All, Layers = ["Conv1"])]
        public sealed partial class Sequence
        {
            [Conv1d(4, kernel: 3, Stride = 2, Pad = 1)] private partial Tensor Conv1(Tensor x);
            [PRelu(PerChannel = true)] private partial Tensor Slope(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 15)] Tensor signal)
            {
                var pooled = AvgPool1d(Slope(Conv1(signal)), 3, stride: 2, pad: 1, ceil: true, countPadding: false);
                var cut = Slice(Pad(pooled, 1, 1, 2, 0.5), 1, 1, 4);
                return Head(Flatten(MaxPool1d(Reshape(cut, 2, 8), 3, stride: 1, dilation: 2)));
            }
        }

        [Network(Explain = Methods.All, Layers = ["Step.1", "Step.2", "once"])]
        public sealed partial class Shared
        {
            [Linear(5)] private partial Tensor Step(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5)] Tensor row)
            {
                var once = Relu(Step(row));
                return Head(once - Relu(Step(once)));
            }
        }

        [Network]
        public sealed partial class Block(int filters)
        {
            [Conv2d(nameof(filters), kernel: 3, Pad = 1)] private partial Tensor Conv(Tensor x);
            [BatchNorm] private partial Tensor Norm(Tensor x);

            public Tensor Forward(Tensor x) => Relu(Norm(Conv(x)));
        }

        [Network(Explain = Methods.All, Layers = ["second.Conv"])]
        public sealed partial class Nested
        {
            private readonly Block first = new(3);
            private readonly Block second = new(5);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 6, 5)] Tensor image)
            {
                var x = first.Forward(image);
                for (var i = 0; i < 2; i++)
                    x = AvgPool2d(x, 2, stride: 1);
                return Head(Flatten(second.Forward(x)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["left", "flat"])]
        public sealed partial class Rejoined
        {
            [Conv2d(3, kernel: 3)] private partial Tensor Conv(Tensor x);
            [Linear(6)] private partial Tensor Side(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 5, 6)] Tensor image)
            {
                var flat = Flatten(Relu(Conv(image)));
                var left = Slice(flat, 0, 5, 14);
                var both = Concat(Tanh(left), Side(flat), flat);
                return Head(Relu(both * both - 0.5 * both));
            }
        }

        [Network(Explain = Methods.All, Layers = ["hidden"])]
        public sealed partial class Squashed
        {
            [Linear(6)] private partial Tensor Fc1(Tensor x);
            [Linear(1)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(4)] Tensor row)
            {
                var hidden = Selu(Fc1(row));
                return Sigmoid(Fc2(hidden));
            }
        }

        [Network(Explain = Methods.All, Layers = ["Fc1", "Conv1"])]
        public sealed partial class Normed
        {
            [Conv1d(4, kernel: 3, Groups = 2, Stride = 2)] private partial Tensor Conv1(Tensor x);
            [BatchNorm] private partial Tensor Norm1(Tensor x);
            [Linear(6)] private partial Tensor Fc1(Tensor x);
            [BatchNorm(Epsilon = 1e-3)] private partial Tensor Norm2(Tensor x);
            [BatchNorm] private partial Tensor Norm3(Tensor x);
            [Linear(2)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(4, 11)] Tensor signal)
            {
                var conv = Relu(Norm1(Conv1(signal)));
                return Fc2(Norm3(Relu(Norm2(Fc1(Flatten(conv))))));
            }
        }

        [Network(Explain = Methods.All, Layers = ["Fc1", "Fc2"])]
        public sealed partial class Ruled
        {
            [Conv1d(4, kernel: 3, Rule = Rule.RevealCancel)] private partial Tensor Conv1(Tensor x);
            [Linear(6, Rule = Rule.Rescale)] private partial Tensor Fc1(Tensor x);
            [Linear(6)] private partial Tensor Fc2(Tensor x);
            [Linear(2)] private partial Tensor Fc3(Tensor x);

            public Tensor Forward([Shape(3, 8)] Tensor signal) => Fc3(Relu(Fc2(Tanh(Fc1(Flatten(Relu(Conv1(signal))))))));
        }

        [Network(Explain = Methods.All, Layers = ["pooled"], MaxPool = MaxPoolRule.Gradient, Softmax = SoftmaxRule.Elementwise)]
        public sealed partial class Routed
        {
            [Conv2d(4, kernel: 3)] private partial Tensor Conv1(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 8, 7)] Tensor image)
            {
                var pooled = MaxPool2d(Relu(Conv1(image)), 3, stride: 2, pad: 1);
                return Softmax(Head(Flatten(pooled)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["narrow", "wide"])]
        public sealed partial class OneByOne
        {
            [Conv2d(3, kernel: 1)] private partial Tensor Wide(Tensor x);
            [Conv2d(1, kernel: 2)] private partial Tensor Narrow(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 1, 1)] Tensor pixel, [Shape(3, 4, 3)] Tensor image)
            {
                var wide = image * Tanh(Wide(pixel));
                var narrow = Narrow(Relu(wide));
                return Head(Concat(Flatten(narrow), Flatten(pixel)));
            }
        }

        [Network(Explain = Methods.All, Layers = ["image"])]
        public sealed partial class Bare
        {
            public Tensor Forward([Shape(2, 3, 2)] Tensor image) => Flatten(image);
        }

        [Network(Explain = Methods.All, Layers = ["hidden", "Pairs"])]
        public sealed partial class Masked
        {
            [Conv1d(4, kernel: 1)] private partial Tensor Atoms(Tensor x);
            [Conv2d(4, kernel: 1)] private partial Tensor Pairs(Tensor x);
            [Conv1d(5, kernel: 1)] private partial Tensor Both(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 6)] Tensor atoms, [Mask(6)] Tensor present, [Shape(2, 6, 6)] Tensor pairs, [Mask(1, 6, 6)] Tensor bonded)
            {
                var mask = Reshape(present, 1, 6);
                var fromPairs = Sum(Relu(Pairs(pairs) * bonded), axis: 2) * mask;
                var hidden = Relu(Atoms(atoms) * mask);
                return Softmax(Head(Sum(Relu(Both(Concat(hidden, fromPairs)) * mask), axis: 1)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["Fc", "read"])]
        public sealed partial class Untouched
        {
            [Linear(2)] private partial Tensor Fc(Tensor x);

            public (Tensor Scores, Tensor Twice) Forward([Shape(3)] Tensor read, [Shape(2, 2)] Tensor ignored)
            {
                var scores = Fc(read);
                return (scores, 2 * Tanh(scores));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet, Layers = ["attended", "Wide"])]
        public sealed partial class Transformer
        {
            [LayerNorm] private partial Tensor Norm1(Tensor x);
            [LayerNorm] private partial Tensor Norm2(Tensor x);
            [Linear(6)] private partial Tensor Embed(Tensor x);
            [MultiHeadAttention(2)] private partial Tensor Attend(Tensor x);
            [MultiHeadAttention(3, Causal = true)] private partial Tensor Look(Tensor queries, Tensor keys, Tensor values);
            [Linear(10)] private partial Tensor Wide(Tensor x);
            [Linear(6)] private partial Tensor Narrow(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5, 4)] Tensor tokens)
            {
                var embedded = Embed(tokens);
                var attended = embedded + Attend(Norm1(embedded));
                var block = attended + Narrow(Gelu(Wide(Norm2(attended))));
                return Head(Mean(Look(block, Tanh(attended), block), axis: 0));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["patches", "image2", "mixed"])]
        public sealed partial class Patches
        {
            [Conv2d(4, kernel: 2, Stride = 2)] private partial Tensor Cut(Tensor x);
            [Linear(4)] private partial Tensor Mix(Tensor x);
            [Linear(3)] private partial Tensor Across(Tensor x);
            [Conv2d(3, kernel: 3, Pad = 1)] private partial Tensor Smooth(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 6, 6)] Tensor image)
            {
                var patches = Transpose(Reshape(Tanh(Cut(image)), 4, 9), 0, 1);
                var mixed = Relu(Mix(patches)) + patches;
                var image2 = Reshape(Transpose(mixed, 0, 1), 4, 3, 3);
                return Head(Flatten(MaxPool2d(Smooth(image2 * Sigmoid(Across(image2 + 1) * 0.5 - Mean(image2, axis: 2, keep: true))), 2)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet, Layers = ["weighed"])]
        public sealed partial class Seen
        {
            [Linear(4)] private partial Tensor Query(Tensor x);
            [Linear(4)] private partial Tensor Key(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 5)] Tensor tokens)
            {
                var hidden = double.NegativeInfinity;
                var mask = Reshape(Constant(0, 0, hidden, 0.5, 0, hidden, 0, -1, hidden), 3, 3);
                var seen = ScaledDotProductAttention(Query(tokens), Key(tokens), tokens, mask);
                var weighed = MatMul(MatMul(Reshape(Constant(1, -2, 0.5, 0, 3, -1), 2, 3), seen), Reshape(Constant(1, 0.5, -1, 2, 0, 1, -0.5, 1, 0, 2), 5, 2));
                return Head(Flatten(Relu(weighed) + Gather(MatMul(weighed, weighed), 1, 1, 0)));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["Up"])]
        public sealed partial class Decoder
        {
            [Conv2d(4, kernel: 3, Stride = 2)] private partial Tensor Down(Tensor x);
            [ConvTranspose2d(3, kernel: 3, Stride = 2, OutputPad = 1)] private partial Tensor Up(Tensor x);
            [BatchNorm] private partial Tensor Norm(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 8, 8)] Tensor image)
            {
                var small = Relu(Down(image));
                var large = Relu(Norm(Up(small))) + image;
                return Head(Flatten(AvgPool2d(large + UpsampleBilinear(UpsampleNearest(MaxPool2d(Slice(small, 0, 1, 3), 2, stride: 1), 2), 2), 2)));
            }
        }

        """;
}
