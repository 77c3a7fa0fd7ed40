using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// Constants that a question is given, outside of what it is about: points that are not on the path, options that would throw when they are
/// used.
/// </summary>
internal static class OutOfRange
{
    // Quadrature.Trapezoid, the only rule that has a point at each end.
    private const int Trapezoid = 3;

    /// <summary>What is wrong with an argument, or with what a property of options is given.</summary>
    public static IEnumerable<Report> Of(IOperation operation) => operation switch
    {
        IArgumentOperation { Parameter: { Name: "alphas" } parameter } argument when IsOurs(parameter.ContainingType) =>
            Points(argument.Value),
        IArgumentOperation { Parameter: { Name: "steps" } parameter, Parent: IInvocationOperation call } argument
            when parameter.ContainingType.Is(Known.PathPoints) =>
            Below(argument.Value, IsTrapezoid(call) ? 2 : 1, "PathPoints.Of", "steps", orEqual: false),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { } property } } assignment
            when IsOptions(property.ContainingType) => Option(property, assignment.Value),
        _ => [],
    };

    private static bool IsOurs(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "Whence", ContainingNamespace.IsGlobalNamespace: true };

    private static bool IsOptions(INamedTypeSymbol type) => type.Is(Known.Options) || type.BaseType?.Is(Known.Options) == true;

    private static bool IsTrapezoid(IInvocationOperation call) =>
        call.Arguments.Any(
            argument => argument.Parameter?.Name == "quadrature" && argument.Value.ConstantValue is { HasValue: true, Value: Trapezoid });

    private static IEnumerable<Report> Points(IOperation points) =>
        from point in Elements(points)
        where Number(point) is { } alpha && !(alpha >= 0 && alpha <= 1)
        select new Report(Problems.PointOffPath, point.Syntax.GetLocation(), Text(Number(point)!.Value));

    /// <summary>The elements of an array or a collection as they are written.</summary>
    private static IEnumerable<IOperation> Elements(IOperation points) => points switch
    {
        IConversionOperation conversion => Elements(conversion.Operand),
        ICollectionExpressionOperation collection => collection.Elements,
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        IObjectCreationOperation { Arguments: [{ Value: var inner }] } => Elements(inner),
        _ => [],
    };

    private static IEnumerable<Report> Option(IPropertySymbol property, IOperation value) => property.Name switch
    {
        "Steps" or "Threads" or "Samples" or "MaxSteps" => Below(value, 1, property.ContainingType.Name, property.Name, orEqual: false),
        "Tolerance" => Below(value, 0, property.ContainingType.Name, property.Name, orEqual: true),
        "RequireGap" => Below(value, 0, property.ContainingType.Name, property.Name, orEqual: false),
        _ => [],
    };

    private static IEnumerable<Report> Below(IOperation value, double least, string type, string name, bool orEqual)
    {
        if (Number(value) is { } number && !(orEqual ? number > least : number >= least))
            yield return new Report(Problems.OptionOutOfRange, value.Syntax.GetLocation(), name, type, Text(number),
                $"{(orEqual ? "over" : "at least")} {Text(least)}");
    }

    private static double? Number(IOperation value) =>
        value.ConstantValue is { HasValue: true, Value: IConvertible number and not (string or bool or char) }
            ? number.ToDouble(CultureInfo.InvariantCulture) :
        value is IConversionOperation { IsImplicit: true } conversion ? Number(conversion.Operand) : null;

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
