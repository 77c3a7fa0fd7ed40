namespace Whence.Gpu;

using Whence.Authoring;

// Rows as they are described and formed.
internal sealed partial class DeviceExecutor
{
    // Axes of the boxes that rows have filled; 0 where none is.
    private int RankOf(ReadOnlySpan<RowSpec> rows)
    {
        var isFilled = false;
        foreach (ref readonly var row in rows)
            isFilled |= row.Fill != Fill.None;
        return isFilled ? Math.Max(1, signature.Inputs.Max(input => Math.Min(input.Shape.Rank, Box.MostAxes))) : 0;
    }

    private void Describe(in RowSpec spec, int firstPair)
    {
        var input = Input(spec);
        // Refuses what a recipe did not say, as it is refused on the host.
        if (recipe.PlacedAt < 0 && (spec.Alpha != 1 || recipe.IsMasked || spec.Fill == Fill.Reference))
            HostRows<float>.Reference(recipe, job, input, spec.Reference);
        sheet.Add(input - window.First, ReferenceAt(input, spec.Reference), spec.Pair - firstPair, spec);
    }

    private Rows Form(RowSheet of, int rows, int alphaField, int players = 0)
    {
        var formed = lane.Take(checked(rows * job.InputSize));
        lane.Launch<FormRows, FormArguments>(formed.Length, new FormArguments
        {
            Ends = x.View, Starts = References.View, Sheet = of.View, Y = formed.View, Count = formed.Length, Size = job.InputSize,
            Stride = of.Stride, EndField = RowSheet.End, StartField = RowSheet.Start, AlphaField = alphaField, Rank = of.Rank,
            Shapes = of.Shapes, Players = players, Masks = of.Masks, Words = of.Words, HasGroups = recipe.Groups is null ? 0 : 1,
            Groups = of.Groups,
        });
        return formed;
    }

    // Between the ends of a layer's paths, [pairs, size].
    private void FormAtLayer(RowSheet of, Rows ends, Rows starts, Rows to) =>
        lane.Launch<FormRows, FormArguments>(to.Length, new FormArguments
        {
            Ends = ends.View, Starts = starts.View, Sheet = of.View, Y = to.View, Count = to.Length, Size = toSize,
            Stride = of.Stride, EndField = RowSheet.Pair, StartField = RowSheet.Pair, AlphaField = RowSheet.Alpha,
        });

    // Rows of something, in the order in which descriptors name them.
    private Rows Gather(Rows from, RowSheet of, int rows, int field, int size)
    {
        var gathered = lane.Take(checked(rows * size));
        lane.Launch<FormRows, FormArguments>(gathered.Length, new FormArguments
        {
            Ends = from.View, Starts = from.View, Sheet = of.View, Y = gathered.View, Count = gathered.Length, Size = size,
            Stride = of.Stride, EndField = field, StartField = field,
        });
        return gathered;
    }

    // The same of pairs.
    private Rows GatherPairs(Rows from, int pairs, int field, int size)
    {
        var gathered = lane.Take(checked(pairs * size));
        lane.Launch<FormRows, FormArguments>(gathered.Length, new FormArguments
        {
            Ends = from.View, Starts = from.View, Sheet = sheet.View.SubView(sheet.Pairs), Y = gathered.View, Count = gathered.Length,
            Size = size, Stride = 2, EndField = field, StartField = field,
        });
        return gathered;
    }

    private void DescribePairs(int first, int pairs)
    {
        sheet.BeginPairs();
        for (var pair = first; pair < first + pairs; pair++)
        {
            var (input, reference) = Math.DivRem(pair, pairsEach);
            sheet.AddPair(input - window.First, ReferenceAt(input, reference));
        }
    }
}
