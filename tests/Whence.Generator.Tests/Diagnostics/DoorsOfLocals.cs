namespace Whence.Generator.Tests.Diagnostics;

/// <summary>
/// References, units of layers, windows and groups in calls; and locals, which are constants where they are given a value once.
/// </summary>
public class DoorsOfLocals
{
    private static string Used(string statements) => $$"""
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["Fc"])]
        public partial class Net
        {
            [Linear(10)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(2, 4)] Tensor x) => Fc(Flatten(Relu(x)));
        }

        [Network]
        public partial class Wide
        {
            public Tensor Forward([Shape(21)] Tensor x) => Relu(x);
        }

        public static class Use
        {
            private const int Twelve = 12;
            public static void Set(out Target target) => target = Target.Unit(0);
            public static void Run(Net net, Wide wide, float[] x, float[] rows, int n, FeatureGroups groups) { {{statements}} }
        }
        """;

    [Theory]
    [InlineData("WH501", "net.NeuronConductance(\"Fc\", [|10|], x, Target.Unit(0));",
        "Net has no unit 10: Fc is [10], counted from 0 to 9")]
    [InlineData("WH505", "net.DeepLift(x, Target.Unit(0), references: References.One([|new float[3]|]));",
        "references takes 8 numbers, x [2, 4], but is given 3")]
    [InlineData("WH505", "net.DeepLift(x, Target.Unit(0), references: [|new float[9]|]);", "references takes 8 numbers")]
    [InlineData("WH505", "net.DeepLift(x, 2, Target.Unit(0), references: References.PerInput([|new float[8]|]));",
        "takes 16 numbers")]
    [InlineData("WH505", "net.DeepLift(x, n, Target.Unit(0), references: References.PerInput([|new float[9]|]));",
        "takes rows of 8")]
    [InlineData("WH505", "net.DeepLift(x, Target.Unit(0), references: References.Several([|new float[8]|], 3));",
        "takes 24 numbers")]
    [InlineData("WH505", "net.DeepLift(x, 2, Target.Unit(0), references: References.SeveralPerInput([|new float[24]|], each: 2));",
        "takes 32 numbers")]
    [InlineData("WH505", "var zeros = new float[3]; net.DeepLift(x, Target.Unit(0), references: References.One([|zeros|]));",
        "given 3")]
    [InlineData("WH505", "var row = new float[Twelve]; net.Predict([|row|]); row[0] = 1;", "is given 12")]
    [InlineData("WH505",
        "var row = new float[3]; var zero = References.One(row); net.DeepLift(x, Target.Unit(0), references: [|zero|]);",
        "is given 3")]
    [InlineData("WH501", "var target = Target.Unit(12); net.Gradient(x, [|target|]); net.Gradient(x, [|target|]);", "Net has no unit 12")]
    [InlineData("WH501", "Target target = Target.Unit(Twelve).MeanCentred(), same = target; net.Gradient(x, [|same|]);", "no unit 12")]
    [InlineData("WH501", "var unit = 12; for (var i = 0; i < n; i++) net.Gradient(x, Target.Unit([|unit|]).MeanCentred());", "no unit 12")]
    [InlineData("WH501", "var target = Target.Unit(1); var centred = target.MeanCentred(2); net.Gradient(x, [|centred|]);", "no axis 2")]
    [InlineData("WH501", "var w = new double[] { 1, 2 }; net.Gradient(x, [|Target.Weights(w)|]);", "no 2 units to weigh")]
    [InlineData("WH503", "var layer = \"fc\"; net.LayerDeepLift([|layer|], x, Target.Unit(0));", "did you mean 'Fc'")]
    [InlineData("WH506", "net.Occlusion([|new SlidingWindow(3)|], x, Target.Unit(0));",
        "Net takes windows with a size for each axis of x [2, 4], which has 2 axes, but this has 1 size")]
    [InlineData("WH506", "net.Occlusion(new SlidingWindow([1, 2], null, [|\"y\"|]), x, Target.Unit(0));", "Net has no input 'y' to change")]
    [InlineData("WH506", "var window = new SlidingWindow(3, 3, 3); net.Occlusion([|window|], x, Target.Unit(0));", "but this has 3")]
    [InlineData("WH506", "net.Ablation(x, Target.Unit(0), groups: [|new FeatureGroups([0, 0, 1])|]);", "each of its 8 input elements")]
    [InlineData("WH506", "[|wide.ShapleyValues(x, Target.Unit(0))|];", "Wide has 21 input elements, and there are too many coalitions")]
    [InlineData("WH506", "[|wide.ShapleyInteractions(x, Target.Unit(0))|];", "more than 20: join some")]
    [InlineData("WH506", "[|wide.ShapleyValues(x, 2, Target.Unit(0), options: new ExplainOptions { Threads = 2 })|];", "21 input elements")]
    [InlineData("WH506", "[|wide.Mutagenesis(x, Target.Unit(0))|];", "x [21] has none on axis 0")]
    [InlineData("WH506", "net.Mutagenesis(x, Target.Unit(0), new MutagenesisOptions { Letters = [|2|] });", "x [2, 4] has none on axis 2")]
    [InlineData("WH506", "net.Mutagenesis(x, Target.Unit(0), new() { Input = [|\"y\"|] });", "Net has no input 'y' to change")]
    [InlineData("WH206", "new MutagenesisOptions { Letters = [|-1|] }.ToString();", "Letters of MutagenesisOptions is -1")]
    [InlineData("WH206", "var steps = 0; new PathOptions { Steps = [|steps|] }.ToString();", "Steps of PathOptions is 0")]
    public Task WhatCannotBeAskedIsSaid(string id, string statements, string says) => Diagnosis.Is(id, Used(statements), says);

    [Theory]
    [InlineData("var target = Target.Unit(12); target = Target.Unit(0); net.Gradient(x, target);")]
    [InlineData("var target = Target.Unit(12); if (n > 1) target = Target.Unit(0); net.Gradient(x, target);")]
    [InlineData("var target = Target.Unit(12); Set(out target); net.Gradient(x, target);")]
    [InlineData("var target = Target.Unit(12); void Other() => target = Target.Unit(1); Other(); net.Gradient(x, target);")]
    [InlineData("var target = Target.Unit(12); (target, n) = (Target.Unit(1), 2); net.Gradient(x, target);")]
    [InlineData("var target = Target.Unit(12); ref var other = ref target; other = Target.Unit(1); net.Gradient(x, target);")]
    [InlineData("net.Mutagenesis(x, Target.Unit(0)); net.Mutagenesis(x, Target.Unit(0), new MutagenesisOptions { Letters = n });")]
    [InlineData("var o = new MutagenesisOptions { Letters = 2 }; o = new() { Letters = 1 }; net.Mutagenesis(x, Target.Unit(0), o);")]
    [InlineData("var unit = 12; unit--; unit -= 5; net.Gradient(x, Target.Unit(unit));")]
    [InlineData("for (var unit = 12; unit < n; unit++) net.Gradient(x, Target.Unit(unit));")]
    [InlineData("foreach (var target in new[] { Target.Unit(12) }) net.Gradient(x, target);")]
    [InlineData("var row = new float[3]; System.Array.Resize(ref row, 8); net.Predict(row);")]
    [InlineData("Target target; target = Target.Unit(1); net.Gradient(x, target);")]
    [InlineData("net.DeepLift(x, Target.Unit(0), references: References.Several(new float[16], 2));")]
    [InlineData("net.DeepLift(x, n, Target.Unit(0), references: References.PerInput(new float[16]));")]
    [InlineData("net.DeepLift(x, Target.Unit(0), references: References.Several(new float[16], n));")]
    [InlineData("net.DeepLift(x, Target.Unit(0), references: References.One(rows));")]
    [InlineData("net.DeepLift(x, Target.Unit(0), references: net.Prepare(new float[8]));")]
    [InlineData("net.NeuronConductance(\"Fc\", n, x, Target.Unit(0)); net.NeuronConductance(\"Fc\", 9, x, Target.Unit(0));")]
    [InlineData("net.Occlusion(new SlidingWindow(1, 9), x, Target.Unit(0)); net.ShapleyValues(x, Target.Unit(0));")]
    [InlineData("wide.ShapleyValues(x, Target.Unit(0), groups: groups); wide.ShapleySampling(x, Target.Unit(0));")]
    [InlineData("var sizes = new int[n]; net.Occlusion(new SlidingWindow(sizes), x, Target.Unit(0));")]
    public Task WhatIsNotConstantIsNot(string statements) => Diagnosis.Nothing(Used(statements));
}
