namespace Whence.CompilerServices;

/// <summary>
/// How far the roundings of one row's forward pass may move a target, found by trial, as by stochastic arithmetic (Vignes 1993): each
/// number that is read or computed moves by up to as many units in its last place as <see cref="Completeness.Places"/>, at random. So the
/// addends count that an output is small beside, and what is steep counts more.
/// </summary>
internal static class Roundings
{
    // The largest of as many moves is seldom much smaller than what rounding has done.
    private const int Trials = 3;

    private const double Most = Completeness.Places * (1.0 / (1 << 23));

    /// <summary>How far the target moves at the most.</summary>
    /// <param name="search">The row and the target.</param>
    /// <param name="size">Elements of what is asked about.</param>
    /// <param name="pass">The forward pass.</param>
    public static double Of(in FaultSearch<float> search, int size, ProbedPass pass)
    {
        float[] x = search.X.ToArray(), value = new float[size], moved = new float[size];
        pass(x, search.From, value, new FaultProbe(null, _ => false, puts: false));
        var most = 0.0;
        for (var trial = 1; trial <= Trials; trial++)
        {
            var draws = new Draws((ulong)trial, 0);
            float[] near = [.. x];
            Move(near, ref draws);
            pass(near, search.From, moved, new FaultProbe(draws));
            var sum = 0.0;
            for (var i = 0; i < size; i++)
            {
                if (search.Seed.Length != size || search.Seed[i] != 0)
                    sum += (search.Seed.Length == size ? search.Seed[i] : 1.0) * ((double)moved[i] - value[i]);
            }
            most = Math.Max(most, Math.Abs(sum));
        }
        return most;
    }

    /// <summary>Moves each number, but none from zero.</summary>
    public static void Move(Span<float> values, ref Draws draws)
    {
        foreach (ref var value in values)
            value = (float)(value * (1 + Most * (2 * draws.Uniform() - 1)));
    }
}
