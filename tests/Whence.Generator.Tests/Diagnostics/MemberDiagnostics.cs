namespace Whence.Generator.Tests.Diagnostics;

/// <summary>
/// WH130 and WH131: what members hold. Where constructors can be followed they are; here they cannot, or something changes a member later.
/// </summary>
public class MemberDiagnostics
{
    private const string Forward = "public Tensor Forward([Shape(2, 3)] Tensor x) => ";

    [Theory]
    [InlineData("readonly double scale = 1; public Net() { [|scale|] = new Random(1).NextDouble(); }", "x * scale", "Random.NextDouble")]
    [InlineData("readonly double scale = 1; public Net() { if (DateTime.Now.Hour > 3) return; [|scale|] = 2; }", "x * scale",
        "after a return")]
    [InlineData("readonly double scale = 1; public Net() { if (DateTime.Now.Hour > 3) [|scale|] = 2; }", "x * scale",
        "not known when the network is compiled")]
    [InlineData("readonly int scale = 1; public Net() { int.TryParse(\"3\", out [|scale|]); }", "x * scale", "Int32.TryParse")]
    [InlineData("readonly int scale = 1; public Net() { ref int other = ref [|scale|]; other = 3; }", "x * scale", "the ref local other")]
    [InlineData("static readonly int scale = Count(); static int Count() => 1; static Net() { [|scale|] = Environment.ProcessorCount; }",
        "x * scale", "Environment.ProcessorCount")]
    [InlineData("double Scale { get; } = 1; public Net() => [|Scale|] = Environment.ProcessorCount;", "x * Scale",
        "Environment.ProcessorCount")]
    [InlineData("readonly double[] s = [1, 2]; public Net() { Action set = () => [|s|][0] = 4; set(); }", "x * s[0]", "a lambda")]
    [InlineData("readonly double[] s = [1, 2]; public void Set() { [|s[0] = 4|]; }", "x * s[0]", "s is changed here")]
    [InlineData("readonly double[] s = [1, 2]; Tensor Set(Tensor y) { [|s[0] = 4|]; return y; }", "Set(x) * s[0]", "s is changed here")]
    [InlineData("public readonly double[] s = [1, 2];",
        "x * s[0]; } public class Elsewhere { public static void Set(Net net) => [|net.s[1]++|]", "s is changed here")]
    [InlineData("static readonly double[] s = [1, 2]; public static void Set() => Array.Sort([|s|]);", "x * s[0]",
        "is given here to Array.Sort")]
    [InlineData("static readonly double[] s = [1, 2]; public static void Set() { var t = s; [|t[0]++|]; }", "x * s[0]",
        "s is changed here")]
    [InlineData("static readonly double[] s = [1, 2]; public static void Set() { To(s); } static void To(double[] t) => [|t[0] = 1|];",
        "x * s[0]", "s is changed here")]
    [InlineData("static readonly double[] s = [1, 2]; public static double[] All() => [|s|];", "x * s[0]", "another name")]
    [InlineData("readonly System.Collections.Generic.List<int> s = [1, 2]; public void Set() => [|s.Add(3)|];", "x * s[0]",
        "s is changed here")]
    [InlineData("static readonly int a = [|b|] + 1; static readonly int b = 2;", "x * a", "from top to bottom")]
    [InlineData("static readonly int a = Elsewhere.B; public static readonly int C = 1;",
        "x * a; } public static class Elsewhere { public static readonly int B = [|Net.C|] + 1", "before it has its value")]
    [InlineData("readonly System.Collections.Generic.List<Tensor> all = [|new()|]; Tensor Keep(Tensor y) { all.Add(y); return Stack(all); "
        + "}", "Keep(x)", "from one run to the next")]
    [InlineData("readonly int n; public Net() => [|n|] = Environment.ProcessorCount; [Linear(nameof(n))] private partial Tensor Fc(Tensor "
        + "x);", "Fc(x)", "n is given a value here")]
    public Task AMemberThatMayHoldAnotherValueIsRefusedWhereItGetsIt(string members, string value, string says) =>
        Diagnosis.IsIn("WH130", $"{members} {Forward}{value};", says);

    [Fact]
    public Task AParameterThatAMethodAssignsIsRefusedThere() => Diagnosis.Is("WH130", $$"""
        [Network] public partial class Net { private readonly Block block = new(3); {{Forward}}block.Forward(x); }
        [Network] public partial class Block(int width) { public void Grow() => [|width++|]; public Tensor Forward(Tensor x) => x * width; }
        """, "width is changed here");

    [Fact]
    public Task WhatIsOnlyReadIsRight() => Diagnosis.Nothing($$"""
        [Network] public partial class Net
        {
            private static readonly double[] s = [1, 2];
            private readonly int unread;
            private readonly Block block = new(3);
            public static double Sum() { var t = s; double sum = 0; foreach (var one in t) sum += one; return sum + s.Sum() + Of(s) + string.Join(", ", s).Length; }
            private static double Of(double[] t) => t[0] + t.Length + (t.Length > 1 ? t[^1] : 0);
            {{Forward}}block.Forward(x) * s[0];
            public int Unread => unread;
        }
        [Network] public partial class Block(int width) { private readonly int twice = 2 * width; public void Grow() => width++; public Tensor Forward(Tensor x) => x * twice; }
        """);

    [Theory]
    [InlineData("private readonly double [|scale|];", "x * scale")]
    [InlineData("private static readonly double[] [|scale|];", "x * scale[0]")]
    [InlineData("private double [|Scale|] { get; }", "x * Scale")]
    [InlineData("private readonly Tensor [|scale|];", "x * scale")]
    [InlineData("private readonly int [|n|]; [Linear(nameof(n))] private partial Tensor Fc(Tensor x);", "Fc(x)")]
    public Task AMemberWithoutAValueIsReportedThere(string member, string value) =>
        Diagnosis.IsIn("WH131", $"{member} {Forward}{value};", "is never given a value");

    [Theory]
    [InlineData("double scale = 2;", "x * [|scale|]", "make it readonly")]
    [InlineData("double Scale { get; set; } = 2;", "x * [|Scale|]", "leave out its setter")]
    [InlineData("double Scale { get; init; } = 2;", "x * [|Scale|]", "leave out its setter")]
    [InlineData("static void To(Tensor y, out Tensor z) => z = y; Tensor By(Tensor y) { To(y, [|out var z|]); return z; }", "By(x)",
        "passed by out")]
    [InlineData("static void To(ref Tensor y) => y = y * 2; Tensor By(Tensor y) { To([|ref y|]); return y; }", "By(x)", "passed by ref")]
    [InlineData("Tensor By(Tensor y) { ref var [|z = ref y|]; z = Relu(z); return y; }", "By(x)", "the ref local z")]
    [InlineData("async System.Threading.Tasks.Task<Tensor> By(Tensor y) { await System.Threading.Tasks.Task.Yield(); return y; }",
        "[|By(x)|].Result", "is async")]
    [InlineData("System.Collections.Generic.IEnumerable<Tensor> By(Tensor y) { [|yield return y;|] }", "Concat(By(x).ToArray())",
        "a yield")]
    public Task WhatCannotBeFollowedIsRefused(string members, string value, string says) =>
        Diagnosis.IsIn("WH101", $"{members} {Forward}{value};", says);
}
