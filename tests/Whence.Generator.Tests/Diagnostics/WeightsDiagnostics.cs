namespace Whence.Generator.Tests.Diagnostics;

/// <summary>WH4xx: what a weights file lacks.</summary>
public class WeightsDiagnostics
{
    [Fact]
    public Task WeightsThatFitAreFine() =>
        Diagnosis.Nothing(Net(), ("net.safetensors", Header(("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("outLayer.weight", [2, 3]), ("outLayer.bias", [2]), ("bn.num_batches_tracked", []))));

    [Fact]
    public Task AMissingTensorIsAtTheLayersAttribute() => Diagnosis.WithWeights("WH401", Net(second: "[[|Linear(2)|]]"),
        "OutLayer needs the tensor 'out_layer.weight' [2, 3], which net.safetensors does not have; it has 'out.weight'",
        ("net.safetensors", Header(("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("out.weight", [2, 3]), ("out.bias", [2]))));

    [Fact]
    public Task AWrongShapeIsAtTheLayersAttribute() => Diagnosis.WithWeights("WH402", Net(first: "[[|Linear(3)|]]"),
        "Fc1 needs the tensor 'fc1.weight' [3, 4], but weights/Net.safetensors has it as [3, 5]",
        ("weights\\Net.safetensors", Header(("fc1.weight", [3, 5]), ("fc1.bias", [3]), ("out_layer.weight", [2, 3]), ("out_layer.bias", [2]))),
        ("other.safetensors", "{}"));

    [Fact]
    public Task AnUnusedTensorIsAtTheClass() => Diagnosis.WithWeights("WH403", Net(name: "[|Net|]"), "'aux.weight'",
        ("any.safetensors", Header(("fc1.weight", [3, 4]), ("fc1.bias", [3]), ("out_layer.weight", [2, 3]), ("out_layer.bias", [2]), ("aux.weight", [1]))));

    [Fact]
    public Task AnUnlistedFileIsAtItsName() =>
        Diagnosis.WithWeights("WH404", Net(network: "[Network(Weights = [|\"nets.safetensors\"|])]"), "lists 'net.safetensors'", ("net.safetensors", "{}"));

    [Fact]
    public Task ADamagedFileIsAtTheClass() => Diagnosis.WithWeights("WH405", Net(name: "[|Net|]"), "net.safetensors cannot be read", ("net.safetensors", "{\"a\": "));

    [Fact]
    public Task WithoutAFileOfItsNameNothingIsChecked() => Diagnosis.Nothing(Net(), ("a.safetensors", "{}"), ("b.safetensors", "{}"));

    [Fact]
    public Task ALayerOfABlockIsNamedByItsField() => Diagnosis.WithWeights("WH401", """
        [Network] public partial class Net { private readonly Block first = new(), second = new(); public Tensor Forward([Shape(4)] Tensor x) => second.Forward(first.Forward(x)); }
        [Network] public partial class Block { [[|Linear(4, Bias = false)|]] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => Fc(x); }
        """, "second.Fc needs the tensor 'second.fc.weight'", ("net.safetensors", Header(("first.fc.weight", [4, 4]))));

    internal static string Net(string network = "[Network]", string name = "Net", string first = "[Linear(3)]", string second = "[Linear(2)]") => $$"""
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
