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
    public static Expr Steep(string operation, params Expr[] operands) =>
        new Arithmetic(SteepOperations + operation, operands.ToEquatable());

    /// <summary>How the names of those operations begin that are not IMath's.</summary>
    public const string SteepOperations = "Steep.";

    /// <summary>This expression with each argument replaced.</summary>
    public abstract Expr Replace(Func<int, Expr> argument);

    /// <summary>How many operations it takes, for bounding what is fused.</summary>
    public abstract int Weight { get; }
}

/// <summary>An element of the node's input of this index.</summary>
internal sealed record Argument(int Index) : Expr
{
    public override Expr Replace(Func<int, Expr> argument) => argument(Index);

    public override int Weight => 0;
}

/// <summary>A constant.</summary>
internal sealed record Number(double Value) : Expr
{
    public override Expr Replace(Func<int, Expr> argument) => this;

    public override int Weight => 0;
}

/// <summary>An operation of the runtime's IMath, by its name, or of its Kernels.Steep: "Steep.Times".</summary>
internal sealed record Arithmetic(string Operation, EquatableArray<Expr> Operands) : Expr
{
    public override Expr Replace(Func<int, Expr> argument) =>
        new Arithmetic(Operation, Operands.Select(operand => operand.Replace(argument)).ToEquatable());

    public override int Weight => 1 + Operands.Sum(operand => operand.Weight);
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
}
