
namespace Whence.Generator.Tests.Robust;

/// <summary>What is left half-written gets a diagnostic at its place, and never an exception.</summary>
public class HalfWritten
{
    public static TheoryData<string> Expressions =>
    [
        "Flatten(null)", "Flatten(null!)", "Flatten(default!)", "Flatten((Tensor)null!)", "Sum(default!, 0)", "Concat()", "Concat(1)",
        "Concat(null!)", "Concat(x, null!)", "Concat(0, null!, x)", "Concat([x, null!])", "Stack()",
        "Stack(null!)", "Stack(x, null!)", "Relu(null!)", "x + null!", "null! * x", "Max(x, null!)", "MatMul(x, null!)", "Constant()",
        "Constant(null!)", "Constant(1, 0.0 / 0)", "Zeros()", "Zeros(null!)", "Zeros(0)", "Reshape(x)",
        "Reshape(x, null!)", "Permute(x)", "Permute(x, null!)", "Gather(x, 0)", "Gather(x, 0, null!)", "Fc(null!)", "this.Fc(default!)",
        "Twice(null!)", "Softmax(default!)", "Softmax(x, default)", "ScaledDotProductAttention(x, x, null!)",
        "ScaledDotProductAttention(x, x, x, null)", "Clamp(x, double.NaN, double.NaN)", "Last(null!)", "Reverse(default(Tensor)!)",
        "UpsampleNearest(null!, 2)", "x * int.MinValue / -1", "Relu(x)!.Shape[0] * x", "(x, x).Item1",
        "(x, x, x, x, x, x, x, x, x).Rest.Item1", "x * Math.Clamp(1, 2, 0)", "x * Math.DivRem(1, 0).Quotient", "x * Math.Abs(int.MinValue)",
        "x * Math.Round(1.5, 99)", "x * Math.Sign(double.NaN)", "x * (Least() / -1)", "x * (Least() % -1)",
        "Concat(Enumerable.Range(int.MaxValue, 5).Select(i => x).ToArray())", "Each(Enumerable.Range(int.MaxValue, 5))", "Lists(null!)",
        "null!", "default!", "throw null!", "x ?? x", "x is null ? x : x", "x with { }", "new Tensor(null!, default(ReadOnlySpan<double>))",
        "Nn.Linear(x, null!, null)", "BatchNorm(x, x, x, x, x, 1e-5)", "((Func<Tensor, Tensor>)(y => y))(x)", "nameof(x).Length * x",
        "'a' * x", "x * (1 / 3m > 0 ? 1 : 2)", "x * (sizeof(int))", "x * checked((int)1e300)",
    ];

    public static TheoryData<string> Members =>
    [
        "public Tensor Forward([Shape(null)] Tensor x) => x;", "public Tensor Forward([Shape(null!)] Tensor x) => x;",
        "public Tensor Forward([Shape()] Tensor x) => x;", "public Tensor Forward([Shape([])] Tensor x) => x;",
        "public Tensor Forward([Mask(null)] Tensor x) => x;", "public Tensor Forward([Tokens(null)] Tensor x) => x;",
        "public Tensor Forward([Tokens()] Tensor x) => x;",
        "[Linear(null)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Linear(typeof(int))] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Linear('a', Name = null)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Linear(2, Name = 1)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Linear(2, Name = new[] { \"a\" })] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Own(1, 2, 3, Name = new[] { \"a\" })] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Own(Of = typeof(int))] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Linear(2, Rule = (Rule)99)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Linear(nameof())] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);",
        "[Linear(2)] private partial private Mix(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Mix(x);",
        "[Linear(2)] private partial Net(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => x;",
        "[Linear(2)] private partial Tensor Fc<T>(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc<int>(x);",
        "[Linear(2)] private partial Tensor Fc<T>(Tensor x) where T : class; public Tensor Forward([Shape(4)] Tensor x) => Fc<string>(x);",
        "[Linear(2)] private partial Tensor (Tensor x); public Tensor Forward([Shape(4)] Tensor x) => x;",
        "[Linear(2)] partial; public Tensor Forward([Shape(4)] Tensor x) => x;",
        "public Tensor Forward([Shape(4)] Tensor) => default!;", "public Tensor Forward([Shape(4)] Tensor x, [Shape(4)] Tensor x) => x;",
        "public Tensor Forward([Shape(4)] params Tensor[] x) => x[0];",
        "public (Tensor, Tensor) Forward([Shape(4)] Tensor x) => (x, null!);",
        "public (Tensor, int) Forward([Shape(4)] Tensor x) => (x, 1);", "public Tensor Forward([Shape(4)] Tensor x = null) => x;",
        "private readonly Net one = new(); public Tensor Forward([Shape(4)] Tensor x) => one.Forward(x);",
        "private readonly Missing one = new(); public Tensor Forward([Shape(4)] Tensor x) => one.Forward(x);",
        "public Tensor Forward([Shape(4)] Tensor x) { foreach (var y in (Tensor)null!) x = y; return x; }",
        "public Tensor Forward([Shape(4)] Tensor x) { foreach (Tensor y in x) { x = null!; } return x; }",
        "public Tensor Forward([Shape(4)] Tensor x) { foreach (var (a, b) in x) { x = a; } return x; }",
        "public Tensor Forward([Shape(4)] Tensor x) { var (a, b) = x; return a; }",
        "public Tensor Forward([Shape(4, 2)] Tensor x) { var s = new System.Collections.Generic.List<Tensor>(); foreach (var y in x) "
            + "s.Add(null!); return Stack(s); }",
        "public Tensor Forward([Shape(4, 2)] Tensor x) { var s = new System.Collections.Generic.List<Tensor>(); s.Add(null!); s.Add(x); "
            + "return Stack(s); }",
        "public Tensor Forward([Shape(4)] Tensor x) { x.Map<", "public Tensor Forward([Shape(4)] Tensor x) { return x",
        "public Tensor Forward([Shape(4)] Tensor x) =>", "public Tensor Forward([Shape(",
    ];

    public static TheoryData<string> Asked =>
    [
        "[Network(Layers = null)]", "[Network(Layers = [null])]", "[Network(Layers = [null, \"Fc\", \"\"])]",
        "[Network(Layers = [.. new string[1]])]", "[Network(Layers = \"Fc\")]", "[Network(Layers = new string[3])]",
        "[Network(Layers = new[] { 1 })]",
        "[Network(Layers = [\"Fc.99999999999\", \".\", \"Fc.\", \"Fc.-1\"])]", "[Network(Explain = null)]",
        "[Network(Explain = (Methods)(-1))]", "[Network(Explain = (Methods)int.MinValue)]",
        "[Network(LrpEpsilon = double.NaN, Explain = Methods.LrpEpsilon)]",
        "[Network(Weights = null)]", "[Network(Weights = \"\\0\")]", "[Network(Weights = \"\\n\")]", "[Network(MaxPool = (MaxPoolRule)7)]",
        "[Network(1)]", "[Network][Network]", "[Network, Network(Layers = [\"x\"])]", "[Network(]",
        "[Network(Layers = [\"a\\nb\", \"a\\0b\"])]",
    ];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void AnExpression(string expression) => Require($$"""
        [Network(Explain = Methods.Gradient | Methods.DeepLift)] public sealed partial class Net
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => {{expression}};
            private static Tensor Twice(Tensor y) => y + y;
            private static long Least() => long.MinValue;
            private static Tensor Lists(System.Collections.Generic.List<Tensor> list) => Stack(list);
            private static Tensor Each(System.Collections.Generic.IEnumerable<int> all) { var y = Zeros(4); foreach (var i in all) y += i; return y; }
        }
        """);

    [Theory]
    [MemberData(nameof(Members))]
    public void AMember(string members) => Require($$"""
        [Network(Explain = Methods.Gradient)] public sealed partial class Net
        {
            {{members}}
        }
        public sealed class OwnAttribute : LayerAttribute { public OwnAttribute(params int[] sizes) { } public new string[] Name { get; set; } = []; public Type? Of { get; set; } }
        """);

    [Theory]
    [MemberData(nameof(Asked))]
    public void WhatIsAsked(string attribute) => Require($$"""
        {{attribute}} public sealed partial class Net
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Fc(x);
        }
        """);

    [Theory]
    [InlineData("\\n")]
    [InlineData("\\r\\n")]
    [InlineData("\\0")]
    [InlineData("\\\"")]
    [InlineData("\\\\")]
    [InlineData("\\u2028")]
    [InlineData("\\ud800")]
    [InlineData("{0}")]
    [InlineData("*/")]
    [InlineData("")]
    public void ANameOfAnyCharacters(string name) => Require($$"""
        [Network(Explain = Methods.All & ~Methods.Genomics)] public sealed partial class Net
        {
            [Linear(4, Name = "a{{name}}b")] private partial Tensor Fc(Tensor x);
            [BatchNorm(Name = "{{name}}")] private partial Tensor Norm(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Relu(Norm(Fc(x)));
        }
        """);

    [Fact]
    public void NamesThatAreKeywords() => Require("""
        namespace @namespace.@if
        {
            public partial class @event
            {
                [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["while", "int", "switch.return"])] public sealed partial class @class
                {
                    private readonly @struct @switch = new(3);
                    [Linear(4)] private partial Tensor @while(Tensor @in);
                    public (Tensor @out, Tensor @params) Forward([Shape(4)] Tensor @this, [Shape(4)] Tensor @base) { var @int = @while(@this); return (@int, @switch.Forward(@base)); }
                }
                [Network] public sealed partial class @struct(int @for)
                {
                    [Linear(nameof(@for))] private partial Tensor @return(Tensor @in);
                    public Tensor Forward(Tensor @else) => Relu(@return(@else));
                }
            }
        }
        """);

    [Fact]
    public void NamesOfAnyAlphabet() => Require("""
        [Network(Explain = Methods.Gradient)] public sealed partial class Größe { [Linear(4)] private partial Tensor Größer(Tensor x); public Tensor Forward([Shape(4)] Tensor ähnlich) => Größer(ähnlich); }
        [Network(Explain = Methods.Gradient)] public sealed partial class a\u0310b { [Linear(4)] private partial Tensor 層(Tensor x); public Tensor Forward([Shape(4)] Tensor 入力) => 層(入力); }
        [Network(Explain = Methods.Gradient)] public sealed partial class NET { [Linear(4)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x); }
        [Network(Explain = Methods.Gradient)] public sealed partial class Net { [Linear(4)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x); }
        [Network(Explain = Methods.Gradient)] public sealed partial class net { [Linear(4)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x); }
        """);

    private static void Require(string source)
    {
        var reading = Reading.Of(Source.Usings + source);
        Assert.Null(reading.Failure);
    }
}
