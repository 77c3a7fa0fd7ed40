using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>A kernel over images that lie channels last, given the operator's node.</summary>
/// <param name="kernel">Its name.</param>
/// <param name="given">What it is given.</param>
/// <param name="apart">The operand whose rows may lie anywhere; -1 for none.</param>
internal sealed class ImageLowering(string kernel, Func<Node, KernelArgument[]> given, int apart = -1) : Lowering
{
    /// <summary>A kernel of pooling, which is given its window.</summary>
    public static ImageLowering Pool(string kernel, int apart = -1) =>
        new("Pool." + kernel, node => [new KernelArgument.Window(node.Settings)], apart);

    public override Order OrderOf(Node node) => Order.ChannelsLast;

    public override void Write(StepWriter to, int id)
    {
        var node = to.Nodes[id];
        var from = new List<PlannedValue>();
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            var (input, channels) = (node.Inputs[i], to.Wanted(id, node.Inputs[i]));
            from.Add(i == apart && to.Of(input).Channels == channels ? to.Of(input) : to.Whole(input, channels));
        }
        var value = to.Make(id);
        var made = to.Made(value, to.Wanted(id, id));
        to.Do(new KernelStep(made, from, kernel, given(node)) { Named = to.Name(id), Apart = apart < 0 ? [] : [apart] });
        to.Settle(value, made);
    }
}
