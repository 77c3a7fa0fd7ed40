using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// A compiled network whose forward pass can be recomputed in part: generated code says how its first values are made of each other, and
/// what is to be done from there on.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class LocalNetwork : ILocalPasses<float>
{
    private long wholeWork;

    /// <inheritdoc/>
    public abstract LocalSizes LocalSizes { get; }

    /// <summary>The values that change in part.</summary>
    protected abstract PatchLayout Layout { get; }

    private ChangedBox Whole => new(0, 0, Layout[0].Height, Layout[0].Width);

    /// <inheritdoc/>
    public abstract bool IsBehind(int point);

    /// <inheritdoc/>
    public Reached Reach(in ChangedBox box)
    {
        var layout = Layout;
        if (wholeWork == 0)
            wholeWork = Followed(Whole).Computed + layout.Rest;
        var (work, kind, _) = Followed(box);
        return new((double)(work + layout.Rest) / wholeWork, wholeWork - work - layout.Rest, kind);
    }

    /// <inheritdoc/>
    public void KeepInput(ReadOnlySpan<float> x, Span<float> kept)
    {
        var layout = Layout;
        using var places = Scratch.Rent(PatchTable.SizeOf(layout, 1));
        var table = new PatchTable(layout, 1, places.Span);
        var reach = Follow(new(table, [Whole], isWhole: true));
        using var gathered = Scratch.Rent(reach.Gathered);
        var patches = new Patches(new PatchSteps(table, x, kept, kept, gathered.Span));
        LocalSteps(ref patches);
    }

    /// <inheritdoc/>
    public void ForwardChanged(in ChangedRows<float> rows, int point, Span<float> value)
    {
        var (layout, count) = (Layout, rows.Rows);
        using var places = Scratch.Rent(PatchTable.SizeOf(layout, count));
        var table = new PatchTable(layout, count, places.Span);
        var reach = Follow(new(table, rows.Boxes));
        using var memory = Scratch.Rent(checked(count * reach.Size));
        using var gathered = Scratch.Rent(checked(count * reach.Gathered));
        var patches = new Patches(new PatchSteps(table, rows.X, rows.Kept, memory.Span, gathered.Span));
        LocalSteps(ref patches);
        ForwardFrom(patches, rows.X, point, value, count);
    }

    /// <summary>How the values that change in part are made of each other.</summary>
    protected abstract void LocalSteps(ref Patches patches);

    /// <summary>Goes on with whole values.</summary>
    protected abstract void ForwardFrom(in Patches patches, ReadOnlySpan<float> x, int point, Span<float> value, int rows);

    private PatchReach Follow(in PatchReach reach)
    {
        var patches = new Patches(reach);
        LocalSteps(ref patches);
        return patches.Reach;
    }

    private (long Work, int Kind, long Computed) Followed(ChangedBox box)
    {
        var layout = Layout;
        using var places = Scratch.Rent(PatchTable.SizeOf(layout, 1));
        var reach = Follow(new(new PatchTable(layout, 1, places.Span), [box]));
        return (reach.Work, reach.Kind, reach.Computed);
    }
}
