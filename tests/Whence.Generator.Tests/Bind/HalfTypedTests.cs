using Microsoft.CodeAnalysis.CSharp;
using Whence.Generator.Bind;

namespace Whence.Generator.Tests.Bind;

/// <summary>Code is wrong most of the time while it is typed: reading it must never throw, whatever is missing.</summary>
public class HalfTypedTests
{
    private const string Whole = """
        namespace Shop
        {
            [Network(Explain = Methods.Gradient, Layers = ["Conv", "block.Fc"])]
            public sealed partial class Net
            {
                private static readonly int[] sizes = { 2, 3 };
                private readonly Block block = new(3, two: 4), other = new(5, 2);
                [Conv2d(4, kernel: 3, Pad = 1, Name = "features.0", Rule = Rule.Rescale)] private partial Tensor Conv(Tensor x);

                public (Tensor Left, Tensor) Forward([Shape(2, 8, 8)] Tensor image, [Shape(7)] Tensor extra)
                {
                    var (a, b) = block.Forward(Flatten(Conv(image)), extra);
                    (b, _) = other.Forward(b, a);
                    foreach (var size in sizes)
                        a += Twice(b) * size;
                    for (var i = 0; i < 3 && i != 2; i++) { if (i % 2 == 0) continue; else a = -a; }
                    (a, b) = (b, a);
                    return (Concat(0, a, b, Constant(1, 2)), MaxPool2d(image, window: 2, ceil: true) / 2.5);
                }

                private static Tensor Twice(Tensor x) { return Local(x); Tensor Local(Tensor y) => y + y; }
            }

            [Network]
            public partial class Block(int one, int two)
            {
                private readonly int more = one + two;
                [Linear(nameof(more), Bias = false)] private partial Tensor Fc(Tensor x);
                public (Tensor, Tensor) Forward(Tensor x, Tensor y) => two > 3 ? (Tanh(Fc(x)), LeakyRelu(y, slope: 0.1)) : (x, y);
            }
        }
        """;

    public static TheoryData<int> Parts => [.. Enumerable.Range(0, 8)];

    [Fact]
    public void TheWholeIsRight() => Assert.NotNull(Binding.Network(Whole, "Shop.Net").Graph);

    [Theory]
    [Trait("Long", "laws")]
    [MemberData(nameof(Parts))]
    public void AMissingTokenIsReadWithoutThrowing(int part)
    {
        var tokens = CSharpSyntaxTree.ParseText(Whole, Source.Options).GetRoot().DescendantTokens().Where((_, i) => i % 8 == part);
        foreach (var token in tokens)
            Read(Whole.Remove(token.SpanStart, token.Span.Length));
    }

    [Theory]
    [Trait("Long", "laws")]
    [MemberData(nameof(Parts))]
    public void AnEndBeforeTheEndIsReadWithoutThrowing(int part)
    {
        var tokens = CSharpSyntaxTree.ParseText(Whole, Source.Options).GetRoot().DescendantTokens().Where((_, i) => i % 16 == part);
        foreach (var token in tokens)
            Read(Whole.Remove(token.SpanStart));
    }

    private static void Read(string source)
    {
        var compilation = Source.Compile(Source.Usings + source);
        foreach (var name in new[] { "Shop.Net", "Shop.Block" })
        {
            if (compilation.GetTypeByMetadataName(name) is { } type && type.IsNetwork())
                Bound.From(type, compilation, WeightsFiles.None, default);
        }
    }
}
