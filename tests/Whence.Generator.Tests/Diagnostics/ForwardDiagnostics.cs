using Microsoft.CodeAnalysis;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>WH1xx: what cannot be read.</summary>
public class ForwardDiagnostics
{
    [Theory]
    [InlineData("return [|x.Map(new Ops.Relu())|];", "a call of Tensor.Map")]
    [InlineData("return [|Nn.Linear(x, x, null)|];", "a call of Nn.Linear")]
    [InlineData("return [|Relu(null!)|];", "something other than a tensor for x")]
    [InlineData("return [|Gelu(default!)|];", "something other than a tensor for x")]
    [InlineData("return [|Clamp(default!, 0, 1)|];", "something other than a tensor for x")]
    [InlineData("[|Console.Beep()|]; return x;", "a call of Console.Beep")]
    [InlineData("[|while (true) { }|]", "a while loop")]
    [InlineData("[|try { return x; } finally { }|]", "a try statement")]
    [InlineData("[|throw null!;|]", "a throw")]
    [InlineData("Func<Tensor, Tensor> f = [|y => y|]; return x;", "a lambda")]
    [InlineData("var values = [|x.Values|]; return x;", "the property Tensor.Values")]
    [InlineData("return [|changing|] * x;", "the field changing")]
    [InlineData("[|changing = 3|]; return x;", "an assignment to changing")]
    [InlineData("for (var i = 0; i < [|changing|]; i++) x = Relu(x); return x;", "the field changing")]
    [InlineData("if ([|x == x|]) return x; return Relu(x);", "the operator")]
    [InlineData("foreach (var i in [|\"ab\"|]) x = Relu(x); return x;", "foreach")]
    [InlineData("int[] sizes = [1, 2]; return [|sizes[2]|] * x;", "element 2 of an array of 2")]
    [InlineData("var text = [|$\"{1}{x}\"|]; return x;", "a string")]
    [InlineData("return [|changing|] switch { 1 => x, _ => x };", "the field changing")]
    public Task WhatForwardCannotSay(string body, string says, params string[] compiler) =>
        Diagnosis.IsIn("WH101", $"private int changing = 2; public Tensor Forward([Shape(4)] Tensor x) {{ {body} }}", says, compiler);

    [Fact]
    public Task AnExpressionIsNotEndlesslyDeep() =>
        Diagnosis.IsIn("WH101",
            "public Tensor Forward([Shape(4)] Tensor x) => "
                + $"[|{string.Concat(Enumerable.Repeat("x + ", 99))}x|]{string.Concat(Enumerable.Repeat(" + x", 400))};",
            "nested more than 400 deep");

    [Fact]
    public Task ALayerOfABaseClassIsNotOnesOwn() => Diagnosis.Is("WH101", """
        [Network] public partial class Base { [Linear(4)] protected partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x); }
        [Network] public partial class Net : Base { public new Tensor Forward([Shape(4)] Tensor x) => Relu([|Fc(x)|]); }
        """, "the layer Fc of another class");

    [Fact]
    public Task TwoMistakesAreTwoDiagnostics() => Diagnosis.IsIn("WH101", """
        public Tensor Forward([Shape(4)] Tensor x) => Relu([|x.Map(new Ops.Relu())|]) + Concat(Tanh([|x.Map(new Ops.Tanh())|]), x);
        """);

    [Fact]
    public Task AMistakeInAHelperIsThere() => Diagnosis.IsIn("WH101", """
        public Tensor Forward([Shape(4)] Tensor x) => Help(Help(x));
        private static Tensor Help(Tensor y) { var z = [|y.Values|]; return y; }
        """);

    [Fact]
    public Task AMistakeInABlockIsTheBlocksAlone() => Diagnosis.Is("WH101", """
        [Network] public partial class Net { private readonly Block block = new(2); public Tensor Forward([Shape(4)] Tensor x) => block.Forward(block.Forward(x)); }
        [Network] public partial class Block(int width) { private readonly int depth = width; public Tensor Forward(Tensor x) { if (depth > 1) return [|x.Map(new Ops.Relu())|]; return Relu(x); } }
        """);

    [Theory]
    [InlineData("return Missing(x);", "CS0103")]
    [InlineData("return Relu(x, 3, 4);", "CS1501")]
    [InlineData("return x + true;", "CS0019")]
    [InlineData("Tensor y; return y;", "CS0165")]
    [InlineData("var y = Relu(x);", "CS0161")]
    [InlineData("return Fc(;", "CS1026", "CS7036")]
    [InlineData("return Fc(x).Missing;", "CS1061")]
    public Task WhatDoesNotCompileIsTheCompilersToReport(string body, params string[] compiler) =>
        Diagnosis.OnlyTheCompiler($"[Linear(3)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) {{ {body} "
            + "}", compiler);

    [Fact]
    public Task ANetworkIsPartial() => Diagnosis.Is("WH102",
        "[Network] public class [|Net|] { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }", "Net must be partial", "CS0260");

    [Fact]
    public Task TheClassesAroundANetworkArePartial() => Diagnosis.Is("WH102", """
        public class [|Outer|] { public partial class Middle { [Network] public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); } } }
        """, "Outer must be partial", "CS0260");

    [Theory]
    [InlineData("public class [|Outer|] { [Network] public partial class A { " + Identity + " } [Network] public partial class B { "
        + Identity + " } }", "CS0260")]
    [InlineData("public class [|Outer|] { public partial class Middle { [Network] public partial class A { " + Identity
        + " } } [Network] public partial class B { " + Identity + " } }", "CS0260")]
    [InlineData("[Network] public class [|Outer|] { " + Identity + " [Network] public partial class Inner { " + Identity + " } }",
        "CS0260")]
    [InlineData("public class [|Outer|] { [Network] public class [|A|] { " + Identity + " } [Network] public class [|B|] { " + Identity
        + " } }", "CS0260", "CS0260", "CS0260")]
    public Task EachClassIsSaidOnceNotToBePartial(string source, params string[] compiler) =>
        Diagnosis.Is("WH102", source, "must be partial", compiler);

    /// <summary>The compiler's error is the one; ours tells an editor why, and has the fix.</summary>
    [Fact]
    public async Task WhatTheCompilerRefusesItselfIsNoSecondError()
    {
        var (_, found) = await Diagnosis.Find($"[Network] public class Net {{ {Identity} }}");
        Assert.Equal(DiagnosticSeverity.Info, Assert.Single(found).Severity);
    }

    private const string Identity = "public Tensor Forward([Shape(4)] Tensor x) => Relu(x);";

    [Theory]
    [InlineData("[Network] public partial class [|Net|]<T> { [Linear(2)] private partial Tensor Fc(Tensor x); public Tensor "
        + "Forward([Shape(4)] Tensor x) => Fc(x); }", "generic")]
    [InlineData("public partial class Outer<T> { [Network] public partial class [|Net|] { [Linear(2)] private partial Tensor Fc(Tensor x); "
        + "public Tensor Forward([Shape(4)] Tensor x) => Fc(x); } }", "generic")]
    [InlineData("[Network] public partial record [|Net|] { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }", "record")]
    [InlineData("[Network] public abstract partial class [|Net|] { [Linear(2)] private partial Tensor Fc(Tensor x); public Tensor "
        + "Forward([Shape(4)] Tensor x) => Fc(x); }", "abstract")]
    [InlineData("[Network] public static partial class [|Net|] { }", "static")]
    [InlineData("[Network] file partial class [|Net|] { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }", "file")]
    public Task SomeClassesCannotBeNetworks(string source, string says) => Diagnosis.Is("WH103", source, says);

    [Fact]
    public Task ANetworkNeedsForward() =>
        Diagnosis.Is("WH104", "[Network] public partial class [|Net|] { [Linear(3)] private partial Tensor Fc(Tensor x); }");

    [Theory]
    [InlineData("Net.Load(\"net.safetensors\")")]
    [InlineData("Net.Load(Weights.Random(1))")]
    public Task WithoutAForwardLoadIsNoSecondError(string use) => Diagnosis.Is("WH104", $$"""
        [Network] public partial class [|Net|] { [Linear(3)] private partial Tensor Fc(Tensor x); public Tensor forward([Shape(2)] Tensor x) => Fc(x); }
        public static class Use { public static object Of() => {{use}}; }
        """);

    [Theory]
    [InlineData("public Tensor Forward([Shape(4)] Tensor x) => x; public Tensor [|Forward|]([Shape(4)] Tensor x, [Shape(4)] Tensor y) => "
        + "x;", "twice")]
    [InlineData("public [|double|] Forward([Shape(4)] Tensor x) => 1;", "returns double")]
    [InlineData("public [|(Tensor, int)|] Forward([Shape(4)] Tensor x) => (x, 1);", "returns (Tensor, int)")]
    [InlineData("public Tensor Forward([Shape(4)] Tensor x, int [|n|]) => x;", "takes int n")]
    [InlineData("public Tensor [|Forward|]() => Zeros(3);", "at least one Tensor")]
    [InlineData("public static Tensor [|Forward|]([Shape(4)] Tensor x) => x;", "static")]
    [InlineData("public Tensor [|Forward|]<T>([Shape(4)] Tensor x) => x;", "generic")]
    public Task ForwardTakesAndReturnsTensors(string members, string says) => Diagnosis.IsIn("WH105", members, says);

    [Theory]
    [InlineData("public Tensor Forward([Shape(4)] Tensor x, Tensor [|y|]) => x;", "The input y has no shape")]
    [InlineData("public Tensor Forward([[|Shape|]] Tensor x) => x;", "[]")]
    [InlineData("public Tensor Forward([[|Shape(3, 0)|]] Tensor x) => x;", "[3, 0]")]
    [InlineData("public Tensor Forward([[|Shape(65536, 65536)|]] Tensor x) => x;", "[65536, 65536]")]
    public Task AnInputNeedsAShape(string members, string says) => Diagnosis.IsIn("WH106", members, says);

    [Fact]
    public Task ANetworkThatIsExplainedNeedsShapes() =>
        Diagnosis.Is("WH106",
            "[Network(Explain = Methods.Gradient)] public partial class Net { public Tensor [|Forward|](Tensor x) => Relu(x); }",
            "asked for explanations");

    [Fact]
    public Task ANetworkWithParametersHasNoShapes() =>
        Diagnosis.Is("WH106", "[Network] public partial class Net(int n) { public Tensor Forward([[|Shape(4)|]] Tensor x) => n * x; }",
            "constructor parameters");

    [Theory]
    [InlineData("public Tensor Forward([Shape(4)] Tensor x, [[|Mask()|]] Tensor held) => x;", "at least one axis")]
    [InlineData("public Tensor Forward([Shape(4)] Tensor x, [[|Mask(3, 0)|]] Tensor held) => x;", "[3, 0]")]
    [InlineData("public Tensor Forward([Shape(4), [|Mask(4)|]] Tensor x) => x;", "is declared [Shape] already")]
    [InlineData("public Tensor Forward([Shape(4)] Tensor x, [[|Tokens(0)|]] Tensor text) => x;", "each axis at least 1")]
    [InlineData("public Tensor Forward([Shape(4)] Tensor x, [Mask(4), [|Tokens(4)|]] Tensor text) => x;", "is declared [Mask] already")]
    public Task AnInputHasOneDeclaration(string members, string says) => Diagnosis.IsIn("WH106", members, says);

    [Fact]
    public Task ANetworkWithParametersHasNoMasks() =>
        Diagnosis.Is("WH106",
            "[Network] public partial class Net(int n) { public Tensor Forward(Tensor x, [[|Mask(4)|]] Tensor held) => n * x * held; }",
            "leave out [Mask]");

    [Fact]
    public Task WhatIsHeldFixedIsUsedLikeAnyTensor() => Diagnosis.Nothing("""
        [Network(Explain = Methods.All)]
        public partial class Net
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x, [Mask(3)] Tensor held) => Relu(Fc(x) * held) / (Sum(held, axis: 0, keep: true) + 1);
        }
        """);

    [Theory]
    [InlineData("[Linear(3)] private partial Tensor [|Fc|](Tensor x, Tensor y);", "must take one Tensor")]
    [InlineData("[Linear(3)] private partial Tensor [|Fc|](double x);", "must take one Tensor")]
    [InlineData("[Linear(3)] private partial double [|Fc|](Tensor x);", "must return a Tensor")]
    [InlineData("[Linear(3), [|BatchNorm|]] private partial Tensor Fc(Tensor x);", "two layer attributes")]
    [InlineData("[Linear(3)] private Tensor [|Fc|](Tensor x) => x;", "must be a partial method")]
    [InlineData("private sealed class MineAttribute : LayerAttribute; [[|Mine|]] private Tensor Fc(Tensor x) => x;", "does not know")]
    public Task ALayerIsAMethodFromTensorToTensor(string member, string says, params string[] compiler) =>
        Diagnosis.IsIn("WH107", $"{member} public Tensor Forward([Shape(4)] Tensor x) => Relu(x);", says, compiler);

    [Theory]
    [InlineData("[Linear([|0|])]", "outputs of Fc is 0, but must be at least 1")]
    [InlineData("[Conv2d(3, kernel: [|-1|])]", "kernel of Fc is -1")]
    [InlineData("[Conv2d(3, 3, Pad = [|-1|])]", "pad of Fc is -1, but must be at least 0")]
    [InlineData("[Conv2d(3, 3, Groups = [|0|], Stride = 2)]", "groups")]
    [InlineData("[BatchNorm(Epsilon = [|-1e-5|])]", "epsilon")]
    public Task ALayersArgumentsAreInRange(string attribute, string says) =>
        Diagnosis.IsIn("WH108",
            $"{attribute} private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4, 4, 4)] Tensor x) => Relu(Fc(x));", says);

    [Fact]
    public Task ABlocksArgumentsAreInRange() => Diagnosis.Is("WH108", """
        [Network] public partial class Net { private readonly Block a = [|new(2 - 2)|]; private readonly Block b = new(2); public Tensor Forward([Shape(4)] Tensor x) => b.Forward(a.Forward(x)); }
        [Network] public partial class Block(int width) { [Linear(nameof(width))] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => Fc(x); }
        """, "outputs of a.Fc is 0");

    [Theory]
    [InlineData("public partial class Net(int width)", "[|\"widht\"|]")]
    [InlineData("public partial class Net(double width)", "[|nameof(width)|]")]
    [InlineData("public partial class Net", "[|nameof(Net)|]")]
    public Task ALayersSizeIsAConstructorParameter(string header, string size) =>
        Diagnosis.Is("WH109",
            $"[Network] {header} {{ [Linear({size})] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => Fc(x); }}");

    [Theory]
    [InlineData("[Linear(3)] private partial Tensor [|Predict|](Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Predict(x);",
        "Predict")]
    [InlineData("[Linear(3)] private partial Tensor [|Load|](Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Load(x);", "Load")]
    [InlineData("private int [|whenceScope|] = 1; public Tensor Forward([Shape(4)] Tensor x) => Relu(x);", "whenceScope")]
    [InlineData("public static Net [|Load|](string path) => new(); public static Net Load(int other) => new(); public Tensor "
        + "Forward([Shape(4)] Tensor x) => Relu(x);", "Load")]
    [InlineData("public float[] [|Predict|](ReadOnlySpan<float> row) => []; public Tensor Forward([Shape(4)] Tensor x) => Relu(x);",
        "Predict")]
    [InlineData("[Embedding(4, 2)] private partial Tensor Embed(Tensor t); public float[] [|Embed|](ReadOnlySpan<int> t) => []; public "
        + "Tensor Forward([Tokens(4)] Tensor t) => Embed(t);", "Embed")]
    public Task ANameOfTheCompiledNetworkIsTaken(string members, string says, params string[] compiler) =>
        Diagnosis.IsIn("WH110", members, says, compiler);

    [Fact]
    public Task RecursionHasNoEnd() => Diagnosis.IsIn("WH111", """
        public Tensor Forward([Shape(4)] Tensor x) => Deep(x, 3);
        private Tensor Deep(Tensor x, int n) => n == 9 ? x : Deeper(x, n);
        private Tensor Deeper(Tensor x, int n) => Relu([|Deep(x, n - 1)|]);
        """, "Deep calls itself over more than 64 calls, which no constant and no shape ends, so that the network would have no end");

    [Fact]
    public Task RecursionThatEndsIsUnrolled() => Diagnosis.Nothing("""
        [Network] public partial class Net
        {
            public Tensor Forward([Shape(8)] Tensor x)
            {
                return Halves(Deep(x, 3)) * Fibonacci(10) + Local(4);
                static double Local(int n) => n == 0 ? 0 : n + Local(n - 1);
            }
            private Tensor Deep(Tensor x, int n) => n == 0 ? x : Deeper(x, n);
            private Tensor Deeper(Tensor x, int n) => Relu(Deep(x, n - 1));
            private static Tensor Halves(Tensor x) => x.Shape[0] == 1 ? x : Halves(Slice(x, 0, 0, x.Shape[0] / 2) + Slice(x, 0, x.Shape[0] / 2, x.Shape[0] / 2));
            private static int Fibonacci(int n) => n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);
        }
        """);

    [Theory]
    [InlineData("for (var i = 1; i < 3; [|i /= 0 * i|]) x = x + i; return x;", "'i /= 0 * i', which divides by zero")]
    [InlineData("var n = 5; [|n %= 0|]; return x + n;", "which divides by zero")]
    [InlineData("int n = 2147483647; [|n++|]; return x + n;", "the operator ++ here, whose result is out of range or not known")]
    [InlineData("var a = new Tensor[3]; [|a[5]|] = x; return x;", "element 5 of an array of 3")]
    [InlineData("var a = new double[] { 1, 2, 3 }; [|a[-1]|] += 2; return x * a[0];", "element -1 of an array of 3")]
    [InlineData("var a = [|new double[1000000000]|]; return x;", "an array of 1000000000 elements: it has from 0 to 4096")]
    [InlineData("var a = [|new double[2, 2]|]; return x;", "an array of several axes: an array of one has all its elements")]
    public Task WhatConstantsCannotDoIsSaid(string body, string says) =>
        Diagnosis.IsIn("WH101", $"public Tensor Forward([Shape(4)] Tensor x) {{ {body} }}", says);

    [Fact]
    public Task WhatNeedsNoInputsIsTooLargeByItself() => Diagnosis.IsIn("WH201",
        "public Tensor Forward([Shape(4)] Tensor x) => x + [|Zeros(2147483647)|];", "Zeros makes or needs something too large: a value");

    [Theory]
    [InlineData("""
        [Network] public partial class A { readonly A [|a = new()|]; public Tensor Forward([Shape(2)] Tensor x) => a.Forward(x); }
        """, "A calls itself, so")]
    [InlineData("""
        [Network] public partial class Net { readonly A a = new(); public Tensor Forward([Shape(2)] Tensor x) => a.Forward(x); }
        [Network] public partial class A { readonly A [|a = new()|]; public Tensor Forward([Shape(2)] Tensor x) => a.Forward(x); }
        """, "A calls itself, so")]
    [InlineData("""
        [Network] public partial class B { readonly C [|c = new()|]; public Tensor Forward([Shape(2)] Tensor x) => c.Forward(x); }
        [Network] public partial class C { readonly B [|b = new()|]; public Tensor Forward([Shape(2)] Tensor x) => b.Forward(x); }
        """, " calls itself by way of ")]
    [InlineData("""
        [Network] public partial class B { readonly C [|c = new()|]; readonly D [|d = new()|]; public Tensor Forward([Shape(2)] Tensor x) => d.Forward(c.Forward(x)); }
        [Network] public partial class C { readonly B [|b = new()|]; readonly D [|d = new()|]; public Tensor Forward([Shape(2)] Tensor x) => b.Forward(d.Forward(x)); }
        [Network] public partial class D { readonly B [|b = new()|]; readonly C [|c = new()|]; public Tensor Forward([Shape(2)] Tensor x) => b.Forward(c.Forward(x)); }
        """, " calls itself by way of ")]
    public Task ANetworkCannotHoldItself(string source, string says) => Diagnosis.Is("WH111", source, says);

    [Fact]
    public Task ForwardCannotCallItself() => Diagnosis.IsIn("WH111", "public Tensor Forward([Shape(4)] Tensor x) => Relu([|Forward(x)|]);");

    [Theory]
    [InlineData("[|for (var i = 0; i < 5000; i++) x = Relu(x);|]")]
    [InlineData("[|for (var i = 0; i < 100; i++) for (var j = 0; j < 100; j++) x = Relu(x);|]")]
    [InlineData("[|for (;;) { }|]", "CS0162")]
    public Task AnEndlessOrLongLoopIsTooLarge(string loop, params string[] compiler) =>
        Diagnosis.IsIn("WH112", $"public Tensor Forward([Shape(4)] Tensor x) {{ {loop} return x; }}", "scan",
            [.. compiler.Where(id => id != "CS0162")]);

    [Fact]
    public Task ALongLoopIsAllowed() =>
        Diagnosis.Nothing("[Network] public partial class Net { public Tensor Forward([Shape(1)] Tensor x) { for (var i = 0; i < 200; i++) "
            + "x = Relu(x); return x; } }");

    [Fact]
    public Task AScanCannotStandInAScan() => Diagnosis.IsIn("WH113", """
        public Tensor Forward([Shape(4, 3)] Tensor x)
        {
            var sum = Zeros(3);
            foreach (var part in x)
            {
                foreach (var other in [|Relu(x)|])
                    sum = sum + other * part;
            }
            return sum;
        }
        """, "a scan in a scan");

    [Fact]
    public Task ARecurrentLayerCannotStandInAScan() => Diagnosis.IsIn("WH113", """
        [Lstm(3)] private partial Tensor Lower(Tensor x);
        public Tensor Forward([Shape(2, 4, 3)] Tensor several)
        {
            var sum = Zeros(3);
            foreach (var sequence in several)
                sum = sum + Last([|Lower(sequence)|]);
            return sum;
        }
        """, "Lower (Lstm) inside a foreach");

    [Fact]
    public Task WhatAScanCarriesKeepsItsShape() => Diagnosis.IsIn("WH201", """
        [Linear(5)] private partial Tensor In(Tensor x);
        public Tensor Forward([Shape(4, 3)] Tensor x)
        {
            var h = Zeros(4);
            foreach (var part in x)
                h = [|In(part)|];
            return h;
        }
        """, "is [5] after a step, but began as [4]");

    [Fact]
    public Task AScalarHasNoSteps() => Diagnosis.IsIn("WH201", """
        public Tensor Forward([Shape(4)] Tensor x)
        {
            var sum = Zeros(4);
            foreach (var part in [|Sum(x, 0)|])
                sum = sum + part;
            return sum;
        }
        """, "goes over axis 0, which a scalar has not");

    [Theory]
    [InlineData("foreach (var part in x) [|break;|]", "break")]
    [InlineData("foreach (var part in x) [|return part;|]", "return")]
    [InlineData("var n = 0; foreach (var part in x) [|n|]++;", "n, which changes from step to step")]
    [InlineData("foreach (var part in x) { if ([|part == h|]) h = part; }", "operator")]
    [InlineData("var all = new System.Collections.Generic.List<Tensor>(); foreach (var part in x) { all.Add(part); [|all.Add(h)|]; } h = "
        + "Stack(all);", "one Add")]
    [InlineData("var all = new System.Collections.Generic.List<Tensor>(); foreach (var part in x) { all.Add(part); h = "
        + "Last([|Stack(all)|]); }", "nothing in it yet")]
    public Task EveryStepOfAScanIsTheSame(string loop, string says) => Diagnosis.IsIn("WH101", $$"""
        public Tensor Forward([Shape(4, 3)] Tensor x)
        {
            var h = Zeros(3);
            {{loop}}
            return h;
        }
        """, says);

    [Fact]
    public Task ACellReturnsAsManyTensorsAsItHasStates() => Diagnosis.IsIn("WH107", """
        [LstmCell(3)] private partial Tensor [|Step|](Tensor x, Tensor h, Tensor c);
        public Tensor Forward([Shape(3)] Tensor x) => Step(x, x, x);
        """, "must return a tuple of 2 Tensors");

    [Fact]
    public Task AScanIsAllowed() => Diagnosis.Nothing("""
        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["h", "all"])]
        public partial class Net
        {
            private const bool Doubled = true;
            [LstmCell(3)] private partial (Tensor H, Tensor C) Step(Tensor x, Tensor h, Tensor c);
            [GruCell(3)] private partial Tensor Gate(Tensor x, Tensor h);

            public Tensor Forward([Shape(4, 3)] Tensor x, [Shape(3)] Tensor start)
            {
                Tensor h = start, c = Zeros(3), other = h;
                var states = new System.Collections.Generic.List<Tensor>();
                foreach (var part in Reverse(x))
                {
                    (h, c) = Step(part, h, c);
                    other = Gate(h, other);
                    if (Doubled)
                        other = other * 2;
                    states.Add(other);
                }
                var all = Stack(states);
                return Last(all) + h;
            }
        }
        """);

    [Fact]
    public Task ASubNetworkOfAnotherAssemblyCannotBeRead()
    {
        var library = Source.Compile(
            [Source.Usings + "[Network] public partial class Block { public Tensor Forward(Tensor x) => Relu(x); }"], [],
            "Library");
        return Diagnosis.In(
            ["[Network] public partial class Net { private readonly Block [|block|] = new(); public Tensor Forward([Shape(4)] Tensor x) => "
                + "block.Forward(x); }"],
            "WH114", "Block comes from the assembly Library", others: [Generation.Run(library).ToMetadataReference()]);
    }

    [Theory]
    [InlineData("private Block [|block|] = new();", "must be readonly")]
    [InlineData("private static readonly Block [|block|] = new();", "is static")]
    [InlineData("private Block [|block|] { get; } = new();", "is a property")]
    [InlineData("private readonly Block [|block|] = Make(); private static Block Make() => new();", "must be made where it is declared")]
    public Task ASubNetworkIsAReadonlyField(string field, string says) => Diagnosis.Is("WH115", $$"""
        [Network] public partial class Net { {{field}} public Tensor Forward([Shape(4)] Tensor x) => block.Forward(x); }
        [Network] public partial class Block { public Tensor Forward(Tensor x) => Relu(x); }
        """, says);

    [Fact]
    public Task SubNetworksInAnArrayAreOneMistake() => Diagnosis.Is("WH115", """
        [Network]
        public partial class Net
        {
            private readonly Block[] [|blocks|] = [new(3), new(4)];
            public Tensor Forward([Shape(4)] Tensor x) { foreach (var block in blocks) x = block.Forward(x); return blocks[0].Forward(x); }
        }
        [Network] public partial class Block(int width) { [Linear(nameof(width))] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => Fc(x); }
        """, "give each Block a field of its own");

    [Fact]
    public Task AnUncalledLayerIsAWarning() => Diagnosis.Is("WH116", """
        [Network] public partial class Net { private readonly Block [|block|] = new(); [Linear(3)] private partial Tensor [|Fc|](Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }
        [Network] public partial class Block { [Linear(3)] private partial Tensor Fc(Tensor x); public Tensor Forward(Tensor x) => Fc(x); }
        """, "Forward never calls");

    [Fact]
    public Task TheGenomicsPresetIsNoLayersRule() =>
        Diagnosis.IsIn("WH117", "[Linear(3, Rule = [|Rule.Genomics|])] private partial Tensor Fc(Tensor x); public Tensor "
            + "Forward([Shape(4)] Tensor x) => Fc(x);");

    [Fact]
    public Task NothingIsWrongWithANetworkOfEverything() => Diagnosis.Nothing("""
        namespace Everything
        {
            [Network]
            public sealed partial class Net
            {
                private readonly Block @base = new(3);
                [Conv2d(2, 3, Pad = 1)] private partial Tensor Conv(Tensor @in);
                public (Tensor Scores, Tensor) Forward([Shape(2, 4, 4)] Tensor image, [Shape(4)] Tensor extra)
                {
                    var (a, b) = @base.Forward(Conv(image), extra);
                    return (a + b, Softmax(a));
                }
            }

            [Network]
            public partial class Block(int @out)
            {
                [Linear(nameof(@out))] private partial Tensor Fc(Tensor x);
                public (Tensor, Tensor) Forward(Tensor x, Tensor extra) => (Relu(Fc(Flatten(x))), Sum(extra, 0, keep: true));
            }
        }
        """);
}
