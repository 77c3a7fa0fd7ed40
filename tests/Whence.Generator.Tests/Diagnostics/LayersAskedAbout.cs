namespace Whence.Generator.Tests.Diagnostics;

/// <summary>A layer with several values is asked about call by call, or of all calls together.</summary>
public class LayersAskedAbout
{
    private static string Siamese(string layers, string body = "Fc(a) - Fc(b)") => $$"""
        [Network(Explain = Methods.Gradient, Layers = [{{layers}}])]
        public partial class Net
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor a, [Shape(4)] Tensor b) => {{body}};
        }
        """;

    [Fact]
    public Task ALayerCalledTwiceIsAmbiguous() =>
        Diagnosis.Is("WH305", Siamese("[|\"Fc\"|]"), "Layers names 'Fc', which Net computes 2 times: 'Fc.1' is Fc(a), 'Fc.2' is Fc(b); "
            + "name one of them, or 'Fc.*' for the sum over all");

    [Theory]
    [InlineData("\"Fc.1\", \"Fc.2\", \"Fc.*\"")]
    [InlineData("\"Fc.2\"")]
    public Task EachCallCanBeNamed(string layers) => Diagnosis.Nothing(Siamese(layers));

    [Theory]
    [InlineData("Fc.0")]
    [InlineData("Fc.3")]
    [InlineData("Fc.02")]
    [InlineData("Fd.*")]
    [InlineData(".*")]
    [InlineData("*")]
    public Task ACallThatIsNotThere(string layer) =>
        Diagnosis.Is("WH303", Siamese($"[|\"{layer}\"|]"), "it has a, b, Fc.1, Fc.2, Fc.*");

    [Theory]
    [InlineData("Fc.3", "; did you mean 'Fc.1', 'Fc.2' or 'Fc.*'?")]
    [InlineData("fc", "; did you mean 'Fc.1', 'Fc.2' or 'Fc.*'?")]
    [InlineData("fc.2", "; did you mean 'Fc.2'?")]
    public Task WhatIsAdvisedCanBeNamed(string layer, string says) => Diagnosis.Is("WH303", Siamese($"[|\"{layer}\"|]"), says);

    [Fact]
    public Task ASumThatIsNoneIsNotAdvised() =>
        Diagnosis.Is("WH303", Siamese("[|\"Fc.3\"|]", "Fc(Linear4(Fc(a - b)))").Replace("public Tensor",
            "[Linear(4)] private partial Tensor Linear4(Tensor x);\n    public Tensor", StringComparison.Ordinal),
            "it has a, b, Fc.1, Fc.2, Linear4; did you mean 'Fc.1' or 'Fc.2'?");

    [Theory]
    [InlineData("Dead")]
    [InlineData("d")]
    [InlineData("Dead.*")]
    public Task ALayerThatNoOutputNeeds(string layer) => Diagnosis.Nothing($$"""
        [Network(Explain = Methods.Gradient, Layers = ["{{layer}}"])]
        public partial class Net
        {
            [Linear(3)] private partial Tensor Dead(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) { var d = Dead(x); return Relu(x); }
        }
        """);

    [Theory]
    [InlineData("nothing", "it has x, Dead, d")]
    [InlineData("dead", "it has x, Dead, d; did you mean 'Dead'?")]
    public Task WhatNoOutputNeedsIsOfferedToo(string layer, string says) => Diagnosis.Is("WH303", $$"""
        [Network(Explain = Methods.Gradient, Layers = [[|"{{layer}}"|]])]
        public partial class Net
        {
            [Linear(3)] private partial Tensor Dead(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) { var d = Relu(Dead(x)); return Relu(x); }
        }
        """, says);

    [Fact]
    public Task ALayerCalledOnceNeedsNoNumber() => Diagnosis.Nothing("""
        [Network(Explain = Methods.Gradient, Layers = ["Fc", "Fc.1", "Fc.*"])]
        public partial class Net { [Linear(3)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Relu(Fc(x)); }
        """);

    [Fact]
    public Task CallsThatFeedEachOtherAreNotSummed() => Diagnosis.Is("WH306", """
        [Network(Explain = Methods.Gradient, Layers = ["Fc.3", [|"Fc.*"|]])]
        public partial class Net
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x)
            {
                for (var i = 0; i < 3; i++)
                    x = Tanh(Fc(x));
                return x;
            }
        }
        """, "'Fc.3' is Fc(x)");

    [Fact]
    public Task CallsOfDifferentShapesAreNotSummed() => Diagnosis.Is("WH306", """
        [Network(Explain = Methods.IntegratedGradients, Layers = ["C.1", "C.2", [|"C.*"|]])]
        public partial class Net
        {
            [Conv1d(1, 1)] private partial Tensor C(Tensor x);
            public Tensor Forward([Shape(1, 3)] Tensor a, [Shape(1, 2)] Tensor b) => GlobalAvgPool(C(a)) - GlobalAvgPool(C(b));
        }
        """, "different shapes, [1, 3] and [1, 2]");

    [Fact]
    public Task ASubNetworkUsedTwice() => Diagnosis.Is("WH305", """
        public partial class Encoder
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward(Tensor x) { var hidden = Relu(Fc(x)); return -hidden; }
        }

        [Network(Explain = Methods.Gradient, Layers = ["encoder.Fc.2", "encoder.hidden.1", "encoder.hidden.*", [|"encoder.hidden"|]])]
        public partial class Net
        {
            private readonly Encoder encoder = new();
            public Tensor Forward([Shape(4)] Tensor a, [Shape(4)] Tensor b) => encoder.Forward(a) * encoder.Forward(b);
        }
        """.Replace("public partial class Encoder", "[Network] public partial class Encoder", StringComparison.Ordinal),
        "'encoder.hidden.1' is Relu(Fc(x))");

    [Fact]
    public Task AHelperMethodCalledTwice() => Diagnosis.Is("WH305", """
        [Network(Explain = Methods.Gradient, Layers = [[|"hidden"|], "hidden.2"])]
        public partial class Net
        {
            public Tensor Forward([Shape(4)] Tensor a, [Shape(4)] Tensor b) => Half(a) - Half(b);
            private static Tensor Half(Tensor x) { var hidden = Relu(x); return hidden / 2; }
        }
        """, "'hidden.2' is Relu(x)");

    [Fact]
    public Task ALocalAssignedAgainIsItsLastValue() => Diagnosis.Nothing("""
        [Network(Explain = Methods.Gradient, Layers = ["h"])]
        public partial class Net { public Tensor Forward([Shape(4)] Tensor x) { var h = Relu(x); h = Tanh(h); return -h; } }
        """);

    [Theory]
    [InlineData("\"\"", "Layers names '', but a layer or local has a name; Net has x, Fc")]
    [InlineData("null!", "Layers names null, but a layer or local has a name")]
    [InlineData("\" \\n\"", "but a layer or local has a name")]
    [InlineData("\"Fc \"", "did you mean 'Fc'?")]
    [InlineData("\".Fc\"", "did you mean 'Fc'?")]
    [InlineData("\"Fc.2\"", "did you mean 'Fc'?")]
    public Task ALayerHasAName(string name, string says) => Diagnosis.Is("WH303", $$"""
        [Network(Layers = ["x", [|{{name}}|]])]
        public partial class Net { [Linear(4)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Relu(Fc(x)); }
        """, says);
}
