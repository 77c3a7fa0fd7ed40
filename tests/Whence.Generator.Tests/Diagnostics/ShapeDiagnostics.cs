namespace Whence.Generator.Tests.Diagnostics;

/// <summary>WH2xx and WH3xx: what does not fit, and what cannot be explained.</summary>
public class ShapeDiagnostics
{
    [Theory]
    [InlineData("[|Fc(x) + Relu(x)|]", "cannot combine [3] and [4]")]
    [InlineData("Relu([|Conv(x)|])", "Conv (Conv2d) takes [channels, height, width]")]
    [InlineData("Fc(Tanh([|Slice(x, 0, 2, 3)|]))", "")]
    [InlineData("Fc([|Concat(1, x, x)|])", "")]
    [InlineData("[|Reshape(x, 3)|] + [|MaxPool2d(x, 2)|]", "")]
    public Task ShapesDoNotFitAtTheVeryExpression(string expression, string says) =>
        Diagnosis.IsIn("WH201", $"""
            [Linear(3)] private partial Tensor Fc(Tensor x);
            [Conv2d(4, 3)] private partial Tensor Conv(Tensor x);
            public (Tensor, Tensor, Tensor) Forward([Shape(4)] Tensor x, [Shape(2, 8, 8)] Tensor image) => (Fc(x), Conv(image), {expression});
            """, says);

    [Fact]
    public Task AMistakenShapeInABlockIsAtTheVeryExpression() => Diagnosis.Is("WH201", """
        [Network] public partial class Net { private readonly Block a = new(4), b = new(5); public Tensor Forward([Shape(4)] Tensor x) => b.Forward(a.Forward(x)); }
        [Network] public partial class Block(int width) { [Linear(nameof(width))] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => [|x + Relu(Fc(x))|]; }
        """, "cannot combine [4] and [5]");

    [Fact]
    public Task ALayerCalledTwiceTakesOneShape() => Diagnosis.Is("WH201", """
        [Network] public partial class Net { [Linear(3)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => [|Fc(Fc(x))|]; }
        """, "[3] here and [4] in its first call");

    [Fact]
    public Task AShapeIsNotEndless() => Diagnosis.IsIn("WH201", """
        [Conv2d(2000000000, 1)] private partial Tensor Conv(Tensor x);
        public Tensor Forward([Shape(1, 28, 28)] Tensor x) => Flatten([|Conv(x)|]);
        """, "more than 2147483647 elements");

    [Theory]
    [InlineData("Methods.DeconvNet", "x / x", "DeconvNet has no rule for x / x")]
    [InlineData("Methods.All", "Log(x)", "DeconvNet has no rule for Log(x)")]
    [InlineData("Methods.DeconvNet", "Constant(1, 2, 3, 4) / x", "DeconvNet has no rule for Constant(1, 2, 3, 4) / x")]
    public Task AMethodThatCannotServeAnOperatorSaysSo(string methods, string expression, string says) =>
        Diagnosis.Is("WH301", $"[Network(Explain = {methods})] public partial class Net {{ public Tensor Forward([Shape(4)] Tensor x) => [|{expression}|]; }}", says);

    [Fact]
    public Task TheGenomicsPresetNeedsALayerBelowAnActivation() => Diagnosis.Is("WH302", """
        [Network(Explain = Methods.Genomics)]
        public partial class Net
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Fc([|Relu(x * 2)|]) + Tanh(Fc(x)) * 2;
        }
        """, "stands above x * 2");

    [Theory]
    [InlineData("Layers = [\"Fc\", [|\"Missing\"|]]")]
    [InlineData("Layers = new[] { \"Fc\", [|\"Missing\"|], \"hidden\" }")]
    [InlineData("Layers = new string[] { [|\"fc\"|] }")]
    public Task ALayerAskedAboutExists(string layers) => Diagnosis.Is("WH303", $$"""
        [Network(Explain = Methods.Gradient, {{layers}})]
        public partial class Net { [Linear(3)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) { var hidden = Relu(Fc(x)); return -hidden; } }
        """, "it has x, Fc, hidden");

    [Theory]
    [InlineData("[|-1e-6|]")]
    [InlineData("[|double.NaN|]")]
    [InlineData("[|1 / 0.0|]")]
    public Task TheStabiliserOfRelevanceIsNotNegative(string epsilon) => Diagnosis.Is("WH304", $$"""
        [Network(Explain = Methods.LrpEpsilon, LrpEpsilon = {{epsilon}})]
        public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }
        """, "a finite number of at least 0");
}
