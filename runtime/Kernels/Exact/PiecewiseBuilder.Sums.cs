namespace Whence.CompilerServices;

/// <content>Weighted sums.</content>
public sealed partial class PiecewiseBuilder
{
    /// <summary>A dense layer along the last axis: its weight [outputs, inputs], and a bias or none.</summary>
    public int Dense(int x, ReadOnlySpan<double> weight, ReadOnlySpan<double> bias)
    {
        var (of, shape) = (values[x].Places, values[x].Shape);
        var inputs = shape[shape.Rank - 1];
        var (outputs, rows) = (weight.Length / inputs, of.Length / inputs);
        // As the values lie, so that they are neighbours.
        var order = InOrder(inputs);
        Array.Sort(of[..inputs], order);
        var made = Add(PartKind.Linear, shape.With(shape.Rank - 1, outputs), null, InOrder(rows * outputs));
        Reads(made, x);
        var (forward, back) = (weights.Count, backWeights.Count);
        if (IsTooLarge || (long)weight.Length > Most)
            return TooLarge(made);
        foreach (var input in order)
        {
            for (var output = 0; output < outputs; output++)
                weights.Add(weight[output * inputs + input]);
        }
        for (var output = 0; output < outputs; output++)
        {
            foreach (var input in order)
                backWeights.Add(weight[output * inputs + input]);
        }
        var sources = new int[inputs];
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < inputs; i++)
                sources[i] = of[row * inputs + order[i]];
            Product(sources, values[made].Places[row * outputs], outputs, forward, back);
        }
        AddBias(made, bias, element => element % outputs);
        return made;
    }

    /// <summary>
    /// A convolution, or with <paramref name="transposed"/> the way from its outputs' shape back to its inputs': its weight [filters,
    /// channels / groups, kernelHeight, kernelWidth], and a bias or none.
    /// </summary>
    public int Convolve(int x, in Window window, ReadOnlySpan<double> weight, ReadOnlySpan<double> bias, bool transposed = false)
    {
        var w = window;
        var (channels, filters) = (w.Channels / w.Groups, w.Filters / w.Groups);
        var (before, after, outChannels) = transposed ? (filters, channels, w.Channels) : (channels, filters, w.Filters);
        var shape = Windowed(values[x].Shape, outChannels, transposed ? (w.Height, w.Width) : (w.OutHeight, w.OutWidth));
        var made = Add(PartKind.Linear, shape, null, ChannelsLast(shape));
        Reads(made, x);
        var taps = w.KernelHeight * w.KernelWidth;
        var (forward, back) = (weights.Count, backWeights.Count);
        if (IsTooLarge || (long)taps * w.Groups * before * after > Most)
            return TooLarge(made);
        for (var tap = 0; tap < taps; tap++)
        {
            for (var group = 0; group < w.Groups; group++)
                AddTap(weight, w, group, tap, transposed);
        }
        var (of, first, positions, each) = (values[x].Places, Parts[^1].First, w.Height * w.Width, before * after);
        var windows = w.OutHeight * w.OutWidth;
        var sources = new int[before];
        foreach (var (at, tap, position) in Slides(w))
        {
            var (from, to) = transposed ? (at, position) : (position, at);
            for (var group = 0; group < w.Groups; group++)
            {
                for (var i = 0; i < before; i++)
                    sources[i] = of[(group * before + i) * (transposed ? windows : positions) + from];
                var matrix = (tap * w.Groups + group) * each;
                Product(sources, first + to * outChannels + group * after, after, forward + matrix, back + matrix);
            }
        }
        var area = shape.Size / outChannels;
        AddBias(made, bias, element => element / area);
        return made;
    }

    private static Shape Windowed(Shape like, int channels, (int Height, int Width) extent) =>
        like.Rank == 2 ? new Shape(channels, extent.Width) : new Shape(channels, extent.Height, extent.Width);

    // One tap's weights of one group, [before, after] and [after, before].
    private void AddTap(ReadOnlySpan<double> weight, in Window w, int group, int tap, bool transposed)
    {
        var (channels, filters, taps) = (w.Channels / w.Groups, w.Filters / w.Groups, w.KernelHeight * w.KernelWidth);
        var (byChannel, byFilter) = transposed ? (backWeights, weights) : (weights, backWeights);
        for (var channel = 0; channel < channels; channel++)
        {
            for (var filter = 0; filter < filters; filter++)
                byChannel.Add(weight[((group * filters + filter) * channels + channel) * taps + tap]);
        }
        for (var filter = 0; filter < filters; filter++)
        {
            for (var channel = 0; channel < channels; channel++)
                byFilter.Add(weight[((group * filters + filter) * channels + channel) * taps + tap]);
        }
    }

    // Where the window stands, each tap that lies on the plane there, and the position under it.
    private static IEnumerable<(int At, int Tap, int Position)> Slides(Window w)
    {
        for (var at = 0; at < w.OutHeight * w.OutWidth; at++)
        {
            for (var tap = 0; tap < w.KernelHeight * w.KernelWidth; tap++)
            {
                var row = at / w.OutWidth * w.StrideHeight - w.PadHeight + tap / w.KernelWidth * w.DilationHeight;
                var column = at % w.OutWidth * w.StrideWidth - w.PadWidth + tap % w.KernelWidth * w.DilationWidth;
                if (row >= 0 && row < w.Height && column >= 0 && column < w.Width)
                    yield return (at, tap, row * w.Width + column);
            }
        }
    }

    /// <summary>The mean under a sliding window.</summary>
    public int Average(int x, in Window window)
    {
        var w = window;
        var shape = Windowed(values[x].Shape, w.Channels, (w.OutHeight, w.OutWidth));
        var made = Add(PartKind.Linear, shape, null, ChannelsLast(shape));
        Reads(made, x);
        var (of, to, windows) = (values[x].Places, values[made].Places, w.OutHeight * w.OutWidth);
        foreach (var at in Slides(w).GroupBy(slide => slide.At))
        {
            var under = at.ToList();
            var divisor = w.CountPadding
                ? Padded(at.Key / w.OutWidth * w.StrideHeight - w.PadHeight, w.KernelHeight, w.DilationHeight, w.Height + w.PadHeightEnd)
                    * Padded(at.Key % w.OutWidth * w.StrideWidth - w.PadWidth, w.KernelWidth, w.DilationWidth, w.Width + w.PadWidthEnd)
                : under.Count;
            for (var channel = 0; channel < w.Channels && !IsTooLarge; channel++)
            {
                foreach (var (_, _, position) in under)
                    Term(of[channel * w.Height * w.Width + position], to[channel * windows + at.Key], 1.0 / divisor);
            }
        }
        return made;
    }

    // A last, partial window reaches past the padding, where nothing is counted.
    private static int Padded(int start, int kernel, int dilation, int end)
    {
        var count = 0;
        for (var tap = 0; tap < kernel; tap++)
            count += start + tap * dilation < end ? 1 : 0;
        return count;
    }

    /// <summary>The sum along an axis, which is kept with size 1, times a factor.</summary>
    public int Sum(int x, int axis, double factor)
    {
        var (size, inner) = Along(x, axis);
        var made = Add(PartKind.Linear, values[x].Shape.With(axis, 1), null, InOrder(values[x].Shape.Size / size));
        Reads(made, x);
        var (of, to) = (values[x].Places, values[made].Places);
        for (var i = 0; i < of.Length && !IsTooLarge; i++)
            Term(of[i], to[i / inner / size * inner + i % inner], factor);
        return made;
    }

    /// <summary>The sum of neighbouring channels, times a factor and plus an offset.</summary>
    public int ChannelWindow(int x, int before, int after, double factor, double offset)
    {
        var shape = values[x].Shape;
        var made = Add(PartKind.Linear, shape, null, ChannelsLast(shape));
        Reads(made, x);
        var (of, to, area) = (values[x].Places, values[made].Places, shape.Size / shape[0]);
        for (var i = 0; i < of.Length && !IsTooLarge; i++)
        {
            starts.Add((to[i], offset));
            for (var c = Math.Max(0, i / area - before); c <= Math.Min(shape[0] - 1, i / area + after); c++)
                Term(of[c * area + i % area], to[i], factor);
        }
        return made;
    }

    /// <summary>A weighted sum of values of one shape.</summary>
    public int Combine(int[] all, double[] factors)
    {
        var made = Add(PartKind.Linear, values[all[0]].Shape, null, Following(values[all[0]].Places));
        Reads(made, all);
        for (var i = 0; i < all.Length; i++)
        {
            var (of, to) = (values[all[i]].Places, values[made].Places);
            for (var element = 0; element < to.Length && !IsTooLarge; element++)
                Term(of[element], to[element], factors[i]);
        }
        return made;
    }

    /// <summary>
    /// Along an axis, each place is a weighted sum of so many places of the value, [places, taps]; without weights all are 1.
    /// </summary>
    public int Resample(int x, int axis, int taps, int[] indices, double[] factors)
    {
        var (size, inner) = Along(x, axis);
        var places = indices.Length / taps;
        var shape = values[x].Shape.With(axis, places);
        if (taps == 1 && factors.Length == 0)
            return Moved(x, shape, place => (place / inner / places * size + indices[place / inner % places]) * inner + place % inner);
        var made = Add(PartKind.Linear, shape, null, InOrder(shape.Size));
        Reads(made, x);
        var (of, to) = (values[x].Places, values[made].Places);
        for (var place = 0; place < to.Length && !IsTooLarge; place++)
        {
            for (var tap = place / inner % places * taps; tap < (place / inner % places + 1) * taps; tap++)
                Term(of[(place / inner / places * size + indices[tap]) * inner + place % inner], to[place],
                    factors.Length == 0 ? 1 : factors[tap]);
        }
        return made;
    }

    // One value times a number to another.
    private void Term(int from, int to, double factor)
    {
        if (factor == 0)
            return;
        if (!this.factors.TryGetValue(factor, out var at))
        {
            this.factors.Add(factor, at = (weights.Count, backWeights.Count));
            weights.Add(factor);
            backWeights.Add(factor);
        }
        Up.Add((from, new Fan(to, at.Forward, 1)));
        Down.Add((to, new Fan(from, at.Back, 1)));
    }

    // Values times a matrix to neighbouring ones; of what comes back, neighbours in one go.
    private void Product(ReadOnlySpan<int> from, int to, int outputs, int forward, int back)
    {
        if (IsTooLarge)
            return;
        for (var i = 0; i < from.Length; i++)
            Up.Add((from[i], new Fan(to, forward + i * outputs, outputs)));
        for (var start = 0; start < from.Length;)
        {
            var end = start + 1;
            while (end < from.Length && from[end] == from[end - 1] + 1)
                end++;
            for (var output = 0; output < outputs; output++)
                Down.Add((to + output, new Fan(from[start], back + output * from.Length + start, end - start)));
            start = end;
        }
    }

    private void AddBias(int made, ReadOnlySpan<double> bias, Func<int, int> of)
    {
        for (var i = 0; i < values[made].Places.Length && bias.Length > 0; i++)
            starts.Add((values[made].Places[i], bias[of(i)]));
    }

    // Nothing more is taken down, and none is built.
    private int TooLarge(int made)
    {
        end = Most;
        return made;
    }
}
