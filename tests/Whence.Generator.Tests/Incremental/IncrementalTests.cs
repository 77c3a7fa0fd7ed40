using Whence.Generator.Graphs;

namespace Whence.Generator.Tests.Incremental;

/// <summary>
/// The generator works again only for what changed. That every other test's source stays cached is asserted where it runs.
/// </summary>
public class IncrementalTests
{
    private const string Blocks = """
        [Network] public partial class Net { private readonly Block block = new(3); public Tensor Forward([Shape(4)] Tensor x) => block.Forward(x); }
        """;

    [Fact]
    public void ASubNetworksChangeChangesItsUser()
    {
        var before = Read("[Network] public partial class Block(int n) { public Tensor Forward(Tensor x) => n * Relu(x); }");
        var after = Read("[Network] public partial class Block(int n) { public Tensor Forward(Tensor x) => n * Tanh(x); }");
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void SpacesAndCommentsChangeNothing()
    {
        var before = Read("[Network] public partial class Block(int n) { public Tensor Forward(Tensor x) => n * Relu(x); }");
        var after = Read("// Half of it.\n[Network]\npublic partial class Block(int n)\n{\n    public Tensor Forward(Tensor x) =>\n        "
            + "n   *   Relu(x);\n}");
        Assert.Equal(before, after);
    }

    [Fact]
    public void ANetworkIsEqualToItselfReadAgain()
    {
        const string block = "[Network] public partial class Block(int n) { public Tensor Forward(Tensor x) => n * Relu(x); }";
        var (one, other) = (Read(block), Read(block));
        Assert.NotSame(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(one, other);
    }

    private static Network Read(string block)
    {
        Generation.Run(Source.Compile(Source.Usings + Blocks, Source.Usings + block), out var networks);
        return networks.Single(network => network.Name == "Net");
    }
}
