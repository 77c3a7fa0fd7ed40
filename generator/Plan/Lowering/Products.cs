using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>A product with weights, with a function on its last write.</summary>
internal abstract class ProductLowering : Lowering
{
    public override bool TakesFunction => true;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var last = to.Fusion.LastOf(id);
        var from = to.Whole(node.Inputs[0], to.Wanted(id, node.Inputs[0]));
        var value = to.New(last);
        var made = to.Made(value, to.Wanted(id, id));
        to.Set(id, value);
        to.Set(last, value);
        var step = Step(node, made, from, last == id ? null : to.Nodes[last].Function);
        step.Named = to.Name(last);
        to.Do(step);
        to.Settle(value, made);
        to.IsReady(last);
    }

    protected abstract Step Step(Node node, PlannedValue to, PlannedValue from, Function? then);
}

/// <summary>A dense product along the last axis.</summary>
internal sealed class DenseLowering : ProductLowering
{
    public override Order OrderOf(Node node) => node.Shape!.Rank > 1 ? Order.Natural : Order.Free;

    // Its weights' columns and rows are reordered as they are packed.
    public override bool TakesFlattened(Node node) => true;

    protected override Step Step(Node node, PlannedValue to, PlannedValue from, Function? then) =>
        new DenseStep(to, from, new PackedWeights(node.Weights!, node.Op.Name, node.Settings, from.Channels, to.Channels), then)
        {
            Repeat = node.Shape!.Size / node.Shape[node.Shape.Rank - 1],
        };
}

/// <summary>A convolution, forwards or back.</summary>
internal sealed class ConvolutionLowering : ProductLowering
{
    public override Order OrderOf(Node node) => Order.ChannelsLast;

    protected override Step Step(Node node, PlannedValue to, PlannedValue from, Function? then) =>
        new ConvolutionStep(to, from, new PackedWeights(node.Weights!, node.Op.Name, node.Settings, 1, 1), then);
}

/// <summary>Products of two values, as many for each example as there are positions of the axes before the last two.</summary>
internal sealed class MatrixLowering : Lowering
{
    public override Order OrderOf(Node node) => Order.Natural;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        // Rows may be as far apart as they are, and a constant serves all.
        PlannedValue Factor(int input) => to.Of(input).Channels == 1 ? to.Of(input) : to.Whole(input, 1);
        var (a, b) = (Factor(node.Inputs[0]), Factor(node.Inputs[1]));
        var (first, shape) = (to.Nodes[node.Inputs[0]].Shape!, node.Shape!);
        var (rows, columns) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        var depth = first[first.Rank - (node.Settings.Flag("transposeA") ? 2 : 1)];
        var flags = new[] { "transposeA", "transposeB" }.Where(flag => node.Settings.Flag(flag));
        var value = to.Make(id);
        var made = to.Made(value, 1);
        to.Do(new KernelStep(made, [a, b], "MatMul.Product", [
            shape.Size / (rows * columns), rows, depth, columns, .. flags.Select(flag => new KernelArgument.Flag(flag)),
        ])
        {
            Named = to.Name(id), Apart = [0, 1],
        });
        to.Settle(value, made);
    }
}
