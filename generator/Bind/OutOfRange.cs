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

    /// <summary>What is wrong with an argument, with what a property of options is given, or with options as a whole.</summary>
    public static IEnumerable<Report> Of(IOperation operation) => operation switch
    {
        IArgumentOperation { Parameter: { Name: "alphas" } parameter } argument when IsOurs(parameter.ContainingType) =>
            Within(argument.Value, Points(argument.Value, Called(parameter))),
        IArgumentOperation { Parameter: { Name: "weights" } parameter } argument
            when parameter.ContainingType.Is(Known.Target) || parameter.ContainingType.Is(Known.PathPoints) =>
            Within(argument.Value, Finite(argument.Value, parameter.ContainingType.Name)),
        IArgumentOperation { Parameter: { Name: "steps" } parameter, Parent: IInvocationOperation call } argument
            when parameter.ContainingType.Is(Known.PathPoints) =>
            Below(argument.Value, IsTrapezoid(call) ? 2 : 1, "PathPoints.Of", "steps", orEqual: false),
        IArgumentOperation { Parameter: { Name: "threads" or "each", Type.SpecialType: SpecialType.System_Int32 } parameter } argument
            when IsOurs(parameter.ContainingType) =>
            Below(argument.Value, 1, Called(parameter), parameter.Name, orEqual: false),
        IArgumentOperation { Parameter: { Name: "count", Type.SpecialType: SpecialType.System_Int32 } parameter } argument
            when parameter.ContainingSymbol is IMethodSymbol { Parameters: var all } method && (IsOurs(parameter.ContainingType)
                ? all.Any(one => one.Name == "x")
                : parameter.ContainingType.IsNetwork() && method.Name is ("Predict" or "PredictUnchecked" or "Embed")) =>
            Below(argument.Value, 0, Called(parameter), parameter.Name, orEqual: false),
        IArgumentOperation { Parameter: { Name: "tolerance" or "k" } parameter } argument
            when parameter.ContainingType.Is(Known.Attribution) =>
            Below(argument.Value, 0, Called(parameter), parameter.Name, orEqual: false),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { } property } } assignment
            when IsOptions(property.ContainingType) => Option(property, assignment.Value),
        IObjectCreationOperation { Initializer: not null, Type: { } type } made when IsOptions(type) => Together(type, made),
        IWithOperation { Type: { } type } made when IsOptions(type) => Together(type, made),
        IObjectCreationOperation { Type: { } type } creation when type.Is(Known.SlidingWindow) => Within(creation, Window(creation)),
        IObjectCreationOperation { Type: { } type, Arguments: [{ Value: var each }] } when type.Is(Known.Groups) =>
            Within(each, Groups(each)),
        IObjectCreationOperation { Type: { } type } creation when type.Is(Known.PathPoints) => Weights(creation),
        IArgumentOperation { Parameter: { Type.TypeKind: TypeKind.Enum } parameter } argument
            when argument.ArgumentKind == ArgumentKind.Explicit && IsOurs(parameter.ContainingType) =>
            Undefined(parameter.Type, argument.Value, Called(parameter), parameter.Name),
        _ => [],
    };

    // A name that is taken in a constructor too: of the type.
    private static string Called(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: not MethodKind.Constructor } method
            ? method.Name
            : parameter.ContainingType.Name;

    private static bool IsOurs(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "Whence", ContainingNamespace.IsGlobalNamespace: true };

    private static bool IsOptions(ITypeSymbol type) =>
        type.Is(Known.Options) || type.BaseType.Is(Known.Options) || type.Is(Known.NoiseOptions);

    private static bool IsTrapezoid(IInvocationOperation call) =>
        call.Arguments.Any(
            argument => argument.Parameter?.Name == "quadrature" && Once.Constant(argument.Value) is Trapezoid);

    private static IEnumerable<Report> Points(IOperation points, string owner) => Written.Length(points) == 0
        ? [new(Problems.OptionOutOfRange, points.Syntax.GetLocation(), "the number of alphas", owner, "0", "at least 1")]
        : from point in Written.Elements(points)
          where Number(point) is { } alpha && !(alpha >= 0 && alpha <= 1)
          select IsFinite(Number(point)!.Value)
              ? new Report(Problems.PointOffPath, point.Syntax.GetLocation(), Text(Number(point)!.Value))
              : new Report(Problems.OptionOutOfRange, point.Syntax.GetLocation(), "an alpha", owner, Text(Number(point)!.Value), "finite");

    private static bool IsFinite(double number) => !double.IsNaN(number) && !double.IsInfinity(number);

    private static IEnumerable<Report> Finite(IOperation weights, string owner) =>
        from weight in Written.Elements(weights)
        where Number(weight) is { } number && !IsFinite(number)
        select new Report(Problems.OptionOutOfRange, weight.Syntax.GetLocation(), "a weight", owner, Text(Number(weight)!.Value), "finite");

    /// <summary>What is wrong with what a local holds, where it is read, and that once.</summary>
    private static IEnumerable<Report> Within(IOperation read, IEnumerable<Report> reports)
    {
        var isSaid = false;
        foreach (var report in reports)
        {
            var isHere = read.Syntax.Span.Contains(report.Place.SourceSpan);
            if (!isHere && isSaid)
                continue;
            isSaid |= !isHere;
            yield return isHere ? report : report with { Place = read.Syntax.GetLocation() };
        }
    }

    /// <summary>A point of one's own has a weight.</summary>
    private static IEnumerable<Report> Weights(IObjectCreationOperation creation)
    {
        IOperation? Given(string name) => creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == name)?.Value;
        var (points, weights) = (Given("alphas"), Given("weights"));
        if (weights is not null && Written.Length(weights) is { } given && Written.Length(points) is { } needed && given != needed)
            yield return new(Problems.OptionOutOfRange, weights.Syntax.GetLocation(), "the number of weights", "PathPoints", $"{given}",
                $"that of alphas, {needed}");
    }

    /// <summary>A number for an enum that is none of its values, which C# takes.</summary>
    private static IEnumerable<Report> Undefined(ITypeSymbol? type, IOperation value, string owner, string name)
    {
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum } known
            && known.ContainingNamespace is { Name: "Whence", ContainingNamespace.IsGlobalNamespace: true }
            && Once.Constant(value) is { } given
            && !AttributeArguments.IsDefined(known, given))
            yield return new(Problems.OptionOutOfRange, value.Syntax.GetLocation(), name, owner, $"{given}",
                $"a value of {known.Name}: {string.Join(", ", AttributeArguments.Members(known).Select(member => member.Name))}");
    }

    private static IEnumerable<Report> Option(IPropertySymbol property, IOperation value) => property.Name switch
    {
        "Steps" or "Threads" or "Samples" or "MaxSteps" => Below(value, 1, property.ContainingType.Name, property.Name, orEqual: false),
        "Tolerance" => Below(value, 0, property.ContainingType.Name, property.Name, orEqual: true),
        "RequireGap" or "Deviation" or "Letters" => Below(value, 0, property.ContainingType.Name, property.Name, orEqual: false),
        _ => Undefined(property.Type, value, property.ContainingType.Name, property.Name),
    };

    /// <summary>Options each of which could be had, but not together: said where the last of them is given.</summary>
    private static IEnumerable<Report> Together(ITypeSymbol type, IOperation made)
    {
        bool IsHere(params IEnumerable<IOperation?> given) =>
            given.Any(value => value is not null && made.Syntax.Span.Contains(value.Syntax.Span) && !IsBefore(made, value));
        var (steps, quadrature) = (Given(made, "Steps"), Given(made, "Quadrature"));
        if (steps is not null && Number(steps) == 1 && Once.Constant(quadrature) is Trapezoid && IsHere(steps, quadrature))
            return Within(made, Below(steps, 2, type.Name, "Steps", orEqual: false));
        // Without a tolerance there is no most.
        return Given(made, "MaxSteps") is { } most && Given(made, "Tolerance") is { ConstantValue: not { HasValue: true, Value: null } } to
            && steps is not null && Number(steps) is { } least && Number(most) >= 1 && IsHere(most, to, steps)
            ? Within(made, Below(most, least, type.Name, "MaxSteps", orEqual: false))
            : [];
    }

    // What "o with { ... }" changes is written in it too.
    private static bool IsBefore(IOperation made, IOperation value) =>
        made is IWithOperation { Operand: var before } && before.Syntax.Span.Contains(value.Syntax.Span);

    /// <summary>What a property of options is given, by an initialiser or, where options are changed, before.</summary>
    public static IOperation? Given(IOperation? made, string name)
    {
        var (initializer, before) = Doors.Plain(made) switch
        {
            IWithOperation with => (with.Initializer, with.Operand),
            IObjectCreationOperation creation => (creation.Initializer, (IOperation?)null),
            _ => (null, null),
        };
        var assigned = initializer?.Initializers.OfType<ISimpleAssignmentOperation>()
            .FirstOrDefault(one => one.Target is IPropertyReferenceOperation { Property: { } property } && property.Name == name)?.Value;
        return assigned ?? (before is null ? null : Given(Once.Value(before), name));
    }

    /// <summary>The sizes of a window, and by how much it moves.</summary>
    private static IEnumerable<Report> Window(IObjectCreationOperation creation)
    {
        List<IOperation> Given(string name) =>
            creation.Arguments.Where(argument => argument.Parameter?.Name == name)
                .SelectMany(argument => Written.Elements(argument.Value)).ToList();
        var (sizes, strides) = (Given("sizes"), Given("strides"));
        foreach (var report in sizes.Concat(strides)
            .SelectMany(size => Below(size, 1, "SlidingWindow", "a size or stride", orEqual: false)))
            yield return report;
        foreach (var (stride, size) in strides.Zip(sizes, (stride, size) => (stride, size)))
        {
            if (Number(stride) is { } by && Number(size) is { } over and >= 1 && by > over)
                yield return new Report(Problems.OptionOutOfRange, stride.Syntax.GetLocation(), "a stride", "SlidingWindow", Text(by),
                    $"at most the window's size, {Text(over)}");
        }
    }

    /// <summary>Numbers of groups, counted from 0 without gaps.</summary>
    private static IEnumerable<Report> Groups(IOperation each)
    {
        var written = Written.Elements(each).ToList();
        foreach (var one in written.Where(one => Number(one) < -1))
            yield return new Report(Problems.OptionOutOfRange, one.Syntax.GetLocation(), "a group", "FeatureGroups",
                Text(Number(one)!.Value),
                "at least 0, or -1 for none");
        var numbers = written.ConvertAll(Number);
        if (numbers.Count == 0 || numbers.Contains(null) || numbers.Exists(number => number < -1))
            yield break;
        var most = numbers.Max();
        if (most < 0)
            yield return new Report(Problems.OptionOutOfRange, each.Syntax.GetLocation(), "every group", "FeatureGroups", "-1",
                "at least 0 once");
        for (var group = 0; group < most; group++)
        {
            if (numbers.Contains(group))
                continue;
            yield return new Report(Problems.OptionOutOfRange, written[numbers.IndexOf(most)].Syntax.GetLocation(), "a group",
                "FeatureGroups",
                Text(most!.Value), $"counted from 0 without gaps, and none is {group}");
            break;
        }
    }

    private static IEnumerable<Report> Below(IOperation value, double least, string type, string name, bool orEqual)
    {
        if (Number(value) is { } number && !(orEqual ? number > least : number >= least))
            yield return new Report(Problems.OptionOutOfRange, value.Syntax.GetLocation(), name, type, Text(number),
                $"{(orEqual ? "over" : "at least")} {Text(least)}");
    }

    private static double? Number(IOperation value) =>
        Once.Constant(value) is IConvertible number and not (string or bool or char)
            ? number.ToDouble(CultureInfo.InvariantCulture) :
        value is IConversionOperation { IsImplicit: true } conversion ? Number(conversion.Operand) : null;

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
