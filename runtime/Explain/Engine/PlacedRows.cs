namespace Whence;

using Whence.Authoring;

/// <summary>
/// The rows of one pair as a method places them. All pairs have the same, so that a method is asked once a job, not once a pair; unless
/// they are too many to keep.
/// </summary>
internal readonly ref struct PlacedRows<M> where M : struct, IMethod
{
    // Of so many the specifications take less than an eighth of a megabyte.
    private const int MostKept = 1024;

    private readonly ref M method;
    private readonly ref readonly Recipe recipe;
    private readonly Signature net;
    private readonly int each;
    private readonly bool isOnePair;
    private readonly Span<RowSpec> kept;

    /// <param name="method">The method.</param>
    /// <param name="recipe">What it is.</param>
    /// <param name="net">The network.</param>
    /// <param name="each">References of an input.</param>
    /// <param name="isOnePair">Whether the job has no more than one pair.</param>
    /// <param name="arena">Where they are kept.</param>
    public PlacedRows(ref M method, in Recipe recipe, Signature net, int each, bool isOnePair, in Arena<RowSpec> arena)
    {
        this.method = ref method;
        this.recipe = ref recipe;
        (this.net, this.each, this.isOnePair) = (net, each, isOnePair);
        kept = recipe.Rows <= MostKept ? arena.Take(recipe.Rows) : default;
        for (var row = 0; row < kept.Length; row++)
            Place(row, ref kept[row]);
        Placement = PlacementOfAll();
        for (var row = 0; isOnePair && row < kept.Length; row++)
            kept[row].Belongs(0, 0);
    }

    /// <summary>What all rows have in common.</summary>
    public Placement Placement { get; }

    /// <summary>Rows of a job, from a row on.</summary>
    /// <param name="first">How many come before.</param>
    /// <param name="pairsEach">How many pairs an input has.</param>
    /// <param name="buffer">As many as are wanted, which may be written to.</param>
    public ReadOnlySpan<RowSpec> From(long first, int pairsEach, Span<RowSpec> buffer)
    {
        if (isOnePair && !kept.IsEmpty)
            return kept.Slice((int)first, buffer.Length);
        var (pair, row) = ((int)(first / recipe.Rows), (int)(first % recipe.Rows));
        for (var i = 0; i < buffer.Length;)
        {
            var reference = pair % pairsEach;
            var rows = buffer.Slice(i, Math.Min(buffer.Length - i, recipe.Rows - row));
            if (!kept.IsEmpty)
                kept.Slice(row, rows.Length).CopyTo(rows);
            for (var at = 0; at < rows.Length; at++)
            {
                if (kept.IsEmpty)
                    Place(row + at, ref rows[at]);
                rows[at].Belongs(pair, reference);
            }
            (i, pair, row) = (i + rows.Length, pair + 1, 0);
        }
        return buffer;
    }

    private void Place(int row, ref RowSpec spec)
    {
        spec = RowSpec.Unplaced;
        method.Place(row, ref spec);
        PlacedRow.Check(recipe, net, each, row, spec);
    }

    private Placement PlacementOfAll()
    {
        if (recipe.IsMasked)
            return Placement.Anywhere;
        if (recipe.Rows == 1 && kept[0].IsInput)
            return Placement.AtInput;
        // Only sums over a path can be taken of it as a whole.
        if (recipe.PerInput || recipe.Fold is not (Fold.WeightedSum or Fold.Moves or Fold.MovesBetween))
            return Placement.Anywhere;
        var hasEnds = false;
        for (var row = 0; row < recipe.Rows; row++)
        {
            var spec = default(RowSpec);
            if (kept.IsEmpty)
                Place(row, ref spec);
            else
                spec = kept[row];
            if (spec.Fill != Fill.None || !spec.IsOfItsPair)
                return Placement.Anywhere;
            hasEnds |= spec.Alpha is 0 or 1;
        }
        return hasEnds ? Placement.OnPathAndItsEnds : Placement.OnPath;
    }
}
