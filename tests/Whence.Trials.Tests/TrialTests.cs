using System.Text.Json;

namespace Whence.Trials.Tests;

/// <summary>Networks as a user writes them: what is compiled against Forward, and what is promised of explanations.</summary>
public class TrialTests
{
    public static TheoryData<string> Names => [.. Trial.All.Select(trial => trial.Name)];

    private static Trial Of(string name) => Trial.All.Single(trial => trial.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_is_Forward(string name)
    {
        var trial = Of(name);
        var rows = trial.Rows(20);
        var size = trial.Net.Signature.InputSize;
        for (var row = 0; row < 20; row++)
        {
            var x = rows.AsSpan(row * size, size);
            Near(trial.Eager(x), trial.Net.Predict(x), 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_is_the_slope_of_Forward(string name)
    {
        var trial = Of(name);
        var net = (IGradientNetwork)trial.Net;
        foreach (var output in Enumerable.Range(0, net.Signature.Outputs.Count))
        {
            var start = net.Signature.Outputs.Take(output).Sum(tensor => tensor.Shape.Size);
            var x = trial.Rows(1, seed: 5);
            var unit = net.Signature.Outputs[output].Shape.Size - 1;
            var gradient = net.Gradient(x, Target.Unit(unit).Of(output).OfOutput());
            Near([.. Enumerable.Range(0, x.Length).Select(i => Slope(trial, x, i, start + unit))], gradient.Scores, 2e-4);
        }
    }

    private static double Slope(Trial trial, float[] x, int element, int unit)
    {
        const float Step = 1.0f / 65536;
        double At(float moved)
        {
            var there = x.ToArray();
            there[element] += moved;
            return trial.Eager(there)[unit];
        }
        var (up, down) = (x[element] + Step, x[element] - Step);
        return (At(Step) - At(-Step)) / ((double)up - down);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DeepLift_is_complete_by_every_rule(string name)
    {
        var trial = Of(name);
        var net = (IDeepLiftNetwork)trial.Net;
        var rows = trial.Rows(7, seed: 2);
        var references = trial.Rows(3, seed: 9);
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel, Rule.Genomics })
        {
            if (rule == Rule.Genomics && !net.Signature.Passes.Contains(Pass.Genomics))
                continue;
            for (var output = 0; output < net.Signature.Outputs.Count; output++)
            {
                var unit = Target.Unit(0).Of(output);
                foreach (var target in new[] { unit, unit.OfOutput(),
                    unit.MeanCentred(axis: net.Signature.Outputs[output].Shape.Rank - 1) })
                {
                    Assert.All(net.DeepLift(rows, 7, target, rule), IsComplete);
                    Assert.All(net.DeepLift(rows, 7, target, rule, References.Several(references, 3)), why =>
                    {
                        IsComplete(why);
                        for (var i = 0; i < why.Scores.Length; i++)
                            Assert.Equal(why.Scores[i], why.Positive[i] + why.Negative[i], 1e-6 * (1 + Math.Abs(why.Positive[i])));
                    });
                }
            }
        }
    }

    // Parts may be large, of both signs, and cancel: the gap is rounding of the parts.
    private static void IsComplete(Attribution why)
    {
        var scale = Math.Abs(why.Output - why.ReferenceOutput!.Value);
        for (var i = 0; i < why.Scores.Length; i++)
            scale += Math.Abs(why.Positive[i]) + Math.Abs(why.Negative[i]);
        Assert.InRange(Math.Abs(why.Gap!.Value), 0, 1e-5 * scale);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Integrated_gradients_converge(string name)
    {
        var trial = Of(name);
        var net = (IIntegratedGradientsNetwork)trial.Net;
        var x = trial.Rows(2, seed: 4);
        foreach (var quadrature in Enum.GetValues<Quadrature>().Except([Quadrature.Exact]))
        {
            var why = net.IntegratedGradients(x, 2, Target.Unit(0), options: new PathOptions { Quadrature = quadrature, Tolerance = 1e-2 });
            Assert.All(why, one => Assert.True(one.Converged, $"{quadrature}: {one}"));
            Assert.All(why, one => Assert.InRange(one.RelativeGap!.Value, 0, 1e-2));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Layers_explain_the_same_difference(string name)
    {
        var trial = Of(name);
        var net = (IDeepLiftNetwork)trial.Net;
        var paths = (IIntegratedGradientsNetwork)trial.Net;
        var x = trial.Rows(1, seed: 6);
        var target = Target.Unit(0);
        foreach (var layer in net.Signature.Points.Where(point => point.Kind == PointKind.Layer).Select(point => point.Name))
        {
            var value = net.LayerActivation(layer, x);
            Assert.Equal(net.Signature.Points.Single(point => point.Name == layer).Shape.Size, value.Length);
            var neuron = net.DeepLift(x, Target.Layer(layer, value.Length - 1));
            Assert.InRange(neuron.RelativeGap!.Value, 0, 2e-6);
            Assert.Equal(value[^1], neuron.Output, 1e-6);
            paths.LayerGradient(layer, x, target);
            paths.LayerGradientTimesActivation(layer, x, target);
            paths.InternalInfluence(layer, x, target);
            paths.NeuronConductance(layer, 0, x, target);
            if (net.Signature.Points.Single(point => point.Name == layer).Shape.Rank > 1)
                paths.GradCam(layer, x, target);
            if (Cuts(name, layer))
            {
                Assert.InRange(net.LayerDeepLift(layer, x, target).RelativeGap!.Value, 0, 2e-6);
                Assert.InRange(net.LayerDeepLift(layer, x, target, Rule.RevealCancel).RelativeGap!.Value, 0, 2e-6);
                Assert.InRange(paths.Conductance(layer, x, target, options: new PathOptions { Steps = 400 }).RelativeGap!.Value, 0, 2e-2);
                Assert.InRange(
                    paths.LayerIntegratedGradients(layer, x, target, options: new PathOptions { Steps = 400 }).RelativeGap!.Value, 0,
                    2e-2);
            }
        }
    }

    // Whether all that reaches the output passes the layer.
    private static bool Cuts(string name, string layer) =>
        (name, layer) is not (("Sequence", "block1.Bn2") or ("SmallInception", "block3b.Three") or ("PassThrough", _));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_changes_no_bit(string name)
    {
        var trial = Of(name);
        var (net, guided) = ((IDeepLiftNetwork)trial.Net, trial.Net as IGuidedBackpropNetwork);
        const int Count = 300;
        var rows = trial.Rows(Count, seed: 8);
        var size = net.Signature.InputSize;
        var together = net.DeepLift(rows, Count, Target.Unit(0), Rule.RevealCancel, options: new ExplainOptions { Threads = 4 });
        var paths = ((IIntegratedGradientsNetwork)net)
            .IntegratedGradients(rows, Count, Target.Unit(0), options: new PathOptions { Steps = 3, Threads = 3 });
        var predicted = new float[Count * net.Signature.OutputSize];
        net.Predict(rows, predicted, Count, threads: 4);
        for (var row = 0; row < Count; row += 37)
        {
            var x = rows.AsSpan(row * size, size);
            Assert.Equal(net.DeepLift(x, Target.Unit(0), Rule.RevealCancel).Scores.ToArray(), together[row].Scores.ToArray());
            Assert.Equal(((IIntegratedGradientsNetwork)net)
                .IntegratedGradients(x, Target.Unit(0), options: new PathOptions { Steps = 3 }).Scores
                .ToArray(),
                paths[row].Scores.ToArray());
            Assert.Equal(net.Predict(x), predicted.AsSpan(row * net.Signature.OutputSize, net.Signature.OutputSize).ToArray());
        }
        if (guided is not null && guided.Signature.Passes.Contains(Pass.GuidedBackprop))
            Assert.Equal(guided.GuidedBackprop(rows, Count, Target.Unit(0))[299].Scores.ToArray(),
                guided.GuidedBackprop(rows.AsSpan(299 * size), Target.Unit(0)).Scores.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_result_is_readable_JSON(string name)
    {
        var trial = Of(name);
        var net = (IDeepLiftNetwork)trial.Net;
        var why = net.DeepLift(trial.Rows(1), Target.Unit(0));
        using var json = JsonDocument.Parse(why.ToJson());
        Assert.Equal(name, json.RootElement.GetProperty("network").GetString());
        Assert.Equal(net.Signature.Inputs.Count, json.RootElement.GetProperty("scores").GetArrayLength());
        Assert.Equal(why.Scores[0], json.RootElement.GetProperty("scores")[0].GetProperty("values")[0].GetSingle());
        using var slopes = JsonDocument.Parse(((IGradientNetwork)net).Gradient(trial.Rows(1), Target.Unit(0)).ToJson(indented: true));
        Assert.Equal(JsonValueKind.Null, slopes.RootElement.GetProperty("gap").ValueKind);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bad_input_is_said_and_not_answered(string name)
    {
        var trial = Of(name);
        var (net, paths) = ((IDeepLiftNetwork)trial.Net, (IIntegratedGradientsNetwork)trial.Net);
        var x = trial.Rows(1);
        var broken = x.ToArray();
        broken[1] = float.NaN;
        var target = Target.Unit(0);
        Says<ArgumentException>("x", () => net.Predict(broken));
        Says<ArgumentException>("x", () => net.DeepLift(broken, target));
        Says<ArgumentException>("x", () => paths.IntegratedGradients(broken, target));
        Says<ArgumentException>("x", () => paths.Gradient(broken, target));
        Says<ArgumentException>("x", () => net.Predict(x.AsSpan(1)));
        Says<ArgumentException>("x", () => net.DeepLift(x.AsSpan(1), target));
        Says<ArgumentException>("x", () => net.DeepLift(x, 2, target));
        Says<ArgumentException>("target", () => net.DeepLift(x, Target.Unit(1000)));
        Says<ArgumentException>("target", () => net.DeepLift(x, Target.Unit(-1)));
        Says<ArgumentException>("target", () => net.DeepLift(x, default(Target)));
#pragma warning disable WH205, WH206 // What the analyzer says of these constants is what the calls say when they run.
        Says<ArgumentException>("target", () => net.DeepLift(x, Target.Weights(1, double.NaN)));
        Says<ArgumentException>("target", () => net.DeepLift(x, target.Of("nothing")));
        Says<ArgumentException>("target", () => net.DeepLift(x, Target.Layer("nothing", 0)));
        Says<ArgumentException>("layer", () => net.LayerDeepLift("nothing", x, target));
        Says<ArgumentException>("references", () => net.DeepLift(x, target, references: References.One(x.AsSpan(1))));
        Says<ArgumentException>("references", () => net.DeepLift(x, target, references: References.One(broken)));
        Says<ArgumentException>("options", () => paths.IntegratedGradients(x, target, options: new PathOptions { Steps = 0 }));
        Says<ArgumentException>("options", () => paths.IntegratedGradients(x, target, options: new PathOptions { Tolerance = 0 }));
        Says<ArgumentException>("options", () => net.DeepLift(x, target, options: new ExplainOptions { Threads = 0 }));
        Says<ArgumentException>("alphas", () => paths.InteriorGradients(x, target, [double.NaN]));
        Says<ArgumentException>("count", () => net.DeepLift(x, -1, target));
#pragma warning restore WH205, WH206
        Assert.Empty(net.DeepLift(default, 0, target));
        Assert.Empty(paths.IntegratedGradients(default, 0, target));
    }

    private static void Says<E>(string argument, Action act) where E : ArgumentException
    {
        var error = Assert.ThrowsAny<E>(act);
        Assert.Equal(argument, error.ParamName);
    }

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 1e-3;
        foreach (var value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance * largest);
    }
}
