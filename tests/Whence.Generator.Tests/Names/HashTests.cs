using System.Text.RegularExpressions;

namespace Whence.Generator.Tests.Names;

/// <summary>A compiled network says a hash of what it is: of two with the same names and shapes it tells which is which.</summary>
public sealed class HashTests
{
    private const string Plain = """
        [Network(Explain = Methods.DeepLift)]
        public partial class Net
        {
            [Conv2d(3, kernel: 3, Pad = 1)] private partial Tensor Conv(Tensor x);
            [Linear(4)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(1, 6, 6)] Tensor x) => Fc(Flatten(Own.Bend(LeakyRelu(Conv(x), 0.1))));
        }
        public static class Own { [Elementwise<Bent>] public static Tensor Bend(Tensor x) => x.Map<Bent>(); }
        public readonly struct Bent : IElementwise
        {
            public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(x, M.Constant(2));
            public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Constant(2);
        }
        """;

    private static string HashOf(string source)
    {
        var compilation = Generation.Run(Source.Compile(Source.Usings + source));
        Assert.Empty(compilation.GetDiagnostics().Where(one => one.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error));
        var found = compilation.SyntaxTrees.SelectMany(tree => Regex.Matches(tree.ToString(), "Hash = \"([^\"]*)\"")).ToList();
        var hash = Assert.Single(found).Groups[1].Value;
        Assert.Matches("^[0-9a-f]{64}$", hash);
        return hash;
    }

    private static string With(string from, string to)
    {
        Assert.Contains(from, Plain, StringComparison.Ordinal);
        return Plain.Replace(from, to, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LeakyRelu(Conv(x), 0.1)", "Elu(Conv(x), 0.1)")]
    [InlineData("LeakyRelu(Conv(x), 0.1)", "LeakyRelu(Conv(x), 0.2)")]
    [InlineData("kernel: 3, Pad = 1", "kernel: 5, Pad = 2")]
    [InlineData("kernel: 3, Pad = 1", "kernel: 3, Pad = 1, Name = \"first\"")]
    [InlineData("kernel: 3, Pad = 1", "kernel: 3, Pad = 1, Bias = false")]
    [InlineData("Flatten(Own.Bend(", "Flatten(0.5 * Own.Bend(")]
    [InlineData("M.Constant(2)", "M.Constant(3)")]
    [InlineData("Explain = Methods.DeepLift", "Explain = Methods.DeepLift, MaxPool = MaxPoolRule.Gradient, Layers = [\"Conv\"]")]
    public void WhatComputesOtherwiseHasAnother(string from, string to) => Assert.NotEqual(HashOf(Plain), HashOf(With(from, to)));

    [Theory]
    [InlineData("M.Constant(2)", "M.Constant( 2 ) /* twice */")]
    [InlineData("public Tensor Forward", "\r\n    /// <summary>Answers.</summary>\r\n    public Tensor Forward")]
    [InlineData("public static class Own", "public class Another;\npublic static class Own")]
    public void WhatIsWrittenOtherwiseHasTheSame(string from, string to) => Assert.Equal(HashOf(Plain), HashOf(With(from, to)));
}
