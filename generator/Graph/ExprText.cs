using System.Globalization;

namespace Whence.Generator.Graphs;

/// <summary>
/// An expression in the field's notation: f(x), f'(x) for a slope, and f[x0, x] for a secant, which is Newton's divided difference (f(x) -
/// f(x0)) / (x - x0).
/// </summary>
internal static class ExprText
{
    // How tightly an operator binds: a test, a sum, a product, what stands alone.
    private const int Test = 0;
    private const int Sum = 1;
    private const int Product = 2;
    private const int Alone = 3;

    /// <summary>The expression over values of these names.</summary>
    public static string Print(Expr expr, Func<int, string> name) => Print(expr, name, Test);

    private static string Print(Expr expr, Func<int, string> name, int around) => expr switch
    {
        Argument argument => name(argument.Index),
        Number number =>
            number.Value.ToString("R", CultureInfo.InvariantCulture) is var text && around > Sum && number.Value < 0 ? $"({text})" : text,
        Arithmetic arithmetic => Written(arithmetic, name) is var (text, binds) && binds < around ? $"({text})" : text,
        Apply { Part: Part.Value } apply => $"{apply.Function.Call}({Print(apply.Operands[0], name)})",
        Apply { Part: Part.Slope } apply => $"{apply.Function.Call}'({Print(apply.Operands[0], name)})",
        Apply apply => $"{apply.Function.Call}[{Print(apply.Operands[1], name)}, {Print(apply.Operands[0], name)}]",
        _ => throw new InvalidOperationException($"No text for {expr.GetType().Name}."),
    };

    private static (string Text, int Binds) Written(Arithmetic arithmetic, Func<int, string> name)
    {
        string Of(int operand, int around) => Print(arithmetic.Operands[operand], name, around);
        return arithmetic.Operation switch
        {
            "Add" => ($"{Of(0, Sum)} + {Of(1, Product)}", Sum),
            "Subtract" => ($"{Of(0, Sum)} - {Of(1, Product)}", Sum),
            "Multiply" => ($"{Of(0, Product)} * {Of(1, Alone)}", Product),
            "Divide" => ($"{Of(0, Product)} / {Of(1, Alone)}", Product),
            "Negate" => ($"-{Of(0, Alone)}", Product),
            "IfPositive" => ($"{Of(0, Sum)} > 0 ? {Of(1, Sum)} : {Of(2, Test)}", Test),
            "IfZero" => ($"{Of(0, Sum)} == 0 ? {Of(1, Sum)} : {Of(2, Test)}", Test),
            "Abs" => ($"|{Of(0, Test)}|", Alone),
            _ => ($"{Called(arithmetic.Operation)}({string.Join(", ", arithmetic.Operands.Select(operand => Print(operand, name)))})",
                Alone),
        };
    }

    private static string Called(string operation) =>
        operation.Contains(".") ? operation : operation.ToLowerInvariant();
}
