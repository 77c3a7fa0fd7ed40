using Whence.Generator.Fixes;
using Whence.Generator.Tests.Fixes;

namespace Whence.Generator.Tests.Diagnostics;

/// <summary>Constants in calls that a network cannot have are reported where they stand; what is not constant never is.</summary>
public class DoorDiagnostics
{
    private const string Networks = """
        [Network(Explain = Methods.IntegratedGradients | Methods.Rescale, Layers = ["Fc", "Conv", "Twice.*"])]
        public partial class Net
        {
            [Conv1d(3, 2)] private partial Tensor Conv(Tensor x);
            [Linear(10)] private partial Tensor Fc(Tensor x);
            [Linear(2)] private partial Tensor Twice(Tensor x);
            [Linear(5)] private partial Tensor Unread(Tensor x);
            public Tensor Forward([Shape(2, 4)] Tensor x) { var late = Relu(Unread(Flatten(x))); var all = Fc(Flatten(Relu(Conv(x)))); return all + Sum(Twice(all) * Twice(Relu(all)), 0); }
        }

        [Network(Explain = Methods.DeepLift)]
        public partial class Two
        {
            [Conv1d(3, 2)] private partial Tensor Conv(Tensor x);
            public (Tensor Map, Tensor Mean) Forward([Shape(2, 4)] Tensor x, [Shape(3)] Tensor y) { var map = Conv(x); return (map, Mean(map, 1) * y); }
        }

        [Network(Explain = Methods.Gradient, Layers = ["shares"])]
        public partial class Flat
        {
            public Tensor Forward([Shape(2, 3)] Tensor x) { var shares = Softmax(x, axis: 1); return Flatten(shares); }
        }
        """;

    private static string Used(string use) => $$"""
        {{Networks}}
        public static class Use
        {
            public static object Of(Net net, Two two, INetwork any, float[] x, int n, string name, Rule rule) => {{use}};
            public static void Run(Net net, Two two, float[] x, float[] y, int n) { }
            private static object Told(System.Action action) => action;
        }
        """;

    [Theory]
    [InlineData("net.Gradient(x, Target.Unit([|10|]))", "Net has no unit 10: output is [10], counted from 0 to 9")]
    [InlineData("net.Gradient(x, Target.Unit([|-1|]).MeanCentred())", "Net has no unit -1")]
    [InlineData("net.IntegratedGradients(x, Target.Difference(3, [|12|]))", "Net has no unit 12")]
    [InlineData("net.Gradient(x, [|Target.Unit(1, 2)|])", "Net has no unit of 2 indices: output is [10]")]
    [InlineData("net.Gradient(x, [|Target.Weights(1, 2, 3)|])", "Net has no 3 units to weigh: output is [10], 10 units")]
    [InlineData("net.Gradient(x, Target.Layer(\"Conv\", 2, [|3|]))", "Net has no index 3 on axis 1: Conv is [3, 3], counted from 0 to 2")]
    [InlineData("net.Gradient(x, Target.Layer(\"Conv\", [|9|]))", "Conv is [3, 3], counted from 0 to 8")]
    [InlineData("net.Gradient(x, Target.Layer(\"Twice.*\", 1, [|2|]))", "Twice.* is [2, 2]")]
    [InlineData("net.Gradient(x, Target.Unit(0).MeanCentred([|1|]))", "Net has no axis 1: output is [10]")]
    [InlineData("two.DeepLift(x, Target.Unit(1, 2).[|MeanCentred|]())",
        "Two has no axis that is known to be the classes': Map is [3, 3]; say it, as MeanCentred(axis: 1)")]
    [InlineData("two.DeepLift(x, Target.Unit(1, 2).[|MeanCentred|]().OfOutput())", "Map is [3, 3]; say it")]
    [InlineData("net.Gradient(x, Target.Layer(\"Conv\", 2).[|MeanCentred|]())", "Conv is [3, 3]; say it")]
    [InlineData("Flat.Load(name).Gradient(x, Target.Unit(1).[|MeanCentred|]())",
        "output is [6], and no axis of it has the shares of one softmax alone; say it, as MeanCentred(axis: 0)")]
    [InlineData("net.Gradient(x, 2, [|Target.Weights(1, 2)|])", "10 units")]
    [InlineData("net.Gradient(x, 2, Targets.Each([Target.Unit(0), Target.Unit([|11|])]))", "no unit 11")]
    [InlineData("Explainers.Gradient(net, x, Target.Unit([|77|]))", "no unit 77")]
    [InlineData("two.DeepLift(x, [|Target.Unit(2, 1, 0)|])", "Two has no unit of 3 indices: Map is [3, 3]")]
    public Task UnitsAreCounted(string use, string says) => Diagnosis.Is("WH501", Used(use), says);

    [Theory]
    [InlineData("two.DeepLift(x, Target.Unit(0).Of([|2|]))", "Two has no output 2; it has 0, 'Map' [3, 3], 1, 'Mean' [3]")]
    [InlineData("two.DeepLift(x, Target.Unit(0).Of([|\"mean\"|]).OfOutput())", "Two has no output 'mean'")]
    public Task OutputsAreNamed(string use, string says) => Diagnosis.Is("WH502", Used(use), says);

    [Theory]
    [InlineData("two.DeepLift(x, Target.Unit([|3|]).Of(1))", "Mean is [3]")]
    [InlineData("two.DeepLift(x, Target.Unit([|3|]).Of(\"Mean\"))", "Mean is [3]")]
    public Task AnOutputsUnitsAreItsOwn(string use, string says) => Diagnosis.Is("WH501", Used(use), says);

    [Theory]
    [InlineData("net.LayerDeepLift([|\"fc\"|], x, Target.Unit(0))", "Net cannot be asked about 'fc': did you mean 'Fc'?")]
    [InlineData("net.Gradient(x, Target.Layer([|\"all\"|], 0))", "'all': add it to [Network(Layers = [\"all\"])]")]
    [InlineData("net.LayerActivation([|\"nothing like it\"|], x)", "it was compiled for 'Fc', 'Conv', 'Twice.*', "
        + "and [Network(Layers = ...)] may list 'x', 'all', 'Twice.1', 'Twice.2', 'Unread', 'late' too")]
    [InlineData("net.LayerActivation([|\"Unread\"|], x)", "'Unread': add it to [Network(Layers = [\"Unread\"])]")]
    [InlineData("net.LayerActivation([|\"unread\"|], x)", "did you mean 'Unread', to be added to [Network(Layers = [\"Unread\"])]?")]
    [InlineData("net.LayerActivation([|\"Unread.1\"|], x)", "'Unread.1': add it to")]
    [InlineData("net.Conductance([|\"Twice\"|], x, Target.Unit(0))", "did you mean")]
    public Task LayersAreListed(string use, string says) => Diagnosis.Is("WH503", Used(use), says);

    [Theory]
    [InlineData("net.DeepLift(x, Target.Unit(0), [|Rule.RevealCancel|])", "Net has no code for RevealCancel: add Methods.RevealCancel to")]
    [InlineData("two.DeepLift(x, Target.Unit(0), rule: [|Rule.Genomics|])", "Two has no code for Genomics")]
    public Task RulesAreAskedFor(string use, string says) => Diagnosis.Is("WH504", Used(use), says);

    [Theory]
    [InlineData("net.Predict([|new float[10]|])", "x takes 8 numbers, x of Net, but is given 10")]
    [InlineData("net.Gradient([|new float[] { 1, 2, 3 }|], Target.Unit(0))", "x takes 8 numbers, x [2, 4], but is given 3")]
    [InlineData("two.DeepLift([|[1, 2]|], Target.Unit(0))", "x takes 11 numbers, x [2, 4] then y [3], but is given 2")]
    [InlineData("net.Gradient([|new float[8]|], 2, Target.Unit(0))", "x takes 16 numbers")]
    [InlineData("net.Gradient([|new float[9]|], n, Target.Unit(0))", "x takes rows of 8 numbers")]
    [InlineData("Told(() => two.Predict(x, x, [|new float[8]|], new float[3], 1))", "Map takes 9 numbers, Map [3, 3], but is given 8")]
    [InlineData("Told(() => two.Predict(x, x, new float[18], [|new float[5]|], 2))", "Mean takes 6 numbers, Mean [3], but is given 5")]
    public Task RowsHaveTheirLength(string use, string says) => Diagnosis.Is("WH505", Used(use), says);

    /// <summary>What fits, and what is not constant.</summary>
    [Theory]
    [InlineData("net.Gradient(x, Target.Unit(9))")]
    [InlineData("net.Gradient(x, Target.Unit(n).Of(n))")]
    [InlineData("net.Gradient(x, Target.Layer(name, 99))")]
    [InlineData("net.Gradient(x, Target.Layer(\"Twice.*\", 1, 1))")]
    [InlineData("two.DeepLift(x, Target.Unit(n, 2).MeanCentred(1))")]
    [InlineData("two.DeepLift(x, Target.Unit(2).MeanCentred().Of(1))")]
    [InlineData("net.Gradient(x, Target.Unit(2).MeanCentred())")]
    [InlineData("Flat.Load(name).Gradient(x, Target.Unit(2).MeanCentred(0))")]
    [InlineData("Flat.Load(name).Gradient(x, Target.Layer(\"shares\", 1, 2).MeanCentred())")]
    [InlineData("two.DeepLift(x, Target.Unit(2).Of(\"Mean\").OfOutput())")]
    [InlineData("net.LayerDeepLift(name, x, Target.Weights(new double[10]))")]
    [InlineData("net.DeepLift(x, Target.Unit(0), rule)")]
    [InlineData("net.DeepLift(x, Target.Unit(0), Rule.Inherit)")]
    [InlineData("net.Gradient(new float[n], Target.Unit(0))")]
    [InlineData("net.Gradient([.. x, 1f], Target.Unit(0))")]
    [InlineData("net.Gradient(new float[16], n, Target.Unit(0))")]
    [InlineData("net.Gradient(new float[16], 2, Target.Unit(0))")]
    [InlineData("any.Predict(new float[1])")]
    [InlineData("any.Ablation(x, Target.Unit(99))")]
    [InlineData("net.Predict(new float[8])")]
    public Task WhatIsNotWrongIsNotReported(string use) => Diagnosis.Nothing(Used(use));

    [Fact]
    public Task AVariableIsNoConstant() => Diagnosis.Nothing(Used("x")
        .Replace("float[] y, int n) { }", "float[] y, int n) { var unit = 12; var layer = \"no\"; if (n > 0) (unit, layer) = (1, \"Fc\"); "
            + "net.Gradient(x, Target.Unit(unit)); "
            + "net.Gradient(x, Target.Layer(layer, 1)); two.Predict(x, y, x, y, n); }", StringComparison.Ordinal));

    [Fact]
    public Task OfANetworkInWhichSomethingIsWrongOnlyThatIsSaid() => Diagnosis.Is("WH201", """
        [Network(Explain = Methods.Gradient)] public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => [|Slice(x, 0, 3, 3)|]; }
        public static class Use { public static object Of(Net net, float[] x) => net.Gradient(x, Target.Unit(99)); }
        """);

    [Theory]
    [InlineData("net.LayerDeepLift(\"all\", x, Target.Unit(0))", "Layers = [\"Fc\", \"Conv\", \"Twice.*\"]",
        "Layers = [\"Fc\", \"Conv\", \"Twice.*\", \"all\"]")]
    [InlineData("net.Gradient(x, Target.Layer(\"all\", 0))", "Layers = [\"Fc\", \"Conv\", \"Twice.*\"]",
        "Layers = [\"Fc\", \"Conv\", \"Twice.*\", \"all\"]")]
    [InlineData("net.DeepLift(x, Target.Unit(0), Rule.RevealCancel)", "| Methods.Rescale,", "| Methods.Rescale | Methods.RevealCancel,")]
    [InlineData("Explainers.DeepLift(net, x, Target.Unit(0), Rule.Genomics)", "| Methods.Rescale,",
        "| Methods.Rescale | Methods.Genomics,")]
    [InlineData("two.Gradient(x, Target.Unit(0))", "Methods.DeepLift)", "Methods.DeepLift | Methods.Gradient)")]
    public Task TheFixAsksForIt(string use, string before, string after) =>
        FixTests.Becomes(new AskFor(), Used(use), Used(use).Replace(before, after, StringComparison.Ordinal));

    [Fact]
    public Task AListThatIsNotThereIsWritten() => FixTests.Becomes(new AskFor(),
        Used("two.LayerDeepLift(\"Conv\", x, Target.Unit(0))"),
        Used("two.LayerDeepLift(\"Conv\", x, Target.Unit(0))")
            .Replace("Methods.DeepLift)]", "Methods.DeepLift, Layers = [\"Conv\"])]", StringComparison.Ordinal));
}
