namespace Whence.CompilerServices;

/// <content>Functions with kinks, maxima, and products with what stays.</content>
public sealed partial class PiecewiseBuilder
{
    /// <summary>A function that is linear but for kinks, element by element.</summary>
    public int Apply<F>(int x, F function) where F : struct, IPiecewiseLinear
    {
        var (one, two) = function.Kinks;
        var (below, between, above) = (Line(function, Inside(double.NegativeInfinity, one)), Line(function, Inside(one, two)),
            Line(function, Inside(two, double.PositiveInfinity)));
        return Bent(x, new Bend
        {
            First = [one], Second = two, Below = [below.Slope], Between = between.Slope, Above = above.Slope,
            Base = below.Offset, Middle = between.Offset, Top = above.Offset,
            AtFirst = Line(function, one).Slope, AtSecond = Line(function, two).Slope,
        });
    }

    // Well between two numbers that may be infinite.
    private static double Inside(double low, double high) =>
        double.IsFinite(low) && double.IsFinite(high) ? low / 2 + high / 2 :
        double.IsFinite(high) ? high - Math.Max(1, Math.Abs(high)) :
        double.IsFinite(low) ? low + Math.Max(1, Math.Abs(low)) : 0;

    private static (double Slope, double Offset) Line<F>(F function, double x) where F : struct, IPiecewiseLinear
    {
        var y = function.Value<double, DoubleMath>(x);
        var slope = function.Slope<double, DoubleMath>(x, y);
        return (slope, slope == 0 ? y : y - slope * x);
    }

    /// <summary>x where it is positive, else x times a value that is constant.</summary>
    public int PRelu(int x, int slopes) => Bent(x, new Bend { First = [0], Below = Numbers(slopes) });

    /// <summary>x, but at least a value that is constant, or with <paramref name="upper"/> at most.</summary>
    public int Bound(int x, int constant, bool upper) => Bent(x, upper
        ? new Bend { First = Numbers(constant), Below = [1], Between = 0, Middle = null, AtFirst = 0 }
        : new Bend { First = Numbers(constant), Below = [0], Base = null });

    /// <summary>x times a value that stays along a path, and perhaps another such added.</summary>
    public int Scale(int x, int factor, int? term = null)
    {
        var order = Following(values[x].Places);
        var bend = new Bend
        {
            IsProduct = true,
            Factors = InPlace(order, values[factor].Places),
            Terms = term is { } added ? InPlace(order, values[added].Places) : [],
        };
        return Bent(x, bend, term is { } also ? [factor, also] : [factor]);
    }

    // What a constant value holds, element by element.
    private double[] Numbers(int constant)
    {
        var (places, numbers) = (values[constant].Places, new double[values[constant].Places.Length]);
        var known = new Dictionary<int, double>();
        foreach (var (place, number) in starts)
            known[place] = known.GetValueOrDefault(place) + number;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (PartAt(places[i]).Kind != PartKind.Constant)
                throw new ArgumentException("What bends a value must be constant.", nameof(constant));
            numbers[i] = known.GetValueOrDefault(places[i]);
        }
        return numbers;
    }

    private static T[] InPlace<T>(int[] order, T[] ofElements)
    {
        var placed = new T[order.Length];
        for (var i = 0; i < order.Length; i++)
            placed[order[i]] = ofElements[i];
        return placed;
    }

    private int Bent(int x, Bend bend, params int[] also)
    {
        var of = values[x].Places;
        var order = Following(of);
        double[] Placed(double[] numbers) => numbers.Length == 1 ? numbers : InPlace(order, numbers);
        var made = Add(PartKind.Bend, values[x].Shape, bend with { First = Placed(bend.First), Below = Placed(bend.Below) }, order);
        Reads(made, [x, .. also]);
        var (sources, first) = (InPlace(order, of), Parts[^1].First);
        for (var start = 0; start < sources.Length;)
        {
            var last = start + 1;
            while (last < sources.Length && sources[last] == sources[last - 1] + 1)
                last++;
            Strands.Add(new Strand(sources[start], first + start, last - start));
            start = last;
        }
        return made;
    }

    /// <summary>The largest value under a sliding window.</summary>
    public int Max(int x, in Window window)
    {
        var w = window;
        var shape = Windowed(values[x].Shape, w.Channels, (w.OutHeight, w.OutWidth));
        var made = Add(PartKind.Max, shape, null, ChannelsLast(shape));
        Reads(made, x);
        var (of, to, windows) = (values[x].Places, values[made].Places, w.OutHeight * w.OutWidth);
        foreach (var (at, _, position) in Slides(w))
        {
            for (var channel = 0; channel < w.Channels; channel++)
            {
                var (member, maximum) = (of[channel * w.Height * w.Width + position], to[channel * windows + at]);
                Members.Add((maximum, member));
                Windows.Add((member, maximum));
            }
        }
        return made;
    }
}
