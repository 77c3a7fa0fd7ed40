using Microsoft.CodeAnalysis;

namespace Whence.Generator.Tests.Names;

/// <summary>A network says its shapes by a property, Signature, unless the name is the user's.</summary>
public class OwnSignature
{
    [Theory]
    [InlineData("public int Of(Net net) => net.Signature.InputSize;")]
    [InlineData("public string Signature => \"mine\"; public string Of(Net net) => net.Signature;")]
    [InlineData("public static int Signature(int n) => n; public int Of(Net net) => Signature(2);")]
    [InlineData("public class Signature { public int N; } public int Of(Signature mine) => mine.N;")]
    [InlineData("public int Of(Net net) => Shapes(net); private static int Shapes(INetwork net) => net.Signature.OutputSize;")]
    public void IsOursWhereTheUserHasNone(string members) => AssertCompiles($$"""
        {{Source.Usings}}
        [Network] public partial class Net { {{members}} public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }
        """);

    [Theory]
    [InlineData("public int Signature => 3;")]
    [InlineData("protected int Signature;")]
    [InlineData("public virtual int Signature(int n) => n;")]
    public void IsTheBaseClasssWhereItHasOne(string member) => AssertCompiles($$"""
        {{Source.Usings}}
        public class Root { {{member}} }
        [Network] public partial class Net : Root { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }
        """);

    [Fact]
    public void IsTheInterfacesWhereTheClassHasTheName() => AssertCompiles($$"""
        {{Source.Usings}}
        namespace Own { [Network] public partial class Signature { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); } }
        """);

    private static void AssertCompiles(string source) => Assert.Empty(
        Generation.Run(Source.Compile(source))
            .GetDiagnostics()
            .Where(one => one.Severity >= DiagnosticSeverity.Warning && one.Id != "CS0169"));
}
