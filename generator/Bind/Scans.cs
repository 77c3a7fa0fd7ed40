using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>foreach over a tensor: its body is read once, with the locals that it gives new values as states of a scan.</summary>
internal sealed partial class Binder
{
    private readonly List<GrownValue> filled = [];
    private Scan? scan;
    private int scans;
    private int states;

    private Way Scan(IForEachLoopOperation loop, IOperation collection, IReadOnlyList<TensorValue> sequences)
    {
        Step(loop.Syntax);
        if (scan is not null)
        {
            Report(Problems.NestedScan, collection.Syntax, "A foreach over a tensor");
            return Way.Next;
        }
        scan = new Scan(scans++, 0, false);
        var steps = sequences
            .Select(sequence => Add(
                new Node(Registry.StepOf, EquatableArray.Of(sequence.Node), Settings.None) { Scan = scan, Text = Words(collection.Syntax) },
                collection.Syntax))
            .ToList();
        SetItem(loop, steps.Count == 1 ? steps[0] : new TupleValue(steps));
        var carried = new List<(ISymbol Local, Value State)>();
        foreach (var (local, place) in Assigned(loop.Body)
            .GroupBy(target => target.Local, SymbolEqualityComparer.Default)
            .Select(same => same.First()))
        {
            if (frame.Read(local) is not { } initial || IsDeclaredIn(loop.Syntax, local))
                continue;
            var state = Carry(initial, local.Name, place);
            frame.Assign(local, state);
            carried.Add((local, state));
        }
        var way = Execute(loop.Body);
        if (way is Way.Break or Way.Return)
            Report(Problems.NotInForward,
                loop.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.ForEachStatementSyntax { Statement: var body } ? body : loop.Syntax,
                $"a {(way == Way.Break ? "break" : "return")} out of a foreach over a tensor: every step is the same");
        foreach (var (local, state) in carried)
        {
            var last = Close(state, frame.Read(local)!, loop.Syntax);
            naming.Offer(last, frame, local.Name);
            frame.Assign(local, last);
        }
        foreach (var list in filled)
            list.Whole = Stacked(list.InStep!);
        filled.Clear();
        scan = null;
        return Way.Next;
    }

    /// <summary>The body of a scan over what is not known, for the mistakes in it.</summary>
    private Way ScanUnknown(IForEachLoopOperation loop)
    {
        SetItem(loop, Value.Unknown);
        foreach (var (local, _) in Assigned(loop.Body).ToList())
        {
            if (frame.Read(local) is not null)
                frame.Assign(local, Value.Unknown);
        }
        Execute(loop.Body);
        return Way.Next;
    }

    private void SetItem(IForEachLoopOperation loop, Value item)
    {
        if (loop.LoopControlVariable is IVariableDeclaratorOperation declarator)
            Name(declarator.Symbol, item);
        else
            Assign(loop.LoopControlVariable, item);
    }

    /// <summary>The locals and parameters that a body gives new values, also by the local functions that it calls.</summary>
    private static IEnumerable<(ISymbol Local, SyntaxNode Place)> Assigned(IOperation body, HashSet<IMethodSymbol>? seen = null)
    {
        seen ??= new(SymbolEqualityComparer.Default);
        foreach (var operation in body.DescendantsAndSelf())
        {
            var targets = operation switch
            {
                IAssignmentOperation assignment => Targets(assignment.Target),
                IIncrementOrDecrementOperation increment => Targets(increment.Target),
                IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction } call
                    when seen.Add(call.TargetMethod.OriginalDefinition) =>
                    LocalFunction(call, call.TargetMethod.OriginalDefinition) is { } called ? Assigned(called, seen) : [],
                _ => [],
            };
            foreach (var target in targets)
                yield return target;
        }
    }

    private static IEnumerable<(ISymbol Local, SyntaxNode Place)> Targets(IOperation target) => target switch
    {
        ILocalReferenceOperation local => [(local.Local, local.Syntax)],
        IParameterReferenceOperation parameter => [(parameter.Parameter, parameter.Syntax)],
        ITupleOperation tuple => tuple.Elements.SelectMany(Targets),
        IConversionOperation conversion => Targets(conversion.Operand),
        _ => [],
    };

    private static bool IsDeclaredIn(SyntaxNode loop, ISymbol local) =>
        local.DeclaringSyntaxReferences
            .Any(declaration => declaration.SyntaxTree == loop.SyntaxTree && loop.Span.Contains(declaration.Span));

    /// <summary>A local's value as a step finds it.</summary>
    private Value Carry(Value initial, string name, SyntaxNode place) => initial switch
    {
        TensorValue tensor =>
            Add(new Node(Registry.Carried, EquatableArray.Of(tensor.Node), Settings.Of(("state", states++))) { Scan = scan, Text = name },
                place),
        TupleValue tuple => new TupleValue(tuple.Items.Select((item, i) => Carry(item, $"{name}{i + 1}", place)).ToList()),
        _ when initial == Value.Unknown => initial,
        _ => Report(Problems.NotInForward, place, $"{name}, which changes from step to step of a foreach over a tensor and is no tensor"),
    };

    /// <summary>A local's value after the last step, given what it is when a step begins and ends.</summary>
    private Value Close(Value before, Value after, SyntaxNode place)
    {
        if (before is TensorValue state && after is TensorValue value)
        {
            var next = Add(new Node(Registry.Next, EquatableArray.Of(state.Node,
                value.Node), Settings.None) { Scan = scan, Text = nodes[state.Node].Text }, places[value.Node]);
            return next is TensorValue closed ? Add(Registry.Final, Settings.None, places[value.Node], closed.Node) : next;
        }
        if (before is TupleValue { Items: var from } && after is TupleValue { Items: var to } && from.Count == to.Count)
            return new TupleValue(from.Zip(to, (first, last) => Close(first, last, place)).ToList());
        return before == Value.Unknown || after == Value.Unknown
            ? Value.Unknown
            : Report(Problems.NotInForward, place, "a local that is a tensor in one step of a foreach over a tensor, and none in the next");
    }

    private Value Stacked(Value inStep) => inStep is TensorValue value
        ? Add(Registry.Stacked, Settings.Of(("scan", scan!.Id)), places[value.Node], value.Node)
        : inStep;

    /// <summary>A list's Add: in a scan, of a list from outside, what it gets in every step.</summary>
    private Value AddTo(IInvocationOperation call)
    {
        var list = Evaluate(call.Instance!);
        var item = Evaluate(call.Arguments[0].Value);
        if (list is not GrownValue grown || item is not TensorValue && item != Value.Unknown)
            return list == Value.Unknown ? list : NotInForward(call);
        if (scan is null
            ? grown.Whole is not null
            : grown.Scan != scan && (grown.Whole is not null || grown.Items.Count > 0 || grown.InStep is not null))
            return Report(Problems.NotInForward, call.Syntax,
                "more in a list than what one Add puts there in every step of a foreach over a tensor: give each its own list");
        if (scan is null || grown.Scan == scan)
        {
            grown.Items.Add(item);
        }
        else
        {
            grown.InStep = item;
            filled.Add(grown);
        }
        return Value.Nothing;
    }

    private Value Stack(IInvocationOperation call, Value argument)
    {
        if (argument is GrownValue { Whole: { } whole })
            return whole;
        var items = (argument as GrownValue)?.Items ?? (argument as ListValue)?.Items;
        if (items is null || items.Contains(Value.Unknown))
            return Value.Unknown;
        if (items.Count == 0)
            return Report(Problems.NotInForward, call.Syntax,
                "a Stack of a list that has nothing in it yet: what a foreach over a tensor adds is there after it");
        return Add(Registry.Find("Stack")!, Settings.None, call.Syntax, items.OfType<TensorValue>().Select(item => item.Node).ToArray());
    }
}
