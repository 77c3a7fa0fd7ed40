using Whence.CompilerServices;
using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Flows = Whence.Generator.Derive.Multipliers;

namespace Whence.Networks.Tests.Interpret;

/// <summary>A network as the explainers see a compiled one, over the interpreter and in double precision.</summary>
internal sealed partial class InterpretedNetwork : IPathPasses<double>
{
    private readonly DerivedGraph forward;
    private readonly Interpreter predict;
    private readonly Dictionary<Pass, (DerivedGraph Question, Interpreter Interpreter)> backward;

    /// <summary>The network of a shaped graph.</summary>
    /// <param name="name">What the class would be called.</param>
    /// <param name="user">The graph, checked.</param>
    /// <param name="tensors">Its weights.</param>
    /// <param name="layers">The layers to ask about.</param>
    /// <param name="explain">The methods.</param>
    /// <param name="maxPoolGradient">Whether DeepLIFT routes max-pools like gradients.</param>
    /// <param name="softmaxElementwise">Whether DeepLIFT takes softmax as if elementwise.</param>
    /// <param name="rewrite">A change to each question's graph, for what only a test asks.</param>
    /// <param name="lrpEpsilon">LRP's stabiliser.</param>
    public InterpretedNetwork(
        string name, Graph user, Tensors tensors, IReadOnlyList<string> layers, AskedMethods explain,
        bool maxPoolGradient = false, bool softmaxElementwise = false, Func<DerivedGraph, DerivedGraph>? rewrite = null,
        double lrpEpsilon = Generator.Derive.LrpEpsilon.DefaultEpsilon)
    {
        var graphs = DerivedGraphs.Of(user, layers, explain, maxPoolGradient, softmaxElementwise, lrpEpsilon);
        forward = graphs.Forward;
        predict = new Interpreter(forward.Nodes, tensors);
        backward = graphs.Backward.Select(backward => rewrite?.Invoke(backward) ?? backward)
            .ToDictionary(backward => Enum.Parse<Pass>(backward.Method!), backward => (backward, new Interpreter(backward.Nodes, tensors)));
        piecewise = graphs.Piecewise;
        exact = piecewise is null ? null : new(() => Pieces(piecewise, tensors));
        path = graphs.Path;
        alongPath = path is null ? null : new Interpreter(path.Nodes, tensors);
        Signature = new Signature
        {
            Name = name,
            Inputs = [.. user.Inputs.Select(input => new TensorInfo(user.Nodes[input].Name!, Axes(user.Nodes[input].Shape!))
            {
                IsMask = user.Nodes[input].Op is Generator.Ops.MaskInput,
            })],
            Outputs = [.. user.Outputs.Select((output, i) => new TensorInfo(user.OutputNames[i], Axes(user.Nodes[output].Shape!)))],
            Points = [.. graphs.Points.Select(point => new NetworkPoint(point.Name, Axes(
                point.Shape), Enum.Parse<PointKind>(point.Kind)) { Calls = point.Calls, ClassAxis = point.Classes.Axis,
                    IsClassAxisLost = point.Classes.IsLost })],
            Passes = [.. backward.Keys],
            ChunkRows = 32,
        };
    }

    public Signature Signature { get; }

    /// <summary>The graph that a backward pass evaluates.</summary>
    public DerivedGraph Question(Pass pass) => backward[pass].Question;

    public void Forward(ReadOnlySpan<double> x, int point, Span<double> value, int rows)
    {
        int[] wanted = point < 0 ? [.. forward.Outputs] : [forward.Points[point].Value];
        var values = predict.Evaluate(new Given(Inputs(x, rows)), wanted);
        WriteRows([.. wanted.Select(node => values[node]!)], value, rows);
    }

    public int KeptSize(Pass pass) => HasReference(pass) ? Signature.InputSize : 0;

    public void Keep(Pass pass, ReadOnlySpan<double> reference, Span<double> kept, int rows) =>
        reference[..(rows * KeptSize(pass))].CopyTo(kept);

    public void Backward(Pass pass, ref BackwardArguments<double> arguments)
    {
        for (var answer = 0; answer < arguments.Answers; answer++)
            WalkOnce(pass, arguments.Of(answer));
    }

    private void WalkOnce(Pass pass, BackwardArguments<double> arguments)
    {
        var (derived, interpreter) = backward[pass];
        var seedSize = Signature.Points[arguments.From].Shape.Size;
        var given = new Given(Inputs(arguments.X, arguments.Rows))
        {
            References = HasReference(pass) ? Inputs(arguments.Kept, arguments.ReferenceRows) : [],
            Seed = (arguments.From, Block.FromRows(arguments.Seed, arguments.SeedRows, 0, seedSize)),
            Injected = arguments.InjectAt < 0 ? null : (derived.Points[arguments.InjectAt].Value,
                Block.FromRows(arguments.Injected, arguments.Rows, 0, Signature.Points[arguments.InjectAt].Shape.Size)),
        };
        var ends = arguments.To < 0 ? derived.Results.ToArray() : [derived.Points[arguments.To].Multipliers];
        var parts = arguments.To < 0 ? null : derived.Points[arguments.To].Deltas;
        List<int> wanted = [.. ends.OfType<Flows>().SelectMany(end => new[] { end.Positive, end.Negative }),
            derived.Points[arguments.From].Value];
        if (arguments.To >= 0)
            wanted.Add(derived.Points[arguments.To].Value);
        if (parts is { } asked && !arguments.PositiveDelta.IsEmpty)
            wanted.AddRange([asked.Positive, asked.Negative]);

        var values = interpreter.Evaluate(given, wanted);
        Block[] Ends(Func<Flows, int> part) =>
            [.. ends.Select((end, i) => end is { } multipliers && values[part(multipliers)] is { } m ? m : new Block(EndSize(i), 1))];
        var to = arguments.To;
        int EndSize(int i) => to < 0 ? Signature.Inputs[i].Shape.Size : Signature.Points[to].Shape.Size;
        WriteRows(Ends(end => end.Positive), arguments.Multipliers, arguments.Rows);
        WriteRows(Ends(end => end.Negative), arguments.NegativeMultipliers, arguments.Rows);
        WriteRows([values[derived.Points[arguments.From].Value]!], arguments.FromValue, arguments.Rows);
        if (arguments.To >= 0)
            WriteRows([values[derived.Points[arguments.To].Value]!], arguments.ToValue, arguments.Rows);
        if (parts is { } both)
        {
            WriteRows([values[both.Positive]!], arguments.PositiveDelta, arguments.Rows, !arguments.PositiveDelta.IsEmpty);
            WriteRows([values[both.Negative]!], arguments.NegativeDelta, arguments.Rows, !arguments.NegativeDelta.IsEmpty);
        }
        else if (arguments.To < 0)
        {
            WriteInputDeltas(ref arguments);
        }
        else
        {
            arguments.PositiveDelta.Clear();
            arguments.NegativeDelta.Clear();
        }
    }

    public string? FirstNonFinite(ReadOnlySpan<double> x) =>
        predict.Trace(new Given(Inputs(x, 1))).Where(at => !at.Value.IsFinite(0))
            .Select(at => at.Node.Name ?? at.Node.Layer?.Path ?? at.Node.Function?.Name ?? at.Node.Op.Name).FirstOrDefault();

    public Fault? FirstFault(ReadOnlySpan<double> x, bool steep)
    {
        if (steep)
            return null;
        foreach (var (node, value) in predict.Trace(new Given(Inputs(x, 1))))
        {
            for (var i = 0; i < value.Size; i++)
            {
                if (!double.IsFinite(value[i][0]))
                    return new Fault(node.Name ?? node.Layer?.Path ?? node.Function?.Name ?? node.Op.Name, [i], value[i][0]);
            }
        }
        return null;
    }

    private static void WriteInputDeltas(ref BackwardArguments<double> arguments)
    {
        var size = arguments.X.Length / arguments.Rows;
        for (var i = 0; i < arguments.PositiveDelta.Length; i++)
            arguments.PositiveDelta[i] = Math.Max(arguments.X[i] - arguments.Kept[arguments.ReferenceRows == 1 ? i % size : i], 0);
        for (var i = 0; i < arguments.NegativeDelta.Length; i++)
            arguments.NegativeDelta[i] = Math.Min(arguments.X[i] - arguments.Kept[arguments.ReferenceRows == 1 ? i % size : i], 0);
    }

    private static void WriteRows(Block[] parts, Span<double> to, int rows, bool asked = true)
    {
        if (to.IsEmpty || !asked)
            return;
        var start = 0;
        foreach (var part in parts)
        {
            part.ToRows(to[..(to.Length / rows * rows)], rows, start);
            start += part.Size;
        }
    }

    private Block[] Inputs(ReadOnlySpan<double> x, int rows)
    {
        var inputs = new Block[Signature.Inputs.Count];
        var start = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Block.FromRows(x, rows, start, Signature.Inputs[i].Shape.Size);
            start += Signature.Inputs[i].Shape.Size;
        }
        return inputs;
    }

    private static bool HasReference(Pass pass) => pass is Pass.Rescale or Pass.RevealCancel or Pass.Genomics or Pass.GuidedBackpropRescale;

    private static Shape Axes(Generator.Graphs.Shape shape) => new(shape.ToArray());
}
