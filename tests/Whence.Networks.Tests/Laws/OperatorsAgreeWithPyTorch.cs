using System.Runtime.CompilerServices;
using System.Text.Json;
using Whence.CompilerServices;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Golden;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Laws;

/// <summary>
/// fixtures/operators: every operator and setting, forward and vector-Jacobian product, as PyTorch computes them in double.
/// </summary>
public sealed class OperatorsAgreeWithPyTorch
{
    private static readonly Dictionary<string, JsonElement> cases = Directory.GetFiles(Folder(), "*.json").Order()
        .SelectMany(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("cases").EnumerateArray())
        .ToDictionary(one => one.GetProperty("id").GetString()!);

    public static TheoryData<string> Ids => new(cases.Keys);

    [Theory]
    [MemberData(nameof(Ids))]
    public void On(string id)
    {
        var one = cases[id];
        var s = new Sketch();
        Value[] inputs = [.. one.GetProperty("inputs").EnumerateArray().Select((input, i) => s.Input($"x{i}", AxesOf(input)))];
        var weights = one.GetProperty("weights")
            .EnumerateObject()
            .ToDictionary(weight => $"op.{weight.Name}", weight => weight.Value.Numbers("values"));
        var graph = s.Return(
            Apply(s, one.GetProperty("op").GetString()!, SettingsOf(one.GetProperty("settings")), inputs, weights.Count > 0));
        var net = new ZooNetwork(id, graph, TensorsFrom.Table(weights)).Interpret();

        double[] x = [.. one.GetProperty("inputs").EnumerateArray().SelectMany(input => input.Numbers("values"))];
        var output = one.GetProperty("output");
        Assert.Equal(AxesOf(output), net.Signature.Outputs[0].Shape.ToArray());
        Compare.Row($"{id} forward", Ask.Predict(net, x), output.Numbers("values"), 1e-12);

        var products = new double[x.Length];
        var arguments = new BackwardArguments<double>
        {
            X = x, Rows = 1, ReferenceRows = 1, From = 0, Seed = one.GetProperty("cotangent").Numbers("values"), SeedRows = 1, To = -1,
            InjectAt = -1, Multipliers = products,
        };
        net.Backward(Pass.Gradient, ref arguments);
        double[] expected = [.. one.GetProperty("vjp").EnumerateArray().SelectMany(input => input.Numbers("values"))];
        Compare.Row($"{id} vector-Jacobian product", products, expected, 1e-12);
    }

    private static Value Apply(Sketch s, string op, Settings settings, Value[] inputs, bool isLayer)
    {
        if (typeof(Whence.Ops).GetNestedType(op) is { IsValueType: true } function)
            return s.Apply(Sketch.FunctionOf(function, Constants(op, settings)), inputs[0]);
        return isLayer ? s.Layer(op, "Op", inputs, settings) : s.Call(op, settings, inputs);
    }

    // As the binder reads them: what the call says, or the parameter's default.
    private static double[] Constants(string op, Settings settings) =>
        [.. typeof(Nn).GetMethod(op)!.GetParameters().Skip(1).Select(parameter =>
            settings.Number(parameter.Name!, parameter.HasDefaultValue ? Convert.ToDouble(parameter.DefaultValue) : double.NaN))];

    private static Settings SettingsOf(JsonElement settings) =>
        settings.EnumerateObject().Aggregate(Settings.None, (all, setting) => all.With(setting.Name, setting.Value.ValueKind switch
        {
            JsonValueKind.True => [1],
            JsonValueKind.False => [0],
            _ => setting.Value.Numbers(),
        }));

    private static int[] AxesOf(JsonElement tensor) => [.. tensor.Numbers("shape").Select(axis => (int)axis)];

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "fixtures", "operators");
}
