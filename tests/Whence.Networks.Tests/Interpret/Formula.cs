using System.Collections.Concurrent;
using Whence.Generator.Graphs;
using Whence.CompilerServices;

namespace Whence.Networks.Tests.Interpret;

/// <summary>Evaluates an <see cref="Expr"/> over blocks of equal size, a stretch of elements at a time.</summary>
internal static class Formula
{
    private const int Stretch = 256;

    private static readonly ConcurrentDictionary<Function, AppliedFunction> functions = new();

    public static Block Evaluate(Expr expr, Block[] operands, int size, int rows)
    {
        var result = new Block(size, rows);
        for (var start = 0; start < result.Data.Length; start += Stretch)
            Evaluate(expr, operands, start, result.Data.AsSpan(start, Math.Min(Stretch, result.Data.Length - start)));
        return result;
    }

    private static void Evaluate(Expr expr, Block[] operands, int start, Span<double> result)
    {
        switch (expr)
        {
            case Argument argument:
                operands[argument.Index].Data.AsSpan(start, result.Length).CopyTo(result);
                break;
            case Number number:
                result.Fill(number.Value);
                break;
            case Arithmetic arithmetic:
                Operation(arithmetic, operands, start, result);
                break;
            case Apply apply:
                Application(apply, operands, start, result);
                break;
            default:
                throw new InvalidOperationException($"No meaning for {expr.GetType().Name}.");
        }
    }

    private static void Application(Apply apply, Block[] operands, int start, Span<double> result)
    {
        Span<double> memory = stackalloc double[4 * Stretch];
        for (var i = 0; i < apply.Operands.Count; i++)
            Evaluate(apply.Operands[i], operands, start, memory.Slice(i * Stretch, result.Length));
        functions.GetOrAdd(apply.Function, AppliedFunction.Of)
            .Apply(apply.Part, result, memory, memory[Stretch..], memory[(2 * Stretch)..], memory[(3 * Stretch)..]);
    }

    private static void Operation(Arithmetic arithmetic, Block[] operands, int start, Span<double> result)
    {
        Span<double> memory = stackalloc double[3 * Stretch];
        for (var i = 0; i < arithmetic.Operands.Count; i++)
            Evaluate(arithmetic.Operands[i], operands, start, memory.Slice(i * Stretch, result.Length));
        Span<double> a = memory[..Stretch], b = memory.Slice(Stretch, Stretch), c = memory.Slice(2 * Stretch, Stretch);
        switch (arithmetic.Operation)
        {
            case "Add":
                for (var i = 0; i < result.Length; i++)
                    result[i] = a[i] + b[i];
                break;
            case "Subtract":
                for (var i = 0; i < result.Length; i++)
                    result[i] = a[i] - b[i];
                break;
            case "Multiply":
                for (var i = 0; i < result.Length; i++)
                    result[i] = a[i] * b[i];
                break;
            default:
                for (var i = 0; i < result.Length; i++)
                    result[i] = One(arithmetic.Operation, a[i], b[i], c[i]);
                break;
        }
    }

    private static double One(string operation, double a, double b, double c) => operation switch
    {
        "Divide" => DoubleMath.Divide(a, b),
        "MultiplyAdd" => DoubleMath.MultiplyAdd(a, b, c),
        "Negate" => DoubleMath.Negate(a),
        "Abs" => DoubleMath.Abs(a),
        "Max" => DoubleMath.Max(a, b),
        "Min" => DoubleMath.Min(a, b),
        "Sqrt" => DoubleMath.Sqrt(a),
        "Exp" => DoubleMath.Exp(a),
        "Expm1" => DoubleMath.Expm1(a),
        "Log" => DoubleMath.Log(a),
        "Log1p" => DoubleMath.Log1p(a),
        "Tanh" => DoubleMath.Tanh(a),
        "Erf" => DoubleMath.Erf(a),
        "Erfc" => DoubleMath.Erfc(a),
        "IfPositive" => DoubleMath.IfPositive(a, b, c),
        "IfZero" => DoubleMath.IfZero(a, b, c),
        "Steep.Times" => Steep.Times<double, DoubleMath>(a, b),
        "Steep.Secant" => Steep.Secant<double, DoubleMath>(a, b, c),
        "Steep.Difference" => Steep.Difference<double, DoubleMath>(a, b),
        "Steep.Finite" => Steep.Finite<double, DoubleMath>(a),
        "Steep.Infinite" => Steep.Infinite<double, DoubleMath>(a),
        "Steep.Joined" => Steep.Joined<double, DoubleMath>(a, b),
        "Shares.Left" => Shares.Left<double, DoubleMath>(a, b, c),
        _ => throw new InvalidOperationException($"Neither IMath nor Kernels has {operation}."),
    };
}
