using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Recognise;

/// <summary>A folded graph while idioms are looked for: who reads what, and the exchange of several operators for one.</summary>
internal sealed class Surface(FoldedGraph graph)
{
    private readonly Dictionary<Value, List<Op>> readers = Read(graph.Ops);

    /// <summary>The operators, each after what it reads.</summary>
    public IReadOnlyList<Op> Ops => graph.Ops;

    /// <summary>Whether only one operator reads the value, and nothing else is made of it.</summary>
    public bool IsInner(Value value) => readers.GetValueOrDefault(value, []).Count == 1 && !graph.Outputs.Contains(value);

    /// <summary>The operators that read the value.</summary>
    public IReadOnlyList<Op> Readers(Value value) => readers.GetValueOrDefault(value, []);

    /// <summary>The only reader of an operator's value; null if there are several, or it is an output.</summary>
    public Op? Next(Op op) => op.Outputs.Count > 0 && op.Outputs[0] is { } value && IsInner(value) ? readers[value][0] : null;

    /// <summary>Puts an operator in the place of another, of whose first output it now is the maker.</summary>
    public Op Replace(Op last, string type, string title, Value?[] inputs, params (string Name, object Setting)[] settings)
    {
        var op = New(type, title, last.Opset, inputs, settings);
        op.Outputs.Add(last.Output);
        last.Output.Maker = op;
        graph.Ops[graph.Ops.IndexOf(last)] = op;
        foreach (var input in last.Inputs.OfType<Value>())
            readers[input].Remove(last);
        Enrol(op);
        return op;
    }

    /// <summary>Has the readers of an operator's value read another that is the same; not of an output, whose name is asked for.</summary>
    public bool TryPass(Op op, Value same)
    {
        if (graph.Outputs.Contains(op.Output))
            return false;
        foreach (var reader in Readers(op.Output).ToArray())
        {
            for (var i = 0; i < reader.Inputs.Count; i++)
            {
                if (reader.Inputs[i] == op.Output)
                    reader.Inputs[i] = same;
            }
        }
        foreach (var input in op.Inputs.OfType<Value>())
            readers[input].Remove(op);
        if (readers.Remove(op.Output, out var moved))
            readers[same].AddRange(moved);
        graph.Ops.Remove(op);
        return true;
    }

    /// <summary>Adds an operator before another.</summary>
    public Value Insert(Op before, string type, Value input, int[] axes, params (string Name, object Setting)[] settings)
    {
        var op = New(type, before.Title, before.Opset, [input], settings);
        var value = new Value(input.Name, input.Type, axes) { Maker = op };
        op.Outputs.Add(value);
        graph.Ops.Insert(graph.Ops.IndexOf(before), op);
        Enrol(op);
        return value;
    }

    /// <summary>Drops operators that no output needs any longer.</summary>
    public void Forget()
    {
        var (needed, open) = (new HashSet<Op>(), new Stack<Op>(graph.Outputs.Select(output => output.Maker).OfType<Op>()));
        while (open.TryPop(out var op))
        {
            if (!needed.Add(op))
                continue;
            foreach (var below in op.Inputs.Select(input => input?.Maker).OfType<Op>())
                open.Push(below);
        }
        graph.Ops.RemoveAll(op => !needed.Contains(op));
        readers.Clear();
        foreach (var op in graph.Ops)
            Enrol(op);
    }

    private static Op New(string type, string title, long opset, Value?[] inputs, (string Name, object Setting)[] settings)
    {
        var attributes = new Dictionary<string, ModelAttribute>();
        foreach (var (name, setting) in settings)
        {
            var attribute = new ModelAttribute { Name = name };
            switch (setting)
            {
                case int whole:
                    attribute.Whole = whole;
                    break;
                case float number:
                    attribute.Single = number;
                    break;
                case int[] wholes:
                    attribute.Wholes.AddRange(wholes.Select(whole => (long)whole));
                    break;
                default:
                    attribute.Text = (string)setting;
                    break;
            }
            attributes[name] = attribute;
        }
        return new(type, title, opset) { Inputs = [.. inputs], Attributes = attributes };
    }

    private void Enrol(Op op)
    {
        foreach (var input in op.Inputs.OfType<Value>())
        {
            if (!readers.TryGetValue(input, out var list))
                readers[input] = list = [];
            list.Add(op);
        }
    }

    private static Dictionary<Value, List<Op>> Read(List<Op> ops)
    {
        var readers = new Dictionary<Value, List<Op>>();
        foreach (var op in ops)
        {
            foreach (var input in op.Inputs.OfType<Value>())
            {
                if (!readers.TryGetValue(input, out var list))
                    readers[input] = list = [];
                list.Add(op);
            }
        }
        return readers;
    }
}
