namespace Whence.Generator.Tests.Diagnostics;

/// <summary>WH2xx and WH3xx: what does not fit, and what cannot be explained.</summary>
public class ShapeDiagnostics
{
    [Theory]
    [InlineData("[|Fc(x) + Relu(x)|]", "cannot combine [3] and [4]")]
    [InlineData("Relu([|Conv(x)|])", "Conv (Conv2d) takes [channels, height, width]")]
    [InlineData("Fc(Tanh([|Slice(x, 0, 2, 3)|]))", "")]
    [InlineData("Fc([|Concat(1, x, x)|])", "")]
    [InlineData("[|LocalResponseNorm(x, 0)|]", "has a size of 0, but needs at least 1")]
    [InlineData("[|Max(x, Fc(x))|]", "cannot combine [4] and [3]")]
    [InlineData("[|Reshape(x, 3)|] + [|MaxPool2d(x, 2)|]", "")]
    public Task ShapesDoNotFitAtTheVeryExpression(string expression, string says) =>
        Diagnosis.IsIn("WH201", $"""
            [Linear(3)] private partial Tensor Fc(Tensor x);
            [Conv2d(4, 3)] private partial Tensor Conv(Tensor x);
            public (Tensor, Tensor, Tensor) Forward([Shape(4)] Tensor x, [Shape(2, 8, 8)] Tensor image) => (Fc(x), Conv(image), {expression});
            """, says);

    [Theory]
    [InlineData("[|Permute(image, 0, 1)|]", "takes each of the 3 axes of [2, 8, 8] once")]
    [InlineData("[|Transpose(x, 0, 1)|]", "has no axis 1 in [4]")]
    [InlineData("[|Gather(x, 0, 1, 4)|]", "takes indices from 0 to 3 of axis 0 of [4], not 4")]
    [InlineData("[|MatMul(image, Slice(image, 2, 0, 5), transposeB: true)|]", "8 columns meet 5 rows")]
    [InlineData("[|MatMul(Slice(image, 0, 0, 1), image)|]", "the axes before the last two differ")]
    [InlineData("[|MatMul(x, x)|]", "takes matrices")]
    [InlineData("[|ScaledDotProductAttention(image, image, Slice(image, 1, 0, 7))|]", "has 8 keys but 7 values")]
    [InlineData("[|ScaledDotProductAttention(image, image, image, x)|]", "has a mask [4], but scores [2, 8, 8]")]
    [InlineData("[|UpsampleBilinear(x, 2)|]", "takes [channels, height, width], not [4]")]
    [InlineData("[|Dropout(x, 1.5)|]", "has a rate of 1.5, but needs one from 0 to below 1")]
    [InlineData("[|Dropout(x, -0.1)|]", "has a rate of -0.1, but needs one from 0 to below 1")]
    [InlineData("[|UpsampleNearest(image, 0)|]", "has a scale of 0, but needs at least 1")]
    public Task MatricesAndMovesThatDoNotFitAreAtTheVeryExpression(string expression, string says) =>
        Diagnosis.IsIn("WH201", $"""
            public Tensor Forward([Shape(4)] Tensor x, [Shape(2, 8, 8)] Tensor image) => {expression};
            """, says);

    [Theory]
    [InlineData("MultiHeadAttention(3)", "[|Layer(Reshape(image, 16, 8))|]", "has 3 heads, which do not divide 8 features")]
    [InlineData("MultiHeadAttention(2)", "[|Layer(image)|]", "takes [tokens, features], not [2, 8, 8]")]
    [InlineData("ConvTranspose2d(4, 3, Stride = 2, OutputPad = 2)", "[|Layer(image)|]",
        "has an output pad of 2, which must be below its stride of 2")]
    [InlineData("ConvTranspose2d(4, 3, Groups = 3)", "[|Layer(image)|]", "has 3 groups, which do not divide 2 channels and 4 filters")]
    [InlineData("ConvTranspose1d(4, 3)", "[|Layer(image)|]", "takes [channels, length], not [2, 8, 8]")]
    [InlineData("ConvTranspose2d(4, 1, Pad = 4)", "[|Layer(image)|]", "makes 0 elements of a length of 8")]
    public Task LayersThatDoNotFitAreAtTheVeryCall(string layer, string expression, string says) => Diagnosis.IsIn("WH201", $"""
        [{layer}] private partial Tensor Layer(Tensor x);
        public Tensor Forward([Shape(2, 8, 8)] Tensor image) => {expression};
        """, says);

    [Theory]
    [InlineData("[GroupNorm(3)]", "Norm (GroupNorm) has 3 groups, which do not divide 2 channels")]
    [InlineData("[LayerNorm(Axes = 3)]", "Norm (LayerNorm) normalises 3 axes, but [2, 8] has 2")]
    [InlineData("[Maxout(4, 2)]", "Norm (Maxout) takes [features], not [2, 8]")]
    public Task ALayersShapesAreCheckedAtItsCall(string layer, string says) => Diagnosis.IsIn("WH201", $"""
        {layer} private partial Tensor Norm(Tensor x);
        public Tensor Forward([Shape(2, 8)] Tensor x) => [|Norm(x)|];
        """, says);

    [Fact]
    public Task WhatAScanHasInsideCannotBeAskedAbout() => Diagnosis.Is("WH303", """
        [Network(Explain = Methods.Gradient, Layers = [[|"inner"|]])]
        public partial class Net
        {
            public Tensor Forward([Shape(4, 3)] Tensor x)
            {
                var h = Zeros(3);
                foreach (var part in x)
                {
                    var inner = Relu(part);
                    h = h + inner;
                }
                return h;
            }
        }
        """, "inside a scan");

    [Fact]
    public Task WhatIsOfferedInItsPlaceLeavesTheScan() => Diagnosis.Is("WH303", """
        [Network(Explain = Methods.Gradient, Layers = [[|"Fc.1"|]])]
        public partial class Net
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4, 3)] Tensor x)
            {
                var h = Zeros(3);
                foreach (var part in x)
                    h = Tanh(Fc(part) + h);
                return Fc(h);
            }
        }
        """, "what leaves the scan can be asked about: x, h, Fc.2");

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
        """, "at most 1073741824 elements");

    [Theory]
    [InlineData("Methods.DeconvNet", "x / x", "DeconvNet has no rule for x / x")]
    [InlineData("Methods.All", "Square(x)", "DeconvNet has no rule for Square(x)")]
    [InlineData("Methods.DeconvNet", "LocalResponseNorm(x, 5)", "DeconvNet has no rule for LocalResponseNorm(x, 5)")]
    [InlineData("Methods.All", "Log(x)", "DeconvNet has no rule for Log(x)")]
    [InlineData("Methods.DeconvNet", "Constant(1, 2, 3, 4) / x", "DeconvNet has no rule for Constant(1, 2, 3, 4) / x")]
    public Task AMethodThatCannotServeAnOperatorSaysSo(string methods, string expression, string says) =>
        Diagnosis.Is("WH301", $"[Network(Explain = {methods})] public partial class Net {{ public Tensor Forward([Shape(4)] Tensor x) => "
            + $"[|{expression}|]; }}", says);

    private const string TextLayers = "[Embedding(20, 6)] private partial Tensor Embed(Tensor text); [Linear(3)] private partial Tensor "
        + "Fc(Tensor x); [Conv1d(3, kernel: 2)] private partial Tensor Conv(Tensor x);";

    [Theory]
    [InlineData("Fc(Flatten(Embed(text))) + Sum([|Relu(text)|], axis: 0)", "text holds tokens")]
    [InlineData("Fc(Flatten(Embed(text))) + [|Fc(text)|]", "put a layer with [Embedding(...)] between")]
    [InlineData("Fc(Flatten(Embed(text) + [|Embed(other)|]))", "an input declared [Tokens(...)]")]
    public Task TokensGoIntoEmbeddings(string expression, string says)
    {
        var layers = TextLayers.Replace("[Conv1d(3, kernel: 2)] private partial Tensor Conv(Tensor x);", "");
        var forward = $"public Tensor Forward([Tokens(5)] Tensor text, [Shape(5)] Tensor other) => {expression};";
        return Diagnosis.Is("WH201", $"[Network] public partial class Net {{ {layers} {forward} }}", says);
    }

    [Theory]
    [InlineData("public Tensor Forward([|[Tokens(5)] Tensor text|], [Shape(5)] Tensor other) => other;", "never given")]
    [InlineData("public (Tensor, Tensor) Forward([|[Tokens(5)] Tensor text|], [Shape(5)] Tensor other) => (other, text);",
        "cannot be returned")]
    public Task TokensAreEmbedded(string forward, string says) =>
        Diagnosis.Is("WH201", $"[Network] public partial class Net {{ {forward} }}", says);

    [Theory]
    [InlineData("Sum([|Conv(Embed(text))|], axis: 1)", "past the end of text")]
    [InlineData("Fc([|Flatten(Embed(text))|])", "past the end of text")]
    [InlineData("Fc(Sum([|Embed(text) + Embed(other)|], axis: 0))", "text and of other")]
    [InlineData("Fc(Sum([|Embed(text) * weights|], axis: 0))", "past the end of text")]
    [InlineData("Fc(Sum([|Slice(Embed(text), 0, 0, 2)|], axis: 0))", "past the end of text")]
    [InlineData("[|Fc(Embed(text))|]", "cannot be returned")]
    [InlineData("Fc(Sum([|Embed(text) * weights|], axis: 0))",
        "take as many of what is put together with it, Slice(p, axis: 0, start: 0, length: text.Shape[0])")]
    [InlineData("Fc(Sum([|Slice(Embed(other), 0, 0, text.Shape[0])|], axis: 0))",
        "takes as many positions as text has of what varies with other")]
    public Task WhatVariesIsTakenPositionByPosition(string expression, string says) => Diagnosis.Is("WH202", $$"""
        [Network]
        public partial class Net
        {
            {{TextLayers}}
            public Tensor Forward([Tokens(5, Variable = true)] Tensor text, [Tokens(5, Variable = true)] Tensor other, [Shape(5, 6)] Tensor weights)
            {
                var all = Fc(Sum(Embed(other), axis: 0)) + Fc(Sum(Embed(text), axis: 0)) + Sum(Conv(weights), axis: 1);
                return {{expression}};
            }
        }
        """, says);

    [Theory]
    [InlineData("[|text.Shape[0] - 1|]")]
    [InlineData("[|2 * text.Shape[0]|]")]
    [InlineData("[|text.Shape.Size|]")]
    [InlineData("[|1.0 / Embed(text).Shape[0]|]")]
    [InlineData("[|Relu(Embed(text)).Shape|].Rank")]
    public Task HowManyPositionsThereAreIsNoNumber(string expression) => Diagnosis.IsIn("WH101", $$"""
        {{TextLayers}}
        public Tensor Forward([Tokens(5, Variable = true)] Tensor text) => Fc(Sum(Embed(text), axis: 0)) * ({{expression}}) + Sum(Conv(Zeros(5, 6)), axis: 1);
        """, "whose number of positions varies: Sum and Mean over axis 0 count the positions that are there");

    [Fact]
    public Task PositionsAreTakenForAsManyAsThereAre() => Diagnosis.Nothing($$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet)]
        public partial class Net
        {
            [Embedding(20, 6)] private partial Tensor Embed(Tensor text);
            [Embedding(5, 6)] private partial Tensor Position(Tensor text);
            public Tensor Forward([Tokens(5, Variable = true)] Tensor text, [Shape(5, 6)] Tensor weights)
            {
                var count = text.Shape[0];
                var placed = Embed(text) + Slice(Position(Constant(0, 1, 2, 3, 4)), 0, 0, count);
                return Sum(placed * Slice(weights, 0, 0, Embed(text).Shape[0]), axis: 0) / Embed(text).Shape[1];
            }
        }
        """);

    [Fact]
    public Task WhatVariesIsSummedByItsMask() => Diagnosis.Nothing($$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.DeconvNet)]
        public partial class Net
        {
            [Embedding(20, 6)] private partial Tensor Embed(Tensor text);
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Tokens(5, Variable = true)] Tensor text)
            {
                var each = Relu(Fc(2 * Embed(text) + 1));
                return Sum(each * Softmax(Sum(each, axis: 1, keep: true), axis: 0), axis: 0) - Mean(Softmax(each, axis: 1), axis: 0) / LogSumExp(each, axis: 0);
            }
        }
        """);

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

    [Theory]
    [InlineData("[1]", "Reshape makes [1] a [1, 1], whose axes of size 1 are repeated")]
    [InlineData("[2]", "Reshape makes [2] a [1, 2], whose axes of size 1 are repeated")]
    public Task AReshapeIsAdvisedOnce(string shape, string says) => Diagnosis.IsIn("WH201",
        $"public Tensor Forward([Shape(3, 2)] Tensor x, [Shape{shape.Replace('[', '(').Replace(']', ')')}] Tensor y) => [|x + y|];", says);
}
