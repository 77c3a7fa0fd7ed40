using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>
/// Recurrent layers from zero. ONNX has the gates of an LSTM as input, output, forget, cell, and those of a GRU as update, reset, new.
/// </summary>
internal static class Recurrences
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["LSTM"] = (follow, op) => Recur(follow, op, "Lstm", [0, 2, 3, 1], ["Sigmoid", "Tanh", "Tanh"]),
        ["GRU"] = (follow, op) => Recur(follow, op, "Gru", [1, 0, 2], ["Sigmoid", "Tanh"]),
    };

    private static void Recur(Follower follow, Op op, string kind, int[] gates, string[] activations)
    {
        var (x, directions, hidden) = (follow.Live(op), op.Inputs[2]!.Axes![0], op.Inputs[2]!.Axes![2]);
        Require(op, activations, directions);
        var batchFirst = op.Whole("layout", 0) != 0;
        var at = batchFirst ? 0 : 1;
        if (x.Batch != at && (x.Axes[at] != 1 || x.Batch >= 0 && x.Axes[x.Batch] > 1))
            throw new FaultException($"its axis {at} is not the batch", "Export it with a batch of one.");
        int[] own = [.. x.Axes.Where((_, axis) => axis != at)];
        var (steps, sequence) = (own[0], follow.Reshape(x.Of, own));
        var isBackward = directions == 1 && op.Text("direction", "forward") == "reverse";
        var (all, last) = (Used(follow, op, 0), Used(follow, op, 1));
        if (kind == "Lstm" && Used(follow, op, 2))
            throw new FaultException("its cell state is used, and Whence's Lstm gives its states alone",
                "Choose the outputs that do not need it: --output NAME.");

        var layer = new Layer(kind) { Path = Paths.Of(op.Inputs[1]!.Constant?.Origin, op.Title) };
        layer.Settings.Add(new(null, hidden));
        if (directions == 2)
            layer.Settings.Add(new("Bidirectional", true));
        if (!all)
            layer.Settings.Add(new("LastState", true));
        if (op.In(3) is null)
            layer.Settings.Add(new("Bias", false));
        if (kind == "Gru" && op.Whole("linear_before_reset", 0) == 0)
            layer.Settings.Add(new("ResetAfter", false));
        Tensors(layer, op, gates, directions, hidden);
        if (isBackward)
            sequence = follow.Add("Reverse", own, sequence);
        var width = directions * hidden;
        var states = follow.Add(layer, all ? [steps, width] : [width], sequence);
        if (all)
            Give(follow, op, isBackward ? follow.Add("Reverse", states.Step.Axes, states) : states, batchFirst, directions, hidden);
        if (last)
        {
            var ends = all ? Ends(follow, states, directions, hidden) : states;
            follow.Give(op, follow.Reshape(ends, directions, hidden), batchFirst ? 0 : 1, 1);
        }
    }

    private static void Give(Follower follow, Op op, FromStep states, bool batchFirst, int directions, int hidden) =>
        follow.Give(op, follow.Reshape(states, states.Step.Axes[0], directions, hidden), batchFirst ? 0 : 2);

    private static bool Used(Follower follow, Op op, int output) => output < op.Outputs.Count && op.Outputs[output] is { } value
        && (follow.Readers.ContainsKey(value) || follow.Graph.Outputs.Contains(value));

    /// <summary>The state after a direction's last step: the backward one's lies at the first.</summary>
    private static FromStep Ends(Follower follow, FromStep states, int directions, int hidden)
    {
        var (steps, width) = (states.Step.Axes[0], states.Step.Axes[1]);
        FromStep At(int step) =>
            follow.Reshape(follow.Add("Slice", [1, width], states, new Whole(0), new Whole(step), new Whole(1)), width);
        if (directions == 1)
            return At(steps - 1);
        FromStep Part(FromStep of, int start) => follow.Add("Slice", [hidden], of, new Whole(0), new Whole(start), new Whole(hidden));
        return follow.Add("Concat", [width], new Whole(0), Part(At(steps - 1), 0), Part(At(0), hidden));
    }

    private static void Require(Op op, string[] activations, int directions)
    {
        if (op.Attributes.GetValueOrDefault("activations")?.Texts is { Count: > 0 } given
            && !given.SequenceEqual(Enumerable.Repeat(activations, directions).SelectMany(one => one)))
            throw new FaultException($"its activations are {string.Join(", ", given)}",
                $"Only {string.Join(", ", activations)} are known.");
        if (op.Has("clip") || op.Whole("input_forget", 0) != 0)
            throw new FaultException("it clips its gates, or couples them");
        if (op.In(4) is { } lengths
            && (lengths.Constant is not { } all || !all.IsAll(op.Inputs[0]!.Axes![op.Whole("layout", 0) != 0 ? 1 : 0])))
            throw new FaultException("its sequences have lengths of their own", "Export it without sequence_lens.");
        foreach (var initial in new[] { 5, 6 })
        {
            if (op.In(initial) is { } state && (state.Constant is not { } constant || !constant.IsAll(0)))
                throw new FaultException("its state begins with something else than zero",
                    "Where that is an input of the model, let it begin at zero: --set NAME=0.");
        }
        if (op.In(7) is { } peepholes && (peepholes.Constant is not { } weights || !weights.IsAll(0)))
            throw new FaultException("it has peepholes");
    }

    private static void Tensors(Layer layer, Op op, int[] gates, int directions, int hidden)
    {
        var (input, state) = (Follower.Constant(op, 1, "weights"), Follower.Constant(op, 2, "weights of the state"));
        var bias = op.In(3) is null ? null : Follower.Constant(op, 3, "bias");
        for (var direction = 0; direction < directions; direction++)
        {
            var suffix = direction == 0 ? "_l0" : "_l0_reverse";
            layer.Tensors["weight_ih" + suffix] = Gates(input, direction, gates, hidden, 0, [gates.Length * hidden, input.Axes[2]]);
            layer.Tensors["weight_hh" + suffix] = Gates(state, direction, gates, hidden, 0, [gates.Length * hidden, hidden]);
            if (bias is null)
                continue;
            layer.Tensors["bias_ih" + suffix] = Gates(bias, direction, gates, hidden, 0, [gates.Length * hidden]);
            layer.Tensors["bias_hh" + suffix] = Gates(bias, direction, gates, hidden, gates.Length * hidden, [gates.Length * hidden]);
        }
    }

    /// <summary>Rows of one direction in PyTorch's order of gates.</summary>
    private static Literal Gates(Literal of, int direction, int[] gates, int hidden, int firstRow, int[] axes)
    {
        var width = axes.Length == 1 ? 1 : axes[1];
        return of.Moved(axes, i =>
        {
            var (row, column) = (i / width, i % width);
            var from = firstRow + gates[row / hidden] * hidden + row % hidden;
            return (direction * of.Axes[1] + from) * width + column;
        });
    }
}
