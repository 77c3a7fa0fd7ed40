namespace Whence;

using System.Runtime.InteropServices;
using Whence.Authoring;
using Whence.CompilerServices;

// Counterfactuals that differ from their input in a box: only what that reaches is recomputed. No bit depends on it.
internal unsafe ref partial struct HostExecutor<T>
{
    // Rows of an input for which it pays to keep the values of its own forward pass.
    private const int LeastRows = 8;

    // Of the work of a whole pass: more than this is not worth what is gathered.
    private const double MostShare = 0.7;

    // How many chunks' rows are sorted at a time by what their boxes reach.
    private const int SortedChunks = 64;

    // What is to be done of a row, or else the kind of what its box reaches.
    private const int Whole = -1;
    private const int Done = -2;

    private static ILocalPasses<T>? LocalOf(in Recipe recipe, in Job<T> job, IHostPasses<T> net) =>
        recipe.Fold == Fold.Outcomes && recipe.Rows >= LeastRows && net.Local is { } local && local.IsBehind(job.From) ? local : null;

    private void MakeRoomForLocal(int chunk)
    {
        kinds = places.Take(ChunkRows);
        rowBoxes = boxes.Take(ChunkRows);
        askedBoxes = boxes.Take(chunk);
        keptInput = arena.Take(local!.LocalSizes.Kept);
        keptOf = -1;
    }

    // Rows that are recomputed in part are done together with others of their kind.
    private void AskLocally(ReadOnlySpan<bool> masks)
    {
        var players = specs.Length == 0 ? 0 : masks.Length / specs.Length;
        var (box, kind) = (default(ChangedBox), Whole);
        for (var i = 0; i < specs.Length; i++)
        {
            kinds[i] = Whole;
            if (IsKnown(i))
                kinds[i] = Done;
            else if (IsInBox(specs[i], masks.Slice(i * players, players), out rowBoxes[i]))
            {
                // Letters of one position have one box.
                if (rowBoxes[i] != box)
                    (box, kind) = (rowBoxes[i], Kind(rowBoxes[i]));
                kinds[i] = kind;
            }
        }
        for (var i = 0; i < specs.Length; i++)
        {
            if (kinds[i] >= 0)
                AskAlike(i, masks, players);
        }
    }

    // The kind of what a box reaches; whole, where too little is saved.
    private readonly int Kind(in ChangedBox box) => local!.Reach(box) is var reached
        && reached.Share <= MostShare && reached.Saved >= LocalCost.LeastSaved
        ? reached.Kind & int.MaxValue
        : Whole;

    private void AskAlike(int first, ReadOnlySpan<bool> masks, int players)
    {
        var (input, kind, filled) = (Input(first), kinds[first], 0);
        KeepInput(input);
        for (var i = first; i < specs.Length && Input(i) == input; i++)
        {
            if (kinds[i] != kind)
                continue;
            kinds[i] = Done;
            var row = xs.Slice(filled * job.InputSize, job.InputSize);
            HostRows<T>.Form(recipe, job, specs[i], 1, masks.Slice(i * players, players), row);
            if (MemoryMarshal.AsBytes(row).SequenceEqual(MemoryMarshal.AsBytes(job.Input(input))))
            {
                Know(i);
                continue;
            }
            askedBoxes[filled] = rowBoxes[i];
            which[filled++] = i;
            if (filled == which.Length)
                AskChanged(ref filled);
        }
        AskChanged(ref filled);
    }

    private void KeepInput(int input)
    {
        if (keptOf == input)
            return;
        local!.KeepInput(job.Input(input), keptInput);
        keptOf = input;
    }

    private readonly void AskChanged(ref int filled)
    {
        if (filled == 0)
            return;
        local!.ForwardChanged(new() { X = xs[..(filled * job.InputSize)], Kept = keptInput, Boxes = askedBoxes[..filled] }, job.From,
            fromValues[..(filled * job.FromSize)]);
        Weigh(ref filled);
    }

    // Whether a row is the input but in one box of positions of the input that changes are followed from.
    private readonly bool IsInBox(in RowSpec spec, ReadOnlySpan<bool> mask, out ChangedBox box)
    {
        box = default;
        if (spec.Alpha != 1)
            return false;
        if (recipe.IsMasked)
            return spec.Fill == Fill.None && mask.IndexOf(false) is >= 0 and var player && !mask[(player + 1)..].Contains(false)
                && IsInBox(player, out box);
        var sizes = local!.LocalSizes;
        if (spec.Fill == Fill.None || spec.Box.Input != sizes.Input)
            return false;
        var (top, height) = sizes.HeightAxis < 0 ? (0, 1) : spec.Box.On(sizes.HeightAxis);
        var (left, width) = spec.Box.On(sizes.WidthAxis);
        box = new(top, left, height, width);
        return true;
    }

    // Whether all elements of a player lie in that input, and what is around them.
    private readonly bool IsInBox(int player, out ChangedBox box)
    {
        box = default;
        var sizes = local!.LocalSizes;
        var (shape, start) = job.Net.Signature.Place(sizes.Input);
        var (width, across) = (shape[sizes.WidthAxis], Inside(shape, sizes.WidthAxis));
        var (height, down) = sizes.HeightAxis < 0 ? (1, 0) : (shape[sizes.HeightAxis], Inside(shape, sizes.HeightAxis));
        var groups = recipe.Groups;
        var (first, end) = groups is null ? (player, player + 1) : (0, job.InputSize);
        var (top, bottom, left, right) = (height, 0, width, 0);
        for (var i = first; i < end; i++)
        {
            if (groups is not null && groups[i] != player)
                continue;
            var element = i - start;
            if ((uint)element >= (uint)shape.Size)
                return false;
            var row = down == 0 ? 0 : element / down % height;
            var column = element / across % width;
            (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row + 1));
            (left, right) = (Math.Min(left, column), Math.Max(right, column + 1));
        }
        box = new(top, left, bottom - top, right - left);
        return bottom > top;
    }

    // How far apart neighbours on an axis are.
    private static int Inside(Shape shape, int axis)
    {
        var size = 1;
        for (var inner = axis + 1; inner < shape.Rank; inner++)
            size *= shape[inner];
        return size;
    }
}
