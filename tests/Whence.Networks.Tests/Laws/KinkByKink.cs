using Whence.CompilerServices;

namespace Whence.Networks.Tests.Laws;

/// <summary>
/// The integral of a gradient that is constant between kinks, by brute force: where gradients at the ends of a stretch differ it is halved
/// until it is a kink. Of a stretch that looks as if it held a single kink, the kink is sought about where the straight lines from both
/// ends meet, if all beside it proves straight: that saves most halvings and believes nothing.
/// </summary>
internal sealed class KinkByKink(IHostPasses<double> net, double[] x, double[] reference, int from, double[] seed)
{
    private const int Stretches = 32;
    private const double Narrow = 1e-15;
    // Of the values of a deep network, relatively.
    private const double Rounding = 1e-14;

    private readonly double[] scores = new double[x.Length];

    /// <summary>The integral times the difference from the reference.</summary>
    public double[] Scores()
    {
        var (low, atLow) = (0.0, Gradient(0.1 / Stretches));
        // Not at round numbers, where networks by hand have their kinks.
        for (var i = 0; i < Stretches; i++)
        {
            var high = i == Stretches - 1 ? 1 : (i + 1 - 0.1234567 * (i % 7)) / Stretches;
            var atHigh = Gradient(i == Stretches - 1 ? 1 - 1e-9 : high);
            Add(low, atLow, high, atHigh);
            (low, atLow) = (high, atHigh);
        }
        return [.. scores.Select((score, i) => score * (x[i] - reference[i]))];
    }

    private void Add(double low, double[] atLow, double high, double[] atHigh)
    {
        if (high - low < Narrow)
        {
            Add(atLow, (high - low) / 2);
            Add(atHigh, (high - low) / 2);
            return;
        }
        if (high - low < 1.0 / Stretches && (IsAdded(low, atLow, high, atHigh) || IsAddedAsOneKink(low, atLow, high, atHigh)))
            return;
        var middle = (low + high) / 2;
        var atMiddle = Gradient(middle);
        Add(low, atLow, middle, atMiddle);
        Add(middle, atMiddle, high, atHigh);
    }

    private bool IsAdded(double low, double[] atLow, double high, double[] atHigh)
    {
        if (!IsSame(atLow, atHigh) || !IsStraight(low, atLow, high))
            return false;
        Add(atLow, high - low);
        return true;
    }

    private bool IsAddedAsOneKink(double low, double[] atLow, double high, double[] atHigh)
    {
        var (value, turn) = (Value(high), Along(atLow) - Along(atHigh));
        var kink = low + (value - Value(low) - (high - low) * Along(atHigh)) / turn;
        // Values are rounded, and so is where their lines meet.
        var about = Rounding * Math.Max(1, Math.Abs(value)) / Math.Abs(turn);
        var (below, above) = (kink - about, kink + about);
        // Not a number where nothing turns; a stretch that is hardly wider is halved.
        if (!(low < below && above < high && about < (high - low) / 16))
            return false;
        var (atBelow, atAbove) = (Gradient(below), Gradient(above));
        if (!IsSame(atLow, atBelow) || !IsSame(atAbove, atHigh) || !IsStraight(low, atLow, below) || !IsStraight(above, atHigh, high))
            return false;
        Add(atLow, below - low);
        Add(below, atBelow, above, atAbove);
        Add(atHigh, high - above);
        return true;
    }

    private double Along(double[] gradient) => gradient.Select((slope, i) => slope * (x[i] - reference[i])).Sum();

    private void Add(double[] gradient, double length)
    {
        for (var i = 0; i < scores.Length; i++)
            scores[i] += gradient[i] * length;
    }

    private static bool IsSame(double[] a, double[] b)
    {
        var largest = a.Concat(b).Max(Math.Abs);
        return a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-11 * largest);
    }

    // Of two kinks that cancel, gradients on either side know nothing.
    private bool IsStraight(double low, double[] atLow, double high)
    {
        var expected = (high - low) * Along(atLow);
        var (first, last) = (Value(low), Value(high));
        return Math.Abs(last - first - expected) <= 1e-12 * Math.Max(1, Math.Abs(first) + Math.Abs(last));
    }

    private double Value(double alpha)
    {
        var value = new double[seed.Length];
        net.Forward(At(alpha), from, value, 1);
        return value.Zip(seed).Sum(pair => pair.First * pair.Second);
    }

    private double[] At(double alpha) => [.. x.Select((value, i) => reference[i] + alpha * (value - reference[i]))];

    private double[] Gradient(double alpha)
    {
        var at = At(alpha);
        var gradient = new double[x.Length];
        var arguments = new BackwardArguments<double>
        {
            X = at, Rows = 1, From = from, To = -1, InjectAt = -1, Seed = seed, SeedRows = 1, Multipliers = gradient,
        };
        net.Backward(Pass.Gradient, ref arguments);
        return gradient;
    }
}
