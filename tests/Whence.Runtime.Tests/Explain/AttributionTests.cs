namespace Whence.Runtime.Tests.Explaining;

using System.Text.Json;

public class AttributionTests
{
    private readonly CompiledNet net = new(SmallNet<float>.Tanh());
    private readonly float[] x = Inputs.Random<float>(1);

    [Fact]
    public void TellsWhatWasAsked()
    {
        var x0 = Inputs.Random<float>(1, 9);
        var why = net.DeepLift(x, Target.Difference(1, 2), Rule.RevealCancel, x0);
        Assert.Equal(("SmallNet", "DeepLift", Rule.RevealCancel), (why.Network, why.Method, why.Rule));
        Assert.Equal(Target.Difference(1, 2), why.Target);
        Assert.Equal(x0, why.References.ToArray());
        Assert.Equal("1 given", why.Reference);
        Assert.Equal(["sequence", "extra"], why.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(new Shape(2, 2), why.Shape);
        Assert.Equal(why.Scores[..4].ToArray(), why.ScoresOf("sequence").ToArray());
        Assert.Equal(why.Scores[4..].ToArray(), why.ScoresOf("extra").ToArray());
        Assert.Equal(why.Output - why.ReferenceOutput!.Value - why.Scores.ToArray().Sum(score => (double)score), why.Gap!.Value, 1e-15);
        Assert.InRange(why.RelativeGap!.Value, 0, 1e-6);
        Assert.Equal(5, why.Multipliers.Length);
        Assert.Null(why.Steps);
        Assert.Null(why.Converged);
        Assert.Contains("DeepLift (RevealCancel) of SmallNet's unit 1 - unit 2", why.ToString());
        Assert.Throws<ArgumentException>("input", () => why.ScoresOf("image").Length);
    }

    [Fact]
    public void PathsTellTheirSteps()
    {
        var why = net.IntegratedGradients(x, Target.Unit(1));
        Assert.Equal((50, Quadrature.Midpoint, null), (why.Steps, why.Quadrature, why.Converged));
        Assert.Equal("zeros", why.Reference);
        Assert.True(why.References.IsEmpty);
        Assert.True(why.Multipliers.IsEmpty);
        why = net.IntegratedGradients(x, Target.Unit(1), options: new PathOptions { Tolerance = 1e-3 });
        Assert.True(why.Converged);
        Assert.Same(why, why.RequireGap(1e-3));
        Assert.Throws<CompletenessException>(
            () => net.IntegratedGradients(x, Target.Unit(1), options: new PathOptions { Quadrature = Quadrature.Right, Steps = 2 })
                .RequireGap(1e-6));
        Assert.Throws<InvalidOperationException>(() => net.Gradient(x, Target.Unit(1)).RequireGap(1));
    }

    [Fact]
    public void GradientsPromiseNoSum()
    {
        var why = net.Gradient(x, Target.Unit(1).OfOutput());
        Assert.Null(why.Gap);
        Assert.Null(why.RelativeGap);
        Assert.Null(why.ReferenceOutput);
        Assert.Equal("none", why.Reference);
        Assert.Equal(net.Predict(x)[1], why.Output, 1e-6);
    }

    [Fact]
    public void BatchesAreOrderedByInputThenTarget()
    {
        var xs = Inputs.Random<float>(4, 3);
        Target[] targets = [Target.Unit(0), Target.Unit(1).OfOutput(), Target.Layer("Hidden", 3)];
        var all = net.DeepLift(xs, 4, Targets.Each(targets), options: new ExplainOptions { Threads = 2 });
        Assert.Equal((12, 4, 3), (all.Count, all.Inputs, all.Targets));
        Assert.Equal(12, all.Count());
        for (var input = 0; input < 4; input++)
        {
            for (var target = 0; target < 3; target++)
            {
                var alone = net.DeepLift(xs.AsSpan(input * 5, 5), targets[target]);
                Assert.Equal(alone.Scores.ToArray(), all[input, target].Scores.ToArray());
                Assert.Equal(alone.Completeness, all[input, target].Completeness);
                Assert.Equal((input, targets[target]), (all[input * 3 + target].Input, all[input * 3 + target].Target));
            }
        }
        Assert.Throws<ArgumentOutOfRangeException>("index", () => all[12]);
        Assert.Throws<ArgumentOutOfRangeException>("input", () => all[4, 0]);
        Assert.Throws<ArgumentOutOfRangeException>("which", () => all[0, 3]);
    }

    [Fact]
    public void EachInputKeepsItsTargetAndReferences()
    {
        var xs = Inputs.Random<float>(3, 3);
        var references = Inputs.Random<float>(6, 4);
        Target[] targets = [Target.Unit(0), Target.Unit(2), Target.Unit(1)];
        var all = net.DeepLift(xs, 3, Targets.PerInput(targets), references: References.SeveralPerInput(references, 2));
        Assert.Equal(targets, all.Select(why => why.Target));
        Assert.Equal(references.AsSpan(10, 10).ToArray(), all[1].References.ToArray());
        Assert.Equal("2 given, averaged, for each input", all[1].Reference);
        Assert.Empty(net.Gradient([], 0, Target.Unit(0)));
    }

    [Fact]
    public void InteriorGradientsAreOneForEachPoint()
    {
        var all = net.InteriorGradients(x, Target.Unit(1), [0, 0.5, 1]);
        Assert.Equal([0.0, 0.5, 1.0], all.Select(why => why.Alpha!.Value));
        Assert.Equal(net.Gradient(x, Target.Unit(1)).Scores.ToArray(), all[0, 2].Scores.ToArray());
        Assert.Equal(net.Gradient(x, Target.Unit(1)).Output, all[2].Output);
        Assert.Equal(net.Gradient(new float[5], Target.Unit(1)).Scores.ToArray(), all[0].Scores.ToArray());
    }

    [Fact]
    public void LayersHaveTheirShape()
    {
        Assert.Equal(new Shape(2, 2), net.Conductance("Hidden", x, Target.Unit(1)).Shape);
        Assert.Equal(new Shape(1, 2), net.GradCam("Hidden", x, Target.Unit(1)).Shape);
        Assert.Equal("Hidden", net.LayerDeepLift("Hidden", x, Target.Unit(1)).Tensors[0].Name);
        Assert.Equal(net.LayerActivation("Hidden", x),
            net.LayerGradientTimesActivation("Hidden", x, Target.Unit(0).Of(1)).Scores.ToArray());
    }

    [Fact]
    public void EveryMethodAnswersThroughItsExtension()
    {
        var target = Target.Unit(1);
        Attribution[] all =
        [
            net.Gradient(x, target), net.GradientTimesInput(x, target), net.LayerGradient("Hidden", x, target),
            net.LayerGradientTimesActivation("Hidden", x, target), net.GradCam("Hidden", x, target),
            net.GuidedBackprop(x, target), net.GuidedBackpropTimesInput(x, target), net.DeconvNet(x, target),
            net.DeconvNetTimesInput(x, target), net.GuidedBackpropRescale(x, target),
            net.IntegratedGradients(x, target), net.InteriorGradients(x, target, [1.0])[0],
            net.LayerIntegratedGradients("Hidden", x, target), net.Conductance("Hidden", x, target),
            net.InternalInfluence("Hidden", x, target), net.NeuronConductance("Hidden", 0, x, target), net.DeepLift(x, target),
            net.LayerDeepLift("Hidden", x, target), net.HypotheticalContributions(x, target),
        ];
        Assert.Equal(all.Length, all.Select(why => why.Method).Distinct().Count());
        Assert.All(all, why => Assert.Contains(why.Scores.ToArray(), score => score != 0));
        Assert.Null(net.HypotheticalContributions(x, target).Gap);
        Assert.True(net.DeepLift(x, target, options: new ExplainOptions { Parts = false }).Multipliers.IsEmpty);
    }

    [Fact]
    public void TopIsByMagnitude()
    {
        var why = net.GradientTimesInput(x, Target.Unit(1));
        var top = why.Top(3);
        var scores = why.Scores.ToArray();
        Assert.Equal(scores.OrderByDescending(Math.Abs).Take(3), top.Select(score => score.Score));
        Assert.All(why.Top(99), score => Assert.Equal(score.Score, why.ScoresOf(score.Input)[score.Unit]));
        Assert.All(why.Top(99).Where(score => score.Input == "sequence"),
            score => Assert.Equal(score.Unit, score.Position[0] * 2 + score.Position[1]));
        Assert.Equal(5, why.Top(99).Count);
        Assert.Empty(why.Top(0));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => why.Top(-1));
    }

    [Fact]
    public void JsonHoldsItAll()
    {
        var why = net.DeepLift(x, Target.Unit(1).OfOutput(), Rule.RevealCancel);
        using var json = JsonDocument.Parse(why.ToJson(indented: true));
        var root = json.RootElement;
        Assert.Equal("SmallNet", root.GetProperty("network").GetString());
        Assert.Equal("DeepLift", root.GetProperty("method").GetString());
        Assert.Equal("RevealCancel", root.GetProperty("rule").GetString());
        Assert.Equal("unit 1, as output", root.GetProperty("target").GetString());
        Assert.Equal("zeros", root.GetProperty("reference").GetString());
        Assert.Equal(why.Output, root.GetProperty("output").GetDouble());
        Assert.Equal(why.ReferenceOutput, root.GetProperty("referenceOutput").GetDouble());
        Assert.Equal(why.Gap, root.GetProperty("gap").GetDouble());
        Assert.Equal(why.RelativeGap, root.GetProperty("relativeGap").GetDouble());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("steps").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("converged").ValueKind);
        var ports = root.GetProperty("scores").EnumerateArray().ToArray();
        Assert.Equal(["sequence", "extra"], ports.Select(port => port.GetProperty("name").GetString()));
        Assert.Equal([2, 2], ports[0].GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32()));
        Assert.Equal(why.Scores.ToArray(),
            ports.SelectMany(port => port.GetProperty("values").EnumerateArray()).Select(value => value.GetSingle()));
        Assert.Equal(why.Multipliers.ToArray(),
            ports.SelectMany(port => port.GetProperty("multipliers").EnumerateArray()).Select(value => value.GetSingle()));
        Assert.Equal(why.Positive.ToArray(),
            ports.SelectMany(port => port.GetProperty("positive").EnumerateArray()).Select(value => value.GetSingle()));

        using var path = JsonDocument.Parse(
            net.IntegratedGradients(x, Target.Unit(1), options: new PathOptions { Tolerance = 1e-2 }).ToJson());
        Assert.True(path.RootElement.GetProperty("converged").GetBoolean());
        Assert.Equal("Midpoint", path.RootElement.GetProperty("quadrature").GetString());
    }
}
