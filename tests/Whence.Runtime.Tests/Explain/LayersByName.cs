namespace Whence.Runtime.Tests.Explaining;

/// <summary>
/// What is said of a layer that a network was not compiled to ask about: nothing is advised that the compiler would refuse.
/// </summary>
public class LayersByName
{
    [Theory]
    [InlineData("Fc", "did you mean \"Fc.1\", \"Fc.2\" or \"Fc.*\"?")]
    [InlineData("Fc.3", "did you mean \"Fc.1\", \"Fc.2\" or \"Fc.*\"? If not, add it to [Network(Layers = [\"Fc.3\"])].")]
    [InlineData("head.1", "did you mean \"head\"?")]
    [InlineData("head.*", "did you mean \"head\"?")]
    [InlineData("encoder.Conv", "did you mean \"encoder.Conv.*\"?")]
    [InlineData("encoder", "not \"encoder\"; add it to [Network(Layers = [\"encoder\"])].")]
    [InlineData("heed", "did you mean \"head\"? If not, add it to [Network(Layers = [\"heed\"])].")]
    [InlineData("", "not \"\"; add it to [Network(Layers = [\"\"])].")]
    public void OneCallOfSeveralIsAdvised(string asked, string says)
    {
        var signature = new Signature
        {
            Name = "Net",
            Inputs = [new("x", new Shape(2))],
            Outputs = [new("y", new Shape(2))],
            Points = [new("y", new Shape(2), PointKind.Output), .. new[] { "Fc.1", "Fc.2", "Fc.*", "head", "encoder.Conv.*" }
                .Select(name => new NetworkPoint(name, new Shape(2), PointKind.Layer))],
            Passes = [Pass.Gradient],
            ChunkRows = 1,
        };
        var thrown = Assert.Throws<ArgumentException>(() => Check.Layer(signature, asked, "layer"));
        Assert.Contains("Net was compiled to ask about only \"Fc.1\", \"Fc.2\", \"Fc.*\", \"head\" and \"encoder.Conv.*\", not ",
            thrown.Message);
        Assert.Contains($"{says} (Parameter 'layer')", thrown.Message);
    }
}
