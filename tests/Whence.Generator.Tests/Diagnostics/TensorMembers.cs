namespace Whence.Generator.Tests.Diagnostics;

/// <summary>What others' tensors and sequences have, and what to write here; the compiler says only that there is none.</summary>
public class TensorMembers
{
    [Theory]
    [InlineData("Stack(x.[|Select|](p => Relu(p)))", "foreach (var part in x) goes over its parts along axis 0", "CS1061")]
    [InlineData("Stack([|from p in x select Relu(p)|])", "A Tensor has no query: foreach (var part in x)", "CS1936")]
    [InlineData("Stack(x.[|ToList|]())", "Stack(list) puts parts together", "CS1061")]
    [InlineData("Relu(x).[|Aggregate|]((a, b) => a + b)", "foreach (var part in Relu(x))", "CS1061")]
    [InlineData("x.[|Take|](2)", "write x[..n]", "CS1061")]
    [InlineData("x.[|First|]()", "write x[..1]", "CS1061")]
    [InlineData("x.[|Relu|]()", "write Relu(x)", "CS1061")]
    [InlineData("x.[|Sum|](0)", "write Sum(x, ...)", "CS1061")]
    [InlineData("x.[|log_softmax|](0)", "write LogSoftmax(x, ...)", "CS1061")]
    [InlineData("x.[|view|](2, 4)", "write Reshape(x, ...)", "CS1061")]
    [InlineData("x.[|Linear|](3)", "declare it as a layer, [Linear]", "CS1061")]
    [InlineData("x * x.[|Length|]", "write x.Shape[0], or x.Shape.Size", "CS1061")]
    [InlineData("x * x.[|Rank|]", "write x.Shape.Rank", "CS1061")]
    [InlineData("x * x.Shape.[|Length|]", "A Shape has no Length: write x.Shape.Rank", "CS1061")]
    [InlineData("[|x > 0|] ? x : Relu(x)", "Max, Min, Clamp and Relu choose element by element", "CS0019")]
    [InlineData("[|x % 2|]", "tensors know + - * /", "CS0019")]
    [InlineData("[|!x|]", "tensors know + - * /", "CS0023")]
    [InlineData("[|x++|]", "write x = x + 1", "CS0023")]
    [InlineData("[|--x|]", "write x = x - 1", "CS0023")]
    [InlineData("[|x *= 2.5m|]", "write a double, as 2.5 for 2.5m", "CS0019")]
    public Task IsSaidWithWhatToWrite(string expression, string says, string compiler) =>
        Diagnosis.IsIn("WH218", $"public Tensor Forward([Shape(4, 2)] Tensor x) => {expression};", says, compiler);

    [Theory]
    [InlineData("x * nowhere", "CS0103")]
    [InlineData("x.Unheard()", "CS1061")]
    [InlineData("x > nowhere", "CS0103")]
    [InlineData("x.Map(1)", "CS0315")]
    [InlineData("x + true", "CS0019")]
    public Task WhatNobodyMeansIsTheCompilers(string expression, string error) =>
        Diagnosis.OnlyTheCompiler($"public Tensor Forward([Shape(4, 2)] Tensor x) => {expression};", error);

    [Theory]
    [InlineData("x.Relu()", "public static class Mine { public static Tensor Relu(this Tensor x) => Nn.Relu(x); }")]
    [InlineData("Relu(x)", "public static class Use { public static int Of(int[] x) => x.Select(i => i + 1).Count(); }")]
    public Task WhatIsThereIsNot(string expression, string beside) =>
        Diagnosis.Nothing(
            $"[Network] public partial class Net {{ public Tensor Forward([Shape(4, 2)] Tensor x) => {expression}; }} {beside}");

    /// <summary>What is made of a value that is refused is not refused again.</summary>
    [Theory]
    [InlineData("Func<Tensor, Tensor> f = [|y => Relu(y)|]; return f(x) + f(x);", "a lambda")]
    [InlineData("var f = [|(Tensor y) => Relu(y)|]; return Relu(f.Invoke(x));", "a lambda")]
    [InlineData("Func<Tensor, Tensor> f = [|Relu|]; return f(x);", "a method as a value")]
    [InlineData("var e = [|x.GetEnumerator()|]; e.MoveNext(); return e.Current;", "a call of Tensor.GetEnumerator")]
    [InlineData("var r = [|new Row(2)|]; r = r with { N = 3 }; return x * r.N;", "a new Row")]
    [InlineData("[|goto end;|] end: return x;", "a goto")]
    public Task OneMistakeIsSaidOnce(string body, string says) =>
        Diagnosis.IsIn("WH101", $"private record Row(int N); public Tensor Forward([Shape(4, 2)] Tensor x) {{ {body} }}", says);

    [Theory]
    [InlineData("[|x[^5]|]", "x[^5] is no part of an axis of 4")]
    [InlineData("[|x[2..6]|]", "takes 4 from 2 of an axis of 4")]
    [InlineData("[|x[3..^1]|]", "x[3..^1] is no part of an axis of 4")]
    [InlineData("[|x[..^6]|]", "is no part of an axis of 4")]
    [InlineData("[|Sum(x, 0)[0..][^1][1..]|]", "is of axis 0, which a scalar has not")]
    public Task PartsThatAreNotThere(string expression, string says) =>
        Diagnosis.IsIn("WH201", $"public Tensor Forward([Shape(4, 2)] Tensor x) => {expression};", says);

    [Theory]
    [InlineData("Index i = [|^1|]; return x[i];", "write it in the brackets, x[^1]")]
    [InlineData("var r = [|1..3|]; return x[r];", "write it in the brackets, x[1..3]")]
    [InlineData("return x * [|x[0]|];", "x[^1] is its last part along axis 0, x[..1] its first")]
    public Task PlacesByThemselves(string body, string says) =>
        Diagnosis.IsIn("WH101", $"public Tensor Forward([Shape(4, 2)] Tensor x) {{ {body} }}", says);

    [Theory]
    [InlineData("Sum([|x[1..]|], 0)", "the end of x, whose number of positions varies")]
    [InlineData("Sum([|Relu(x)[..^1]|], 0)", "varies")]
    [InlineData("[|Reshape(Sum(x, 1), 1, x.Shape[0])|]",
        "Stack(a) gives a an axis of 1 before it, and Transpose(Stack(a), 0, 1) one behind it")]
    public Task PartsOfWhatVaries(string expression, string says) =>
        Diagnosis.IsIn("WH101", $"public Tensor Forward([Shape(4, 2, Variable = true)] Tensor x) => {expression};", says);

    [Theory]
    [InlineData("Sum([|x[..2]|], 0)", "take the first, x[..1], or the last, x[^1], alone")]
    [InlineData("Sum([|Concat(0, x, Zeros(1, 2))|], 0)", "or leave out Variable and give a [Mask]")]
    [InlineData("[|Reverse(x)[^1]|]", "takes positions of x that are counted from the end")]
    [InlineData("[|Reverse(x)[..1]|]", "Reverse them again before it")]
    [InlineData("Sum([|x + Reverse(x)|], 0)", "counted from the start and from the end; Reverse the latter again")]
    [InlineData("GlobalMaxPool([|MaxPool1d(Transpose(Reverse(x), 0, 1), 2)|])", "counted from the end")]
    public Task WhatVariesHasAnEndThatIsNotKnown(string expression, string says) =>
        Diagnosis.IsIn("WH202", $"public Tensor Forward([Shape(4, 2, Variable = true)] Tensor x) => {expression};", says);

    /// <summary>x[^1] is Last, of a block too, which does not know its shapes; x[a..b] is Slice.</summary>
    [Theory]
    [InlineData("x[^1]", "Last(x)")]
    [InlineData("x[1..3]", "Slice(x, 0, 1, 2)")]
    [InlineData("x[..2]", "Slice(x, 0, 0, 2)")]
    [InlineData("x[2..]", "Slice(x, 0, 2, 2)")]
    [InlineData("x[^3..^1]", "Slice(x, 0, 1, 2)")]
    [InlineData("x[(x.Shape[0] / 2)..x.Shape[^2]]", "Slice(x, 0, 2, 2)")]
    [InlineData("x[..]", "Slice(x, 0, 0, 4)")]
    [InlineData("x[^3]", "Reshape(Slice(x, 0, 1, 1), 2)")]
    [InlineData("x[(Index)0]", "Reshape(Slice(x, 0, 0, 1), 2)")]
    [InlineData("+x", "x")]
    [InlineData("x * x.Shape[^1]", "x * 2")]
    public void APartIsTheFunctionThatTakesIt(string part, string function)
    {
        static IEnumerable<string> Read(string expression) => Tests.Bind.Binding.Network(
            $"[Network] public partial class Net {{ public Tensor Forward([Shape(4, 2)] Tensor x) => Relu({expression}); }}", "Net")
            .Graph!.Nodes.Select(node => $"{node.Op} {node.Settings} {string.Join(",", node.Inputs)} {node.Shape}");
        Assert.Equal(Read(function), Read(part));
    }
}
