using Whence.Generator.Tests.Diagnostics;

namespace Whence.Generator.Tests.Robust;

/// <summary>A size that no value can have is refused at its place, and never another size.</summary>
public class ExtremeSizes
{
    public static TheoryData<string, string> Refused => new()
    {
        { "", "UpsampleNearest(Reshape(x, 1, 4), 1073741825)" },
        { "", "Concat(x, x, x, x, x)" },
        { "", "Zeros(2147483647) + x" },
        { "", "Zeros(65536, 65536, 65536, 65536)" },
        { "", "Reshape(x, 65536, 65536, 65536, 65536)" },
        { "", "AvgPool1d(Reshape(x, 1, 4), 2147483647, 1, 1073741823)" },
        { "", "Slice(x, 0, 3, 2147483647)" },
        { "", "Slice(x, 0, 2147483647, 2147483647)" },
        { "", "Pad(x, 0, 2147483647, 2147483647)" },
        { "[Conv1d(1, kernel: 3, Dilation = 2147483647)] private partial Tensor L(Tensor x);", "L(Reshape(x, 1, 4))" },
        { "[Conv1d(1, kernel: 3, Pad = 2147483647)] private partial Tensor L(Tensor x);", "L(Reshape(x, 1, 4))" },
        { "[ConvTranspose1d(1, kernel: 3, Stride = 2147483647)] private partial Tensor L(Tensor x);", "L(Reshape(x, 1, 4))" },
        { "[Lstm(536870912)] private partial Tensor L(Tensor x);", "L(Reshape(x, 1, 4))" },
        { "[Lstm(4, Layers = 2147483647)] private partial Tensor L(Tensor x);", "L(Reshape(x, 1, 4))" },
        { "[GruCell(2147483647)] private partial Tensor L(Tensor x, Tensor h);", "L(x, x)" },
        { "[Maxout(65536, 65536)] private partial Tensor L(Tensor x);", "L(x)" },
        { "[Linear(2147483647)] private partial Tensor L(Tensor x);", "L(x)" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void IsWh201(string layer, string expression)
    {
        var size = expression.StartsWith("Concat", StringComparison.Ordinal) ? 1_000_000_000 : 4;
        var reading = Reading.Of($$"""
            {{Source.Usings}}[Network(Explain = Methods.Gradient)] public partial class Net
            {
                {{layer}}
                public Tensor Forward([Shape({{size}})] Tensor x) => {{expression}};
            }
            """);
        Assert.Null(reading.Failure);
        Assert.Contains(reading.Found, one => one.Id == "WH201");
    }

    [Fact]
    public Task AnInputIsRefusedAtItsDeclaration() =>
        Diagnosis.IsIn("WH106", "public Tensor Forward([[|Shape(65536, 65536)|]] Tensor x) => x;", "at most 1073741824 elements");

    [Fact]
    public void WhatTakesTooMuchMemoryIsSaidAtTheClass()
    {
        var reading = Reading.Of(Source.Usings + "[Network(Explain = Methods.Gradient)] public partial class Net { public Tensor "
            + "Forward([Shape(1000000000)] Tensor x) => Tanh(x * x) * Sigmoid(x) * Silu(x); }");
        Assert.Null(reading.Failure);
        Assert.Equal("WH203", Assert.Single(reading.Found).Id);
    }

    [Fact]
    public void AValueAsLargeAsAnyIsCompiled()
    {
        var reading = Reading.Of(Source.Usings + "[Network] public partial class Net { public Tensor Forward([Shape(1073741824)] Tensor x) "
            + "=> Sum(2 * Relu(x - 1) + Zeros(1073741824), 0); }");
        Assert.Null(reading.Failure);
        Assert.Empty(reading.Found);
    }

    [Fact]
    public void StepsOverAVariableLengthAreRefusedWhereTheyMultiplyToNoInt()
    {
        var reading = Reading.Of($$"""
            {{Source.Usings}}[Network(Explain = Methods.Gradient)] public partial class Net
            {
                public Tensor Forward([Shape(9, 4, Variable = true)] Tensor x) => Sum(MaxPool1d(MaxPool1d(Transpose(x, 0, 1), 2, 2147483647), 1, 2147483647), 1);
            }
            """);
        Assert.Null(reading.Failure);
        Assert.Equal("WH202", Assert.Single(reading.Found).Id);
    }

    [Theory]
    [InlineData("[|x * double.NaN|]")]
    [InlineData("[|x / 0|]")]
    [InlineData("Relu([|x / 0.0|])")]
    [InlineData("[|double.NaN - x|]")]
    public Task WhatIsNeverFiniteIsAWarning(string expression) =>
        Diagnosis.IsIn("WH204", $"public Tensor Forward([Shape(4)] Tensor x) => {expression};", "is finite");

    [Fact]
    public Task DivisionOfZeroIsNone() =>
        Diagnosis.Nothing("[Network] public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => 0 / (x + 1) + x / 2; }");

    [Fact]
    public void TheEagerRunRefusesTheSame()
    {
        var x = Nn.Zeros(1, 4);
        Assert.All<Func<object>>(
        [
            () => Nn.UpsampleNearest(x, 1073741825), () => Nn.Zeros(2147483647), () => Nn.Zeros(65536, 65536, 65536, 65536),
            () => Nn.Reshape(x, 65536, 65536, 65536, 65536), () => Nn.Slice(x, 1, 3, 2147483647),
            () => Nn.AvgPool1d(x, 2147483647, 1, 1073741823), () => Nn.Pad(x, 0, 2147483647, 2147483647),
            () => Nn.Conv1d(x, Nn.Zeros(1, 1, 3), null, 1, 2147483647, 1, 1),
            () => Nn.Conv1d(x, Nn.Zeros(1, 1, 3), null, 1, 0, 2147483647, 1),
            () => Nn.ConvTranspose1d(x, Nn.Zeros(1, 1, 3), null, 2147483647, 0, 0, 1, 1), () => new Shape(65536, 65536),
        ], call => Assert.ThrowsAny<ArgumentException>(call));
    }
}
