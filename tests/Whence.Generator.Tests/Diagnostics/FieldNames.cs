using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>WH217: names of sub-networks' weights that cannot be meant; and those that can.</summary>
public class FieldNames
{
    private const string Block = """

        [Network] public partial class Block
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            public Tensor Forward(Tensor x) => Fc(x);
        }
        """;

    [Theory]
    [InlineData("[|null!|]", "first is named null; leave [Name] out")]
    [InlineData("[|\" \"|]", "first is named ' ', which is blank")]
    [InlineData("[|\"encoder.layer.0\\n\"|]", "a line break or another control character")]
    [InlineData("[|\"encoder\\0\"|]", "a line break or another control character")]
    [InlineData("[|\"encoder.\"|]", "first is named 'encoder.', but dots stand between two parts")]
    [InlineData("[|\".encoder\"|]", "leave out the dot that is too much")]
    [InlineData("[|\"encoder..0\"|]", "leave out the dot that is too much")]
    [InlineData("name: [|\"a.\"|]", "leave out the dot")]
    public Task ANameIsPartOfATensors(string name, string says) => Diagnosis.Is("WH217", $$"""
        [Network] public partial class Net
        {
            [Name({{name}})] private readonly Block first = new();
            public Tensor Forward([Shape(4)] Tensor x) => first.Forward(x);
        }
        """ + Block, says);

    [Theory]
    [InlineData("[Name(\"one\")] private readonly Block first = new(); [Name([|\"one\"|])] private readonly Block second = new();")]
    [InlineData("[Name(\"\")] private readonly Block first = new(); [Name([|\"\"|])] private readonly Block second = new();")]
    [InlineData("private readonly Block first = new(); [Name([|\"first\"|])] private readonly Block second = new();")]
    public Task TwoFieldsOfAClassHaveWeightsOfTheirOwn(string fields) => Diagnosis.Is("WH217", $$"""
        [Network] public partial class Net
        {
            {{fields}}
            public Tensor Forward([Shape(4)] Tensor x) => second.Forward(first.Forward(x));
        }
        """ + Block, "second has the weights of first, which begin with");

    [Theory]
    [InlineData("[[|Name(\"encoder\")|]] private readonly int size = 4;")]
    [InlineData("[[|Name(\"encoder\")|]] private static readonly float[] size = [4];")]
    [InlineData("[field: [|Name(\"encoder\")|]] private int Size { get; } = 4;")]
    public Task OnlyASubNetworkHasAName(string member) => Diagnosis.IsIn("WH217",
        member + " [Linear(4)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "is no sub-network; a layer is named in its own attribute");

    [Theory]
    [InlineData("[Name(\"a\"), Name(\"b\")] private readonly Block first = new();", "CS0579")]
    [InlineData("[Name] private readonly Block first = new();", "CS7036")]
    [InlineData("private readonly Block first = new(); [Name(\"b\")] private static void Other() { }", "CS0592")]
    public async Task TheCompilerSaysTheRest(string members, string error)
    {
        var (compilation, found) = await Diagnosis.Find($$"""
            [Network] public partial class Net
            {
                {{members}}
                public Tensor Forward([Shape(4)] Tensor x) => first.Forward(x);
            }
            """ + Block);
        Assert.Empty(found);
        var written = Generation.Run((CSharpCompilation)compilation)
            .GetDiagnostics()
            .Where(one => one.Severity == DiagnosticSeverity.Error);
        Assert.Equal([error], written.Select(one => one.Id));
    }

    [Theory]
    [InlineData("\"fc\\n\"", "without line breaks")]
    [InlineData("\"\\0\"", "without line breaks")]
    public Task ALayersNameHasNoLineBreakEither(string name, string says) => Diagnosis.IsIn("WH108",
        $"[Linear(4, Name = [|{name}|])] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);", says);

    [Theory]
    [InlineData("encoder.layer.0", "encoder.layer.0.fc")]
    [InlineData("", "fc")]
    [InlineData("bert/encoder layer_0", "bert/encoder layer_0.fc")]
    public Task ANamedFieldsWeightsAreLookedForByItsName(string name, string layer) => Diagnosis.Nothing(Named(name),
        ("net.safetensors", WeightsDiagnostics.Header(($"{layer}.weight", [4, 4]), ($"{layer}.bias", [4]))));

    [Fact]
    public Task AMissingTensorIsCalledByItsName() => Diagnosis.WithWeights("WH401",
        Named("encoder.layer.0").Replace("[Linear(4)]", "[[|Linear(4)|]]", StringComparison.Ordinal),
        "needs the tensor 'encoder.layer.0.fc.weight' [4, 4], which net.safetensors does not have; it has 'encoder.layer.0.dense.weight'",
        ("net.safetensors",
            WeightsDiagnostics.Header(("encoder.layer.0.dense.weight", [4, 4]), ("encoder.layer.0.dense.bias", [4]))));

    [Fact]
    public Task LayersOfAFieldWithoutANameMayClashWithTheClasss() => Diagnosis.Is("WH119", """
        [Network] public partial class [|Net|]
        {
            [Name("")] private readonly Block first = new();
            [Linear(4)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => first.Forward(Fc(x));
        }
        """ + Block, "both read the tensor 'fc.weight'");

    private static string Named(string name) => $$"""
        [Network] public partial class Net
        {
            [Name("{{name}}")] private readonly Block first = new();
            public Tensor Forward([Shape(4)] Tensor x) => first.Forward(x);
        }
        """ + Block;
}
