using Whence.Generator.Graphs;

namespace Whence.Generator.Emit;

/// <summary>An elementwise expression as C# over the arithmetic M: the same text for every vector width, and for a GPU's thread.</summary>
internal static class ExpressionText
{
    /// <summary>The expression, given the names of its arguments.</summary>
    public static string Write(Expr expr, IReadOnlyList<string> names) => expr switch
    {
        Argument argument => names[argument.Index],
        Number number => $"M.Constant({SourceWriter.Number(number.Value)})",
        Arithmetic arithmetic when arithmetic.Operation.StartsWith(Expr.SteepOperations, StringComparison.Ordinal) =>
            $"Kernels.{arithmetic.Operation}<V, M>({Write(arithmetic.Operands, names)})",
        Arithmetic arithmetic => $"M.{arithmetic.Operation}({Write(arithmetic.Operands, names)})",
        Apply { Part: Part.Secant, Function.HasSecant: false } apply =>
            $"Secants.Of<{Type(apply.Function)}, V, M>({New(apply.Function)}, {Write(apply.Operands, names)})",
        Apply apply => $"{New(apply.Function)}.{apply.Part}<V, M>({Write(apply.Operands, names)})",
        _ => throw new InvalidOperationException($"No text for {expr.GetType().Name}."),
    };

    private static string Write(IReadOnlyList<Expr> operands, IReadOnlyList<string> names) =>
        string.Join(", ", operands.Select(operand => Write(operand, names)));

    /// <summary>A function's struct, made.</summary>
    public static string New(Function function) =>
        $"new {Type(function)}({string.Join(", ", function.Arguments.Select(SourceWriter.Number))})";

    private static string Type(Function function) =>
        function.Type.StartsWith("global::Whence.Ops.", StringComparison.Ordinal) ? function.Type.Substring("global::Whence.".Length) : function.Type;
}
