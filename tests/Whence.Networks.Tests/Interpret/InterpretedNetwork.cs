using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Flows = Whence.Generator.Derive.Flow;

namespace Whence.Networks.Tests.Interpret;

/// <summary>A network as the explainers see a compiled one, over the interpreter and in double precision.</summary>
internal sealed partial class InterpretedNetwork : IPathWalks<double>
{
    private readonly Question forward;
    private readonly Interpreter predict;
    private readonly Dictionary<Flow, (Question Question, Interpreter Interpreter)> walks;

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
        bool maxPoolGradient = false, bool softmaxElementwise = false, Func<Question, Question>? rewrite = null,
        double lrpEpsilon = Generator.Derive.LrpEpsilon.DefaultEpsilon)
    {
        var questions = Questions.Of(user, layers, explain, maxPoolGradient, softmaxElementwise, lrpEpsilon);
        forward = questions.Forward;
        predict = new Interpreter(forward.Nodes, tensors);
        walks = questions.Walks.Select(walk => rewrite?.Invoke(walk) ?? walk)
            .ToDictionary(walk => Enum.Parse<Flow>(walk.Method!), walk => (walk, new Interpreter(walk.Nodes, tensors)));
        path = questions.Path;
        alongPath = path is null ? null : new Interpreter(path.Nodes, tensors);
        Signature = new Signature
        {
            Name = name,
            Inputs = [.. user.Inputs.Select(input => new Port(user.Nodes[input].Name!, Axes(user.Nodes[input].Shape!))
            {
                Constant = user.Nodes[input].Op is Generator.Ops.HeldInput,
            })],
            Outputs = [.. user.Outputs.Select((output, i) => new Port(user.OutputNames[i], Axes(user.Nodes[output].Shape!)))],
            Points = [.. questions.Points.Select(point => new Point(point.Name, Axes(
                point.Shape), Enum.Parse<PointKind>(point.Kind)) { Calls = point.Calls, ClassAxis = point.ClassAxis })],
            Flows = [.. walks.Keys],
            ChunkRows = 32,
        };
    }

    public Signature Signature { get; }

    /// <summary>The question that a flow's walks evaluate.</summary>
    public Question Question(Flow flow) => walks[flow].Question;

    public void Forward(ReadOnlySpan<double> x, int point, Span<double> value, int rows)
    {
        int[] wanted = point < 0 ? [.. forward.Outputs] : [forward.Points[point].Value];
        var values = predict.Evaluate(new Given(Inputs(x, rows)), wanted);
        WriteRows([.. wanted.Select(node => values[node]!)], value, rows);
    }

    public int KeptSize(Flow flow) => HasReference(flow) ? Signature.InputSize : 0;

    public void Keep(Flow flow, ReadOnlySpan<double> reference, Span<double> kept, int rows) =>
        reference[..(rows * KeptSize(flow))].CopyTo(kept);

    public void Walk(Flow flow, ref Walk<double> walk)
    {
        for (var answer = 0; answer < walk.Answers; answer++)
            WalkOnce(flow, walk.Of(answer));
    }

    private void WalkOnce(Flow flow, Walk<double> walk)
    {
        var (question, interpreter) = walks[flow];
        var seedSize = Signature.Points[walk.From].Shape.Size;
        var given = new Given(Inputs(walk.X, walk.Rows))
        {
            References = HasReference(flow) ? Inputs(walk.Kept, walk.ReferenceRows) : [],
            Seed = (walk.From, Block.FromRows(walk.Seed, walk.SeedRows, 0, seedSize)),
            Injected = walk.InjectAt < 0 ? null : (question.Points[walk.InjectAt].Value,
                Block.FromRows(walk.Injected, walk.Rows, 0, Signature.Points[walk.InjectAt].Shape.Size)),
        };
        var ends = walk.To < 0 ? question.Results.ToArray() : [question.Points[walk.To].Multipliers];
        var parts = walk.To < 0 ? null : question.Points[walk.To].Deltas;
        List<int> wanted = [.. ends.OfType<Flows>().SelectMany(end => new[] { end.Positive, end.Negative }),
            question.Points[walk.From].Value];
        if (walk.To >= 0)
            wanted.Add(question.Points[walk.To].Value);
        if (parts is { } asked && !walk.PositiveDelta.IsEmpty)
            wanted.AddRange([asked.Positive, asked.Negative]);

        var values = interpreter.Evaluate(given, wanted);
        Block[] Ends(Func<Flows, int> part) =>
            [.. ends.Select((end, i) => end is { } flow && values[part(flow)] is { } m ? m : new Block(EndSize(i), 1))];
        var to = walk.To;
        int EndSize(int i) => to < 0 ? Signature.Inputs[i].Shape.Size : Signature.Points[to].Shape.Size;
        WriteRows(Ends(end => end.Positive), walk.Multipliers, walk.Rows);
        WriteRows(Ends(end => end.Negative), walk.NegativeMultipliers, walk.Rows);
        WriteRows([values[question.Points[walk.From].Value]!], walk.FromValue, walk.Rows);
        if (walk.To >= 0)
            WriteRows([values[question.Points[walk.To].Value]!], walk.ToValue, walk.Rows);
        if (parts is { } both)
        {
            WriteRows([values[both.Positive]!], walk.PositiveDelta, walk.Rows, !walk.PositiveDelta.IsEmpty);
            WriteRows([values[both.Negative]!], walk.NegativeDelta, walk.Rows, !walk.NegativeDelta.IsEmpty);
        }
        else if (walk.To < 0)
        {
            WriteInputDeltas(ref walk);
        }
        else
        {
            walk.PositiveDelta.Clear();
            walk.NegativeDelta.Clear();
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

    private static void WriteInputDeltas(ref Walk<double> walk)
    {
        var size = walk.X.Length / walk.Rows;
        for (var i = 0; i < walk.PositiveDelta.Length; i++)
            walk.PositiveDelta[i] = Math.Max(walk.X[i] - walk.Kept[walk.ReferenceRows == 1 ? i % size : i], 0);
        for (var i = 0; i < walk.NegativeDelta.Length; i++)
            walk.NegativeDelta[i] = Math.Min(walk.X[i] - walk.Kept[walk.ReferenceRows == 1 ? i % size : i], 0);
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

    private static bool HasReference(Flow flow) => flow is Flow.Rescale or Flow.RevealCancel or Flow.Genomics or Flow.GuidedBackpropRescale;

    private static Shape Axes(Generator.Graphs.Shape shape) => new(shape.ToArray());
}
