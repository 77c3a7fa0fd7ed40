using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>What an elementwise node computes for one element, over the elements of its inputs at the same place.</summary>
internal abstract record Expr
{
    public static Expr operator +(Expr a, Expr b) => new Arithmetic("Add", EquatableArray.Of(a, b));

    public static Expr operator -(Expr a, Expr b) => new Arithmetic("Subtract", EquatableArray.Of(a, b));

    public static Expr operator *(Expr a, Expr b) => new Arithmetic("Multiply", EquatableArray.Of(a, b));

    public static Expr operator /(Expr a, Expr b) => new Arithmetic("Divide", EquatableArray.Of(a, b));

    public static implicit operator Expr(double value) => new Number(value);

    public static Expr Max(Expr a, Expr b) => new Arithmetic("Max", EquatableArray.Of(a, b));

    public static Expr Min(Expr a, Expr b) => new Arithmetic("Min", EquatableArray.Of(a, b));

    public static Expr Abs(Expr a) => new Arithmetic("Abs", EquatableArray.Of(a));

    public static Expr Negate(Expr a) => new Arithmetic("Negate", EquatableArray.Of(a));

    public static Expr IfPositive(Expr test, Expr then, Expr otherwise) =>
        new Arithmetic("IfPositive", EquatableArray.Of(test, then, otherwise));

    public static Expr IfZero(Expr test, Expr then, Expr otherwise) =>
        new Arithmetic("IfZero", EquatableArray.Of(test, then, otherwise));

    /// <summary>A call of the runtime's Kernels.Steep: see there.</summary>
    public static Expr Steep(string operation, params Expr[] operands) => Kernel("Steep." + operation, operands);

    /// <summary>A call of a static method over IMath of the runtime's Kernels, by its class and name.</summary>
    public static Expr Kernel(string method, params Expr[] operands) => new Arithmetic(method, operands.ToEquatable());

    /// <summary>This expression with each argument replaced.</summary>
    public abstract Expr Replace(Func<int, Expr> argument);

    /// <summary>How many operations it takes, for bounding what is fused.</summary>
    public abstract int Weight { get; }

    /// <summary>The arguments in the order in which they are read, each as often as it is.</summary>
    public virtual IEnumerable<Argument> Arguments => [];
}

/// <summary>An element of the node's input of this index.</summary>
internal record Argument(int Index) : Expr
{
    public override Expr Replace(Func<int, Expr> argument) => argument(Index);

    public override int Weight => 0;

    public override IEnumerable<Argument> Arguments => [this];
}

/// <summary>
/// An element of a value of the graph that is being derived, called by its symbol: in a rule's formula, until it becomes a node.
/// </summary>
internal sealed record Leaf(int Node, string Symbol) : Argument(Node);

/// <summary>A constant.</summary>
internal sealed record Number(double Value) : Expr
{
    public override Expr Replace(Func<int, Expr> argument) => this;

    public override int Weight => 0;
}

/// <summary>An operation of the runtime's IMath, by its name, or of a class of its Kernels: "Steep.Times".</summary>
internal sealed record Arithmetic(string Operation, EquatableArray<Expr> Operands) : Expr
{
    /// <summary>Whether it is a class's of the Kernels.</summary>
    public bool IsKernel => Operation.Contains(".");

    public override Expr Replace(Func<int, Expr> argument) =>
        new Arithmetic(Operation, Operands.Select(operand => operand.Replace(argument)).ToEquatable());

    public override int Weight => 1 + Operands.Sum(operand => operand.Weight);

    public override IEnumerable<Argument> Arguments => Operands.SelectMany(operand => operand.Arguments);
}

/// <summary>What of an elementwise function: its value at x; its slope at (x, y); its secant over (x, x0, y, y0).</summary>
internal enum Part
{
    Value,
    Slope,
    Secant,
}

/// <summary>A part of an elementwise function, applied.</summary>
internal sealed record Apply(Function Function, Part Part, EquatableArray<Expr> Operands) : Expr
{
    public override Expr Replace(Func<int, Expr> argument) =>
        new Apply(Function, Part, Operands.Select(operand => operand.Replace(argument)).ToEquatable());

    public override int Weight => 4 + Operands.Sum(operand => operand.Weight);

    public override IEnumerable<Argument> Arguments => Operands.SelectMany(operand => operand.Arguments);
}
