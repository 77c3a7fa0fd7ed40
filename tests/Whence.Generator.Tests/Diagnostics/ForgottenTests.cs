using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whence.Generator.Fixes;
using Whence.Generator.Tests.Fixes;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>What newcomers forget, and that one mistake is one error.</summary>
public class ForgottenTests
{
    private const string Layers = "[Linear(2)] private partial Tensor Fc(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Fc(x);";

    [Fact]
    public Task AClassWithLayersIsANetwork() =>
        Diagnosis.Is("WH120", $"public partial class [|Net|] {{ {Layers} }}", "put [Network] before the class");

    [Fact]
    public Task AndPartial() => Diagnosis.Is("WH120", $"public class [|Net|] {{ {Layers} }}",
        "put [Network] before the class, and partial among its modifiers", "CS0260");

    [Theory]
    [InlineData("DeepLift(x, Target.Unit(0))", "DeepLift", "Methods.DeepLift")]
    [InlineData("IntegratedGradients(x, Target.Unit(0))", "IntegratedGradients", "Methods.IntegratedGradients")]
    [InlineData("Gradient(x, Target.Unit(0))", "Gradient", "Methods.Gradient")]
    [InlineData("DeconvNet(x, Target.Unit(0))", "DeconvNet", "Methods.DeconvNet")]
    [InlineData("LrpEpsilon(x, Target.Unit(0))", "LrpEpsilon", "Methods.LrpEpsilon")]
    public Task AMethodIsAskedForFirst(string call, string name, string method) => Diagnosis.Is("WH310",
        Used("[Network]", call.Replace(name, $"[|{name}|]", StringComparison.Ordinal)),
        $"Net has no code for {name}: add {method} to [Network(Explain = ...)] of Net", "CS1929");

    [Fact]
    public Task OneGuidedMethodIsNotAnother() => Diagnosis.Is("WH310",
        Used("[Network(Explain = Methods.GuidedBackprop)]", "[|DeconvNet|](x, Target.Unit(0))"), "add Methods.DeconvNet", "CS1929");

    [Theory]
    [InlineData("[Network(Explain = Methods.DeepLift)]", "DeepLift(x, Target.Unit(0))")]
    [InlineData("[Network(Explain = Methods.Rescale)]", "DeepLift(x, Target.Unit(0))")]
    [InlineData("[Network(Explain = Methods.IntegratedGradients)]", "Gradient(x, Target.Unit(0))")]
    [InlineData("[Network]", "Ablation(x, Target.Unit(0))")]
    public Task WhatWasAskedForIsThere(string attribute, string call) => Diagnosis.Nothing(Used(attribute, call));

    private static string Used(string attribute, string call) => $$"""
        {{attribute}} public partial class Net { {{Layers}} }
        public static class Use { public static object Of(float[] x, Net net) => net.{{call}}; }
        """;

    [Fact]
    public Task TheFixAsksForIt() => FixTests.Becomes(new AskFor(), Used("[Network]", "DeepLift(x, Target.Unit(0))"),
        Used("[Network(Explain = Methods.DeepLift)]", "DeepLift(x, Target.Unit(0))"));

    [Fact]
    public Task TheFixAddsToWhatIsAskedFor() => FixTests.Becomes(new AskFor(),
        Used("[Network(Layers = [\"Fc\"], Explain = Methods.DeepLift | Methods.LrpEpsilon)]", "Gradient(x, Target.Unit(0))"),
        Used("[Network(Layers = [\"Fc\"], Explain = Methods.DeepLift | Methods.LrpEpsilon | Methods.Gradient)]",
            "Gradient(x, Target.Unit(0))"));

    [Fact]
    public Task TheFixGoesBehindWhatIsThere() => FixTests.Becomes(new AskFor(),
        Used("[Network(Layers = [\"Fc\"],\n    Weights = \"\")]", "DeepLift(x, Target.Unit(0))"),
        Used("[Network(Layers = [\"Fc\"],\n    Weights = \"\", Explain = Methods.DeepLift)]", "DeepLift(x, Target.Unit(0))"));

    [Fact]
    public Task TheFixMakesTheClassANetwork() => FixTests.Becomes(new MakeNetwork(),
        $"namespace Shop\n{{\n    /// <summary>A net.</summary>\n    public class Net {{ {Layers} }}\n}}",
        $"namespace Shop\n{{\n    /// <summary>A net.</summary>\n    [Network]\n    public partial class Net {{ {Layers} }}\n}}");

    /// <summary>
    /// The command-line compiler leaves analyzers out where it finds declarations wrong itself, so the generator says it too.
    /// </summary>
    [Theory]
    [InlineData("", "public partial class Net {")]
    [InlineData("WH120", "public class Net {")]
    [InlineData("", "[Network] public class Net {")]
    [InlineData("", "public class Shop { [Network] public partial class Net {", "}")]
    [InlineData("WH103", "[Network] public partial struct Net {")]
    [InlineData("WH103", "[Network] public partial interface Net {")]
    [InlineData("WH103", "[Network] file partial class Net {")]
    [InlineData("", "[Network] public partial record Net {")]
    [InlineData("", "public partial struct Net {")]
    [InlineData("", "[Network] public partial class Net {")]
    public void WhatTheCompilerRefusesTooIsSaidByTheGenerator(string id, string before, string after = "")
    {
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Source.Options)
            .RunGeneratorsAndUpdateCompilation(Source.Compile($"{Source.Usings} {before} {Layers} }} {after}"), out _, out var said);
        Assert.Equal(id.Length == 0 ? [] : [id], said.Select(diagnostic => diagnostic.Id));
        Assert.All(said, diagnostic => Assert.DoesNotContain('{', diagnostic.GetMessage()));
    }

    /// <summary>What is used of a wrong network is there, so that only the mistake is an error.</summary>
    [Theory]
    [InlineData("WH201", "[Shape(4)] Tensor x", "[|Slice(x, 0, 3, 3)|]", "net.Predict(row)", "")]
    [InlineData("WH201", "[Tokens(4)] Tensor x", "[|Relu(x)|]", "net.Predict(new int[4])[0] + net.Embed(new int[4])[0]", "")]
    [InlineData("WH106", "[[|Shape(0)|]] Tensor x", "x", "1", "")]
    [InlineData("WH303", "[Shape(4)] Tensor x", "Relu(x)", "net.DeepLift(row, Target.Unit(0))", "Layers = [[|\"no\"|]], ")]
    public Task OneMistakeIsOneError(string id, string input, string result, string use, string layers) => Diagnosis.Is(id, $$"""
        [Network({{layers}}Explain = Methods.DeepLift)] public partial class Net { public Tensor Forward({{input}}) => {{result}}; }
        public static class Use
        {
            public static object Of(float[] row)
            {
                var net = Net.Load("net.safetensors");
                using var weights = Weights.Random(1);
                net = Net.Load(weights);
                INetwork any = net;
                return {{use}};
            }
        }
        """);
}
