using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>
/// Reads what Forward says by running it on values of the network: statements here, expressions and calls in the other parts of this
/// class. A mistake is reported once and its value is unknown; what is made of an unknown value is unknown, without a further report.
/// </summary>
internal sealed partial class Binder(NetworkClass network, Sources sources)
{
    private const int MostNodes = 4096;

    // How often a method may be running at once, each run called by the one before.
    private const int MostCalls = 64;
    private const int MostSteps = 100_000;
    private const int MostFields = 64;

    // Deeper reading would run out of stack, and take the editor with it.
    private const int MostDepth = 400;

    private readonly List<(Report Report, INamedTypeSymbol Owner)> reports = [];
    private readonly Naming naming = new();
    private readonly List<Node> nodes = [];
    private readonly List<SyntaxNode> places = [];
    private readonly Dictionary<int, (LayerMethod, IReadOnlyList<SubNetworkField>)> layers = [];
    private readonly HashSet<ISymbol> called = new(SymbolEqualityComparer.Default);
    private readonly Stack<SyntaxNode> loops = new();
    private Frame frame = new(null, null);
    private int steps;
    private int depth;
    private bool isBroken;
    private bool isStopped;

    /// <summary>How a statement ended.</summary>
    private enum Way
    {
        Next,
        Return,
        Break,
        Continue,
    }

    /// <summary>The expression in the source that made each node.</summary>
    public IReadOnlyList<SyntaxNode> Places => places;

    /// <summary>The layer that a node calls, and the fields that lead to it.</summary>
    public (LayerMethod Layer, IReadOnlyList<SubNetworkField> Fields) LayerOf(int node) => layers[node];

    /// <summary>Whether Forward called a layer or sub-network of the class.</summary>
    public bool Calls(ISymbol member) => called.Contains(member);

    /// <summary>What is wrong in this class's own source, and in its sub-networks' as far as it is not wrong of itself.</summary>
    public IEnumerable<Report> Reports()
    {
        var blocks = new Dictionary<INamedTypeSymbol, HashSet<(string, Location)>>(SymbolEqualityComparer.Default);
        foreach (var (report, owner) in reports)
        {
            if (SymbolEqualityComparer.Default.Equals(owner, network.Type))
                yield return report;
            else if (!ReportsOf(owner).Contains((report.Problem.Id, report.Place)))
                yield return report;
        }

        HashSet<(string, Location)> ReportsOf(INamedTypeSymbol block)
        {
            if (!blocks.TryGetValue(block, out var found))
            {
                var alone = new Binder(Class(block), sources);
                alone.Read();
                // Its own alone: networks that hold each other would ask each other without end.
                blocks[block] = found = [.. alone.reports
                    .Where(one => SymbolEqualityComparer.Default.Equals(one.Owner, block))
                    .Select(one => (one.Report.Problem.Id, one.Report.Place))];
            }
            return found;
        }
    }

    /// <summary>
    /// Whether anything is wrong, also if it is reported elsewhere: by the compiler, or by a sub-network's own diagnostics.
    /// </summary>
    public bool IsWrong => isBroken || isStopped || reports.Exists(one => !one.Report.Problem.IsWarning);

    /// <summary>Reads Forward; null if there is anything that cannot be compiled in it.</summary>
    public Graph? Read()
    {
        if (network.Forward is not { } forward)
            return null;
        var self = new Instance(network.Type, [], null);
        var inputs = forward.Parameters.Select((parameter, i) => (Value)Input(parameter, network.Inputs?[i])).ToList();
        Construct(self);
        var result = Run(forward, self, inputs);
        var outputs = (result is TupleValue tuple ? tuple.Items : [result]).OfType<TensorValue>().Select(value => value.Node).ToList();
        var names = OutputNames(forward.ReturnType);
        if (IsWrong || outputs.Count != names.Count)
            return null;
        return InOrder(new Graph(naming.Apply(nodes).ToEquatable(), outputs.ToEquatable(), names.ToEquatable()));
    }

    /// <summary>
    /// The graph with the embeddings of each input's tokens beside it, so that a row of input has Forward's order; embeddings are called
    /// after their tokens.
    /// </summary>
    private Graph InOrder(Graph graph)
    {
        if (!graph.Nodes.Any(node => node.Op is Ops.TokenInput))
            return graph;
        var order = Enumerable.Range(0, graph.Nodes.Count).OrderBy(Parameter).ThenBy(Rank).ThenBy(i => i).ToList();
        var now = order.Select((from, to) => (from, to)).ToDictionary(pair => pair.from, pair => pair.to);
        var (oldPlaces, oldLayers) = (places.ToList(), layers.ToList());
        layers.Clear();
        foreach (var layer in oldLayers)
            layers[now[layer.Key]] = layer.Value;
        for (var i = 0; i < order.Count; i++)
            places[i] = oldPlaces[order[i]];
        var moved = order.Select(
            i => Named(graph.Nodes[i]) with { Inputs = graph.Nodes[i].Inputs.Select(input => now[input]).ToEquatable() });
        return graph with { Nodes = moved.ToEquatable(), Outputs = graph.Outputs.Select(output => now[output]).ToEquatable() };

        // Whose input a node is, by its parameter's place; what is none comes after all.
        int Parameter(int i) => graph.Nodes[i] switch
        {
            { Op: Ops.MaskInput, Inputs.Count: 1 } => graph.Nodes[i].Inputs[0],
            { Op: Ops.Embedding } when graph.Nodes[graph.Nodes[i].Inputs[0]].Op is Ops.TokenInput => graph.Nodes[i].Inputs[0],
            { Op: Ops.Input or Ops.TokenInput } => i,
            _ => int.MaxValue,
        };

        // The tokens, their embeddings, and which are present; what belongs to no input stays as it is.
        int Rank(int i) =>
            Parameter(i) == int.MaxValue ? 0 : graph.Nodes[i].Op is Ops.TokenInput ? 0 : graph.Nodes[i].Op is Ops.Embedding ? 1 : 2;

        Node Named(Node node)
        {
            if (node.Op is not Ops.Embedding)
                return node;
            var tokens = graph.Nodes[node.Inputs[0]].Name;
            var alone = graph.Nodes.Count(other => other.Op is Ops.Embedding && other.Inputs[0] == node.Inputs[0]) == 1;
            return node with { Name = alone ? tokens : $"{tokens}.{node.Layer!.Path}" };
        }
    }

    private static List<string> OutputNames(ITypeSymbol returned) =>
        returned is INamedTypeSymbol { IsTupleType: true } tuple
            ? tuple.TupleElements
                .Select((element, i) => element.IsExplicitlyNamedTupleElement ? element.Name : i == 0 ? "output" : $"output{i}")
                .ToList()
            : ["output"];

    private NetworkClass Class(INamedTypeSymbol type) => sources.Class(type);

    private TensorValue Input(IParameterSymbol parameter, DeclaredInput? declared)
    {
        Ops.Op op = declared?.Kind switch
        {
            InputKind.Mask => Ops.Registry.HeldInput,
            InputKind.Tokens or InputKind.VariableTokens => Ops.Registry.TokenInput,
            _ => Ops.Registry.Input,
        };
        var place = parameter.DeclaringSyntaxReferences[0].GetSyntax(sources.Cancellation);
        var node =
            new Node(op, EquatableArray.Of<int>(), Settings.None) { Name = parameter.Name, Text = parameter.Name, Shape = declared?.Shape };
        if (declared?.Kind is not (InputKind.VariableTokens or InputKind.VariableLive))
            return (TensorValue)Add(node, place);
        var positions = (TensorValue)Add(node with { Settings = Settings.Of(("variable", 1)) }, place);
        var name = parameter.Name + ".present";
        Add(new Node(Ops.Registry.HeldInput, EquatableArray.Of(
            positions.Node), Settings.None) { Name = name, Text = name, Shape = new Shape(declared.Shape[0]) }, place);
        return positions;
    }

    private Value Add(Node node, SyntaxNode place)
    {
        if (nodes.Count == MostNodes)
            return TooLarge(place);
        nodes.Add(node);
        places.Add(place);
        return new TensorValue(nodes.Count - 1);
    }

    private Value Add(Ops.Op op, Settings settings, SyntaxNode place, params int[] inputs) =>
        Add(new Node(op, inputs.ToEquatable(), settings) { Text = Words(place) }, place);

    private static string Words(SyntaxNode place) => Describe.Words(place);

    /// <summary>Stops reading: from here on everything is unknown and every loop ends.</summary>
    private Value TooLarge(SyntaxNode place)
    {
        if (!isStopped)
            Report(Problems.TooLarge, loops.Count > 0 ? loops.Last() : place,
                MostNodes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        isStopped = true;
        return Value.Unknown;
    }

    private void Step(SyntaxNode place)
    {
        sources.Cancellation.ThrowIfCancellationRequested();
        if (++steps > MostSteps)
            TooLarge(place);
    }

    private Value Report(Problem problem, SyntaxNode place, params string[] arguments) =>
        Report(problem, place.GetLocation(), arguments, frame.Self?.Type ?? network.Type);

    private Value Report(Problem problem, Location place, string[] arguments, INamedTypeSymbol owner)
    {
        var report = new Report(problem, place, arguments);
        var isKnown = reports.Exists(known => known.Report.Problem == problem && known.Report.Place == report.Place);
        if (!isKnown)
            reports.Add((report, owner));
        return Value.Unknown;
    }

    /// <summary>Reports what Forward cannot say; what does not compile at all is the compiler's to report.</summary>
    private Value NotInForward(IOperation operation) =>
        operation.Type?.TypeKind == TypeKind.Error || operation.DescendantsAndSelf().Any(part => part is IInvalidOperation)
            ? Broken()
            : Report(Problems.NotInForward, operation.Syntax, Describe.Of(operation));

    private Value Run(IMethodSymbol method, Instance? self, IReadOnlyList<Value> arguments)
    {
        var body = sources.Code(method);
        return body is null ? Value.Unknown : Run(new Frame(method, self), method, body, arguments);
    }

    private Value Run(Frame inner, IMethodSymbol method, IOperation? body, IReadOnlyList<Value> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
            inner.Declare(method.Parameters[i], arguments[i]);
        var outer = frame;
        frame = inner;
        if (body is not null && !isStopped)
            Execute(body);
        frame = outer;
        return inner.Returned ?? (method.ReturnsVoid ? Value.Nothing : Broken());
    }

    // Of Forward it is what the network answers; a helper's is looked at where it is used.
    private Value Returned(IOperation returned)
    {
        var value = Evaluate(returned);
        return IsForward(frame.Method) && (value == Value.Nothing || value is TupleValue tuple && tuple.Items.Contains(Value.Nothing))
            ? Report(Problems.NotInForward, returned.Syntax, "null in the place of a tensor")
            : value;
    }

    private bool IsForward(IMethodSymbol? method) => SymbolEqualityComparer.Default.Equals(method, network.Forward);

    private Way Execute(IOperation statement)
    {
        if (isStopped)
            return Way.Return;
        if (!HasStack())
            TooDeep(statement);
        switch (statement)
        {
            case IBlockOperation block:
                return Execute(block.Operations);
            case IReturnOperation { Kind: OperationKind.Return } returned:
                frame.Returned = returned.ReturnedValue is { } value ? Returned(value) : Value.Nothing;
                return Way.Return;
            case IExpressionStatementOperation expression:
                Evaluate(expression.Operation);
                return Way.Next;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                    Declare(declarator);
                return Way.Next;
            case IConditionalOperation condition:
                return Execute(condition);
            case ISwitchOperation choice:
                return Execute(choice);
            case IForLoopOperation loop:
                return Execute(loop);
            case IForEachLoopOperation loop:
                return Execute(loop);
            case IBranchOperation { BranchKind: BranchKind.Break }:
                return Way.Break;
            case IBranchOperation { BranchKind: BranchKind.Continue }:
                return Way.Continue;
            // A label by itself does nothing; a goto is refused.
            case ILabeledOperation labeled:
                return labeled.Operation is { } inner ? Execute(inner) : Way.Next;
            case ILocalFunctionOperation or IEmptyOperation or IInvalidOperation:
                return Way.Next;
            default:
                NotInForward(statement);
                return Way.Next;
        }
    }

    private Way Execute(IEnumerable<IOperation> statements)
    {
        foreach (var statement in statements)
        {
            var way = Execute(statement);
            if (way != Way.Next)
                return way;
        }
        return Way.Next;
    }

    private void Declare(IVariableDeclaratorOperation declarator)
    {
        var initializer = declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer;
        if (declarator.Symbol.IsRef)
            Report(Problems.NotInForward, declarator.Syntax, $"the ref local {declarator.Symbol.Name}: assign to what it stands for");
        if (initializer is not null)
            Name(declarator.Symbol, Evaluate(initializer.Value));
    }

    /// <summary>Gives a local its first value, and the value the local's name.</summary>
    private void Name(ILocalSymbol local, Value value)
    {
        naming.Offer(value, frame, local.Name);
        frame.Declare(local, value);
    }

    private Way Execute(IConditionalOperation condition)
    {
        var test = Evaluate(condition.Condition);
        if (test is ConstantValue { Constant: bool holds })
            return (holds ? condition.WhenTrue : condition.WhenFalse) is { } branch ? Execute(branch) : Way.Next;
        if (test is not ConstantValue && test != Value.Unknown)
            return Unfit(condition.Condition);
        // A block by itself does not know its sizes: both ways are read, for the mistakes in them.
        var (yes, no) = (Execute(condition.WhenTrue), condition.WhenFalse is null ? Way.Next : Execute(condition.WhenFalse));
        return yes == no ? yes : Way.Next;
    }

    private Way Unfit(IOperation condition)
    {
        Report(Problems.NotInForward, condition.Syntax, "a condition that is not a constant");
        return Way.Next;
    }

    private Way Execute(IForLoopOperation loop)
    {
        Execute(loop.Before);
        return Repeat(loop, () =>
        {
            var test = loop.Condition is null ? new ConstantValue(true) : Evaluate(loop.Condition);
            return test is ConstantValue { Constant: bool holds } ? holds : null;
        }, () => Execute(loop.AtLoopBottom));
    }

    private Way Execute(IForEachLoopOperation loop)
    {
        var collection = FieldReader.Plain(loop.Collection);
        if (loop.LoopControlVariable is IVariableDeclaratorOperation { Symbol: { IsRef: true } item })
            Report(Problems.NotInForward, loop.LoopControlVariable.Syntax, $"the ref local {item.Name}: assign to what it stands for");
        var values = loop.IsAsynchronous ? Value.Nothing : Evaluate(collection);
        if (values is GrownValue grown)
            values = grown.Whole ?? new ListValue([.. grown.Items]);
        if (values is TensorValue sequence)
            return Scan(loop, collection, [sequence]);
        if (values is ZippedValue zipped)
            return Scan(loop, collection, zipped.Tensors);
        if (collection.Type.IsTensor() && values == Value.Unknown)
            return ScanUnknown(loop);
        if (values is not ListValue && values != Value.Unknown)
        {
            Report(Problems.NotInForward, collection.Syntax, "a foreach over what is no tensor, constant array or range");
            return Way.Next;
        }
        var items = (values as ListValue)?.Items;
        var next = 0;
        return Repeat(loop, () =>
        {
            if (items is not null && next == items.Count)
                return false;
            var item = items is null ? Value.Unknown : items[next++];
            if (loop.LoopControlVariable is IVariableDeclaratorOperation declarator)
                frame.Declare(declarator.Symbol, item);
            else
                Assign(loop.LoopControlVariable, item);
            return items is null ? null : true;
        }, () => { });
    }

    /// <summary>Runs a loop's body while the test holds; once, if the test is unknown.</summary>
    private Way Repeat(ILoopOperation loop, Func<bool?> test, Action bottom)
    {
        loops.Push(loop.Syntax);
        var way = Way.Next;
        for (var holds = test(); holds != false && !isStopped; holds = test())
        {
            Step(loop.Syntax);
            way = Execute(loop.Body);
            if (holds is null || way is Way.Break or Way.Return)
                break;
            bottom();
        }
        loops.Pop();
        return way == Way.Return ? way : Way.Next;
    }
}
