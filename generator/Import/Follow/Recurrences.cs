using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>
/// Recurrent layers. ONNX has the gates of an LSTM as input, output, forget, cell, and those of a GRU as update, reset, new. From zero, and
/// where its states alone are read, it is a layer of Whence; else a loop (<see cref="RecurrentLoops"/>).
/// </summary>
internal static class Recurrences
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["LSTM"] = (follow, op) => Recur(follow, op, new("Lstm", [0, 2, 3, 1], ["Sigmoid", "Tanh", "Tanh"])),
        ["GRU"] = (follow, op) => Recur(follow, op, new("Gru", [1, 0, 2], ["Sigmoid", "Tanh"])),
        ["RNN"] = (follow, op) => Recur(follow, op, new(null, [0], [])),
    };

    /// <summary>Functions of a simple recurrent network.</summary>
    private static readonly string[] Functions = ["Tanh", "Relu", "Sigmoid"];

    /// <summary>Where an input of the operator is, and what it is.</summary>
    public const int State = 5, Cell = 6;

    private static void Recur(Follower follow, Op op, RecurrentKind kind)
    {
        var (x, directions, hidden) = (follow.Live(op), op.Inputs[2]!.Axes![0], op.Inputs[2]!.Axes![2]);
        Require(op, kind, directions);
        RequireAxes(op, kind.Gates.Length, directions, hidden);
        var batchFirst = op.Whole("layout", 0) != 0;
        var unit = new Recurrence(op, kind, directions, hidden, batchFirst, Paths.Of(op.Inputs[1]!.Constant?.Origin, op.Title));
        var sequence = unit.OfOne(follow, x, "its input", x => [.. x.Axes.Where((_, axis) => axis != unit.BatchAxis)]);
        var isFromZero = op.In(State).IsZero() && op.In(Cell).IsZero();
        if (kind.Layer is null || !isFromZero || Used(follow, op, 2))
            RecurrentLoops.Say(follow, unit, sequence);
        else
            Whole(follow, unit, sequence);
    }

    /// <summary>Whether an initial state is zero, or not there.</summary>
    private static bool IsZero(this Value? state) => state is null || state.Constant is { } constant && constant.IsAll(0);

    private static void Whole(Follower follow, Recurrence unit, FromStep sequence)
    {
        var (op, directions, hidden) = (unit.Op, unit.Directions, unit.Hidden);
        var (steps, own) = (sequence.Step.Axes[0], sequence.Step.Axes);
        var (all, last) = (Used(follow, op, 0), Used(follow, op, 1));
        var layer = unit.Layer(unit.Kind.Layer!, unit.Path);
        if (directions == 2)
            layer.Settings.Add(new("Bidirectional", true));
        if (!all)
            layer.Settings.Add(new("LastState", true));
        for (var direction = 0; direction < directions; direction++)
            unit.AddTensors(layer, direction, direction == 0 ? "_l0" : "_l0_reverse");
        if (unit.IsBackward)
            sequence = follow.Add("Reverse", own, sequence);
        var width = directions * hidden;
        var states = follow.Add(layer, all ? [steps, width] : [width], sequence);
        if (all)
            unit.GiveAll(follow, unit.IsBackward ? follow.Add("Reverse", states.Step.Axes, states) : states);
        if (last)
            unit.GiveLast(follow, 1, all ? Ends(follow, states, directions, hidden) : states);
    }

    /// <summary>Whether anything reads an output of the operator.</summary>
    public static bool Used(Follower follow, Op op, int output) => output < op.Outputs.Count && op.Outputs[output] is { } value
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

    private static void RequireAxes(Op op, int gates, int directions, int hidden)
    {
        var batch = op.Inputs[0]!.Axes![op.Whole("layout", 0) != 0 ? 0 : 1];
        int[] state = op.Whole("layout", 0) != 0 ? [batch, directions, hidden] : [directions, batch, hidden];
        (int Input, string What, int[] Axes)[] all =
        [
            (1, "weights", [directions, gates * hidden, op.Inputs[0]!.Axes![2]]),
            (2, "weights of the state", [directions, gates * hidden, hidden]),
            (3, "bias", [directions, 2 * gates * hidden]), (State, "initial state", state), (Cell, "initial cell state", state),
        ];
        foreach (var (input, what, axes) in all)
        {
            if (op.In(input) is { Axes: { } given } && !given.SequenceEqual(axes))
                throw new FaultException($"its {what} are {Shapes.Text(given)}, not {Shapes.Text(axes)}", "The model is damaged.");
        }
        if (directions is < 1 or > 2)
            throw new FaultException($"it has {directions} directions", "The model is damaged.");
    }

    private static void Require(Op op, RecurrentKind kind, int directions)
    {
        if (op.Attributes.GetValueOrDefault("activations")?.Texts is { Count: > 0 } given && (kind.Layer is null
            ? given.Count != directions || !given.All(Functions.Contains)
            : !given.SequenceEqual(Enumerable.Repeat(kind.Activations, directions).SelectMany(one => one))))
        {
            throw new FaultException($"its activations are {string.Join(", ", given)}",
                $"Only {(kind.Layer is null ? "one of " : "")}{string.Join(", ", kind.Layer is null ? Functions : kind.Activations)} "
                    + $"{(kind.Layer is null ? "in each direction is" : "are")} known.");
        }
        if (op.Has("clip") || op.Whole("input_forget", 0) != 0)
            throw new FaultException("it clips its gates, or couples them", "Export it without clip and input_forget.");
        if (op.In(4) is { } lengths
            && (lengths.Constant is not { } all || !all.IsAll(op.Inputs[0]!.Axes![op.Whole("layout", 0) != 0 ? 1 : 0])))
            throw new FaultException("its sequences have lengths of their own", "Export it without sequence_lens.");
        if (op.In(7) is { } peepholes && (peepholes.Constant is not { } weights || !weights.IsAll(0)))
            throw new FaultException("it has peepholes", "Train or export an LSTM without them, as PyTorch's and Keras' is.");
    }
}

/// <summary>Which recurrent operator it is.</summary>
/// <param name="Layer">The layer that says it from zero; null of a simple recurrent network, which none does.</param>
/// <param name="Gates">For each of Whence's gates, which of ONNX's it is.</param>
/// <param name="Activations">Its functions, in one direction.</param>
internal sealed record RecurrentKind(string? Layer, int[] Gates, string[] Activations);

/// <summary>A recurrent operator of a graph.</summary>
/// <param name="Op">The operator.</param>
/// <param name="Kind">Which it is.</param>
/// <param name="Directions">1 or 2.</param>
/// <param name="Hidden">The size of a state.</param>
/// <param name="BatchFirst">Whether the batch is axis 0, and not axis 1.</param>
/// <param name="Path">Its name in the file.</param>
internal sealed record Recurrence(Op Op, RecurrentKind Kind, int Directions, int Hidden, bool BatchFirst, string Path)
{
    /// <summary>Which axis of the sequence, and of states, is the batch's.</summary>
    public int BatchAxis => BatchFirst ? 0 : 1;

    /// <summary>Whether its only direction goes from the last step to the first.</summary>
    public bool IsBackward => Directions == 1 && Op.Text("direction", "forward") == "reverse";

    /// <summary>A value without its batch, which is where the operator has it or of one.</summary>
    public FromStep OfOne(Follower follow, Tracked value, string what, Func<Tracked, int[]> axes)
    {
        if (value.Batch != BatchAxis && (value.Axes[BatchAxis] != 1 || value.Batch >= 0 && value.Axes[value.Batch] > 1))
            throw new FaultException($"axis {BatchAxis} of {what} is not the batch", Follower.OneExample);
        return follow.Reshape(value.Of, axes(value));
    }

    /// <summary>A layer of its size, without tensors.</summary>
    public Layer Layer(string kind, string path)
    {
        var layer = new Layer(kind) { Path = path, Takes = kind == "LstmCell" ? 3 : kind == "GruCell" ? 2 : 1 };
        layer.Settings.Add(new(null, Hidden));
        if (Op.In(3) is null)
            layer.Settings.Add(new("Bias", false));
        if (Kind.Layer == "Gru" && Op.Whole("linear_before_reset", 0) == 0)
            layer.Settings.Add(new("ResetAfter", false));
        return layer;
    }

    /// <summary>Gives a layer the tensors of one direction, in PyTorch's order of gates.</summary>
    public void AddTensors(Layer layer, int direction, string suffix)
    {
        layer.Tensors["weight_ih" + suffix] = Weight(1, direction);
        layer.Tensors["weight_hh" + suffix] = Weight(2, direction);
        if (Op.In(3) is null)
            return;
        layer.Tensors["bias_ih" + suffix] = Bias(direction, 0);
        layer.Tensors["bias_hh" + suffix] = Bias(direction, 1);
    }

    /// <summary>The matrix of the operator's input 1 or 2 in one direction.</summary>
    public Literal Weight(int input, int direction)
    {
        var weight = Follower.Constant(Op, input, input == 1 ? "weights" : "weights of the state");
        return Gates(weight, direction, 0, [Kind.Gates.Length * Hidden, weight.Axes[2]]);
    }

    /// <summary>The bias of one direction: of the input, or of the state.</summary>
    public Literal Bias(int direction, int part) =>
        Gates(Follower.Constant(Op, 3, "bias"), direction, part * Kind.Gates.Length * Hidden, [Kind.Gates.Length * Hidden]);

    private Literal Gates(Literal of, int direction, int firstRow, int[] axes)
    {
        var width = axes.Length == 1 ? 1 : axes[1];
        return of.Moved(axes, i =>
        {
            var (row, column) = (i / width, i % width);
            var from = firstRow + Kind.Gates[row / Hidden] * Hidden + row % Hidden;
            return (direction * of.Axes[1] + from) * width + column;
        });
    }

    /// <summary>Says the states of all steps: [steps, directions * hidden].</summary>
    public void GiveAll(Follower follow, FromStep states) =>
        follow.Give(Op, follow.Reshape(states, states.Step.Axes[0], Directions, Hidden), BatchFirst ? 0 : 2);

    /// <summary>Says the states after the last step: [directions * hidden].</summary>
    public void GiveLast(Follower follow, int output, FromStep states) =>
        follow.Give(Op, follow.Reshape(states, Directions, Hidden), BatchAxis, output);
}
