using Whence.Import.Read;

namespace Whence.Import.Fold;

/// <summary>
/// Goes through a model once, from the inputs up: with the inputs' sizes given, every shape is known, and what depends on shapes and
/// constants alone is computed. A branch whose condition is known is written out in its place, and so is a function.
/// </summary>
internal sealed class Folder
{
    [ThreadStatic]
    private static long charged;

    private readonly Model model;
    private readonly ImportOptions options;
    private readonly TensorReader tensors;
    private readonly List<Op> ops = [];
    private readonly List<string> notes = [];
    private readonly List<Finding> findings = [];
    private readonly Dictionary<string, Value> inBranches = new(StringComparer.Ordinal);
    private int nodes;

    private Folder(Model model, string? folder, ImportOptions options) =>
        (this.model, this.options, tensors) = (model, options, new(folder));

    /// <summary>The folded graph of the model.</summary>
    /// <param name="model">As it was read.</param>
    /// <param name="folder">The model's folder, for tensors that lie in other files; null if it is not from a file.</param>
    /// <param name="options">Sizes, constants and outputs.</param>
    /// <exception cref="ImportException">Sizes are missing, an output is not there, or operators cannot be followed: all at
    /// once.</exception>
    public static FoldedGraph Fold(Model model, string? folder, ImportOptions options)
    {
        charged = 0;
        return new Folder(model, folder, options).Run();
    }

    /// <summary>Counts elements that folding makes.</summary>
    /// <exception cref="FaultException">They are too many.</exception>
    public static void Charge(int[] axes)
    {
        var count = axes.Aggregate(1L, (all, axis) => Math.Min(all, Limits.FoldedElements) * axis);
        charged += count;
        if (charged > Limits.FoldedElements)
            throw new FaultException($"constants would be computed of more than {Limits.FoldedElements} numbers");
    }

    private FoldedGraph Run()
    {
        RequireVersions();
        var scope = new Scope(null);
        foreach (var initialiser in model.Graph.Initialisers)
            scope[initialiser.Name] = Constant(initialiser.Name, tensors.Read(initialiser));
        var inputs = Inputs(scope);
        RefuseIfFound();
        Walk(model.Graph.Nodes, scope, "", 0);
        var named = Outputs(scope);
        List<Value> outputs = [.. named.Select(output => output.Value)];
        RefuseIfFound();
        var needed = Needed(outputs);
        findings.AddRange(needed.Select(op => op.Fault).OfType<Finding>());
        findings.AddRange(outputs.Where(output => output.IsLive && output.Maker is null).Select(output =>
            new Finding(output.Name, "output", "it is an input as it comes.", "Choose other outputs: --output NAME.")));
        var read = inputs.Where(input => needed.Any(op => op.Inputs.Contains(input)) || outputs.Contains(input));
        return new([.. read], needed, outputs, notes, findings)
        {
            Taken = Taken(scope), Computed = Computed(scope), OutputNames = [.. named.Select(output => output.Name)],
        };
    }

    private Value[] Taken(Scope scope)
    {
        var constants = model.Graph.Initialisers.Select(initialiser => initialiser.Name).ToHashSet(StringComparer.Ordinal);
        return [.. model.Graph.Inputs.Where(input => !constants.Contains(input.Name)).Select(input => scope.Find(input.Name)!)];
    }

    private Computed[] Computed(Scope scope) =>
        [.. model.Graph.Nodes.SelectMany(node => node.Outputs.Where(name => name.Length > 0)
            .Select(name => new Computed(name, node.Title, node.Operator, scope.Find(name)!)))
            .Where(computed => computed.Value is { IsLive: true, Maker: not null, Axes: not null })
            .DistinctBy(computed => computed.Value)];

    private void RequireVersions()
    {
        if (model.Opsets.TryGetValue("", out var opset) && opset is < Limits.OldestOpset or > Limits.NewestOpset)
        {
            throw new ImportException(
                $"The model is of version {opset} of ONNX's operators; versions {Limits.OldestOpset} to {Limits.NewestOpset} are read. "
                    + "Convert it, or export it anew.");
        }
    }

    private void RefuseIfFound()
    {
        if (findings.Count > 0)
            throw new ImportException([.. findings]);
    }

    private long Opset(string domain) => model.Opsets.GetValueOrDefault(domain, domain.Length == 0 ? 1 : 1);

    private List<Value> Inputs(Scope scope)
    {
        var inputs = new List<Value>();
        foreach (var unknown in options.Shapes.Keys
            .Concat(options.Set.Keys)
            .Concat(options.Variable)
            .Distinct()
            .Where(name => model.Graph.Inputs.All(input => input.Name != name)))
            findings.Add(
                new("", "", $"The model has no input '{unknown}'; it has {Listed(model.Graph.Inputs.Select(input => input.Name))}.", ""));
        foreach (var input in model.Graph.Inputs)
        {
            if (scope.Find(input.Name) is not null)
                continue;
            if (Sizes(input) is not { } axes)
                continue;
            if (options.Set.TryGetValue(input.Name, out var numbers))
            {
                SetTo(input, axes, numbers, scope);
                continue;
            }
            if (MaskedBy(input, axes) is { } whose)
            {
                SetTo(input, axes, [1], scope);
                notes[^1] = $"The input '{input.Name}' is left out: the length of '{whose}' says which positions there are.";
                continue;
            }
            var value = new Value(input.Name, input.Type, axes) { IsVariable = options.Variable.Contains(input.Name) };
            scope[input.Name] = value;
            inputs.Add(value);
        }
        return inputs;
    }

    /// <summary>The input of variable length whose positions an attention mask is about; null of any other input.</summary>
    private string? MaskedBy(ModelValue input, int[] axes)
    {
        if (options.Variable.Contains(input.Name) || !input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase))
            return null;
        // What is wrong with the other's sizes is said where it is read.
        var said = findings.Count;
        var whose = model.Graph.Inputs.Where(other => options.Variable.Contains(other.Name))
            .FirstOrDefault(other => Sizes(other) is { Length: > 1 } own && axes.SequenceEqual(own[..2]))?.Name;
        findings.RemoveRange(said, findings.Count - said);
        return whose;
    }

    private void SetTo(ModelValue input, int[] axes, double[] numbers, Scope scope)
    {
        Charge(axes);
        var count = Literal.CountOf(axes);
        if (numbers.Length != 1 && numbers.Length != count)
        {
            findings.Add(new(input.Name, "input", $"it has {count} elements, and --set gives {numbers.Length} numbers.",
                "Give one for all, or one for each."));
            return;
        }
        scope[input.Name] = Constant(input.Name,
            new(input.Type, axes, () => Literal.From(input.Type, count, i => numbers[numbers.Length == 1 ? 0 : i]), input.Name));
        notes.Add(
            numbers.Length == 1 ? $"The input '{input.Name}' is {numbers[0]} everywhere." : $"The input '{input.Name}' is a constant.");
    }

    private int[]? Sizes(ModelValue input)
    {
        if (input.Type is ElementType.Undefined or ElementType.Text or ElementType.Complex64 or ElementType.Complex128)
        {
            findings.Add(new(input.Name, "input", input.Type == ElementType.Undefined ? "it is no tensor." : $"it is of {input.Type}.",
                "Take the part of the model behind it."));
            return null;
        }
        var given = options.Shapes.GetValueOrDefault(input.Name);
        if (input.Axes is null && given is null)
        {
            findings.Add(new(input.Name, "input", "its axes are not known.", $"Give them: --shape {input.Name}=1,3,224,224."));
            return null;
        }
        if (given is not null && input.Axes is not null && given.Length != input.Axes.Count)
        {
            findings.Add(
                new(input.Name, "input", $"it has {input.Axes.Count} axes, and --shape gives {given.Length}.", "The batch's axis counts."));
            return null;
        }
        int?[] axes = [.. Enumerable.Range(0, given?.Length ?? input.Axes!.Count).Select(axis => given?[axis] ?? (int?)Size(input, axis))];
        for (var axis = 0; axis < axes.Length; axis++)
            axes[axis] ??= axis == 0 ? 1 : Elsewhere(input, axis);
        if (axes.Any(axis => axis is null))
        {
            var symbols = axes.Select((axis, i) => axis is null ? Symbol(input, i) : null).OfType<string>().Distinct().ToArray();
            var wanted = string.Join(",", axes.Select((axis, i) =>
                axis?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? $"<{Symbol(input, i)}>"));
            findings.Add(new(input.Name, "input", "it has axes without a size.",
                $"Give --shape {input.Name}={wanted} with a number for {string.Join(" and ", symbols.Select(symbol => $"<{symbol}>"))}."));
            return null;
        }
        if (axes.Any(axis => axis is < 1)
            || axes.Aggregate(1L, (count, axis) => Math.Min(count, int.MaxValue) * axis!.Value) > int.MaxValue / 8)
        {
            findings.Add(new(input.Name, "input", $"its axes [{string.Join(", ", axes)}] hold no element, or more than can be held.",
                "Give others: --shape."));
            return null;
        }
        return [.. axes.Select(axis => axis!.Value)];
    }

    /// <summary>
    /// The size of an open axis that is called as another axis is: one to which a size is given, or the first of an input, which is the
    /// batch.
    /// </summary>
    private int? Elsewhere(ModelValue input, int axis)
    {
        if (input.Axes is not { } own || own[axis].Symbol is not { Length: > 0 } symbol)
            return null;
        var alike = model.Graph.Inputs.SelectMany(other => (other.Axes ?? []).Select((one, at) => (one.Symbol, other.Name, At: at)))
            .Where(one => one.Symbol == symbol).ToArray();
        var sizes = alike.Select(one => options.Shapes.GetValueOrDefault(one.Name)?.ElementAtOrDefault(one.At));
        return sizes.FirstOrDefault(size => size is not null) ?? (alike.Any(one => one.At == 0) ? 1 : null);
    }

    private static long? Size(ModelValue input, int axis) => input.Axes is null || input.Axes[axis].Size is not { } size ? null
        : size <= int.MaxValue ? size : int.MaxValue;

    private static string Symbol(ModelValue input, int axis) =>
        input.Axes is { } axes && axes[axis].Symbol.Length > 0 ? axes[axis].Symbol : "N";

    private List<(string Name, Value Value)> Outputs(Scope scope)
    {
        var outputs = new List<(string Name, Value Value)>();
        IEnumerable<string> names = options.Outputs.Count > 0 ? options.Outputs : model.Graph.Outputs.Select(output => output.Name);
        foreach (var name in names)
        {
            if ((scope.Find(name) ?? inBranches.GetValueOrDefault(name)) is { } value)
            {
                var score = options.Outputs.Count > 0 ? value : ScoreBelow(name, value);
                outputs.Add((score == value ? name : score.Name, score));
            }
            else
                findings.Add(new("", "", $"The model computes no '{name}'.", ""));
        }
        if (outputs.Count == 0 && findings.Count == 0)
            findings.Add(new("", "", "The model has no outputs.", ""));
        return [.. outputs.DistinctBy(output => output.Value)];
    }

    /// <summary>What a class, a rank or a label at the very end is made of: the network's output, since it alone has derivatives.</summary>
    private Value ScoreBelow(string name, Value value)
    {
        var score = value;
        while (score.Maker is { Type: "ArgMax" or "TopK" or "Hardmax" or "ZipMap" or "Cast" or "ArgMin" } maker && maker.In(0) is { } below)
            score = below;
        // What chooses among the inputs themselves has nothing to explain below it.
        if (score.Maker is null
            || score == value
            || value.Maker!.Type == "Cast" && score.Maker == value.Maker!.Inputs[0]!.Maker && Literal.HasReals(value.Type))
            return value;
        notes.Add($"'{name}' is a choice, which has no derivative: the output is '{score.Name}', of which it is made.");
        return score;
    }

    private static List<Op> Needed(IEnumerable<Value> outputs)
    {
        var (seen, order) = (new HashSet<Op>(), new List<Op>());
        var open = new Stack<(Op Op, bool IsDone)>(outputs.Select(output => output.Maker).OfType<Op>().Reverse().Select(op => (op, false)));
        while (open.TryPop(out var next))
        {
            if (next.IsDone)
            {
                order.Add(next.Op);
                continue;
            }
            if (!seen.Add(next.Op))
                continue;
            open.Push((next.Op, true));
            foreach (var below in next.Op.Inputs.Select(input => input?.Maker).OfType<Op>().Reverse())
                open.Push((below, false));
        }
        return order;
    }

    private void Walk(List<ModelNode> graph, Scope scope, string prefix, int depth)
    {
        if (depth > Limits.Depth)
            throw new ImportException($"The model has functions or branches within each other, more than {Limits.Depth} deep.");
        foreach (var node in graph)
        {
            if (++nodes > Limits.Nodes)
                throw new ImportException($"The model has more than {Limits.Nodes} nodes.");
            Visit(node, scope, prefix, depth);
        }
    }

    private void Visit(ModelNode node, Scope scope, string prefix, int depth)
    {
        var inputs = new List<Value?>();
        foreach (var name in node.Inputs)
        {
            var value = name.Length == 0 ? null : scope.Find(name);
            if (name.Length > 0 && value is null)
            {
                throw new ImportException([new(node.Title, node.Operator, $"it reads '{name}', which nothing before it computes.",
                    "A graph must be in order and without cycles.")]);
            }
            inputs.Add(value);
        }
        if (model.Functions.TryGetValue((node.Domain, node.Operator), out var function))
        {
            Call(function, node, inputs, scope, prefix, depth);
            return;
        }
        var op = new Op(node.Operator, prefix + node.Title, Opset(node.Domain))
        {
            Domain = node.Domain, Attributes = node.Attributes, Inputs = inputs,
        };
        try
        {
            if (inputs.All(input => input is not { Axes: null }) && Contributed.Written(node, inputs) is { } written)
                Walk([.. written], scope, prefix, depth + 1);
            else if (!Branch(op, node, scope, prefix, depth))
                Bind(op, node, scope);
        }
        catch (FaultException fault)
        {
            Leave(op, node, scope, op.Finding(fault.Message + ".", fault.Remedy));
        }
        catch (Exception e) when (FaultException.IsOfDamage(e))
        {
            // What a damaged node lacks is not asked for piece by piece.
            Leave(op, node, scope, op.Finding("its inputs or settings are not those of the operator.", "The model is damaged."));
        }
    }

    /// <summary>Whether the node chooses a branch, which is then written out.</summary>
    private bool Branch(Op op, ModelNode node, Scope scope, string prefix, int depth)
    {
        if (op.Type != "If" || op.Domain.Length > 0)
            return false;
        if (op.In(0) is not { Constant: { } condition })
            throw new FaultException("its condition depends on the input",
                "Where it depends on an input that is one number, give it: --set NAME=NUMBER.");
        var branch = op.Attributes[condition[0] != 0 ? "then_branch" : "else_branch"].Graph!;
        var inner = new Scope(scope);
        foreach (var initialiser in branch.Initialisers)
            inner[initialiser.Name] = Constant(initialiser.Name, tensors.Read(initialiser));
        Walk(branch.Nodes, inner, prefix, depth + 1);
        foreach (var name in branch.Nodes.SelectMany(one => one.Outputs).Where(name => name.Length > 0))
            inBranches.TryAdd(name, inner.Find(name)!);
        for (var i = 0; i < node.Outputs.Count; i++)
            scope[node.Outputs[i]] = inner.Find(branch.Outputs[i].Name)!;
        return true;
    }

    private void Call(ModelFunction function, ModelNode node, List<Value?> inputs, Scope scope, string prefix, int depth)
    {
        var inner = new Scope(null);
        for (var i = 0; i < function.Inputs.Count && i < inputs.Count; i++)
        {
            if (inputs[i] is { } value)
                inner[function.Inputs[i]] = value;
        }
        Walk([.. function.Nodes.Select(called => Filled(called, node))], inner, $"{prefix}{node.Title}/", depth + 1);
        for (var i = 0; i < node.Outputs.Count && i < function.Outputs.Count; i++)
            scope[node.Outputs[i]] = inner.Find(function.Outputs[i])
                ?? throw new ImportException($"The function '{function.Name}' does not compute its output.");
    }

    /// <summary>A function's node with its caller's settings.</summary>
    private static ModelNode Filled(ModelNode node, ModelNode caller)
    {
        if (node.Attributes.Values.All(attribute => attribute.Reference.Length == 0))
            return node;
        var filled = new ModelNode { Name = node.Name, Operator = node.Operator, Domain = node.Domain };
        filled.Inputs.AddRange(node.Inputs);
        filled.Outputs.AddRange(node.Outputs);
        foreach (var (name, attribute) in node.Attributes)
        {
            if (attribute.Reference.Length == 0)
                filled.Attributes[name] = attribute;
            else if (caller.Attributes.TryGetValue(attribute.Reference, out var given))
                filled.Attributes[name] = given;
        }
        return filled;
    }

    private void Bind(Op op, ModelNode node, Scope scope)
    {
        if (op.Inputs.Any(input => input is { Axes: null }))
        {
            // What it reads could not be followed, which is said there.
            foreach (var name in node.Outputs)
                scope[name] = Unknown(op, name);
            return;
        }
        if (IsPassed(op))
        {
            scope[node.Outputs[0]] = op.Inputs[0]!.IsLive || op.Inputs.Count < 2 || op.Type == "Dropout" ? op.Inputs[0]! : op.Inputs[1]!;
            foreach (var mask in node.Outputs.Skip(1).Where(name => name.Length > 0))
                scope[mask] = Unknown(op, mask);
            return;
        }
        Broadcasts.Align(op, ops);
        if (Known(op) is { } constants)
        {
            for (var i = 0; i < node.Outputs.Count && i < constants.Count; i++)
                scope[node.Outputs[i]] = Constant(node.Outputs[i], constants[i]);
            return;
        }
        foreach (var name in node.Outputs)
            op.Outputs.Add(null);
        if (Domains.Refusal(op) is { } refusal)
        {
            Leave(op, node, scope, refusal);
            return;
        }
        if (Refusals.Reason(op.Type) is not null)
        {
            Leave(op, node, scope, Refusals.Unsupported(op));
            return;
        }
        var axes = Shapes.Of(op);
        if (axes is null)
        {
            Leave(op, node, scope, Refusals.Unsupported(op));
            return;
        }
        for (var i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Length == 0)
                continue;
            var value = i < axes.Count ? new Value(node.Outputs[i], OutputType(op), axes[i]) { Maker = op } : Unknown(op, node.Outputs[i]);
            if (value.Axes is { } sizes && (sizes.Any(size => size < 0) || sizes.Length > Limits.Rank
                || sizes.Aggregate(1L, (count, size) => Math.Min(count, int.MaxValue) * size) > int.MaxValue / 8))
                throw new FaultException($"it would give {Shapes.Text(sizes)}, more than can be held");
            op.Outputs[i] = scope[node.Outputs[i]] = value;
        }
        ops.Add(op);
    }

    private static ElementType OutputType(Op op) => op.Type switch
    {
        "Cast" => (ElementType)op.Whole("to", 1),
        "Equal" or "Less" or "Greater" or "LessOrEqual" or "GreaterOrEqual" or "And" or "Or" or "Xor" or "Not" or "IsNaN" or "IsInf" =>
            ElementType.Bool,
        "ArgMax" or "ArgMin" => ElementType.Int64,
        "Where" => op.Inputs[1]!.Type,
        _ => op.Inputs.OfType<Value>().First().Type,
    };

    /// <summary>Whether it gives what it takes.</summary>
    private static bool IsPassed(Op op) => op.Type switch
    {
        "Identity" => true,
        "Dropout" => op.Known(2, "training_mode") is not { } training || training[0] == 0 ? true
            : throw new FaultException("it is random in training mode", "Export the model for inference."),
        "Cast" => op.In(0) is { IsLive: true } x
            && (x.Type == (ElementType)op.Whole("to", 1) || Literal.HasReals(x.Type) && Literal.HasReals((ElementType)op.Whole("to", 1))),
        "Add" => IsNeutral(op, 0, 0) || IsNeutral(op, 1, 0),
        "Mul" => IsNeutral(op, 0, 1) || IsNeutral(op, 1, 1),
        "Sub" => IsNeutral(op, 1, 0),
        "Div" => IsNeutral(op, 1, 1),
        _ => false,
    };

    /// <summary>Whether the input at this place is a constant that changes nothing, neither number nor shape.</summary>
    private static bool IsNeutral(Op op, int place, double number) =>
        op.Inputs.Count == 2 && op.In(place)?.Constant is { Count: > 0 and < 1 << 20 } constant
            && op.In(1 - place) is { IsLive: true } other && Literal.HasReals(other.Type) && constant.IsAll(number)
            && Places.Joined(other.Axes!, constant.Axes)?.SequenceEqual(other.Axes!) == true;

    private IReadOnlyList<Literal>? Known(Op op)
    {
        if (op.Domain.Length > 0)
            return null;
        if (op.Type == "Constant" && op.Attributes.GetValueOrDefault("value")?.Tensor is { } tensor)
            return [tensors.Read(tensor)];
        if (op.Type == "Shape")
        {
            var axes = op.Inputs[0]!.Axes!;
            var (start, end) = (Clamped(op.Whole("start", 0), axes.Length), Clamped(op.Whole("end", axes.Length), axes.Length));
            return [Literal.OfWholes([.. axes.Take(end).Skip(start).Select(axis => (long)axis)])];
        }
        if (op.Type == "Size")
            return [new(ElementType.Int64, [], new long[] { op.Inputs[0]!.Count })];
        var known = Evaluation.Of(op);
        foreach (var literal in known ?? [])
        {
            // At once: a long row of constants that wait for each other would be as deep as it is long.
            Charge(literal.Axes);
            _ = literal.Numbers;
        }
        return known;
    }

    private static int Clamped(long place, int rank) => (int)Math.Clamp(place < 0 ? place + rank : place, 0, rank);

    private void Leave(Op op, ModelNode node, Scope scope, Finding fault)
    {
        op.Fault = fault;
        op.Outputs.Clear();
        foreach (var name in node.Outputs.Where(name => name.Length > 0))
            scope[name] = Unknown(op, name);
        ops.Add(op);
    }

    private static Value Unknown(Op maker, string name) => new(name, ElementType.Undefined, null) { Maker = maker };

    private static Value Constant(string name, Literal literal) => new(name, literal.Type, literal.Axes) { Constant = literal };

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    /// <summary>Names of values, an inner graph's before those around it.</summary>
    private sealed class Scope(Scope? outer)
    {
        private readonly Dictionary<string, Value> values = new(StringComparer.Ordinal);

        public Value this[string name]
        {
            set => values[name] = value;
        }

        public Value? Find(string name) => values.TryGetValue(name, out var value) ? value : outer?.Find(name);
    }
}
