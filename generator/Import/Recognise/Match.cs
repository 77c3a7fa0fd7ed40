using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Recognise;

/// <summary>Small questions that idioms ask about operators.</summary>
internal static class Match
{
    private const double Near = 1e-5;

    /// <summary>The value's maker, if it is of this type.</summary>
    public static Op? Made(this Value? value, string type) => value?.Maker is { } op && op.Type == type ? op : null;

    /// <summary>The constant and the live value of an operator of two inputs, in whatever order; null if both are live.</summary>
    public static (Value Live, Literal Constant)? Sides(this Op op)
    {
        if (op.Inputs.Count != 2 || op.In(0) is not { } a || op.In(1) is not { } b)
            return null;
        return a.IsLive && b.Constant is { } right ? (a, right) : b.IsLive && a.Constant is { } left ? (b, left) : null;
    }

    /// <summary>The live value beside a constant that is this number everywhere, of Add or Mul.</summary>
    public static Value? Beside(this Op? op, string type, double number) =>
        op is not null && op.Type == type && op.Sides() is { } sides && sides.Constant.Is(number) ? sides.Live : null;

    /// <summary>Whether every element of a constant is about this number.</summary>
    public static bool Is(this Literal constant, double number) =>
        constant.Count is > 0 and < 4096
            && Enumerable.Range(0, constant.Count).All(i => Math.Abs(constant[i] - number) <= Near * Math.Abs(number));

    /// <summary>Whether the operator is a division by this number, or a product with its reciprocal, of the value given back.</summary>
    public static Value? Divided(this Op? op, double by) => op switch
    {
        { Type: "Div" } when op.In(1)?.Constant?.Is(by) == true && op.In(0)!.IsLive => op.In(0),
        { Type: "Mul" } => op.Beside("Mul", 1 / by),
        _ => null,
    };

    /// <summary>The other input of an operator of two, beside this one; null if it has no such input.</summary>
    public static Value? Other(this Op? op, string type, Value value) => op is null || op.Type != type || op.Inputs.Count != 2 ? null
        : op.Inputs[0] == value ? op.Inputs[1] : op.Inputs[1] == value ? op.Inputs[0] : null;
}
