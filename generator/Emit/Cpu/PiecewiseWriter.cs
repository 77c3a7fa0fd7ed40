using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>Writes how a network that is linear but for kinks is followed along a path: what builds it, when it is first asked.</summary>
internal sealed class PiecewiseWriter(PiecewisePlan plan, CompiledClass compiled, WeightFields fields)
{
    private const string Builder = "pieces";

    private readonly Func<int, string> nameOf = plan.Names();

    public void Write(SourceWriter to)
    {
        var field = compiled.Names.Take("piecewise");
        to.Line($"private Kernels.PiecewiseLinear? {field};").Line();
        to.Summary("Whether a point's value is linear in the inputs but for kinks.");
        to.Line("public static bool IsPiecewiseLinear(int point) => "
            + $"point is {string.Join(" or ", plan.Points.Select(point => compiled.Points[point.Index]))};").Line();
        to.Summary("The gradient's integral along one path, from kink to kink.");
        to.Line("public ExactIntegral IntegratePath(in ExactPath<float> path) => "
            + $"({field} ??= Piecewise()).Integrate(in path);").Line();
        to.Summary("The network as it is followed along a path.");
        to.Block("private Kernels.PiecewiseLinear Piecewise()", () =>
        {
            to.Line($"var {Builder} = new Kernels.PiecewiseBuilder();");
            foreach (var call in plan.Calls)
            {
                var arguments = call.Arguments.Select(argument => Text(argument, call));
                to.Statement($"var {nameOf(call.Node)} = {Builder}.{call.Method}({string.Join(", ", arguments)});");
            }
            foreach (var (index, node) in plan.Points)
                to.Line($"{Builder}.Point({compiled.Points[index]}, {nameOf(node)});");
            to.Line($"return {Builder}.Build();");
        });
    }

    private string Text(PiecewiseArgument argument, PiecewiseCall call) => argument switch
    {
        PiecewiseArgument.Value value => nameOf(value.Node),
        PiecewiseArgument.Values values => $"[{string.Join(", ", values.Nodes.Select(nameOf))}]",
        PiecewiseArgument.Number number => SourceWriter.Number(number.Of),
        PiecewiseArgument.Numbers numbers => $"[{string.Join(", ", numbers.Of.Select(SourceWriter.Number))}]",
        PiecewiseArgument.Wholes wholes => $"[{string.Join(", ", wholes.Of)}]",
        PiecewiseArgument.Flag flag => flag.IsSet ? "true" : "false",
        PiecewiseArgument.Axes axes => SourceWriter.Shape(axes.Shape),
        PiecewiseArgument.Window window => fields.Window(window.Settings, nameOf(call.Node)),
        PiecewiseArgument.Applied applied => ExpressionText.New(applied.Function),
        PiecewiseArgument.Weights weights => Text(weights.Packed),
        PiecewiseArgument.Loaded loaded => $"{fields.Constant(loaded.Constant)}, {loaded.Constant.Channels}",
        _ => throw new InvalidOperationException($"No text for {argument}."),
    };

    private string Text(PackedWeights weights)
    {
        var (packed, bias) = fields.Of(weights);
        var channels = weights.InputChannels == 1 && weights.OutputChannels == 1
            ? ""
            : $", {weights.InputChannels}, {weights.OutputChannels}";
        return $"{packed}, {bias ?? "[]"}{channels}";
    }
}
