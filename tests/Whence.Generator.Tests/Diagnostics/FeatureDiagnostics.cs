namespace Whence.Generator.Tests.Diagnostics;

/// <summary>WH411: names that do not fit their input.</summary>
public class FeatureDiagnostics
{
    [Theory]
    [InlineData("Features(\"age\")", "[Shape(2)]", "The input x has 2 features along axis 0 of [2], but 1 name")]
    [InlineData("Features(\"a\", \"b\", \"c\")", "[Shape(2, 3)]",
        "The input x has 2 features along axis 0 of [2, 3], but 3 names; for axis 1 write Axis = 1")]
    [InlineData("Features(\"a\", \"b\", Axis = 1)", "[Shape(2)]", "has no axis 1; use 0 to 0")]
    [InlineData("Features(\"a\", \"b\", Axis = -1)", "[Shape(2)]", "has no axis -1")]
    [InlineData("Features(\"a\", \"\")", "[Shape(2)]", "of the name \"\"")]
    [InlineData("Features(\"a\", \"b\\n\")", "[Shape(2)]", "of the name \"b?\"")]
    [InlineData("Features(\"a\", null!)", "[Shape(2)]", "of the name \"\"")]
    [InlineData("Features(\"a\", \"a\")", "[Shape(2)]", "two features of the name \"a\"")]
    [InlineData("Features", "[Shape(2)]", "but 0 names")]
    [InlineData("Features(null!)", "[Shape(2)]", "but 0 names")]
    public Task NamesThatDoNotFitAreAtTheAttribute(string features, string shape, string says) =>
        Diagnosis.IsIn("WH411", $"public Tensor Forward({shape}[[|{features}|]] Tensor x) => Relu(x);", says);

    [Fact]
    public Task TokensHaveNone() => Diagnosis.IsIn("WH411", """
        [Embedding(4, 2)] private partial Tensor Word(Tensor t);
        public Tensor Forward([Tokens(3), [|Features("a", "b", "c")|]] Tensor x) => Word(x);
        """, "holds tokens");

    [Fact]
    public Task ABlocksInputHasNone() =>
        Diagnosis.IsIn("WH411", "public Tensor Forward([[|Features(\"a\")|]] Tensor x) => Relu(x);", "has no shape of its own");

    [Fact]
    public Task NamesThatFitAreFine() => Diagnosis.Nothing("""
        [Network] public partial class Net
        {
            public Tensor Forward([Shape(2), Features("age", "in\"come\\")] Tensor row, [Mask(3, 2), Features("a", "b", Axis = 1)] Tensor present) => row * Sum(present, 0);
        }
        """);
}
