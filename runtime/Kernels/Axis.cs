namespace Whence.CompilerServices;

/// <summary>One axis of a convolution, or of its transpose. Kernel, stride, pad and dilation are the convolution's in both.</summary>
internal sealed class Axis(int before, int after, int kernel, int stride, int pad, int dilation, bool transposed)
{
    /// <summary>Places that are read.</summary>
    public int Inputs { get; } = transposed ? after : before;

    /// <summary>Places that are written.</summary>
    public int Outputs { get; } = transposed ? before : after;

    /// <summary>Whether so many neighbouring outputs can be computed as the columns of one product.</summary>
    public bool CanFold(int fold) => fold == 1 || (fold <= Outputs && (!transposed || fold % stride == 0));

    /// <summary>
    /// How many neighbouring outputs have to be columns of one product for products of neighbouring outputs to be at neighbouring places of
    /// the input; 0 where they never are.
    /// </summary>
    public int NextPlaceFold => transposed ? stride : stride == 1 ? 1 : 0;

    /// <summary>
    /// The outputs, divided into those which see the same weights: a transpose has as many kinds as its stride, unless they are folded.
    /// </summary>
    public IEnumerable<Reach> Reaches(int fold)
    {
        var step = fold == 1 && transposed ? stride : fold;
        for (var first = 0; first < Math.Min(step / fold, Outputs); first++)
            yield return Reach(first, step, (Outputs - fold - first) / step + 1, fold);
        if (Outputs % fold > 0)
            yield return Reach(Outputs / fold * fold, step, 1, Outputs % fold);
    }

    private Reach Reach(int first, int step, int count, int fold)
    {
        // Output o of a convolution reads input o * stride - pad + k * dilation through weight k; its transpose the other way round.
        var place = transposed ? (first + pad) / stride : first * stride - pad;
        var placeStep = transposed ? step / stride : step * stride;
        var reach = new Reach(first, step, count, fold, place, placeStep, []);
        var taps = new List<Tap>();
        for (var k = 0; k < kernel; k++)
        {
            for (var output = 0; output < fold; output++)
            {
                var ahead = first + output + pad - k * dilation;
                if (!transposed)
                    TapAt(taps, output * stride + k * dilation, fold).Kernels[output] = k;
                else if (ahead % stride == 0)
                    TapAt(taps, ahead / stride - place, fold).Kernels[output] = k;
            }
        }
        taps.RemoveAll(tap => !reach.ReadsAny(tap, Inputs));
        taps.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        return reach with { Taps = taps.ToArray() };
    }

    private static Tap TapAt(List<Tap> taps, int offset, int fold)
    {
        foreach (var tap in taps)
        {
            if (tap.Offset == offset)
                return tap;
        }
        var added = new Tap(offset, new int[fold]);
        Array.Fill(added.Kernels, -1);
        taps.Add(added);
        return added;
    }
}

/// <summary>
/// One tap of a window along an axis: how far from the output's place in the input, and which weight for each of the folded outputs, -1 for
/// none.
/// </summary>
internal sealed record Tap(int Offset, int[] Kernels)
{
    public bool Equals(Tap? other) => other is not null && Offset == other.Offset && Kernels.AsSpan().SequenceEqual(other.Kernels);

    public override int GetHashCode() => HashCode.Combine(Offset, Kernels.Length, Kernels[0]);
}

/// <summary>
/// Outputs along an axis which see the input through the same taps: Count times Fold neighbours, from First on in steps of
/// Step. The place of number i in the input is Place + i * PlaceStep.
/// </summary>
internal sealed record Reach(int First, int Step, int Count, int Fold, int Place, int PlaceStep, Tap[] Taps)
{
    /// <summary>Whether output i finds an input at a tap, or else padding.</summary>
    public bool Reads(int i, Tap tap, int inputs) => Place + i * PlaceStep + tap.Offset is var at && at >= 0 && at < inputs;

    /// <summary>Whether any output finds an input at a tap.</summary>
    public bool ReadsAny(Tap tap, int inputs)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Reads(i, tap, inputs))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Cuts the outputs where other taps fall into the padding, so that none is multiplied with zero. On small images that is a third of
    /// the work of a transpose.
    /// </summary>
    public IEnumerable<Stretch> Cut(int inputs)
    {
        var start = 0;
        var (first, count) = Inside(0, inputs);
        for (var i = 1; i <= Count; i++)
        {
            if (i < Count && Inside(i, inputs) == (first, count))
                continue;
            yield return new Stretch(this, start, i - start, first, count);
            start = i;
            if (i < Count)
                (first, count) = Inside(i, inputs);
        }
    }

    private (int First, int Count) Inside(int i, int inputs)
    {
        var first = Array.FindIndex(Taps, tap => Reads(i, tap, inputs));
        return first < 0 ? (0, 0) : (first, Array.FindLastIndex(Taps, tap => Reads(i, tap, inputs)) - first + 1);
    }
}

/// <summary>Neighbouring outputs of a reach, Count from number Start on, and those of its taps that are worth reading for them.</summary>
internal sealed record Stretch(Reach Reach, int Start, int Count, int FirstTap, int TapCount)
{
    /// <summary>The first place.</summary>
    public int Place => Reach.Place + Start * Reach.PlaceStep;

    /// <summary>The first output.</summary>
    public int First => Reach.First + Start * Reach.Step;

    /// <summary>The taps.</summary>
    public ReadOnlySpan<Tap> Taps => Reach.Taps.AsSpan(FirstTap, TapCount);

    /// <summary>The first place that is read.</summary>
    public int Lowest => TapCount == 0 ? 0 : Place + Taps[0].Offset;

    /// <summary>The last place that is read.</summary>
    public int Highest => TapCount == 0 ? 0 : Place + (Count - 1) * Reach.PlaceStep + Taps[^1].Offset;

    /// <summary>Both, with the taps of either.</summary>
    public Stretch Join(Stretch next)
    {
        var first = TapCount == 0 ? next.FirstTap : next.TapCount == 0 ? FirstTap : Math.Min(FirstTap, next.FirstTap);
        var end = Math.Max(TapCount == 0 ? 0 : FirstTap + TapCount, next.TapCount == 0 ? 0 : next.FirstTap + next.TapCount);
        return new Stretch(Reach, Start, Count + next.Count, first, Math.Max(0, end - first));
    }
}

/// <summary>
/// How a convolution's outputs are divided into matrix products, one for each stretch of rows and of columns. Chosen by the
/// work that it makes for a few examples; never by the batch, on which no output's bits may depend.
/// </summary>
internal sealed record Division(IReadOnlyList<Stretch> Rows, IReadOnlyList<Stretch> Columns)
{
    /// <summary>What a product costs before its first multiplication, in the cycles of one row, one depth and one block.</summary>
    private const double Start = 150;

    /// <summary>
    /// Examples that the work is reckoned for: enough that cutting pays, few enough that one alone is not slowed down much.
    /// </summary>
    private const int Examples = 4;

    /// <summary>Cycles that a chain waits for itself: no block of columns takes less for one depth, however few its rows.</summary>
    private const int Wait = 4;

    /// <summary>Cycles that a fused multiply-add of a vector of places takes, whose operand is not aligned.</summary>
    private const double PlacesCycles = 0.65;

    /// <summary>Cycles that an output takes which is not written by whole vectors.</summary>
    private const double Move = 1.5;

    /// <summary>Cycles that an input takes which is put where it lies channel by channel.</summary>
    private const double Turn = 0.5;

    /// <summary>Floats of an example that are near enough to be read anew for each of its columns.</summary>
    private const int NearPlanes = 1 << 18;

    /// <summary>Cutting an axis into more pieces than these is not considered.</summary>
    private const int MostStretches = 64;

    /// <summary>
    /// The division for channels after and channels before, of one group; with so many neighbouring outputs folded, or as many as are best
    /// where that is 0 or more than there are.
    /// </summary>
    public static Division Of(Axis rows, Axis columns, int channelsBefore, int channels, int groups, int lanes, int fold)
    {
        var planes = InPlanes(rows, columns, channelsBefore, channels, groups, lanes, fold);
        if (fold == 0 || !columns.CanFold(fold))
            fold = groups > 1 ? 1 : BestFold(columns, channels, lanes);
        var tiles = new Division(Cut(rows, 1), Cut(columns, fold)).Joined(channelsBefore, channels * fold, lanes);
        if (planes is null)
            return tiles;
        var outputs = rows.Outputs * columns.Outputs * channels;
        var inTiles = tiles.Cost(channelsBefore, channels * fold, lanes) / Examples + (channels * fold < lanes ? Move * outputs : 0);
        var inPlanes = planes.PlanesCost(rows.Inputs, columns.Inputs, channelsBefore, channels, lanes) + Move * outputs
            + Turn * rows.Inputs * columns.Inputs * channelsBefore;
        return inPlanes < inTiles ? planes : tiles;
    }

    /// <summary>The division for as many channels as groups, all of which are columns of one pass.</summary>
    public static Division OfDepthwise(Axis rows, Axis columns, int channels, int lanes) =>
        new Division(Cut(rows, 1), Cut(columns, 1)).Joined(1, channels, lanes);

    /// <summary>
    /// The division into passes over neighbouring places; null where there are none, columns for more than a vector, or too much to read.
    /// </summary>
    private static Division? InPlanes(Axis rows, Axis columns, int channelsBefore, int channels, int groups, int lanes, int fold)
    {
        // Neighbouring outputs of a group do not lie together.
        var next = groups == 1 ? columns.NextPlaceFold : Math.Min(1, columns.NextPlaceFold);
        return next == 0 || fold != 0 && fold != next || !columns.CanFold(next) || next * channels > lanes || lanes < Planes.LeastLanes
            || (long)rows.Inputs * columns.Inputs * channelsBefore * groups > NearPlanes
            ? null
            : new Division(Whole(rows, 1), Whole(columns, next)) { IsInPlanes = true };
    }

    /// <summary>Whether columns are computed in vectors along places.</summary>
    public bool IsInPlanes { get; private init; }

    /// <summary>
    /// Few channels fill few lanes: then neighbouring outputs share a vector, at the price of zeros among the weights where
    /// only some of them see an input. The way back to an image's one channel takes a quarter of the time.
    /// </summary>
    private static int BestFold(Axis columns, int channels, int lanes)
    {
        var best = (Fold: 1, Cost: double.MaxValue);
        for (var fold = 1; fold == 1 || fold * channels <= 2 * lanes; fold++)
        {
            if (!columns.CanFold(fold))
                continue;
            var cost = columns.Reaches(fold).Sum(reach => reach.Count * reach.Taps.Length * Cycles(reach.Fold * channels, lanes));
            if (cost < best.Cost)
                best = (fold, cost);
        }
        return best.Fold;
    }

    /// <summary>
    /// Cycles that so many columns take for one row and depth: a block of two vectors one, a lone vector a little more than half.
    /// </summary>
    private static double Cycles(int columns, int lanes)
    {
        var vectors = (columns + lanes - 1) / lanes;
        return vectors / 2 + vectors % 2 * 0.55;
    }

    private static List<Stretch> Whole(Axis axis, int fold) =>
        axis.Reaches(fold).Select(reach => new Stretch(reach, 0, reach.Count, 0, reach.Taps.Length)).ToList();

    private static List<Stretch> Cut(Axis axis, int fold)
    {
        var whole = Whole(axis, fold);
        var cut = whole.SelectMany(stretch => stretch.Reach.Cut(axis.Inputs)).ToList();
        return cut.Count <= MostStretches ? cut : whole;
    }

    /// <summary>Joins neighbouring stretches again for as long as that saves work.</summary>
    private Division Joined(int channelsBefore, int columns, int lanes)
    {
        var (best, cost) = (this, Cost(channelsBefore, columns, lanes));
        foreach (var candidate in Joins())
        {
            var candidateCost = candidate.Cost(channelsBefore, columns, lanes);
            if (candidateCost < cost)
                (best, cost) = (candidate, candidateCost);
        }
        return ReferenceEquals(best, this) ? this : best.Joined(channelsBefore, columns, lanes);
    }

    private IEnumerable<Division> Joins() =>
        Joins(Rows).Select(rows => this with { Rows = rows }).Concat(Joins(Columns).Select(columns => this with { Columns = columns }));

    private static IEnumerable<List<Stretch>> Joins(IReadOnlyList<Stretch> stretches) =>
        from i in Enumerable.Range(0, stretches.Count - 1)
        where ReferenceEquals(stretches[i].Reach, stretches[i + 1].Reach)
        select stretches.Take(i).Append(stretches[i].Join(stretches[i + 1])).Concat(stretches.Skip(i + 2)).ToList();

    // In vectors along places, of one example.
    private double PlanesCost(int height, int width, int channelsBefore, int channels, int lanes)
    {
        var cost = 0.0;
        var border = new Border(new Extent(height, width, 1), this);
        foreach (var row in Rows)
        {
            foreach (var column in Columns)
            {
                var vectors = Planes.Vectors(row.Count, column.Count, row.Reach.PlaceStep == 1, border.Extent.Width, lanes);
                cost += (double)vectors * row.TapCount * column.TapCount * channelsBefore * column.Reach.Fold * channels * PlacesCycles;
            }
        }
        return cost;
    }

    private double Cost(int channelsBefore, int columns, int lanes)
    {
        var (cost, cycles, least) = (0.0, Cycles(columns, lanes), Wait * ((columns + 2 * lanes - 1) / (2 * lanes)));
        foreach (var row in Rows)
        {
            foreach (var column in Columns)
                cost += Start + (double)row.TapCount * column.TapCount * channelsBefore
                    * Math.Max(least, Examples * row.Count * column.Count * cycles);
        }
        return cost;
    }
}
