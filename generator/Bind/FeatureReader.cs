using Microsoft.CodeAnalysis;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>Reads the names that <c>[Features(...)]</c> gives to an axis of an input.</summary>
internal sealed class FeatureReader(List<Report> reports)
{
    /// <summary>An input's names; null if it has none, or wrong ones, which are reported.</summary>
    /// <param name="parameter">The input.</param>
    /// <param name="declared">What else is said of it; null for an input of a block, which has no shape of its own.</param>
    public InputFeatures? Read(IParameterSymbol parameter, DeclaredInput? declared)
    {
        if (parameter.Attribute(Known.Features) is not { AttributeConstructor: not null } attribute)
            return null;
        var names = attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Array, IsNull: false } list]
            ? list.Values.Select(name => name.Value as string ?? "").ToArray()
            : [];
        var axis = NetworkClass.Argument(attribute, "Axis").Value as int? ?? 0;
        if (Wrong(names, axis, declared) is not { } wrong)
            return new(parameter.Name, axis, names.ToEquatable());
        reports.Add(new(Problems.FeaturesWrong, attribute.ApplicationSyntaxReference!.GetSyntax().GetLocation(), parameter.Name, wrong));
        return null;
    }

    private static string? Wrong(string[] names, int axis, DeclaredInput? declared)
    {
        if (declared is null)
            return "has no shape of its own; names belong to an input with [Shape] or [Mask]";
        if (declared.Kind is InputKind.Tokens or InputKind.VariableTokens)
            return "holds tokens, whose places have no names";
        var shape = declared.Shape;
        if (axis < 0 || axis >= shape.Rank)
            return $"is {shape}, which has no axis {axis}; use 0 to {shape.Rank - 1}";
        if (names.Length != shape[axis])
            return $"has {shape[axis]} features along axis {axis} of {shape}, but {names.Length} {(names.Length == 1 ? "name" : "names")}"
                + Elsewhere(names.Length, shape);
        if (names.FirstOrDefault(name => name.Trim().Length == 0 || name.Any(char.IsControl)) is { } bad)
            return $"has a feature of the name \"{new string([.. bad.Select(c => char.IsControl(c) ? '?' : c)])}\", but a name is text on "
                + "one line";
        return names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? $"has two features of the name \"{twice.Key}\""
            : null;
    }

    private static string Elsewhere(int count, Shape shape)
    {
        var other = Array.IndexOf(shape.ToArray(), count);
        return other < 0 ? "" : $"; for axis {other} write Axis = {other}";
    }
}
