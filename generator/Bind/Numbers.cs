using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>Computes with constants as C# does: whole numbers exactly, the rest as doubles. Null is what it cannot compute.</summary>
internal static class Numbers
{
    /// <summary>A constant as a double: booleans are 0 and 1.</summary>
    public static double? Of(Value value) => value is ConstantValue { Constant: { } constant } ? Of(constant) : null;

    public static object? Convert(object number, SpecialType type)
    {
        if (type is SpecialType.System_Object or SpecialType.None || number is string or bool or char)
            return number;
        if (Of(number) is not { } real)
            return null;
        try
        {
            return type switch
            {
                SpecialType.System_Int32 => number is long whole ? checked((int)whole) : checked((int)real),
                SpecialType.System_Int64 =>
                    number is int or long ? System.Convert.ToInt64(number, CultureInfo.InvariantCulture) : checked((long)real),
                SpecialType.System_Single => (float)real,
                SpecialType.System_Double => real,
                _ => System.Convert.ChangeType(number, Type.GetType($"System.{type.ToString().Substring("System_".Length)}"),
                    CultureInfo.InvariantCulture),
            };
        }
        catch (Exception exception) when (exception is OverflowException or InvalidCastException or ArgumentException)
        {
            return null;
        }
    }

    public static object? Combine(BinaryOperatorKind kind, object a, object b, SpecialType type)
    {
        if (a is string || b is string)
            return Combine(kind, a as string, b as string);
        try
        {
            var result = a is bool p && b is bool q ? Combine(kind, p, q)
                : Whole(a) is { } i && Whole(b) is { } j ? Combine(kind, i, j)
                : Of(a) is { } x && Of(b) is { } y ? Combine(kind, x, y) : null;
            return result is null or bool ? result : Convert(result, type);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    public static object? Combine(UnaryOperatorKind kind, object a, SpecialType type) => (kind, a) switch
    {
        (UnaryOperatorKind.Not, bool p) => !p,
        (UnaryOperatorKind.Plus, _) => a,
        (UnaryOperatorKind.Minus, _) when Whole(a) is { } i => i == long.MinValue ? null : Convert(-i, type),
        (UnaryOperatorKind.Minus, _) when Of(a) is { } x => Convert(-x, type),
        _ => null,
    };

    private static double? Of(object constant) => constant switch
    {
        bool flag => flag ? 1 : 0,
        string or char => null,
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static long? Whole(object constant) =>
        constant is sbyte or byte or short or ushort or int or uint or long
            ? System.Convert.ToInt64(constant, CultureInfo.InvariantCulture)
            : null;

    private static object? Combine(BinaryOperatorKind kind, string? a, string? b) => (kind, a, b) switch
    {
        (BinaryOperatorKind.Add, not null, not null) => a + b,
        (BinaryOperatorKind.Equals, _, _) => a == b,
        (BinaryOperatorKind.NotEquals, _, _) => a != b,
        _ => null,
    };

    private static object? Combine(BinaryOperatorKind kind, bool a, bool b) => kind switch
    {
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr or BinaryOperatorKind.NotEquals => a ^ b,
        BinaryOperatorKind.Equals => a == b,
        _ => null,
    };

    private static object? Combine(BinaryOperatorKind kind, long a, long b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => b == 0 || a == long.MinValue && b == -1 ? null : a / b,
        BinaryOperatorKind.Remainder => b == 0 ? null : b == -1 ? 0L : a % b,
        BinaryOperatorKind.LeftShift => a << (int)b,
        BinaryOperatorKind.RightShift => a >> (int)b,
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr => a ^ b,
        _ => Compare(kind, a.CompareTo(b)),
    };

    private static object? Combine(BinaryOperatorKind kind, double a, double b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        _ when double.IsNaN(a) || double.IsNaN(b) => kind == BinaryOperatorKind.NotEquals,
        _ => Compare(kind, a.CompareTo(b)),
    };

    private static object? Compare(BinaryOperatorKind kind, int order) => kind switch
    {
        BinaryOperatorKind.Equals => order == 0,
        BinaryOperatorKind.NotEquals => order != 0,
        BinaryOperatorKind.LessThan => order < 0,
        BinaryOperatorKind.LessThanOrEqual => order <= 0,
        BinaryOperatorKind.GreaterThan => order > 0,
        BinaryOperatorKind.GreaterThanOrEqual => order >= 0,
        _ => null,
    };
}
