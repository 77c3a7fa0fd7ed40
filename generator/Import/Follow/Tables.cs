using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>Gather: rows of a table for tokens, or places of a tensor.</summary>
internal static class Tables
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new() { ["Gather"] = Gather };

    /// <summary>Whether an input of whole numbers chooses rows of a table.</summary>
    public static bool IsTokens(Follower follow, Value value)
    {
        var open = new Stack<Value>([value]);
        var seen = new HashSet<Value>();
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
                continue;
            foreach (var op in follow.Readers.GetValueOrDefault(next, []))
            {
                if (op.Type == "Gather" && op.In(1) == next && op.In(0)?.Constant is not null)
                    return true;
                if (op.Type is "Cast" or "Reshape" or "Unsqueeze" or "Squeeze" or "Flatten"
                    && op.Outputs.Count > 0
                    && op.Outputs[0] is { } moved)
                    open.Push(moved);
            }
        }
        return false;
    }

    private static void Gather(Follower follow, Op op)
    {
        var (data, places) = (op.Inputs[0]!, op.Inputs[1]!);
        if (places.Constant is { } constant)
            OfPlaces(follow, op, constant);
        else if (data.Constant is { } table)
            OfTable(follow, op, table, follow[places]);
        else
            throw new FaultException("which places it reads depends on the input", "Stop before it: --output NAME.");
    }

    private static void OfTable(Follower follow, Op op, Literal table, Tracked tokens)
    {
        var flat = Flat(tokens.Of.Step);
        if (Axis.Of(op.Whole("axis", 0), table.Rank) != 0 || table.Rank is < 1 or > 2)
            throw new FaultException($"its table has axes {Shapes.Text(table.Axes)}");
        var width = table.Rank == 2 ? table.Axes[1] : 1;
        var layer = new Layer("Embedding") { Path = Paths.Of(table.Origin, op.Title) };
        layer.Settings.AddRange([new(null, table.Axes[0]), new(null, width)]);
        layer.Tensors["weight"] = table.Reshaped(table.Axes[0], width);
        var rows = follow.Add(layer, [flat.Step.Axes[0], width], flat);
        follow.Give(op, follow.Reshape(rows, [.. op.Output.Axes!.Where((_, axis) => axis != tokens.Batch)]), tokens.Batch);
    }

    // The input itself, of which only the axes have changed.
    private static FromStep Flat(Step tokens)
    {
        while (tokens is { Word: "Reshape", Operands: [FromStep from, ..] })
            tokens = from.Step;
        return tokens.Input == InputKind.Tokens ? new(tokens)
            : throw new FaultException("its places are computed of the input", "Only tokens that are an input choose rows of a table.");
    }

    private static void OfPlaces(Follower follow, Op op, Literal places)
    {
        var x = follow.Live(op);
        var axis = Axis.Of(op.Whole("axis", 0), x.Axes.Length);
        var (of, batch) = (x.Of, x.Batch);
        if (batch == axis)
        {
            if (x.Axes[axis] > 1)
                throw new FaultException("it takes some examples of the batch", Follower.OneExample);
            (of, batch) = (follow.Reshape(of, x.Axes), -1);
        }
        var own = batch >= 0 && axis > batch ? axis - 1 : axis;
        var size = x.Axes[axis];
        int[] at = [.. places.Wholes().Select(place => place >= -size && place < size ? (int)(place < 0 ? place + size : place)
            : throw new FaultException($"it reads place {place} of {size}"))];
        var gathered = Moves.Gather(follow, of, own, at);
        var moved = batch < 0 ? -1 : axis < batch ? batch - 1 + places.Rank : batch;
        follow.Give(op, follow.Reshape(gathered, [.. op.Output.Axes!.Where((_, i) => i != moved)]), moved);
    }
}
