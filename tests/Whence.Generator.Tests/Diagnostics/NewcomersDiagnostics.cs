namespace Whence.Generator.Tests.Diagnostics;

/// <summary>What people write who come from other libraries, and what they are told.</summary>
public class NewcomersDiagnostics
{
    private const string Block = "[Network] public partial class Block { [Linear(4)] private partial Tensor Fc(Tensor x); public Tensor "
        + "Forward(Tensor x) => Fc(x); }";

    [Theory]
    [InlineData("Net.[|Load|](\"net.safetensors\")", "CS0117")]
    [InlineData("new Net().[|Predict|](x)", "CS1929")]
    [InlineData("new Net().[|Embed|](1, 2)", "CS1929")]
    public Task ANetworkWithoutShapesIsAPartOfOthers(string use, string error) => Diagnosis.Is("WH311", $$"""
        [Network] public partial class Net { [Linear(2)] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => Fc(x); }
        public static class Use { public static object Of(float[] x) => {{use}}; }
        """, "because the inputs of its Forward have no shapes: write [Shape(...)] before each", error);

    [Fact]
    public Task OneThatNeedsArgumentsIsToo() => Diagnosis.Is("WH311", """
        [Network] public partial class Net(int n) { public Tensor Forward(Tensor x) => x * n; }
        public static class Use { public static object Of() => Net.[|Load|]("net.safetensors"); }
        """, "Net has no Load, because its constructor needs arguments", "CS0117");

    [Fact]
    public Task AMethodOfItsOwnIsAnother() => Diagnosis.Nothing("""
        [Network] public partial class Net { public Tensor Forward(Tensor x) => Relu(x); public static Net Load(string path) => new(); }
        public static class Use { public static object Of() => Net.Load("net.safetensors"); }
        """);

    [Theory]
    [InlineData("[|Linear(784, 10)|]", "Fc is given 2 numbers, but [Linear] takes (outputs)")]
    [InlineData("[|Conv2d(3, 64, 3)|]", "Fc is given 3 numbers, but [Conv2d] takes (filters, kernel)")]
    [InlineData("[|BatchNorm(64)|]", "Fc is given 1 numbers, but [BatchNorm] takes none")]
    public Task SizesOfWhatComesInAreNotWritten(string layer, string says) => Diagnosis.IsIn(
        "WH213", $"[{layer}] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(784)] Tensor x) => Fc(x);", says, "CS1729");

    [Fact]
    public Task ABlockWithoutTheAttributeIsOneError() => Diagnosis.Is("WH120", """
        public partial class [|Block|] { [Linear(4)] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => Fc(x); }
        [Network] public partial class Net { private readonly Block block = new(); public Tensor Forward([Shape(4)] Tensor x) => block.Forward(x); }
        """, "put [Network] before the class");

    [Fact]
    public Task SoIsOneWithoutLayers() => Diagnosis.Is("WH101", """
        public class Block { public Tensor Forward(Tensor x) => Relu(x); }
        [Network] public partial class Net { private readonly Block block = new(); public Tensor Forward([Shape(4)] Tensor x) => [|block.Forward(x)|]; }
        """, "a call of Block.Forward: put [Network] before Block, to make it a sub-network");

    [Fact]
    public Task AListOfSubNetworks() => Diagnosis.Is("WH101", Block + """
        [Network] public partial class Net
        {
            private readonly System.Collections.Generic.List<Block> blocks = [|new() { new(), new() }|];
            public Tensor Forward([Shape(4)] Tensor x) { foreach (var block in blocks) x = block.Forward(x); return x; }
        }
        """, "a new List of sub-networks: give each Block a readonly field of its own");

    [Fact]
    public Task AListWithItsElementsInBraces() => Diagnosis.IsIn("WH101", """
        public Tensor Forward([Shape(4)] Tensor x) => Stack([|new System.Collections.Generic.List<Tensor> { x, Relu(x) }|]);
        """, "a new List with its elements in braces: add them, or write an array");

    [Theory]
    [InlineData("Softmax(x, -1)", "has no axis -1 in [2, 3]; axes count from 0 to 1")]
    [InlineData("Concat(-1, x, x)", "has no axis -1 in [2, 3]; axes count from 0 to 1")]
    [InlineData("Mean(x, 2)", "has no axis 2 in [2, 3]; axes count from 0 to 1")]
    [InlineData("Slice(x, -1, 0, 1)", "axes count from 0 to 1")]
    [InlineData("Reshape(x, -1)", "no size is found from the others")]
    public Task AxesAndSizesAreNotNegative(string call, string says) =>
        Diagnosis.IsIn("WH201", $"public Tensor Forward([Shape(2, 3)] Tensor x) => [|{call}|];", says);

    [Theory]
    [InlineData("LayerNorm(x, null, null)", "[LayerNorm(Affine = false)]")]
    [InlineData("LayerNorm(x, Zeros(3), null)", "[LayerNorm(Bias = false)]")]
    [InlineData("RmsNorm(x, null)", "[RmsNorm(Affine = false)]")]
    [InlineData("GroupNorm(x, null, null, 2)", "[GroupNorm(..., Affine = false)]")]
    [InlineData("InstanceNorm(x, weight: null, bias: null)", "[InstanceNorm(Affine = false)]")]
    [InlineData("Linear(x, Zeros(4, 3), null)", "[Linear(..., Bias = false)]")]
    [InlineData("PRelu(x, Zeros(2))", "[PRelu]")]
    [InlineData("Lstm(x, new[] { x })", "[Lstm(...)]")]
    public Task AFunctionThatTakesALayersWeights(string call, string layer) =>
        Diagnosis.IsIn("WH101", $"public Tensor Forward([Shape(2, 3)] Tensor x) => [|{call}|];",
            $", which takes a layer's weights: declare it as a layer, {layer}, and call that");

    [Fact]
    public Task ALayersNameInAnotherSpelling() => Diagnosis.Is("WH303", """
        [Network(Explain = Methods.DeepLift, Layers = [[|"fc1"|]])]
        public partial class Net { [Linear(4)] private partial Tensor Fc1(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Relu(Fc1(x)); }
        """, "it has x, Fc1; did you mean 'Fc1'?");
}
