namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// Folds rows into the contributions of their inputs (arXiv 1704.02685): a thread for each answer, input and element goes through the
/// input's rows in their order. See <see cref="SumRows"/>.
/// </summary>
internal readonly struct AddContributions : IKernel<ContributionArguments>
{
    public static void Run(ContributionArguments p)
    {
        var n = ThisThread.Element;
        if (n >= p.Count)
            return;
        var here = new RowsOfInput(n, p.Size, p.Inputs, p.RowsEach, p.Before, p.Rows);
        var (i, carried) = (here.Element, here.Carried);
        var scores = Twofold.Carried(p.Carried, carried, p.Plane, 0, here.IsOpen);
        var positive = Twofold.Carried(p.Carried, carried, p.Plane, 2, here.IsOpen);
        var negative = Twofold.Carried(p.Carried, carried, p.Plane, 4, here.IsOpen);
        var multipliers = Twofold.Carried(p.Carried, carried, p.Plane, 6, here.IsOpen);
        var hypothetical = Twofold.Carried(p.Carried, carried, p.Plane, 8, here.IsOpen);
        for (var row = here.Begin; row < here.End; row++)
        {
            var at = (here.Answer * p.Rows + row) * p.Size + i;
            var (m, n0) = (p.Multipliers[at], p.Negatives[at]);
            var rise = Twofold.Times(m, p.HasParts != 0 ? p.Rises[row * p.Size + i] : Math.Max(Move(p, row, i), 0f));
            var fall = Twofold.Times(n0, p.HasParts != 0 ? p.Falls[row * p.Size + i] : Math.Min(Move(p, row, i), 0f));
            scores = scores.Plus(rise + fall);
            positive = positive.Plus(rise);
            negative = negative.Plus(fall);
            multipliers = multipliers.Plus((m + n0) / 2f);
            if (p.Channels > 0)
                hypothetical = Hypothetical(p, hypothetical, row, at - i, i);
        }
        if (here.Ends)
        {
            p.Scores[n] = scores.Value / p.RowsEach;
            p.Scores[p.Count + n] = positive.Value / p.RowsEach;
            p.Scores[2 * p.Count + n] = negative.Value / p.RowsEach;
            p.Scores[3 * p.Count + n] = multipliers.Value / p.RowsEach;
            p.Scores[4 * p.Count + n] = hypothetical.Value / p.RowsEach;
        }
        else
        {
            scores.Write(p.After, carried, p.Plane, 0);
            positive.Write(p.After, carried, p.Plane, 2);
            negative.Write(p.After, carried, p.Plane, 4);
            multipliers.Write(p.After, carried, p.Plane, 6);
            hypothetical.Write(p.After, carried, p.Plane, 8);
        }
    }

    private static float Move(in ContributionArguments p, int row, int i)
    {
        var d = row * p.Stride;
        return Twofold.Move(p.X[p.Sheet[d + RowSheet.End] * p.Size + i], p.References[p.Sheet[d + RowSheet.Start] * p.Size + i]);
    }

    // Per position, for each channel: its multiplier minus what the reference's letters expect of it.
    private static Twofold Hypothetical(in ContributionArguments p, Twofold sum, int row, int at, int i)
    {
        var shape = p.Shapes;
        for (var next = 1; next < p.Tensors; next++)
            shape = p.Sheet[p.Shapes + next * p.ShapeSize] <= i ? p.Shapes + next * p.ShapeSize : shape;
        var (start, channels) = (p.Sheet[shape], p.Sheet[shape + 2]);
        var positions = p.Sheet[shape + 1] / channels;
        var position = start + (i - start) % positions;
        var x0 = p.Sheet[row * p.Stride + RowSheet.Start] * p.Size;
        var expected = new Twofold(0f, 0f);
        for (var channel = 0; channel < channels; channel++)
        {
            var other = position + channel * positions;
            var mean = (p.Multipliers[at + other] + p.Negatives[at + other]) / 2f;
            expected = expected.Plus(Twofold.Times(mean, p.References[x0 + other]));
        }
        return sum.Plus((p.Multipliers[at + i] + p.Negatives[at + i]) / 2f - expected.Value);
    }
}

internal struct ContributionArguments
{
    /// <summary>[answers, rows, size].</summary>
    public ArrayView<float> Multipliers;
    public ArrayView<float> Negatives;

    /// <summary>[rows, size], of layers.</summary>
    public ArrayView<float> Rises;
    public ArrayView<float> Falls;
    public ArrayView<float> X;
    public ArrayView<float> References;
    public ArrayView<int> Sheet;

    /// <summary>[10, answers, size]: five sums, each twofold.</summary>
    public ArrayView<float> Carried;
    public ArrayView<float> After;

    /// <summary>[5, answers, inputs, size].</summary>
    public ArrayView<float> Scores;
    public int Count;
    public int Size;
    public int Inputs;
    public int Rows;
    public int RowsEach;
    public int Before;
    public int Plane;
    public int Stride;
    public int HasParts;

    /// <summary>Of hypothetical contributions, 1; and the inputs' shapes.</summary>
    public int Channels;
    public int Shapes;
    public int ShapeSize;
    public int Tensors;
}
