namespace Whence.Generator.Tests.Diagnostics;

/// <summary>WH4xx: what a weights file lacks.</summary>
public class WeightsDiagnostics
{
    [Fact]
    public Task WeightsThatFitAreFine() =>
        Diagnosis.Nothing(Net(), ("net.safetensors", Header(("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("outLayer.weight", [2, 3]),
            ("outLayer.bias", [2]), ("bn.num_batches_tracked", []))));

    [Fact]
    public Task AMissingTensorIsAtTheLayersAttribute() => Diagnosis.WithWeights("WH401", Net(second: "[[|Linear(2)|]]"),
        "OutLayer needs the tensor 'out_layer.weight' [2, 3], which net.safetensors does not have; it has 'out.weight'",
        ("net.safetensors", Header(("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("out.weight", [2, 3]), ("out.bias", [2]))));

    [Fact]
    public Task AWrongShapeIsAtTheLayersAttribute() => Diagnosis.WithWeights("WH402", Net(first: "[[|Linear(3)|]]"),
        "Fc1 needs the tensor 'fc1.weight' [3, 4], but weights/Net.safetensors has it as [3, 5]",
        ("weights\\Net.safetensors",
            Header(("fc1.weight", [3, 5]), ("fc1.bias", [3]), ("out_layer.weight", [2, 3]), ("out_layer.bias", [2]))),
        ("other.safetensors", "{}"));

    [Fact]
    public Task ATransposedWeightSaysSo() => Diagnosis.WithWeights("WH402", Net(first: "[[|Linear(3)|]]"),
        "has it as [4, 3]: the axes are in another order, as Keras, TensorFlow and scikit-learn keep them: save numpy.transpose(w, "
            + "(1, 0)), which is w.T",
        ("net.safetensors", Header(("fc1.weight", [4, 3]), ("fc1.bias", [3]), ("out_layer.weight", [2, 3]), ("out_layer.bias", [2]))));

    [Fact]
    public Task AMissingBiasSaysHowALayerHasNone() => Diagnosis.WithWeights("WH401", Net(first: "[[|Linear(3)|]]"),
        "'fc1.weight' is there without it: a layer without a bias is declared with Bias = false",
        ("net.safetensors", Header(("fc1.weight", [3, 4]), ("out_layer.weight", [2, 3]), ("out_layer.bias", [2]))));

    [Fact]
    public Task AnUnusedTensorIsAtTheClass() => Diagnosis.WithWeights("WH403", Net(name: "[|Net|]"), "'aux.weight'",
        ("any.safetensors",
            Header(("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("out_layer.weight", [2, 3]), ("out_layer.bias", [2]), ("aux.weight", [1]))));

    [Fact]
    public Task AnUnlistedFileIsAtItsName() =>
        Diagnosis.WithWeights("WH404", Net(network: "[Network(Weights = [|\"nets.safetensors\"|])]"), "lists 'net.safetensors'",
            ("net.safetensors", "{}"));

    [Theory]
    [InlineData("{\"a\": ", "it ends")]
    [InlineData("\ufeff{}", "begins with '{'")]
    [InlineData("100\n{\"a\":{\"dtype\":\"F32\",\"shape\":[26],\"data_offsets\":[0,104]}}",
        "'a' ends at byte 104 of the data, but the file has only 100")]
    [InlineData("4\n{}", "nothing behind the last tensor")]
    [InlineData("0\n\ufeff{}", "begins with '{'")]
    [InlineData("0\n{\"__metadata__\":{},\"__metadata__\":{}}", "twice")]
    public async Task ADamagedFileIsReportedOnceAndAtTheFile(string header, string says)
    {
        var (_, found) = await Diagnosis.Find(Net() + Net(name: "Second"), ("weights/net.safetensors", header));
        var one = Assert.Single(found);
        Assert.Equal(("WH405", "weights/net.safetensors"), (one.Id, one.Location.GetLineSpan().Path));
        Assert.StartsWith("weights/net.safetensors cannot be read", one.GetMessage());
        Assert.Contains(says, one.GetMessage());
    }

    [Fact]
    public Task AFileWithItsLengthIsRead() => Diagnosis.Nothing(Net(), ("net.safetensors", "92\n"
        + Header(("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("outLayer.weight", [2, 3]), ("outLayer.bias", [2])).Trim()[..^1] + "}"));

    [Fact]
    public Task AFileIsCheckedAgainstTheNetworksItIsListedFor() => Diagnosis.WithWeights(
        "WH401", Net(first: "[[|Linear(3)|]]", second: "[[|Linear(2)|]]") + Net(name: "Second"), "a.safetensors does not have",
        ("a.safetensors for Net", "{}"));

    [Theory]
    [InlineData("none")]
    public Task AFileIsNotCheckedAgainstOthers(string networks) => Diagnosis.Nothing(
        Net() + Net(name: "Second"),
        ($"net.safetensors for {networks}", "{}"));

    [Fact]
    public Task ANetworkMayBeNamedInFull() => Diagnosis.WithWeights(
        "WH401", "namespace A.B { " + Net(first: "[[|Linear(3)|]]", second: "[[|Linear(2)|]]") + " }", "",
        ("a.safetensors for A.B.Net", "{}"), ("b.safetensors", "{}"));

    [Fact]
    public Task ANetworkCanBeExempt() => Diagnosis.Nothing(Net(network: "[Network(Weights = \"\")]"), ("net.safetensors", "{}"));

    [Fact]
    public async Task ANetworkThatIsNotThereIsAWarningAtTheFile()
    {
        var (_, found) = await Diagnosis.Find(Net(), ("a.safetensors for Nett, none", "{}"));
        var one = Assert.Single(found);
        Assert.Equal(("WH410", Microsoft.CodeAnalysis.DiagnosticSeverity.Warning), (one.Id, one.Severity));
        Assert.Equal("a.safetensors is listed in <WhenceWeights> for the network 'Nett', but the project has no network of that name",
            one.GetMessage());
    }

    [Fact]
    public Task WithoutAFileOfItsNameNothingIsChecked() => Diagnosis.Nothing(Net(), ("a.safetensors", "{}"), ("b.safetensors", "{}"));

    [Fact]
    public Task ALayerOfABlockIsNamedByItsField() => Diagnosis.WithWeights("WH401", """
        [Network] public partial class Net { private readonly Block first = new(), second = new(); public Tensor Forward([Shape(4)] Tensor x) => second.Forward(first.Forward(x)); }
        [Network] public partial class Block { [[|Linear(4, Bias = false)|]] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => Fc(x); }
        """, "second.Fc needs the tensor 'second.fc.weight'", ("net.safetensors", Header(("first.fc.weight", [4, 4]))));

    [Fact]
    public Task ATypeThatCannotBeReadIsAtTheLayersAttribute() => Diagnosis.WithWeights("WH408", Net(second: "[[|Linear(2)|]]"),
        "OutLayer needs the tensor 'out_layer.weight', but net.safetensors has it as I32: weights must be F64, F32, F16 or BF16",
        ("net.safetensors", Header(("out_layer.weight", [2, 3]), ("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("out_layer.bias", [2]))
            .Replace("\"F32\",\"shape\":[2,3]", "\"I32\",\"shape\":[2,3]")));

    [Fact]
    public Task WeightNormFits() => Diagnosis.Nothing(Net(), ("net.safetensors", Header(
        ("fc1.parametrizations.weight.original0", [3, 1]), ("fc1.parametrizations.weight.original1", [3, 4]), ("fc1.bias", [3]),
        ("out_layer.weight_g", [1, 3]), ("out_layer.weight_v", [2, 3]), ("out_layer.bias", [2]))));

    private static string Attention(string layer) => $$"""
        [Network]
        public partial class Net
        {
            {{layer}} private partial Tensor Attend(Tensor x);

            public Tensor Forward([Shape(3, 4)] Tensor x) => Attend(x);
        }
        """;

    [Fact]
    public Task QueriesKeysAndValuesMayBeApart() => Diagnosis.Nothing(Attention("[MultiHeadAttention(2)]"), ("net.safetensors", Header(
        ("attend.self.query.weight", [4, 4]), ("attend.self.query.bias", [4]), ("attend.self.key.weight", [4, 4]),
        ("attend.self.key.bias", [4]), ("attend.self.value.weight", [4, 4]), ("attend.self.value.bias", [4]),
        ("attend.output.dense.weight", [4, 4]), ("attend.output.dense.bias", [4]))));

    [Fact]
    public Task QueriesWithoutKeysAreAtTheLayersAttribute() => Diagnosis.WithWeights("WH409",
        Attention("[[|MultiHeadAttention(2, Bias = false)|]]"),
        "but not 'attend.k_proj.weight' and 'attend.v_proj.weight', without which there is no weight",
        ("net.safetensors", Header(("attend.q_proj.weight", [4, 4]), ("attend.out_proj.weight", [4, 4]))));

    [Fact]
    public Task PartsThatDoNotMakeTheWeightAreAtTheLayersAttribute() => Diagnosis.WithWeights("WH409", Net(first: "[[|Linear(3)|]]"),
        "Fc1 needs the tensor 'fc1.weight' [3, 4], which cannot be made of its parts in net.safetensors: it has "
            + "'fc1.parametrizations.weight.original'",
        ("net.safetensors", Header(("fc1.parametrizations.weight.original", [3, 4]), ("fc1.bias", [3]), ("out_layer.weight", [2, 3]),
            ("out_layer.bias", [2]))));

    [Fact]
    public Task HalfOfAWeightNormIsAtTheLayersAttribute() => Diagnosis.WithWeights("WH409", Net(first: "[[|Linear(3)|]]"),
        "it has 'fc1.weight_v' F32 [3, 4], but not 'fc1.weight_g', without which there is no weight",
        ("net.safetensors", Header(("fc1.weight_v", [3, 4]), ("fc1.bias", [3]), ("out_layer.weight", [2, 3]), ("out_layer.bias", [2]))));

    [Fact]
    public Task AFileOfKerasIsRecognised() => Diagnosis.WithWeights("WH401", Net(first: "[[|Linear(3)|]]", second: "[[|Linear(2)|]]"),
        "The names are those of Keras ('dense/kernel:0'), and so is the layout",
        ("net.safetensors",
            Header(("dense/kernel:0", [4, 3]), ("dense/bias:0", [3]), ("dense_1/kernel:0", [3, 2]), ("dense_1/bias:0", [2]))));

    internal static string Net(string network = "[Network]", string name = "Net", string first = "[Linear(3)]",
        string second = "[Linear(2)]") => $$"""
        {{network}}
        public partial class {{name}}
        {
            {{first}} private partial Tensor Fc1(Tensor x);
            {{second}} private partial Tensor OutLayer(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => OutLayer(Relu(Fc1(x)));
        }
        """;

    /// <summary>The JSON of a safetensors file with these tensors of floats.</summary>
    internal static string Header(params (string Name, int[] Axes)[] tensors)
    {
        var end = 0;
        var entries = new List<string>();
        foreach (var (name, axes) in tensors)
        {
            var begin = end;
            end += 4 * axes.Aggregate(1, (size, axis) => size * axis);
            entries.Add($$"""
                "{{name}}":{"dtype":"F32","shape":[{{string.Join(",", axes)}}],"data_offsets":[{{begin}},{{end}}]}
                """);
        }
        return $"{{{string.Join(",", entries)}}}";
    }
}
