namespace Whence;

using System.Runtime.CompilerServices;
using Whence.Authoring;

/// <summary>Refuses rows that a method has placed where there are none.</summary>
internal static class PlacedRow
{
    /// <summary>Refuses a row unless it can be formed.</summary>
    /// <param name="recipe">The method.</param>
    /// <param name="net">The network.</param>
    /// <param name="each">References of an input.</param>
    /// <param name="row">Which of the pair's rows it is.</param>
    /// <param name="spec">Where it lies, of whichever pair.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(in Recipe recipe, Signature net, int each, int row, in RowSpec spec)
    {
        // Of most rows that is all there is to see.
        if (spec.Pair != 0 || !spec.IsOfItsPair && (uint)spec.Reference >= (uint)each
            || !double.IsFinite(spec.Alpha + spec.Weight + spec.Cut)
            || spec.Fill != Fill.None && !IsFilled(recipe, net, spec))
            Look(recipe, net, each, row, spec);
    }

    // Whether its box lies in an input and can be filled.
    private static bool IsFilled(in Recipe recipe, Signature net, in RowSpec spec)
    {
        if (recipe.PlacedAt >= 0 || (uint)spec.Box.Input >= (uint)net.Inputs.Count || net.Inputs[spec.Box.Input].IsMask)
            return false;
        var shape = net.Place(spec.Box.Input).Shape;
        return shape.Rank <= Box.MostAxes && spec.Box.IsIn(shape)
            && (spec.Fill == Fill.Reference || spec.Fill == Fill.Letter && (uint)spec.Letter < (uint)shape.Size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Look(in Recipe recipe, Signature net, int each, int row, in RowSpec spec)
    {
        if (Wrong(recipe, net, each, spec) is { } wrong)
            throw new InvalidOperationException(FormattableString.Invariant($"{recipe.Name} places row {row} wrongly: {wrong}."));
    }

    private static string? Wrong(in Recipe recipe, Signature net, int each, in RowSpec spec) =>
        spec.Pair != 0 ? $"Pair is not to be set, but is {spec.Pair}"
        : !spec.IsOfItsPair && (uint)spec.Reference >= (uint)each
            ? $"it asks for reference {spec.Reference} of an input, but there are {each}, counted from 0"
        : !double.IsFinite(spec.Alpha) ? FormattableString.Invariant($"Alpha must be finite, but is {spec.Alpha}")
        : !double.IsFinite(spec.Weight) ? FormattableString.Invariant($"Weight must be finite, but is {spec.Weight}")
        : !double.IsFinite(spec.Cut) ? FormattableString.Invariant($"Cut must be finite, but is {spec.Cut}")
        : spec.Fill == Fill.None ? null
        : spec.Fill is not (Fill.Reference or Fill.Letter) ? $"Fill is {(int)spec.Fill}, which there is not"
        : recipe.PlacedAt >= 0 ? "rows placed at a layer have no box to fill"
        : (uint)spec.Box.Input >= (uint)net.Inputs.Count
            ? $"its box is of input {spec.Box.Input}, but there are {net.Inputs.Count}, counted from 0"
        : InBox(net.Inputs[spec.Box.Input], spec);

    private static string? InBox(TensorInfo tensor, in RowSpec spec) =>
        tensor.IsMask ? $"its box is of {tensor.Name}, which is held fixed"
        : tensor.Shape.Rank > Box.MostAxes ? $"its box is of {tensor.Name} {tensor.Shape}, which has more than {Box.MostAxes} axes"
        : spec.Box.Outside(tensor.Shape) is { } outside ? $"its box {outside} of {tensor.Name} {tensor.Shape}"
        : spec.Fill == Fill.Letter && (uint)spec.Letter >= (uint)Sizes.Of(tensor.Shape)
            ? $"Letter is {spec.Letter}, but {tensor.Name} {tensor.Shape} has {Sizes.Of(tensor.Shape)} elements, counted from 0"
        : null;
}
