using Microsoft.CodeAnalysis;
using Whence.Generator.Graphs;

namespace Whence.Generator.Bind;

/// <summary>What an expression of Forward means while it is read.</summary>
internal abstract record Value
{
    /// <summary>Not known: because of a mistake already reported, or a constructor parameter of a block that is read by itself.</summary>
    public static readonly Value Unknown = new UnknownValue();

    /// <summary>The value of a call that returns nothing.</summary>
    public static readonly Value Nothing = new ConstantValue(null);

    private sealed record UnknownValue : Value;
}

/// <summary>A value of the network: a node of the graph.</summary>
internal sealed record TensorValue(int Node) : Value;

/// <summary>A number, a truth value or a string known when compiled.</summary>
internal sealed record ConstantValue(object? Constant) : Value;

/// <summary>A tuple; reading it by name is reading it by place.</summary>
internal sealed record TupleValue(IReadOnlyList<Value> Items) : Value;

/// <summary>
/// An array or collection expression. Two names of one array are one of these, so that what is written by one is read by the other.
/// </summary>
internal sealed record ListValue(List<Value> Items) : Value
{
    /// <summary>The scan in whose step it was made.</summary>
    public Scan? Scan { get; init; }

    /// <summary>Whether a member holds it, so that what Forward wrote there would be found by the next run.</summary>
    public bool IsKept { get; set; }
}

/// <summary>
/// What a member, or a local of a constructor, holds whose value cannot be followed: where it gets it, and why that is not known.
/// </summary>
internal sealed record UnclearValue(SyntaxNode Place, string What) : Value;

/// <summary>The shape of a tensor.</summary>
internal sealed record ShapeValue(Shape Shape) : Value;

/// <summary>The shape of an input of a variable number of positions, which its mask says.</summary>
internal sealed record VaryingShapeValue(Shape Most, int Mask, string Text) : Value;

/// <summary>
/// How many positions such an input has, and so many more as stand before them: a number only where it says how much of something is taken.
/// </summary>
internal sealed record LengthValue(int Most, int Mask, string Text, int More = 0) : Value;

/// <summary>Several tensors that a foreach goes over side by side.</summary>
internal sealed record ZippedValue(IReadOnlyList<TensorValue> Tensors) : Value;

/// <summary>A List that Forward adds tensors to: one after the other, or in every step of a scan.</summary>
internal sealed record GrownValue(List<Value> Items, Scan? Scan) : Value
{
    /// <summary>What the scan being read adds in every step; null before its Add.</summary>
    public Value? InStep { get; set; }

    /// <summary>What a scan has added, along a new axis 0; null of a list that none has filled.</summary>
    public Value? Whole { get; set; }
}

/// <summary>A network: the class itself, or a sub-network.</summary>
internal sealed record InstanceValue(Instance Instance) : Value;

/// <summary>
/// One network among those that a network is made of: its class, the fields that lead to it, where it is made, and what its
/// constructor parameters and fields hold.
/// </summary>
internal sealed class Instance(INamedTypeSymbol type, IReadOnlyList<SubNetworkField> fields, SyntaxNode? creation)
{
    public INamedTypeSymbol Type { get; } = type;

    public IReadOnlyList<SubNetworkField> Fields { get; } = fields;

    /// <summary>The classes of the networks around it, outermost first, and its own.</summary>
    public IReadOnlyList<ITypeSymbol> Types { get; init; } = [type];

    /// <summary>The <c>new</c> that makes it; null for the network itself.</summary>
    public SyntaxNode? Creation { get; } = creation;

    /// <summary>The values of constructor parameters, fields and properties, as far as they have been read.</summary>
    public Dictionary<ISymbol, Value> Members { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Whether it may be made by one of several constructors, so that nothing they give a value is known.</summary>
    public bool IsUnclear { get; set; }

    /// <summary>What stands before the names of its layers and locals: "block3a.".</summary>
    public string Prefix { get; } = string.Concat(fields.Select(field => field.Field.Name + "."));
}

/// <summary>A method being read: its locals and parameters, and what it returned.</summary>
internal sealed class Frame(IMethodSymbol? method, Instance? self, Frame? around = null)
{
    private readonly Dictionary<ISymbol, Value> locals = new(SymbolEqualityComparer.Default);

    public IMethodSymbol? Method { get; } = method;

    public Instance? Self { get; } = self;

    /// <summary>What return gave; null before it.</summary>
    public Value? Returned { get; set; }

    /// <summary>A local's value; null before it has one.</summary>
    public Value? Read(ISymbol local) => locals.TryGetValue(local, out var value) ? value : around?.Read(local);

    /// <summary>Gives a local its first value.</summary>
    public void Declare(ISymbol local, Value value) => locals[local] = value;

    /// <summary>Gives a local a new value, in the method around a local function if it is declared there.</summary>
    public void Assign(ISymbol local, Value value)
    {
        if (!locals.ContainsKey(local) && around is not null && around.Knows(local))
            around.Assign(local, value);
        else
            locals[local] = value;
    }

    /// <summary>The frame in which a local function was declared.</summary>
    public Frame Declaring(IMethodSymbol localFunction) =>
        around is not null && !SymbolEqualityComparer.Default.Equals(localFunction.ContainingSymbol, Method)
            ? around.Declaring(localFunction)
            : this;

    private bool Knows(ISymbol local) => locals.ContainsKey(local) || around?.Knows(local) == true;
}
