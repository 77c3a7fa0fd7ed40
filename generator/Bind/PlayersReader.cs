using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// Reads what a call says of the parts of an input that are changed as one, <c>new SlidingWindow(3, 3)</c>,
/// <c>new FeatureGroups([0, 0, 1])</c> and the axis of letters, and says what of it does not fit the network.
/// </summary>
internal sealed class PlayersReader(Askable network, IInvocationOperation call)
{
    // These ask about every coalition of so many groups at most: the runtime's own limit.
    private static readonly string[] overAllCoalitions = ["ShapleyValues", "ShapleyInteractions"];
    private const int MostPlayers = 20;

    /// <summary>A window has a size for each axis of the input over which it slides.</summary>
    public IEnumerable<Report> Window(IOperation value)
    {
        if (Once.Value(value) is not IObjectCreationOperation { Type: { } type } made || !type.Is(Known.SlidingWindow))
            yield break;
        var name = Argument(made, "input");
        var asked = Once.Constant(name) as string;
        if (name is not null && asked is null && name is not { ConstantValue: { HasValue: true, Value: null } })
            yield break;
        if (network.Changed(asked) is not { } input)
            yield return new(Problems.PartsUnfit, name!.Syntax.GetLocation(), network.Name,
                $"has no input {SafetensorsHeader.Quote(asked!)} to change; it has {network.Row}");
        else if (Argument(made, "sizes") is { } sizes && Written.Length(sizes) is { } count && count != input.Shape.Rank)
            yield return new(Problems.PartsUnfit, made.Syntax.GetLocation(), network.Name,
                $"takes windows with a size for each axis of {input.Name} {input.Shape}, which has "
                    + $"{Counted(input.Shape.Rank, "axis", "axes")}, but this has {Counted(count, "size", "sizes")}");
    }

    private static string Counted(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";

    /// <summary>An input whose letters are changed has an axis of them and one of positions.</summary>
    public IEnumerable<Report> Letters(IOperation value, bool isDefault)
    {
        var made = isDefault || value is { ConstantValue: { HasValue: true, Value: null } } ? null : Once.Value(value);
        if (made is not (null or IObjectCreationOperation) || made is null && !isDefault && !value.ConstantValue.HasValue)
            yield break;
        var (name, letters) = (OutOfRange.Given(made, "Input"), OutOfRange.Given(made, "Letters"));
        var (asked, axis) = (Once.Constant(name) as string, letters is null ? 0 : Once.Constant(letters) as int?);
        if (name is not null && asked is null && name is not { ConstantValue: { HasValue: true, Value: null } })
            yield break;
        if (network.Changed(asked) is not { } input)
            yield return new(Problems.PartsUnfit, name!.Syntax.GetLocation(), network.Name,
                $"has no input {SafetensorsHeader.Quote(asked!)} to change; it has {network.Row}");
        else if (axis >= 0 && (input.Shape.Rank < 2 || axis >= input.Shape.Rank))
            yield return new(Problems.PartsUnfit, (letters ?? (isDefault ? call : value)).Syntax.GetLocation(), network.Name,
                $"has letters to change in an input [letters, positions] or [positions, letters], but {input.Name} {input.Shape} has none "
                    + $"on axis {axis}");
    }

    /// <summary>Groups say of each element of a row where it belongs; coalitions are of so many groups, or elements, at most.</summary>
    public IEnumerable<Report> Groups(IOperation value, bool isDefault)
    {
        var made = isDefault ? null : Once.Value(value);
        var isNone = isDefault || made is { ConstantValue: { HasValue: true, Value: null } };
        var numbers = isNone ? null : Numbers(made);
        if (numbers?.Size is { } size && size != network.RowSize)
            yield return new(Problems.PartsUnfit, value.Syntax.GetLocation(), network.Name,
                $"takes groups that say of each of its {network.RowSize} input elements where it belongs, {network.Row}, but these do so "
                    + $"of {size}");
        else if (overAllCoalitions.Contains(call.TargetMethod.Name)
            && (isNone ? network.RowSize : numbers?.Count) is { } players
            && players > MostPlayers)
            yield return new(Problems.PartsUnfit, (isDefault ? call.Syntax : value.Syntax).GetLocation(), network.Name,
                $"has {players} {(isNone ? "input elements" : "groups")}, and there are too many coalitions of more than {MostPlayers}: "
                    + (call.TargetMethod.Name == "ShapleyValues"
                        ? "give fewer groups, or ask ShapleySampling or KernelShap"
                        : "join some"));
    }

    /// <summary>Of how many elements constant groups say something, and how many there are.</summary>
    private static (int? Size, int? Count)? Numbers(IOperation? made)
    {
        if (made is not IObjectCreationOperation { Type: { } type, Arguments: [{ Value: var given }] } || !type.Is(Known.Groups))
            return null;
        var written = Written.Elements(given).Select(element => Once.Constant(Doors.Plain(element)) as int?).ToList();
        return (Written.Length(given), written.Count == 0 || written.Contains(null) ? null : written.Max() + 1);
    }

    private static IOperation? Argument(IObjectCreationOperation made, string parameter) => made.Arguments
        .FirstOrDefault(argument => argument.Parameter?.Name == parameter && argument.ArgumentKind != ArgumentKind.DefaultValue)?.Value;
}
