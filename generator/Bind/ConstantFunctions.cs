using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Whence.Generator.Bind;

/// <summary>The functions of numbers that are computed while Forward is read: those of Math, MathF and the number types.</summary>
internal static class ConstantFunctions
{
    private static readonly HashSet<string> owners = ["Math", "MathF", "Double", "Single", "Int32", "Int64"];

    public static bool Know(IMethodSymbol method) =>
        method.IsStatic
            && owners.Contains(method.ContainingType.Name)
            && method.ContainingType.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>The result as a number, a truth value or a string; null if it is none, or there is none.</summary>
    public static object? Compute(IMethodSymbol method, object[] arguments)
    {
        try
        {
            return Find(method, arguments)?.Invoke(null, arguments) switch
            {
                IConvertible result => result,
                _ => WithoutMathF(method, arguments),
            };
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static MethodInfo? Find(IMethodSymbol method, object[] arguments) =>
        typeof(Math).Assembly
            .GetType($"System.{method.ContainingType.Name}")
            ?.GetMethod(method.Name, [.. arguments.Select(argument => argument.GetType())]);

    /// <summary>A compiler that runs on the .NET Framework has no MathF, nor functions on the number types: Math's, rounded.</summary>
    private static object? WithoutMathF(IMethodSymbol method, object[] arguments)
    {
        if (typeof(Math).Assembly.GetType("System.MathF") is not null || arguments.Any(argument => argument is not (float or double)))
            return null;
        var wide = arguments.Select(argument => (object)Convert.ToDouble(argument, System.Globalization.CultureInfo.InvariantCulture))
            .ToArray();
        var result = typeof(Math).GetMethod(method.Name, [.. wide.Select(_ => typeof(double))])?.Invoke(null, wide);
        return result is double number && method.ReturnType.SpecialType == SpecialType.System_Single ? (float)number : result;
    }
}
