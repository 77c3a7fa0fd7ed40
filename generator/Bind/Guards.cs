using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// Calls that say nothing of values: checks of arguments, assertions, and what is written for someone to read while Forward runs as it is
/// written.
/// </summary>
internal static class Guards
{
    public static bool Know(IMethodSymbol method) => method is { IsStatic: true, ReturnsVoid: true } && Owner(method.ContainingType) switch
    {
        "System.Console" => method.Name is "Write" or "WriteLine",
        "System.Diagnostics.Debug" or "System.Diagnostics.Trace" => true,
        "System.ArgumentNullException" or "System.ArgumentException" or "System.ArgumentOutOfRangeException"
            or "System.ObjectDisposedException" => method.Name.StartsWith("ThrowIf", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Whether a check throws, given the numbers it is about; null if that is not known.</summary>
    public static bool? Fails(IMethodSymbol method, IReadOnlyList<Value> arguments)
    {
        if (method.Name is "Assert" && arguments.Count > 0)
            return arguments[0] is ConstantValue { Constant: bool holds } ? !holds : null;
        if (!method.Name.StartsWith("ThrowIf", StringComparison.Ordinal) || arguments.Count == 0 || Numbers.Of(arguments[0]) is not { } a)
            return null;
        var other = arguments.Count > 1 ? Numbers.Of(arguments[1]) : null;
        return (method.Name, other) switch
        {
            ("ThrowIfZero", _) => a == 0,
            ("ThrowIfNegative", _) => a < 0,
            ("ThrowIfNegativeOrZero", _) => a <= 0,
            ("ThrowIfEqual", { } b) => a == b,
            ("ThrowIfNotEqual", { } b) => a != b,
            ("ThrowIfGreaterThan", { } b) => a > b,
            ("ThrowIfGreaterThanOrEqual", { } b) => a >= b,
            ("ThrowIfLessThan", { } b) => a < b,
            ("ThrowIfLessThanOrEqual", { } b) => a <= b,
            _ => null,
        };
    }

    private static string Owner(INamedTypeSymbol type) =>
        type.ContainingType is null ? $"{type.ContainingNamespace.ToDisplayString()}.{type.Name}" : "";
}

/// <summary>
/// Checks and messages in Forward: they are left out of what is compiled, unless they are about numbers that are known, and wrong.
/// </summary>
internal sealed partial class Binder
{
    private Value Guard(IInvocationOperation call)
    {
        if (!Writes.IsFree(call))
            return Report(Problems.NotInForward, call.Syntax, $"a call of {Describe.Called(call.TargetMethod)} in whose arguments "
                + "something is changed: it is left out of what is compiled, so change it before");
        var arguments = new List<Value>();
        Attempt(call, () => arguments.AddRange(Arguments(call)));
        return Guards.Fails(call.TargetMethod, arguments) == true
            ? Report(Problems.NotInForward, call.Syntax, $"a call of {Describe.Called(call.TargetMethod)} that fails whenever it runs")
            : Value.Nothing;
    }
}
