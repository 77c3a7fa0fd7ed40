namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// What members hold, and what helpers do, is the same for the compiled network as for Forward run as it is written: constructors of every
/// kind, helpers wherever they stand, and constants computed on the way.
/// </summary>
public sealed class OneAnswer
{
    private const string Head = "public Tensor Forward([Shape(2, 3)] Tensor x) => ";

    private static readonly Dictionary<string, string> sources = new()
    {
        ["a constructor over an initialiser"] = Net($"readonly double scale = 0.5; public Net() {{ scale = 2; }} {Head} x * scale;"),
        ["this. and an expression body"] = Net($"readonly double scale = 0.5; public Net() => this.scale = 2 * scale; {Head} x * scale;"),
        ["a compound assignment"] = Net($"readonly double scale = 0.5; public Net() {{ scale += 3; scale++; }} {Head} x * scale;"),
        ["a tuple"] = Net($"readonly double a = 1, b = 2; public Net() {{ (a, b) = (b, a + 5); }} {Head} x * a - b;"),
        ["a condition"] = Net("static readonly bool Deep = true; readonly double scale = 1; public Net() { if (Deep) scale = 3; else scale "
            + $"= 4; }} {Head} x * scale;"),
        ["a loop"] = Net($"readonly int sum = 0; public Net() {{ for (var i = 0; i < 4; i++) sum += i; }} {Head} x * sum;"),
        ["a property"] = Net($"double Scale {{ get; }} = 0.5; public Net() {{ Scale = 2; }} {Head} x * Scale;"),
        ["a computed property"] = Net("readonly double half = 0.5; double Scale => half * 6; double Other { get { return Scale + 1; } } "
            + $"{Head} x * Scale + Other;"),
        ["a static constructor"] = Net($"static readonly double scale = 0.5; static Net() {{ scale = 2; }} {Head} x * scale;"),
        ["a static property"] = Net(
            $"static double Scale {{ get; }} = 0.5; static Net() {{ Scale = 7; }} static double Twice => 2 * Scale; {Head} x * Twice;"),
        ["elements of an array"] = Net(
            $"readonly double[] scale = [1, 2, 3]; public Net() {{ scale[1] = 5; scale[^1] *= 2; }} {Head} x * scale[1] - scale[2];"),
        ["elements of a static array"] = Net("static readonly int[] sizes = new int[2]; static Net() { for (var i = 0; i < sizes.Length; "
            + $"i++) sizes[i] = i + 2; }} {Head} x * sizes[0] + sizes[1];"),
        ["of an element before a static constructor"] = Net("static readonly double[] table = [3, 4]; static Net() { table[1] = 9; } "
            + "static readonly double next = table[1] + 1; static double Last { get; } = table[1] + 2; "
            + $"{Head} x * next + table[1] - Last;"),
        ["an element that is read and then changed"] = Net("readonly double[] table = [3, 4]; readonly double before; public Net() { "
            + $"before = table[1]; var other = table; other[1] = 8; }} {Head} x * before + table[1];"),
        ["another name of an array"] = Net(
            $"readonly double[] scale = [1, 2, 3]; public Net() {{ var other = scale; other[0] = 9; }} {Head} x * scale[0];"),
        ["another constructor of the class"] = Net("readonly double scale = 1; public Net() : this(4) { scale += 1; } private Net(double "
            + "by) { scale = by; } public Tensor Forward(Tensor x) => x * scale;", isBlock: true),
        ["a private constructor beside the one that is called"] = Net(
            $"readonly double scale; public Net() : this(4) {{ }} private Net(double by) {{ scale = by; }} {Head} x * scale;"),
        ["a constructor with parameters that is not called"] = Net(
            $"readonly double scale = 3; private Net() {{ }} public Net(double by) {{ scale = by; }} {Head} x * scale;"),
        ["a primary constructor behind the one that is called"] = Net("public Net() : this(3) { } [Linear(nameof(n))] private partial "
            + $"Tensor Fc(Tensor x); {Head} Fc(x) * n;", bases: "(int n)"),
        ["parameters that may be left out"] = Net($"[Linear(nameof(n))] private partial Tensor Fc(Tensor x); {Head} Fc(x) * by + n;",
            bases: "(int n = 3, double by = 0.5)"),
        ["a required member with its value"] = Net("public required string Title { get; init; } readonly double scale; "
            + $"[System.Diagnostics.CodeAnalysis.SetsRequiredMembers] public Net() {{ Title = \"t\"; scale = 2; }} {Head} x * scale;"),
        ["a base class with members of our names"] = $$"""
            public abstract class Model
            {
                public int Load => 1;
                protected int whenceScope = 2, WhenceAttach = 3;
                public abstract float[] Predict(ReadOnlySpan<float> x);
                public virtual void PredictUnchecked(ReadOnlySpan<float> x, Span<float> y, int count) { }
            }
            {{Net($"{Head} x * 2;", bases: " : Model")}}
            """,
        ["a base class"] = $$"""
            public class Root { protected readonly double scale = 0.5; protected double Shift { get; } = 1; protected Root(double by = 3) { scale = by; Shift = by + 1; } }
            {{Net($"public Net() {{ }} {Head} x * scale + Shift;", bases: " : Root")}}
            """,
        ["arguments of a base class"] = $$"""
            public class Root(double by) { protected readonly double scale = by * 2; protected readonly double other; public Root() : this(9) => other = 1; }
            public class Middle : Root { protected Middle(int n) : base(n + 1) { } }
            {{Net($"public Net() : base(3) {{ }} {Head} x * scale;", bases: " : Middle")}}
            """,
        ["arguments of a primary constructor"] = $$"""
            public class Root(double by) { protected readonly double scale = by * 2; }
            {{Net($"{Head} x * scale;", bases: "() : Root(5)")}}
            """,
        ["an overridden member"] = $$"""
            public class Root { protected virtual double Scale => 1; protected virtual Tensor Act(Tensor x) => Relu(x); protected Tensor Twice(Tensor x) => Act(Act(x) * Scale); }
            {{Net($"protected override double Scale => base.Scale + 2; protected override Tensor Act(Tensor x) => Tanh(x) + base.Act(x); {Head} Twice(x);", bases: " : Root")}}
            """,
        ["a sub-network that the constructor replaces"] = $$"""
            {{Net($"private readonly Block block = new(3); public Net() {{ block = new Block(5); }} {Head} block.Forward(x);")}}
            {{Block}}
            """,
        ["a sub-network chosen in the constructor"] = $$"""
            {{Net($"static readonly int Kind = 2; private readonly Block block; public Net() {{ if (Kind > 1) block = new(7); else block = new(8); }} {Head} block.Forward(x);")}}
            {{Block}}
            """,
        ["parts of the class"] = Net($"readonly double scale = 0.5; {Head} x * scale;")
            + "\npublic partial class Net { public Net() { scale = 6; } }",
        ["a static of another class"] = Net($"{Head} x * Settings.Scale + Settings.Sizes[1];") + "\npublic static class Settings { public "
            + "static readonly double Scale = 2; public static readonly int[] Sizes = [1, 2]; static Settings() { Scale += Sizes.Length; "
            + "Sizes[1] = 8; } }",
        ["a statement that does not matter"] = Net("readonly double scale = 1; readonly DateTime made; public Net() { made = DateTime.Now; "
            + $"Console.WriteLine(made); scale = 2; }} public DateTime Made => made; {Head} x * scale;"),
        ["a list that a constructor fills"] = Net("readonly double[] scale; public Net() { var made = new double[3]; made[0] = 4; scale = "
            + $"made; made[1] = 5; }} {Head} x * scale[0] + scale[1];"),

        ["a helper in a static class"] = Net($"{Head} Helpers.Twice(x);") + "\npublic static class Helpers { private const double By = 3; "
            + "private static readonly double plus = 1; public static Tensor Twice(Tensor y) => y * By + plus; }",
        ["an extension method"] = Net($"{Head} x.Scaled(by: 3).Scaled().Scaled(shift: 1);") + "\npublic static class Helpers { public "
            + "static Tensor Scaled(this Tensor y, double by = 2, double shift = 0) { var z = y * by; return Relu(z) + shift; } }",
        ["a helper of another network"] = Net($"{Head} Other.Squash(x);") + "\n[Network] public partial class Other { public static Tensor "
            + "Squash(Tensor y) => Tanh(y) * 2; public Tensor Forward([Shape(2)] Tensor x) => Squash(x); }",
        ["a generic helper"] = Net($"{Head} Helpers.Second(1, Helpers.Same(x)) + Helpers.Pair(x, 2).Item1;") + "\npublic static class "
            + "Helpers { public static T Same<T>(T value) => value; public static B Second<A, B>(A first, B second) => second; public "
            + "static (T, U) Pair<T, U>(T a, U b) => (a, b); }",
        ["params"] = Net($"{Head} Helpers.All(x, x * 2, x * 3) + Helpers.Any(x) + Helpers.List(x, x);") + "\npublic static class Helpers { "
            + "public static Tensor All(params Tensor[] parts) { var sum = parts[0]; foreach (var part in parts[1..]) sum += part; return "
            + "sum; } public static Tensor Any(params System.Collections.Generic.IReadOnlyList<Tensor> parts) => parts[0] * parts.Count; "
            + "public static Tensor List(params ReadOnlySpan<Tensor> parts) => parts[1] * parts.Length; }",
        ["a helper that calls a helper"] = Net($"{Head} Helpers.Outer(x, 3);") + "\npublic static class Helpers { public static Tensor "
            + "Outer(Tensor x, int n) { for (var i = 0; i < n; i++) x = Inner(x, i); return x; } static Tensor Inner(Tensor x, int i) => "
            + "More.Act(x) + i; } public static class More { public static Tensor Act(Tensor x) => LeakyRelu(x, 0.1); }",
        ["a helper in a generic class"] = Net($"{Head} Helpers<int>.Twice(x) + new double[] {{ 1, 2, 3 }}[Helpers<int>.At];")
            + "\npublic static class Helpers<T> { public static readonly int At = 1; public static Tensor Twice(Tensor x) => x * 2; }",
        ["partial members"] = Net("private partial double By { get; } private partial double By => 3; private partial Tensor Help(Tensor "
            + $"y); {Head} Help(x) * By;") + "\npublic partial class Net { private partial Tensor Help(Tensor z) => Tanh(z); }",
        ["local functions"] = Net("public Tensor Forward([Shape(2, 3)] Tensor x) { var by = 2; Tensor Scaled(Tensor y, double plus = 1) { "
            + "return Deeper(y) + plus; Tensor Deeper(Tensor z) => z * by; } by = 3; return Scaled(x) + Scaled(x, plus: 4); }"),
        ["an expression-bodied property of a helper"] = Net($"{Head} x * Helpers.Scale;")
            + "\npublic static class Helpers { public static double Scale => Math.Sqrt(9) + Half; const double Half = 0.5; }",

        ["null before the first"] = Net($"{Head} new[] {{ x, x * 2 }}.SumAll() + First(x);  static Tensor First(Tensor x) {{ Tensor? y = "
            + "null; y ??= x; return y is null ? x * 9 : y ?? x * 8; }")
            + "\npublic static class Helpers { public static Tensor SumAll(this System.Collections.Generic.IEnumerable<Tensor> all) { "
            + "Tensor? sum = null; foreach (var one in all) sum = sum is null ? one : sum + one; return sum!; } }",
        ["a string"] = Net($"static readonly string kind = \"a\"; {Head} kind == \"a\" && kind + \"b\" != \"a\" ? x * 2 : x;"),
        ["arrays of tuples and of arrays"] = Net("static readonly (int A, double B)[] pairs = [(1, 2), (3, 4)]; static readonly int[][] "
            + "rows = [[1, 2], [3]]; public Tensor Forward([Shape(2, 3)] Tensor x) { foreach (var (a, b) in pairs) x = x * a + b; foreach "
            + "(var row in rows) foreach (var one in row) x = x + one; return x * rows[0][1]; }"),
        ["a tensor in a field"] = Net("readonly Tensor mean; static readonly double[] scale = [1, 2, 3]; static readonly Tensor scales = "
            + "scale; public Net() { mean = Constant(1, 2, 3); } public Tensor Forward([Shape(3)] Tensor x) => (x - mean) * scales + "
            + "scale;"),

        ["a shape"] = Net($"{Head} Reshape(x, x.Shape[1], x.Shape.Size / x.Shape[1]) * x.Shape.Rank;"),
        ["a loop over a shape"] = Net("public Tensor Forward([Shape(4, 3)] Tensor x) { var sum = Slice(x, 0, 0, 1); for (var i = 1; i < "
            + "x.Shape[0]; i++) sum = sum * 2 + Slice(x, 0, i, 1); return sum; }"),
        ["a switch"] = Net("static readonly int Kind = 2; public Tensor Forward([Shape(2, 3)] Tensor x) { switch (Kind) { case 1: x = "
            + "Relu(x); break; case 2: case 3: x = Tanh(x); break; default: x = Exp(x); break; } return Kind switch { > 3 => x, 2 when "
            + "x.Shape[0] == 2 => x * 5, _ => x * 7 }; }"),
        ["patterns"] = Net("static readonly string Name = \"gelu\"; public Tensor Forward([Shape(2, 3)] Tensor x) => (Name, 3) switch { "
            + "(\"relu\", _) => Relu(x), (\"gelu\", > 2 and not 5) => Gelu(x), var (name, n) => x } * (x.Shape.Rank is 2 or 3 ? 2 : 1);"),
        ["MathF and numbers"] = Net(
            $"{Head} x * MathF.Sqrt(2) + Math.Sin(1) * MathF.Exp(0.1f) - double.Sqrt(3) + Math.Clamp(5, 1, 3) + int.Max(2, 3);"),
        ["an array that Forward fills"] = Net("public Tensor Forward([Shape(2, 3)] Tensor x) { var parts = new Tensor[3]; for (var i = 0; "
            + "i < parts.Length; i++) parts[i] = x * (i + 1); parts[0] += 1; var n = 0; parts[n++] = parts[n]; return Concat(parts) + "
            + "Concat(parts[^1], parts[1], parts[0]); }"),
        ["a list as an array"] = Net("public Tensor Forward([Shape(2, 3)] Tensor x) { var parts = new "
            + "System.Collections.Generic.List<Tensor>(); for (var i = 0; i < 3; i++) parts.Add(x * i); return Concat(parts.ToArray()) + "
            + "Concat([.. parts]) * parts.Count; }"),
        ["a list that a scan fills, as an array"] = Net("public Tensor Forward([Shape(2, 3)] Tensor x) { var parts = new "
            + "System.Collections.Generic.List<Tensor>(); foreach (var part in x) parts.Add(part * 2); return Concat(parts.ToArray()); }"),
        ["guards"] = Net("public Tensor Forward([Shape(2, 3)] Tensor x) { ArgumentNullException.ThrowIfNull(x); "
            + "System.Diagnostics.Debug.Assert(x.Shape.Rank == 2, \"two axes\"); if (x.Shape[0] != 2) throw new "
            + "ArgumentException(\"two\"); ArgumentOutOfRangeException.ThrowIfNotEqual(x.Shape[1], 3); "
            + "System.Diagnostics.Debug.WriteLine($\"{x}\"); _ = x ?? throw new ArgumentNullException(nameof(x)); return Relu(x); }"),
    };

    private static readonly Lazy<InMemory> networks = new(
        () => InMemory.Compile(string.Concat(sources.Values.Select((source, i) => $"namespace Case{i} {{\n{source}\n}}\n"))));

    private const string Block = "[Network] public partial class Block(double by) { private readonly double twice = 2 * by; public Tensor "
        + "Forward(Tensor x) => x * by - twice; }";

    public static TheoryData<string> Cases => [.. sources.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void CompiledAndAsItIsWritten(string name)
    {
        var net = networks.Value.Network($"Case{sources.Keys.ToList().IndexOf(name)}.Net");
        Laws.ForwardIsForward(net.Load(Weights.Random(3)));
    }

    private static string Net(string members, string bases = "", bool isBlock = false) => isBlock
        ? $"[Network] public partial class Net {{ private readonly Inner inner = new(); {Head} inner.Forward(x); }}\n[Network] public "
            + $"partial class Inner {{ {members.Replace("Net(", "Inner(", StringComparison.Ordinal)} }}"
        : $"[Network] public partial class Net{bases} {{ {members} }}";
}
