namespace Whence.Networks.Tests.Golden;

/// <summary>Asserts on numbers: the largest difference over the largest expected number, example by example.</summary>
internal static class Compare
{
    public static void Rows(string what, ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, int rows, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var size = expected.Length / rows;
        for (var r = 0; r < rows; r++)
            Row($"{what}, example {r}", actual.Slice(r * size, size), expected.Slice(r * size, size), tolerance);
    }

    public static void Row(string what, ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, double tolerance) =>
        Row(what, actual, expected, tolerance, Largest(expected));

    /// <summary>Against a scale of its own, where the expected numbers are themselves differences of larger ones.</summary>
    public static void Row(string what, ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, double tolerance, double scale)
    {
        Assert.Equal(expected.Length, actual.Length);
        var (worst, at) = (0.0, -1);
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs(actual[i] - expected[i]);
            if (!(difference <= worst))
                (worst, at) = (difference, i);
        }
        if (at >= 0 && !(worst <= tolerance * scale))
            Assert.Fail($"{what}: element {at} is {actual[at]:R}, not {expected[at]:R}: off by {worst / scale:e2} of {scale:g4}, where "
                + $"{tolerance:e0} is allowed.");
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
