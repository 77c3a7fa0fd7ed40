using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// Constructors, which are run on values as Forward is: the base class's first, then the class's own, statement by statement. What a
/// statement does that cannot be followed is a mistake only where Forward reads a member that the statement gives a value; it is reported
/// there.
/// </summary>
internal sealed partial class Binder
{
    private readonly HashSet<INamedTypeSymbol> started = new(SymbolEqualityComparer.Default);
    private readonly Stack<INamedTypeSymbol> constructing = new();

    /// <summary>Constructs the network itself, as Load does; a block that is read by itself has parameters that are not known.</summary>
    private void Construct(Instance self)
    {
        var constructors = self.Type.InstanceConstructors.Where(constructor => !NetworkClass.IsWritten(constructor)).ToList();
        if (network.Inputs is not null && NetworkClass.Made(self.Type) is { } made)
            Construct(made, self, Defaults(made));
        else if ((constructors.Find(one => one.Parameters.IsEmpty) ?? (constructors.Count == 1 ? constructors[0] : null)) is { } only)
            Construct(only, self, [.. only.Parameters.Select(_ => Value.Unknown)]);
        else
            self.IsUnclear = constructors.Count > 0;
    }

    private static List<Value> Defaults(IMethodSymbol constructor) =>
        [.. constructor.Parameters
            .Select(parameter => parameter.HasExplicitDefaultValue ? new ConstantValue(parameter.ExplicitDefaultValue) : Value.Unknown)];

    private void Construct(IMethodSymbol constructor, Instance made, IReadOnlyList<Value> arguments)
    {
        constructor = constructor.OriginalDefinition;
        // Constructors that call each other do not compile.
        if (running.Contains(constructor, SymbolEqualityComparer.Default))
            return;
        var inner = new Frame(constructor, made);
        for (var i = 0; i < arguments.Count && i < constructor.Parameters.Length; i++)
        {
            made.Members[constructor.Parameters[i]] = arguments[i];
            inner.Declare(constructor.Parameters[i], arguments[i]);
        }
        var outer = frame;
        frame = inner;
        running.Push(constructor);
        constructing.Push(constructor.ContainingType);
        var body = sources.Body(constructor) as IConstructorBodyOperation;
        ConstructBase(constructor, made,
            body?.Initializer?.DescendantsAndSelf().OfType<IInvocationOperation>().FirstOrDefault() ?? sources.BaseCall(constructor));
        RunConstructor((IOperation?)body?.BlockBody ?? body?.ExpressionBody);
        constructing.Pop();
        running.Pop();
        frame = outer;
    }

    /// <summary>Runs the constructor that comes first: the base class's, or another of the class's own.</summary>
    private void ConstructBase(IMethodSymbol constructor, Instance made, IInvocationOperation? call)
    {
        if (call is not null)
        {
            var arguments = new List<Value>();
            var isFollowed = Try(call, () => arguments.AddRange(Arguments(call)));
            Construct(call.TargetMethod, made,
                isFollowed ? arguments : [.. call.TargetMethod.Parameters.Select(parameter => Unfollowed(call, parameter.Name))]);
        }
        else if (constructor.ContainingType.BaseType is { DeclaringSyntaxReferences.IsEmpty: false } ancestor
            && ancestor.InstanceConstructors.FirstOrDefault(one => one.Parameters.All(parameter => parameter.IsOptional)) is { } first)
        {
            Construct(first, made, Defaults(first));
        }
    }

    private static Value Unfollowed(IOperation call, string name) =>
        new UnclearValue(call.Syntax, $"gets {name} from arguments that are not known when the network is compiled");

    /// <summary>
    /// What happens once before a static member is read: the members get their values from top to bottom, then the constructor runs, which
    /// may change the elements of what they hold.
    /// </summary>
    private void RunStaticConstructor(INamedTypeSymbol type)
    {
        type = type.OriginalDefinition;
        if (!started.Add(type))
            return;
        foreach (var member in type.GetMembers().Where(member =>
            member is IFieldSymbol { IsStatic: true, IsReadOnly: true } or IPropertySymbol { IsStatic: true, SetMethod: null }))
        {
            if (sources.Initializer(member) is not { } initializer)
                continue;
            List<ISymbol> known = [.. statics.Keys];
            // What cannot be followed is reported where it is read, if it is.
            if (!Try(initializer, () => Held(member, null, initializer.Syntax)))
            {
                foreach (var tried in statics.Keys.Except(known, SymbolEqualityComparer.Default).ToList())
                    statics.Remove(tried!);
            }
        }
        if (type.StaticConstructors.FirstOrDefault() is not { } constructor
            || sources.Body(constructor) is not { } body)
            return;
        var outer = frame;
        frame = new Frame(constructor, null);
        constructing.Push(type);
        RunConstructor((IOperation?)body.BlockBody ?? body.ExpressionBody);
        constructing.Pop();
        frame = outer;
    }

    /// <summary>Whether the class of a member is being constructed, so that it may get its value yet.</summary>
    private bool IsBeingConstructed(ISymbol member) =>
        constructing.Contains(member.ContainingType.OriginalDefinition, SymbolEqualityComparer.Default);

    private void RunConstructor(IOperation? body)
    {
        var isSure = true;
        foreach (var statement in (body as IBlockOperation)?.Operations ?? [])
        {
            var way = Way.Next;
            var problem = Attempt(statement, () => way = Execute(statement));
            if (problem is not null || !isSure)
                Blur(statement, problem ?? "a statement after a return that may or may not be reached");
            // Past a return that may be taken or not, nothing is sure.
            if (problem is not null && statement.DescendantsAndSelf().Any(part => part is IReturnOperation))
                isSure = false;
            if (way == Way.Return && problem is null)
                return;
        }
    }

    private bool Try(IOperation code, Action run) => Attempt(code, run) is null;

    /// <summary>Runs a piece of a constructor; what is wrong with it is returned, not reported.</summary>
    private string? Attempt(IOperation code, Action run)
    {
        var (before, wasBroken, wasStopped) = (reports.Count, isBroken, isStopped);
        run();
        if (reports.Count == before && isBroken == wasBroken && isStopped == wasStopped)
            return null;
        var first = reports.Count > before ? reports[before].Report : null;
        reports.RemoveRange(before, reports.Count - before);
        // What does not compile stays broken, and what is wrong with a sub-network's own declaration is told where it stands.
        isStopped = wasStopped;
        if (first is null || code.DescendantsAndSelf().Any(part => part is IInvalidOperation))
            return "something that does not compile";
        isBroken = wasBroken;
        return first.Problem == Problems.NotInForward
            ? first.Arguments[0]
            : string.Format(System.Globalization.CultureInfo.InvariantCulture, first.Problem.Text, [.. first.Arguments]);
    }

    /// <summary>Makes unclear what a statement of a constructor may have written.</summary>
    private void Blur(IOperation statement, string what)
    {
        foreach (var (symbol, place) in Writes.In(statement))
        {
            var unclear = new UnclearValue(place, $"is given a value here that is not known when the network is compiled: {what}");
            if (symbol is ILocalSymbol or IParameterSymbol && frame.Read(symbol) is ListValue shared)
                Blur(shared, unclear);
            else if (symbol is ILocalSymbol or IParameterSymbol)
                frame.Assign(symbol, unclear);
            else if (symbol.IsStatic)
                statics[symbol] = unclear;
            else if (frame.Self is { } self)
                self.Members[symbol] = unclear;
        }
    }

    private static void Blur(ListValue list, UnclearValue unclear)
    {
        for (var i = 0; i < list.Items.Count; i++)
            list.Items[i] = unclear;
    }
}
