using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit;

/// <summary>An elementwise expression as C# over the arithmetic M: the same text for every vector width, and for a GPU's thread.</summary>
internal sealed class ExpressionText
{
    private readonly IReadOnlyList<string> names;
    private readonly Dictionary<Expr, int> uses = [];
    private readonly Dictionary<Expr, string> locals = [];
    private readonly List<string> lines = [];
    private readonly Taken taken;

    private ExpressionText(IReadOnlyList<Expr> exprs, IReadOnlyList<string> names, params string[] results)
    {
        this.names = names;
        taken = new Taken([.. names, .. results]);
        foreach (var expr in exprs)
            Count(expr);
        for (var i = 0; i < exprs.Count; i++)
            lines.Add(results.Length == 0 ? Write(exprs[i]) : $"{results[i]} = {Write(exprs[i])};");
    }

    /// <summary>
    /// The expression, given the names of its arguments: a line for each part that is read more than once, which declares a local, and one
    /// for the whole.
    /// </summary>
    public static IReadOnlyList<string> Lines(Expr expr, IReadOnlyList<string> names) => new ExpressionText([expr], names).lines;

    /// <summary>
    /// The same of two expressions, each of which is assigned to its variable: what both read more than once is read once.
    /// </summary>
    public static IReadOnlyList<string> Lines(Expr expr, string variable, Expr second, string other, IReadOnlyList<string> names) =>
        new ExpressionText([expr, second], names, variable, other).lines;

    // What stands in a part that is read twice is itself read once.
    private void Count(Expr expr)
    {
        uses[expr] = uses.TryGetValue(expr, out var count) ? count + 1 : 1;
        if (count > 0)
            return;
        foreach (var operand in Operands(expr))
            Count(operand);
    }

    private static IReadOnlyList<Expr> Operands(Expr expr) => expr switch
    {
        Arithmetic arithmetic => arithmetic.Operands,
        Apply apply => apply.Operands,
        _ => [],
    };

    private string Write(Expr expr)
    {
        if (locals.TryGetValue(expr, out var local))
            return local;
        var text = Written(expr);
        if (uses[expr] == 1 || Operands(expr).Count == 0)
            return text;
        locals[expr] = local = taken.Take(((char)('a' + locals.Count % 26)).ToString());
        lines.Add($"var {local} = {text};");
        return local;
    }

    private string Written(Expr expr) => expr switch
    {
        Argument argument => names[argument.Index],
        Number number => $"M.Constant({SourceWriter.Number(number.Value)})",
        Arithmetic { IsKernel: true } kernel => $"Kernels.{kernel.Operation}<V, M>({Write(kernel.Operands)})",
        Arithmetic arithmetic => $"M.{arithmetic.Operation}({Write(arithmetic.Operands)})",
        Apply { Part: Part.Secant, Function.HasSecant: false } apply =>
            $"Secants.Of<{Type(apply.Function)}, V, M>({New(apply.Function)}, {Write(apply.Operands)})",
        Apply apply => $"{New(apply.Function)}.{apply.Part}<V, M>({Write(apply.Operands)})",
        _ => throw new InvalidOperationException($"No text for {expr.GetType().Name}."),
    };

    private string Write(IReadOnlyList<Expr> operands) => string.Join(", ", operands.Select(Write));

    /// <summary>A function's struct, made.</summary>
    public static string New(Function function) =>
        $"new {Type(function)}({string.Join(", ", function.Arguments.Select(SourceWriter.Number))})";

    private static string Type(Function function) =>
        function.Type.StartsWith("global::Whence.Ops.", StringComparison.Ordinal)
            ? function.Type.Substring("global::Whence.".Length)
            : function.Type;
}
