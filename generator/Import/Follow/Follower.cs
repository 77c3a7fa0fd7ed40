using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>
/// Takes the batch's axis away and says each operator in Whence's words. An example is one row of a batch; where the batch is one, its axis
/// is any axis of one element, and nothing is lost by it.
/// </summary>
internal sealed class Follower
{
    private static readonly Dictionary<string, Action<Follower, Op>> Rules = new[]
    {
        Elementwise.Rules, Products.Rules, Convolutions.Rules, Pools.Rules, Normalisations.Rules, Moves.Rules, Reductions.Rules,
        Recurrences.Rules,
        Tables.Rules, Resizing.Rules, Classical.Rules, Attending.Rules,
    }.SelectMany(rules => rules).ToDictionary(rule => rule.Key, rule => rule.Value);

    /// <summary>What to do where examples are mixed.</summary>
    public const string OneExample = "Give the inputs a batch of one (--shape), or export it with one.";

    private readonly Declaration declaration = new();
    private readonly Dictionary<Value, Tracked> tracked = [];
    private readonly Dictionary<object, Step> shared = [];
    private int layers;

    private Follower(FoldedGraph graph, bool isBatched)
    {
        Graph = graph;
        IsBatched = isBatched;
        foreach (var op in graph.Ops)
        {
            foreach (var input in op.Inputs.OfType<Value>())
                Readers[input] = [.. Readers.GetValueOrDefault(input, []), op];
        }
    }

    public FoldedGraph Graph { get; }

    /// <summary>Whether axis 0 of every input is the batch's; if not, the inputs as a whole are one example.</summary>
    public bool IsBatched { get; }

    /// <summary>The operators that read a value.</summary>
    public Dictionary<Value, List<Op>> Readers { get; } = [];

    /// <summary>The examples in the batch that the model was folded with.</summary>
    public int Batch { get; private set; } = 1;

    /// <summary>The network that the graph is.</summary>
    /// <exception cref="ImportException">Operators have no words, all of them.</exception>
    public static Followed Follow(FoldedGraph graph)
    {
        var withBatch = graph.Inputs.Count > 0 && graph.Inputs.All(input => input.Rank >= 2)
            && graph.Inputs.Select(input => input.Axes![0]).Distinct().Count() == 1;
        if (!withBatch)
            return new Follower(graph, isBatched: false).Run();
        try
        {
            return new Follower(graph, isBatched: true).Run();
        }
        catch (ImportException batched)
        {
            try
            {
                return new Follower(graph, isBatched: false).Run();
            }
            catch (ImportException)
            {
                // What is wrong with the network of one example is what its author would expect to hear.
                throw batched;
            }
        }
    }

    /// <summary>Which of its rules there are.</summary>
    public static IEnumerable<string> Operators => Rules.Keys;

    /// <summary>What else stands in the way, in a graph that has faults: of operators that none of these lies below.</summary>
    public static IReadOnlyList<Finding> Findings(FoldedGraph graph) =>
        new Follower(graph, isBatched: graph.Inputs.Count > 0 && graph.Inputs.All(input => input.Rank >= 2)).Say();

    /// <summary>Says every operator that can be said; why others cannot.</summary>
    private List<Finding> Say()
    {
        var findings = new List<Finding>();
        foreach (var input in Graph.Inputs)
        {
            if (Declare(input) is { } finding)
                findings.Add(finding);
        }
        foreach (var op in Graph.Ops)
        {
            var isCut = op.Inputs.OfType<Value>().Any(input => input.IsLive && !tracked.ContainsKey(input)) || op.Outputs.Count == 0;
            if (op.Fault is null && !isCut && Say(op) is { } finding)
                findings.Add(finding);
        }
        return findings;
    }

    private Finding? Say(Op op)
    {
        try
        {
            if (!Rules.TryGetValue(op.Type, out var rule))
                return Refusals.Unsupported(op);
            rule(this, op);
            return null;
        }
        catch (FaultException fault)
        {
            return op.Finding(fault.Message + ".", fault.Remedy.Length > 0 ? fault.Remedy : "Stop before it: --output NAME.");
        }
        catch (Exception e) when (FaultException.IsOfDamage(e))
        {
            return op.Finding("its inputs or settings are not those of the operator.", "The model is damaged.");
        }
    }

    private Followed Run()
    {
        var findings = Say();
        if (findings.Count > 0)
            throw new ImportException(findings);
        foreach (var output in Graph.Outputs)
            Return(output, findings);
        if (findings.Count == 0)
            findings.AddRange(Unmoved());
        if (findings.Count > 0)
            throw new ImportException(findings);
        Forget();
        findings.AddRange(declaration.Inputs.Where(IsReadAsNumbers).Select(input => new Finding(input.Word, "input",
            "its tokens choose rows of a table, and are also read as numbers.", "Stop before that: --output NAME.")));
        if (findings.Count > 0)
            throw new ImportException(findings);
        return new(declaration, Batch, [.. Graph.Outputs.Select(output => tracked[output].Batch)], tracked);
    }

    /// <summary>Drops steps that no output needs.</summary>
    private void Forget()
    {
        var (needed, open) = (new HashSet<Step>(), new Stack<Step>(declaration.Outputs));
        while (open.TryPop(out var step))
        {
            if (needed.Add(step))
            {
                foreach (var read in step.Read)
                    open.Push(read);
            }
        }
        declaration.Steps.RemoveAll(step => !needed.Contains(step));
    }

    private bool IsReadAsNumbers(Step input) => input.Input == InputKind.Tokens
        && declaration.Steps.Any(step => step.Layer?.Kind != "Embedding" && step.Read.Contains(input));

    private Finding? Declare(Value input)
    {
        var batch = IsBatched ? 0 : -1;
        if (IsBatched)
            Batch = input.Axes![0];
        var tokens = !Literal.HasReals(input.Type) && input.Type != ElementType.Bool && Tables.IsTokens(this, input);
        int[] own = [.. input.Axes!.Where((_, axis) => axis != batch)];
        if (own.Length == 0)
            return new(input.Name, "input", "it is a single number.", $"Make it a constant: --set {input.Name}=NUMBER.");
        var kind = tokens ? InputKind.Tokens : Literal.HasReals(input.Type) ? InputKind.Shape : InputKind.Mask;
        if (kind == InputKind.Tokens)
            own = [Literal.CountOf(own)];
        var step = new Step(input.Name, own) { Input = kind };
        if (input.IsVariable && kind == InputKind.Mask)
        {
            return new(input.Name, "input", "it is held fixed, so that no length follows from it.",
                "--variable takes tokens, or a sequence that explanations are about.");
        }
        if (input.IsVariable)
            step.Along = step;
        declaration.Inputs.Add(step);
        tracked[input] = new(new(step), input.Axes!, batch);
        return null;
    }

    private void Return(Value output, List<Finding> findings)
    {
        if (output.IsLive && tracked.TryGetValue(output, out var value))
        {
            if (Batch > 1 && value.Batch < 0)
                findings.Add(new(output.Name, "output", "it does not depend on the example.", "Choose other outputs: --output NAME."));
            else if (value.Own.Length == 0 || value.Of.Step.Input is not null || value.Of.Step.Parts > 1)
                declaration.Outputs.Add(Add("Reshape", value.Own.Length == 0 ? [1] : value.Own,
                    [value.Of, .. (value.Own.Length == 0 ? [1] : value.Own).Select(axis => new Whole(axis))]).Step);
            else
                declaration.Outputs.Add(value.Of.Step);
        }
        else
        {
            findings.Add(Constant(output));
        }
    }

    // Outputs computed of constants alone, where such a node is not computed beforehand.
    private IEnumerable<Finding> Unmoved()
    {
        var moved = new HashSet<Step>();
        foreach (var step in declaration.Inputs.Concat(declaration.Steps))
        {
            if (step.Input is not null || step.Read.Any(moved.Contains))
                moved.Add(step);
        }
        return Graph.Outputs.Where((_, index) => !moved.Contains(declaration.Outputs[index])).Select(Constant);
    }

    private static Finding Constant(Value output) => new(output.Name, "output", "it is a constant: nothing of the input is left in it.",
        "Choose other outputs: --output NAME.");

    /// <summary>The live value, as it was said.</summary>
    public Tracked this[Value value] => tracked[value];

    /// <summary>Whether the value is said already.</summary>
    public bool Says(Value? value) => value is not null && tracked.ContainsKey(value);

    /// <summary>The operator's input at this place, which must be live.</summary>
    public Tracked Live(Op op, int input = 0) => op.In(input) is not { } value ? throw new FaultException("it lacks an input")
        : value.IsLive
            ? tracked[value]
            : throw new FaultException("its input is a constant", "Such a node is not computed beforehand yet.");

    /// <summary>A constant that the operator needs.</summary>
    public static Literal Constant(Op op, int input, string what) => op.In(input) is not { } value
        ? throw new FaultException($"it has no {what}")
        : value.Constant
            ?? throw new FaultException($"its {what} depends on the input", "Where that is an input of the model, give it: --set.");

    /// <summary>Says a step.</summary>
    public FromStep Add(string word, int[] axes, params Operand[] operands)
    {
        var step = new Step(word, axes) { Operands = [.. operands] };
        return Add(step);
    }

    private FromStep Add(Step step)
    {
        step.Along = Moves.KeepsPositions(step) ? Varying(step.Operands, step.Axes) : null;
        declaration.Steps.Add(step);
        return new(step);
    }

    /// <summary>The input of variable length whose positions these operands have along axis 0; null if there is none.</summary>
    public static Step? Varying(IEnumerable<Operand> operands, int[] axes) => operands.OfType<FromStep>().Select(from => from.Step)
        .FirstOrDefault(step => step.Along is not null && axes.Length > 0 && step.Axes[0] == axes[0])?.Along;

    /// <summary>Says a call of a layer.</summary>
    public FromStep Add(Layer layer, int[] axes, params Operand[] operands) =>
        AddMade(new(layer.Kind, axes) { Operands = [.. operands], Layer = layer });

    /// <summary>Says a step that is made by its layer.</summary>
    public FromStep AddMade(Step step)
    {
        step.Layer!.Number = layers++;
        return Add(step);
    }

    /// <summary>Says what the operator's first output is, of the example alone, with the batch where it was.</summary>
    public void Give(Op op, FromStep step, int batch, int output = 0)
    {
        var value = op.Outputs[output]!;
        var given = new Tracked(step, value.Axes!, batch);
        if (!given.Own.SequenceEqual(step.Step.Axes))
            throw new InvalidOperationException($"{op.Type} gives {Shapes.Text(step.Step.Axes)} in place of {Shapes.Text(given.Own)}");
        tracked[value] = given;
    }

    /// <summary>The same elements under other axes.</summary>
    public FromStep Reshape(FromStep x, params int[] axes)
    {
        if (x.Step.Axes.SequenceEqual(axes))
            return x;
        if (Literal.CountOf(x.Step.Axes) != Literal.CountOf(axes))
            throw new InvalidOperationException($"{Shapes.Text(x.Step.Axes)} has not as many elements as {Shapes.Text(axes)}.");
        if (x.Step is { Word: "Reshape" or "Flatten", Layer: null })
            return Reshape((FromStep)x.Step.Operands[0], axes);
        if (axes.Length == 1)
            return Add("Flatten", axes, x);
        Operand[] sizes = axes.Length == 0 ? [new Literally("new int[0]")] : [.. axes.Select(axis => new Whole(axis))];
        return Add("Reshape", axes, [x, .. sizes]);
    }

    /// <summary>
    /// A value beside others in an operator that repeats axes of one element: of this many axes in the graph, without the one at
    /// <paramref name="batch"/>.
    /// </summary>
    public FromStep Viewed(Tracked value, int rank, int batch)
    {
        var ahead = rank - value.Axes.Length;
        int[] padded = [.. Enumerable.Repeat(1, ahead), .. value.Axes];
        if (batch >= 0 && padded[batch] != 1 && (value.Batch < 0 || value.Batch + ahead != batch))
            throw new FaultException("its inputs have the batch at different axes");
        if (value.Batch >= 0 && value.Axes[value.Batch] > 1 && value.Batch + ahead != batch)
            throw new FaultException("it takes different examples for different features");
        return Reshape(value.Of, [.. padded.Where((_, axis) => axis != batch)]);
    }

    /// <summary>A constant as a tensor of these axes: numbers in the text if few, else a parameter of the weights file.</summary>
    public FromStep Tensor(Literal constant, int[] axes, string path)
    {
        const int few = 8;
        if (constant.Count <= few)
        {
            var numbers = Add("Constant", [constant.Count], [.. constant.Reals().Select(number => new Number(number))]);
            return Reshape(numbers, axes);
        }
        var key = (constant.Numbers, string.Join(",", axes));
        if (!shared.TryGetValue(key, out var step))
        {
            var layer = new Layer("Parameter") { Path = path, Takes = 0 };
            layer.Settings.AddRange(axes.Select(axis => new Setting(null, axis)));
            layer.Tensors[""] = constant.Reshaped(axes);
            shared[key] = step = Add(layer, axes).Step;
        }
        return new(step);
    }

    /// <summary>The axis that is the batch's in an operator whose axes 0 and 1 are examples and channels.</summary>
    public static int Examples(Tracked x)
    {
        if (x.Batch == 0 || x.Batch < 0 && x.Axes[0] == 1)
            return 0;
        throw new FaultException(
            x.Batch < 0 ? $"its axis 0 holds {x.Axes[0]} examples, and a network has one" : "the batch has moved from axis 0",
            OneExample);
    }

    /// <summary>A value with axis 0 taken for the batch's: [channels, ...].</summary>
    public FromStep Example(Tracked x)
    {
        Examples(x);
        return Reshape(x.Of, x.Axes[1..]);
    }
}
