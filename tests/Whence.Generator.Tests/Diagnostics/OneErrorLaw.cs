using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Whence.Generator.Check;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>
/// Whatever a network is refused for is the only error: what its users write about it, its loading, answers and explanations, compiles as
/// if it were right.
/// </summary>
public class OneErrorLaw
{
    private const string Head = "[Network(Explain = Methods.DeepLift | Methods.IntegratedGradients)] public partial class Net";
    private const string Right = "public Tensor Forward([Shape(4)] Tensor x) => Relu(x);";
    private const string Fc = "private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);";
    private const string Block = "[Network] public partial class Block { public Tensor Forward(Tensor x) => Relu(x); }";

    private const string Calls = "var y = net.Predict(x); net.Predict(x, y, 1); y = net.PredictUnchecked(x); "
        + "net.PredictUnchecked(x, y, 1);";

    /// <summary>What is refused without that a network's class is, and what is said in another way, each with where it is tried.</summary>
    private static readonly Dictionary<string, string> elsewhere = new()
    {
        ["WH118"] = "SafetyNet: a mistake of ours",
        ["WH310"] = "ForgottenTests: said of a call of what is not there",
        ["WH311"] = "NewcomersDiagnostics: said of a call of what is not there",
        ["WH218"] = "TensorMembers: said of a use of a tensor that the compiler refuses",
        ["WH405"] = "WeightsDiagnostics: said of a file, whatever network it is of",
    };

    /// <summary>An id, a source that gives it, and what the compiler itself has to say of it.</summary>
    private static readonly (string Id, string Source, string[] Compiler)[] cases =
    [
        ("WH101", $"{Head} {{ public Tensor Forward([Shape(4)] Tensor x) {{ while (true) {{ }} }} }}", []),
        ("WH102", $"{Head.Replace("partial ", "", StringComparison.Ordinal)} {{ [Linear(4)] {Fc} }}", ["CS0260"]),
        ("WH103", $"{Head.Replace("public", "public abstract", StringComparison.Ordinal)} {{ {Right} }}", []),
        ("WH103", $"{Head.Replace("class", "record", StringComparison.Ordinal)} {{ {Right} }}", []),
        ("WH104", $"{Head} {{ }}", []),
        ("WH104", $"{Head} {{ [Linear(4)] private partial Tensor Fc(Tensor x); }}", []),
        ("WH105", $"{Head} {{ {Right} public Tensor Forward([Shape(4)] Tensor x, [Shape(3)] Tensor y) => Relu(x); }}", []),
        ("WH105", $"{Head} {{ public static Tensor Forward([Shape(4)] Tensor x) => Relu(x); }}", []),
        ("WH105", $"{Head} {{ public Tensor Forward([Shape(4)] Tensor x, int n) => Relu(x); }}", []),
        ("WH105", $"{Head} {{ public Tensor Forward([Shape(4)] double[] x) => Constant(1); }}", []),
        ("WH105", $"{Head} {{ public double Forward([Shape(4)] Tensor x) => 1; }}", []),
        ("WH105", $"{Head} {{ public Tensor Forward() => Constant(1); }}", []),
        ("WH105", $"{Head} {{ public Tensor Forward<T>([Shape(4)] Tensor x) => x; }}", []),
        ("WH106", $"{Head} {{ public Tensor Forward([Shape(0)] Tensor x) => Relu(x); }}", []),
        ("WH106", $"{Head} {{ public Tensor Forward([Shape] Tensor x) => Relu(x); }}", []),
        ("WH106", $"{Head} {{ public Tensor Forward(Tensor x) => Relu(x); }}", []),
        ("WH106", $"{Head} {{ public Tensor Forward([Shape(4), Mask(4)] Tensor x) => Relu(x); }}", []),
        ("WH106", $"{Head}(int n) {{ public Tensor Forward([Shape(4)] Tensor x) => n * x; }}", []),
        ("WH107", $"{Head} {{ [Linear(4)] private partial Tensor Fc(int x); {Right} }}", []),
        ("WH107", $"{Head} {{ [Linear(4)] private Tensor Fc(Tensor x) => x; {Right} }}", []),
        ("WH107", $"{Head} {{ [Linear(4)] private Tensor Fc(Tensor x); {Right} }}", ["CS0501"]),
        ("WH107", $"{Head} {{ [Linear(4)] {Fc} private partial Tensor Fc(Tensor x) => x; }}", []),
        ("WH107", $"{Head} {{ [Linear(3)] public partial Tensor Forward([Shape(5)] Tensor x); }}", []),
        ("WH107", $"{Head} {{ [Linear(3)] public partial Tensor Forward(Tensor x); }}", []),
        ("WH107", $"{Head} {{ [Linear(4)] private partial ref Tensor Fc(Tensor x); {Right} }}", []),
        ("WH107", $"{Head} {{ [Linear(4)] private partial Tensor Fc(in Tensor x); {Right} }}", []),
        ("WH107", $"{Head} {{ [Linear(4)] private partial Tensor Fc(ref Tensor x); {Right} }}", []),
        ("WH107", $"{Head} {{ [Linear(4)] private partial Tensor Fc(params Tensor[] x); {Right} }}", []),
        ("WH108", $"{Head} {{ [Linear(0)] {Fc} }}", []),
        ("WH108", $"{Head} {{ [Parameter(new int[] {{ 4 }})] private partial Tensor P(); public Tensor Forward([Shape(4)] Tensor x) => "
            + $"x + P(); }}", []),
        ("WH201", $"{Head} {{ [Parameter(3000000000L)] private partial Tensor P(); public Tensor Forward([Shape(4)] Tensor x) => "
            + $"x + P(); }}", []),
        ("WH201", $"{Head} {{ [Embedding(5, 3)] private partial Tensor E(Tensor x); public Tensor Forward([Shape(3)] Tensor x) => "
            + $"x + Sum(E(Constant()), 0); }}", []),
        ("WH109", $"{Head} {{ [Linear(nameof(Use))] {Fc} }}", []),
        ("WH110", $"{Head} {{ [Linear(4)] private partial Tensor Predict(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => "
            + $"Predict(x); }}", []),
        ("WH110", $"{Head} {{ [Linear(4)] private partial Tensor Load(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => "
            + $"Load(x); }}", []),
        ("WH110", $"{Head} {{ public float[] Predict(ReadOnlySpan<float> x) => []; {Right} }}", []),
        ("WH110", $"{Head} {{ public static Net Load(string path) => new(); {Right} }}", []),
        ("WH110", $"{Head} {{ public const int whenceScope = 1; [Linear(4)] {Fc} }}", []),
        ("WH110", $"{Head} {{ public const int WhenceAttach = 1; [Linear(4)] {Fc} }}", []),
        ("WH110", $"{Head} {{ public void WhenceAttach(int n) {{ }} [Linear(4)] {Fc} }}", []),
        ("WH110", $"{Head} {{ public const int whenceCompiled = 1; [Linear(4)] {Fc} }}", []),
        ("WH110", $"{Head} {{ public const int whenceHeld_n = 1; [Linear(4)] {Fc} }}", []),
        ("WH110", $"{Head}(int whenceScope = 1) {{ [Linear(nameof(whenceScope))] {Fc} }}", []),
        ("WH111", $"{Head} {{ public Tensor Forward([Shape(4)] Tensor x) => Forward(x); }}", []),
        ("WH112", $"{Head} {{ public Tensor Forward([Shape(4)] Tensor x) {{ for (var i = 0; i < 9999; i++) x = Relu(x); return x; "
            + $"}} }}", []),
        ("WH113", $$"""
            {{Head}}
            {
                public Tensor Forward([Shape(4)] Tensor x)
                {
                    var h = Zeros(2);
                    foreach (var a in Reshape(x, 2, 2, 1)) foreach (var b in a) h = h + b;
                    return h;
                }
            }
            """, []),
        ("WH115", $"{Head} {{ private Block b = new(); public Tensor Forward([Shape(4)] Tensor x) => b.Forward(x); }} {Block}", []),
        ("WH117", $"{Head} {{ [Linear(4, Rule = Rule.Genomics)] {Fc} }}", []),
        ("WH120", $"public partial class Net {{ [Linear(4)] {Fc} }}", []),
        ("WH130", $"{Head} {{ private readonly int n = 1; public Net() {{ if (DateTime.Now.Year > 1) n = 2; }} public Tensor "
            + $"Forward([Shape(4)] Tensor x) => n * x; }}", []),
        ("WH131", $"{Head} {{ private readonly int n; public Tensor Forward([Shape(4)] Tensor x) => n * x; }}", []),
        ("WH201", $"{Head} {{ public Tensor Forward([Shape(4)] Tensor x) => Slice(x, 0, 3, 3); }}", []),
        ("WH202", $"{Head} {{ public Tensor Forward([Shape(4, 1, Variable = true)] Tensor x) => Softmax(x, 0); }}", []),
        ("WH203", $"{Head} {{ public Tensor Forward([Shape(1073741824)] Tensor x) => Concat(0, x); }}", []),
        ("WH210", $"{Head}(int s = 1) {{ [Conv1d(2, kernel: 2, Stride = 2, StrideParameter = nameof(s))] private partial Tensor "
            + $"C(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => C(Reshape(x, 1, 4)); }}", []),
        ("WH211", $"{Head.Replace("Explain", "MaxPool = (MaxPoolRule)7, Explain", StringComparison.Ordinal)} {{ {Right} }}", []),
        ("WH212", $"{Head} {{ public required int Size {{ get; init; }} {Right} }}", []),
        ("WH213", $"{Head} {{ [Linear(784, 10)] {Fc} }}", ["CS1729"]),
        ("WH216", $"{Head} {{ public Tensor Forward([Shape(4)] Tensor x) => F(x); [Elementwise<Own>] private static Tensor "
            + $"F(Tensor x) => x.Map<Own>(); private readonly struct Own : IElementwise {{ public V Value<V, M>(V x) where M : "
            + $"struct, IMath<V> => x; public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => y; }} }}", []),
        ("WH217", $"{Head} {{ [Name(\"a.\")] private readonly Block b = new(); public Tensor Forward([Shape(4)] Tensor x) => "
            + $"b.Forward(x); }} {Block}", []),
        ("WH219", $"{Head} {{ {Fc} }}", []),
        ("WH219", $"{Head} {{ private partial Tensor Token(); public Tensor Forward([Shape(4)] Tensor x) => x + Token(); }}", []),
        ("WH302", $"{Head.Replace("Explain = ", "Explain = Methods.Genomics | ", StringComparison.Ordinal)} {{ public Tensor "
            + $"Forward([Shape(4)] Tensor x) => Relu(Exp(x)); }}", []),
        ("WH303", $"{Head.Replace("Explain", "Layers = [\"no\"], Explain", StringComparison.Ordinal)} {{ {Right} }}", []),
        ("WH304", $"{Head.Replace("Explain", "LrpEpsilon = -1, Explain", StringComparison.Ordinal)} {{ {Right} }}", []),
        ("WH305", $"{Head.Replace("Explain", "Layers = [\"Fc\"], Explain", StringComparison.Ordinal)} {{ [Linear(4)] private "
            + $"partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x) - Fc(Relu(x)); }}", []),
        ("WH306", $"{Head.Replace("Explain", "Layers = [\"Fc.*\"], Explain", StringComparison.Ordinal)} {{ [Linear(4)] private "
            + $"partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(Fc(x)); }}", []),
        ("WH320", $"{Head.Replace("Explain", "Backends = Backends.Gpu, Explain", StringComparison.Ordinal)} {{ {Right} }}", []),
        ("WH411", $"{Head} {{ public Tensor Forward([Shape(4), Features(\"a\")] Tensor x) => Relu(x); }}", []),
    ];

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (var i = 0; i < cases.Length; i++)
                data.Add(i, cases[i].Id);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ARefusalIsTheOnlyError(int place, string id)
    {
        var (_, source, compiler) = cases[place];
        var (said, errors) = await Compile(source, Uses(id));
        Assert.Equal([id], said.Select(one => one.Id));
        Assert.True(compiler.SequenceEqual(errors.Select(one => one.Id)), $"{source}\n{string.Join("\n", errors)}");
    }

    [Fact]
    public void EveryRefusalOfANetworkIsTried()
    {
        var tried = cases.Select(one => one.Id).Concat(elsewhere.Keys).ToHashSet();
        // A network whose weights are wrong is compiled.
        Assert.Empty(Problems.All.Where(problem => !problem.IsWarning && problem.Id is not (['W', 'H', '4', '0', _]))
            .Select(problem => problem.Id).Except(tried).Except(["WH301", "WH114"]));
    }

    /// <summary>A network that reads tokens, or is to run on a GPU, offers what such a network does.</summary>
    [Theory]
    [InlineData("WH105", "static Tensor Forward([Tokens(4)] Tensor text) => text", "Explain = Methods.DeepLift",
        "net.DeepLift(net.Embed([1, 2]), Target.Unit(0)); net.Predict([1, 2]);")]
    [InlineData("WH106", "Tensor Forward([Tokens(0, Variable = true)] Tensor text) => text", "Explain = Methods.DeepLift",
        "var row = net.Embed(text: [1, 2]); net.Embed([1, 2], textLengths: [2], row, count: 1); net.Predict([1, 2], [2], row, 1);")]
    [InlineData("WH101", "(Tensor A, Tensor B) Forward([Shape(4)] Tensor x, [Mask(4)] Tensor held) { while (true) { } "
        + "}", "Explain = Methods.DeepLift",
        "var row = new float[8]; net.Predict(x: row, held: row, row, row, count: 1); net.DeepLift(row, Target.Unit(0));")]
    [InlineData("WH101", "Tensor Forward(Tensor x) { while (true) { } }", "", "net.Predict(new float[4]);")]
    [InlineData("WH101", "Tensor Forward([Shape(4)] Tensor x) { while (true) { } }", "Backends = Backends.Gpu, Explain = Methods.DeepLift",
        "var fast = net.OnGpu(new GpuDevice()); fast.DeepLift(new float[4], Target.Unit(0));")]
    public async Task WhatANetworkWouldOfferIsThere(string id, string forward, string asked, string uses)
    {
        var (said, errors) = await Compile($$"""
            [Network({{asked}})] public partial class Net { public {{forward}}{{(forward.EndsWith('}') ? "" : ";")}} }
            namespace Whence { public class GpuDevice { } }
            namespace Whence.Gpu
            {
                public class GpuPrograms { }
                public class GpuNetwork(GpuDevice device, INetwork host, GpuPrograms programs) : INetwork
                {
                    public object All => (device, host, programs);
                    Signature IModel<float>.Signature => host.Signature;
                    void IModel<float>.Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows) { }
                    string? IModel<float>.FirstNonFinite(ReadOnlySpan<float> x) => null;
                    Fault? IModel<float>.FirstFault(ReadOnlySpan<float> x, bool steep) => null;
                    Fault? IModel<float>.FirstFault(in CompilerServices.FaultSearch<float> search) => null;
                }
            }
            """, $"var net = Net.Load(\"net.safetensors\"); {uses} return net;");
        Assert.Equal([id], said.Select(one => one.Id));
        Assert.Empty(errors);
    }

    /// <summary>The compiler leaves out analyzers where it refuses a declaration: there the generator says what to write.</summary>
    [Theory]
    [InlineData("WH107", "[Linear(4)] private Tensor Fc(Tensor x);", "")]
    [InlineData("WH213", "[Linear(784, 10)] private partial Tensor Fc(Tensor x);", "")]
    [InlineData("WH107", "[Linear(4)] private Tensor Fc(Tensor x);", "false")]
    [InlineData("WH213", "[Linear(784, 10)] private partial Tensor Fc(Tensor x);", "false")]
    public void WhereTheCompilerRefusesALayerTheGeneratorSpeaks(string id, string layer, string analyzers)
    {
        var compilation = Source.Compile($"{Source.Usings}{Head} {{ {layer} public Tensor Forward([Shape(4)] Tensor x) => Fc(x); }}");
        var options = new BuildOptions(("build_property.RunAnalyzers", analyzers));
        var said = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Source.Options,
            optionsProvider: options).RunGenerators(compilation).GetRunResult().Diagnostics;
        Assert.Equal([id], said.Select(one => one.Id));
    }

    /// <summary>What the compiler refuses of a layer it says at the user's lines, and not again of what is written for it.</summary>
    [Theory]
    [InlineData("class Net", "[Linear(4)] partial Tensor Fc(Tensor x);", "CS8796")]
    [InlineData("class Net", "[Linear(4)] private partial Tensor Fc(Tensor x); [Linear(4)] private partial Tensor Fc(Tensor y);", "CS0756")]
    [InlineData("class Net", "[Parameter(Missing)] private partial Tensor P(); [Linear(4)] private partial Tensor Fc(Tensor x);", "CS0103")]
    [InlineData("class", "[Linear(4)] private partial Tensor Fc(Tensor x);", "CS1001")]
    public async Task NothingThatIsWrittenIsWrong(string header, string layers, string compilers)
    {
        var (_, errors) = await Compile($"[Network] public partial {header} {{ {layers} public Tensor Forward([Shape(4)] Tensor x) => "
            + "Fc(x); }", "return w;");
        Assert.Contains(compilers, errors.Select(one => one.Id));
        Assert.DoesNotContain(errors, one => one.Location.SourceTree!.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnUnsignedSizeIsASize()
    {
        var (said, errors) = await Compile($"{Head} {{ [Parameter(4UL)] private partial Tensor P(); public Tensor Forward([Shape(4)] "
            + "Tensor x) => Relu(x + P()); }", "return w;");
        Assert.Empty(said);
        Assert.Empty(errors);
    }

    private static string Uses(string id) => "var net = Net.Load(\"net\"); net = Net.Load(path: \"net\", cancellation: default);"
        + " net = Net.Load(w); net = Net.Load(weights: w, default); INetwork any = net; var signature = net.Signature; "
        + (id == "WH202" ? "net.Predict(x, xLengths: [4], x, count: 1); x = net.Embed(x);" : Calls)
        + " return (net.IntegratedGradients(x, Target.Unit(0)), net.DeepLift(x, Target.Unit(0)), net.Gradient(x, Target.Unit(0)),"
        + " net.GradientTimesInput(x, Target.Unit(0)), net.Ablation(x, Target.Unit(0)), any.Signature, signature.InputSize);";

    private static async Task<(IReadOnlyList<Diagnostic> Said, IReadOnlyList<Diagnostic> Errors)> Compile(string source, string uses)
    {
        var compilation = Source.Compile($"{Source.Usings}{source}\npublic static class Use {{ public static object Of(float[] x, "
            + $"Weights w) {{ {uses} }} }}");
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Source.Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var written, out var generated);
        var analyzed = await written.WithAnalyzers([new NetworkAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        // In a build either the generator or the analyzer speaks.
        var said = analyzed.Concat(generated).Where(one => one.Id != "WH503").DistinctBy(one => (one.Id, one.Location.SourceSpan)).ToList();
        return (said, [.. written.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error)]);
    }

    private sealed class BuildOptions(params (string Key, string Value)[] properties) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } =
            new Values(properties.ToDictionary(one => one.Key, one => one.Value));

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) =>
                values.TryGetValue(key, out value);
        }
    }
}
