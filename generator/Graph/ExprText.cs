using System.Globalization;

namespace Whence.Generator.Graphs;

/// <summary>An expression in the field's notation, for headers and tests.</summary>
internal static class ExprText
{
    public static string Print(Expr expr) => expr switch
    {
        Argument argument => $"${argument.Index}",
        Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        Arithmetic { Operands.Count: 2 } binary when Symbol(binary.Operation) is { } symbol =>
            $"({Print(binary.Operands[0])} {symbol} {Print(binary.Operands[1])})",
        Arithmetic call => $"{call.Operation}({string.Join(", ", call.Operands.Select(Print))})",
        Apply { Part: Part.Value } apply => $"{apply.Function.Name}({Print(apply.Operands[0])})",
        Apply apply => $"{apply.Function.Name}.{apply.Part}({string.Join(", ", apply.Operands.Select(Print))})",
        _ => throw new InvalidOperationException($"No text for {expr.GetType().Name}."),
    };

    private static string? Symbol(string operation) => operation switch
    {
        "Add" => "+",
        "Subtract" => "-",
        "Multiply" => "*",
        "Divide" => "/",
        _ => null,
    };
}
