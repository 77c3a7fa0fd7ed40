namespace Whence;

/// <summary>
/// Random numbers by SplitMix64 (Steele, Lea and Flood 2014): the same for a seed and a stream on every platform and at every call,
/// whatever was drawn before.
/// </summary>
internal struct Draws(ulong seed, ulong stream)
{
    private ulong state = Mix(Mix(seed) + stream);
    private double spare = double.NaN;

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>In [0, 1), 53 bits.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>In [0, count), each equally likely.</summary>
    public int Below(int count)
    {
        // The topmost, incomplete stretch of multiples is drawn again.
        var over = ulong.MaxValue - ulong.MaxValue % (ulong)count;
        ulong bits;
        do
            bits = Next();
        while (bits >= over);
        return (int)(bits % (ulong)count);
    }

    /// <summary>Of the standard normal distribution (Marsaglia's polar method).</summary>
    public double Normal()
    {
        if (!double.IsNaN(spare))
        {
            var kept = spare;
            spare = double.NaN;
            return kept;
        }
        while (true)
        {
            var (u, v) = (2 * Uniform() - 1, 2 * Uniform() - 1);
            var s = u * u + v * v;
            if (s is >= 1 or 0)
                continue;
            var factor = Math.Sqrt(-2 * Log(s) / s);
            spare = v * factor;
            return u * factor;
        }
    }

    /// <summary>Puts the numbers from 0 in random order.</summary>
    public void Permute(Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    // Math.Log's last bit differs from platform to platform; sums and products do not. x = m 2^e, m near 1, log m by its odd series.
    private static double Log(double x)
    {
        var exponent = Math.ILogB(x);
        var m = Math.ScaleB(x, -exponent);
        if (m > 1.4142135623730951)
            (m, exponent) = (m / 2, exponent + 1);
        var s = (m - 1) / (m + 1);
        var (square, term, sum) = (s * s, s, 0.0);
        for (var k = 1; k <= 23; k += 2)
        {
            sum += term / k;
            term *= square;
        }
        return 2 * sum + exponent * 0.6931471805599453;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
