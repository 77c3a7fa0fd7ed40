namespace Whence.Generator.Tests.Diagnostics;

/// <summary>
/// Mistakes in helpers that several networks share, in files of their own: they are told where they are, and name the network.
/// </summary>
public class HelperDiagnostics
{
    private const string Net = "[Network] public partial class Net { public Tensor Forward([Shape(2, 3)] Tensor x) => Helpers.Help(x); }";

    [Theory]
    [InlineData("WH101", "{ [|while (true) { }|] }", "a while loop: use for or foreach over constants, in Net")]
    [InlineData("WH201", "=> Relu([|x * Zeros(4, 4)|]);", "cannot combine [2, 3] and [4, 4], in Net")]
    [InlineData("WH111",
        "=> Relu(More.Again(x)); } public static class More { public static Tensor Again(this Tensor x) => [|Helpers.Help(x)|];",
        "Help calls itself")]
    [InlineData("WH111", "=> x * A; static int A => B; static int B => [|A|];", "A calls itself")]
    public Task AMistakeInAnotherFileIsThere(string id, string body, string says) =>
        Diagnosis.In([Net, $"public static class Helpers {{ public static Tensor Help(Tensor x) {body} }}"], id, says);

    [Fact]
    public Task AHelperThatFitsOneNetworkAndNotAnotherNamesTheOther() => Diagnosis.Is("WH201", """
        [Network] public partial class Right { public Tensor Forward([Shape(4)] Tensor x) => x.Shifted(); }
        [Network] public partial class Wrong { public Tensor Forward([Shape(5)] Tensor x) => x.Shifted(); }
        public static class Helpers { public static Tensor Shifted(this Tensor x) => [|x + Constant(1, 2, 3, 4)|]; }
        """, "cannot combine [5] and [4], in Wrong");

    [Fact]
    public Task AHelperWhoseSourceIsElsewhereCannotBeRead()
    {
        var library = Source.Compile(
            [Source.Usings + "namespace Lib; public static class Helpers { public static Tensor Help(this Tensor x) => Relu(x); }"], [],
            "Library");
        return Diagnosis.In(
            ["using Lib; [Network] public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => [|x.Help()|]; }"],
            "WH101", "static methods whose source is in this project", others: [library.ToMetadataReference()]);
    }
}
