using Whence.CompilerServices;

namespace Whence.Networks.Tests.Laws;

/// <summary>
/// The integral of a gradient that is constant between kinks, by brute force: where gradients at the ends of a stretch differ it is halved
/// until it is a kink.
/// </summary>
internal sealed class KinkByKink(IHostPasses<double> net, double[] x, double[] reference, int from, double[] seed)
{
    private const int Stretches = 32;
    private const double Narrow = 1e-15;

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
        var middle = (low + high) / 2;
        if (high - low < Narrow)
        {
            Add(atLow, (high - low) / 2);
            Add(atHigh, (high - low) / 2);
            return;
        }
        if (high - low < 1.0 / Stretches && IsSame(atLow, atHigh) && IsStraight(low, atLow, high))
        {
            Add(atLow, high - low);
            return;
        }
        var atMiddle = Gradient(middle);
        Add(low, atLow, middle, atMiddle);
        Add(middle, atMiddle, high, atHigh);
    }

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
        var expected = (high - low) * atLow.Select((slope, i) => slope * (x[i] - reference[i])).Sum();
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
