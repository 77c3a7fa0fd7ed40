using Whence.Networks.Tests.Compiled;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Backends;

/// <summary>The networks that every backend is asked about: small, one kind of thing each.</summary>
internal static class BackendNetworks
{
    /// <summary>The layer that each is asked about, by the network's name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Layers = new Dictionary<string, string>
    {
        ["Digits"] = "Conv2", ["Row"] = "hidden", ["Held"] = "joined", ["Words"] = "Word", ["Steps"] = "last", ["Pools"] = "Bn1",
        ["Letters"] = "relu1",
    };

    public const string Text = """
        // Convolutions, a flattened image, dense layers.
        [Network(Explain = Methods.All, Layers = ["Conv2", "Fc1"])]
        public sealed partial class Digits
        {
            [Conv2d(4, kernel: 3, Stride = 2)] private partial Tensor Conv1(Tensor x);
            [Conv2d(6, kernel: 2)] private partial Tensor Conv2(Tensor x);
            [Linear(8)] private partial Tensor Fc1(Tensor x);
            [Linear(3)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(1, 8, 8)] Tensor image) => Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
        }

        // Smooth activations, a softmax above the logits, and a second output.
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.LrpEpsilon, Layers = ["hidden"])]
        public sealed partial class Row
        {
            [Linear(8)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);

            public (Tensor Classes, Tensor Hidden) Forward([Shape(6)] Tensor row)
            {
                var hidden = Tanh(Fc1(row));
                return (Softmax(Fc2(hidden)), Sigmoid(hidden));
            }
        }

        // Two inputs that are explained and one that is held.
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["joined"])]
        public sealed partial class Held
        {
            [Linear(5)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);
            [Linear(3)] private partial Tensor Fc3(Tensor x);

            public Tensor Forward([Shape(4)] Tensor a, [Shape(2, 3)] Tensor b, [Mask(4)] Tensor present)
            {
                var joined = Concat(Tanh(Fc1(a * present)), Relu(Fc2(Flatten(b))));
                return Fc3(joined);
            }
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["Word"])]
        public sealed partial class Words
        {
            [Embedding(7, 4)] private partial Tensor Word(Tensor text);
            [Linear(6)] private partial Tensor Fc1(Tensor x);
            [Linear(2)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Tokens(5)] Tensor text) => Fc2(Mean(Relu(Fc1(Word(text))), 0));
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["last"])]
        public sealed partial class Steps
        {
            [Linear(4)] private partial Tensor In(Tensor x);
            [Linear(4)] private partial Tensor Again(Tensor x);
            [Linear(2)] private partial Tensor Out(Tensor x);

            public Tensor Forward([Shape(5, 3)] Tensor steps)
            {
                var last = Constant(0, 0, 0, 0);
                foreach (var step in steps)
                    last = Tanh(In(step) + Again(last));
                return Out(last);
            }
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["Bn1"])]
        public sealed partial class Pools
        {
            [Conv2d(3, kernel: 3, Pad = 1)] private partial Tensor Conv1(Tensor x);
            [BatchNorm] private partial Tensor Bn1(Tensor x);
            [Linear(3)] private partial Tensor Fc1(Tensor x);

            public Tensor Forward([Shape(2, 6, 6)] Tensor image) =>
                Fc1(Flatten(AvgPool2d(MaxPool2d(Relu(Bn1(Conv1(image))), 2), 3)));
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.Genomics, Layers = ["relu1"])]
        public sealed partial class Letters
        {
            [Conv1d(5, kernel: 4)] private partial Tensor Conv1(Tensor x);
            [Linear(3)] private partial Tensor Fc1(Tensor x);

            public Tensor Forward([Shape(4, 12)] Tensor dna)
            {
                var relu1 = Relu(Conv1(dna));
                return Fc1(GlobalAvgPool(relu1));
            }
        }

        """;

    private static readonly Lazy<InMemory> compiled = new(() => InMemory.Compile(Text));

    public static IEnumerable<string> Names => Layers.Keys;

    /// <summary>The weights of all of them.</summary>
    public static Weights RandomWeights() => Weights.Random(23);

    /// <summary>A network for the processor, and as graphs that are interpreted in double precision.</summary>
    public static Trio Load(string name) => Load(compiled.Value, name);

    /// <summary>The same of one's own compilation.</summary>
    public static Trio Load(InMemory compiled, string name)
    {
        using var weights = RandomWeights();
        return compiled.Network(name).Load(weights);
    }

    /// <summary>What all backends are compared with.</summary>
    public static InterpretedNetwork Interpreted(string name) => Load(name).Interpreted;
}
