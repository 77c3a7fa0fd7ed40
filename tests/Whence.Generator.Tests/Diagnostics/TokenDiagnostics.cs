namespace Whence.Generator.Tests.Diagnostics;

/// <summary>Tokens, and tensors of the weights file by themselves, where they cannot be.</summary>
public class TokenDiagnostics
{
    [Theory]
    [InlineData("Sum(E([|t + 1|]), 0)", "+ takes numbers, but t holds tokens")]
    [InlineData("Sum(E([|Reshape(t, 2, 3)|]), 0)", "Reshape takes numbers, but t holds tokens")]
    [InlineData("Sum(E([|Relu(Slice(t, 0, 1, 2))|]), 0)", "Relu takes numbers, but Slice(t, 0, 1, 2) holds tokens")]
    [InlineData("Sum(E([|Slice(t, 0, 4, 3)|]) + E([|Slice(t, 0, 4, 3)|]), 0)", "Slice takes 3 from 4 of an axis of 6")]
    [InlineData("Sum(E(t) + [|E(Constant(0, 1, 2, 3, 4, 9))|], 0)", "takes tokens from 0 to 8, not 9")]
    [InlineData("Sum([|E(Constant(0, 0.5))|], 0)", "takes tokens from 0 to 8, not 0.5")]
    [InlineData("Sum([|E(Constant(0, 1) + 1)|] + E(Slice(t, 0, 0, 2)), 0)",
        "takes tokens: an input declared [Tokens(...)], or whole numbers in Constant(...)")]
    [InlineData("Sum([|E(E(t))|], 0)", "takes tokens: an input")]
    public Task TokensWhereNumbersAreTakenAndNumbersWhereTokensAre(string expression, string says) => Diagnosis.IsIn("WH201", $"""
        [Embedding(9, 4)] private partial Tensor E(Tensor t);
        public Tensor Forward([Tokens(6)] Tensor t) => {expression};
        """, says);

    [Fact]
    public Task TokensOneByOne() => Diagnosis.IsIn("WH201", """
        [Embedding(9, 4)] private partial Tensor E(Tensor t);
        public Tensor Forward([Tokens(6)] Tensor t)
        {
            var sum = Zeros(4);
            foreach (var one in [|t|])
                sum = sum + E(one);
            return sum;
        }
        """, "foreach takes numbers, but t holds tokens");

    [Fact]
    public Task ASliceOfAVariableText() => Diagnosis.IsIn("WH202", """
        [Embedding(9, 4)] private partial Tensor E(Tensor t);
        public Tensor Forward([Tokens(6, Variable = true)] Tensor t) => Sum(E([|Slice(t, 0, 0, 3)|]), 0);
        """, "would count positions past the end of t");

    [Theory]
    [InlineData("[Parameter([|0|])] private partial Tensor P();", "WH108", "axes of P is 0, but must be at least 1")]
    [InlineData("[Parameter([|1.5|])] private partial Tensor P();", "WH108", "axes of P is 1.5, but must be whole numbers")]
    [InlineData("[Parameter([|null!|])] private partial Tensor P();", "WH108", "axes of P is null, but must be whole numbers")]
    [InlineData("[Parameter([|(object[])null!|])] private partial Tensor P();", "WH108", "axes of P is null, but must be whole numbers")]
    [InlineData("[Parameter(2, [|null!|])] private partial Tensor P();", "WH108", "axes of P is null, but must be whole numbers")]
    [InlineData("[Parameter([|System.DayOfWeek.Monday|])] private partial Tensor P();", "WH108",
        "axes of P is global::System.DayOfWeek.Monday, but must be whole numbers")]
    [InlineData("[Parameter(2, [|\"no\"|])] private partial Tensor P();", "WH109", "'no' is not a parameter of Net's primary constructor")]
    public Task AParametersShape(string layer, string id, string says) => Diagnosis.IsIn(id, layer + """

        public Tensor Forward([Shape(2)] Tensor x) => x * P();
        """, says);

    [Fact]
    public Task ASizeIsNotNull() => Diagnosis.IsIn("WH108", """
        [Linear([|(string)null!|])] private partial Tensor Fc(Tensor x);
        public Tensor Forward([Shape(2)] Tensor x) => Fc(x);
        """, "is null, but must be a number, or the name");

    [Fact]
    public Task AParameterTakesNothing() => Diagnosis.IsIn("WH107", """
        [Parameter(2)] private partial Tensor [|P|](Tensor x);
        public Tensor Forward([Shape(2)] Tensor x) => x * P(x);
        """, "must have no parameters");

    [Fact]
    public Task AParameterIsLookedForInTheFileByItsWholeName() => Diagnosis.WithWeights("WH401", """
        [Network] public partial class Net
        {
            [[|Parameter(1, 4)|]] private partial Tensor ClassToken();
            public Tensor Forward([Shape(1, 4)] Tensor x) => x * ClassToken();
        }
        """, "ClassToken needs the tensor 'class_token' [1, 4], which net.safetensors does not have; it has 'cls_token'",
        ("net.safetensors", WeightsDiagnostics.Header(("cls_token", [1, 4]))));

    [Fact]
    public Task AParametersShapeIsThatOfTheFile() => Diagnosis.WithWeights("WH402", """
        [Network] public partial class Net
        {
            [[|Parameter(1, 4)|]] private partial Tensor ClassToken();
            public Tensor Forward([Shape(1, 4)] Tensor x) => x * ClassToken();
        }
        """, "'class_token' [1, 4], but net.safetensors has it as [4]",
        ("net.safetensors", WeightsDiagnostics.Header(("class_token", [4]))));
}

/// <summary>WH103 and WH119: what a network's class is, and which tensors its layers read.</summary>
public class NameDiagnostics
{
    [Fact]
    public Task AStructIsNoNetwork() =>
        Diagnosis.Is("WH103", "[Network] public partial struct [|Net|] { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }",
            "a struct is copied", "CS0592");

    [Fact]
    public Task AClassNamedLikeItsMember() => Diagnosis.Is("WH110",
        "[Network] public partial class [|Predict|] { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }", "Predict");

    [Theory]
    [InlineData("[Linear(4)] private partial Tensor Fc1(Tensor x); [Linear(4)] private partial Tensor [|fc1|](Tensor x);")]
    [InlineData("[Linear(4)] private partial Tensor Fc1(Tensor x); [Linear(4, Name = \"fc1\")] private partial Tensor [|fc1|](Tensor x);")]
    [InlineData("[PRelu] private partial Tensor FC1(Tensor x); [Linear(4, Bias = false)] private partial Tensor [|fc1|](Tensor x); private "
        + "Tensor Fc1(Tensor x) => FC1(x);")]
    public Task TwoLayersOfOneTensor(string layers) => Diagnosis.IsIn("WH119",
        layers + " public Tensor Forward([Shape(4)] Tensor x) => fc1(Fc1(x));", "both read the tensor 'fc1.weight'");

    [Theory]
    [InlineData("[Linear(4, Name = \"fc1\")] private partial Tensor Fc1(Tensor x); [Linear(4, Name = \"fc1\")] private partial Tensor "
        + "fc1(Tensor x);")]
    [InlineData("[Linear(4, Name = \"fc1\")] private partial Tensor Fc1(Tensor x); [Parameter(4, Name = \"fc1\")] private partial Tensor "
        + "P(); private Tensor fc1(Tensor x) => x * P();")]
    [InlineData("[Linear(4)] private partial Tensor Fc1(Tensor x); private Tensor fc1(Tensor x) => Fc1(x);")]
    public Task SharedWeightsThatAreSaidToBe(string layers) =>
        Diagnosis.Nothing($"[Network] public partial class Net {{ {layers} public Tensor Forward([Shape(4)] Tensor x) => fc1(Fc1(x)); }}");
}
