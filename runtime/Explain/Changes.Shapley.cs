namespace Whence;

using System.Numerics;

/// <summary>
/// Shapley values by their definition (Shapley 1953): all coalitions but the whole one, each a number whose bits are its players.
/// </summary>
internal readonly ref struct Coalitions(Players players, Span<bool> playing) : IChanges
{
    private readonly Span<bool> playing = playing;

    /// <summary>The most players: a million coalitions.</summary>
    public const int MostPlayers = 20;

    public int Count => (1 << players.Count) - 1;

    public bool IsComplete => true;

    public void Present(int change, Span<bool> present)
    {
        for (var player = 0; player < playing.Length; player++)
            playing[player] = (change >> player & 1) != 0;
        players.Spread(playing, present);
    }

    public void Add(ReadOnlySpan<double> values, double all, Span<double> scores)
    {
        // By how many players a coalition has, (size)! (n - size - 1)! / n!.
        Span<double> weights = stackalloc double[scores.Length];
        weights[0] = 1.0 / scores.Length;
        for (var size = 1; size < scores.Length; size++)
            weights[size] = weights[size - 1] * size / (scores.Length - size);
        for (var player = 0; player < scores.Length; player++)
        {
            var (bit, sum) = (1 << player, 0.0);
            for (var coalition = 0; coalition <= Count; coalition++)
            {
                if ((coalition & bit) != 0)
                    continue;
                var with = coalition | bit;
                sum += weights[BitOperations.PopCount((uint)coalition)] * ((with == Count ? all : values[with]) - values[coalition]);
            }
            scores[player] += sum;
        }
    }
}

/// <summary>
/// Shapley values by random orders in which the players join (Castro, Gomez and Tejada 2009): each order's scores sum to the whole
/// change, so their mean does.
/// </summary>
internal readonly ref struct Orders(Players players, int orders, ulong seed, Span<bool> playing, Span<int> order, Span<int> added)
    : IChanges
{
    // The order of the counterfactuals under way. One input's scores may be added up while the next one's are: in an order of their own.
    private readonly Span<bool> playing = playing;
    private readonly Span<int> order = order;
    private readonly Span<int> added = added;

    public int Count => checked(1 + orders * (players.Count - 1));

    public bool IsComplete => true;

    public void Present(int change, Span<bool> present)
    {
        if (change == 0)
        {
            playing.Clear();
        }
        else
        {
            var (which, joined) = Math.DivRem(change - 1, order.Length - 1);
            if (joined == 0)
            {
                playing.Clear();
                new Draws(seed, (ulong)which).Permute(order);
            }
            playing[order[joined]] = true;
        }
        players.Spread(playing, present);
    }

    public void Add(ReadOnlySpan<double> values, double all, Span<double> scores)
    {
        for (var which = 0; which < orders; which++)
        {
            new Draws(seed, (ulong)which).Permute(added);
            var before = values[0];
            for (var joined = 0; joined < added.Length; joined++)
            {
                var now = joined == added.Length - 1 ? all : values[1 + which * (added.Length - 1) + joined];
                scores[added[joined]] += (now - before) / orders;
                before = now;
            }
        }
    }
}

/// <summary>
/// KernelSHAP (Lundberg and Lee 2017, arXiv 1705.07874, theorem 2): the linear function of the players that fits the target's values best,
/// weighted by Shapley's kernel, among those that are exact for no player and for all. Every coalition if there are no more than
/// asked for, so that it gives Shapley's values themselves; else random ones, drawn by the kernel, each followed by its complement.
/// </summary>
internal ref struct Kernel : IChanges
{
    private readonly Players players;
    private readonly int samples;
    private readonly ulong seed;
    private readonly Span<bool> playing;
    private readonly Span<int> order;
    private readonly Span<double> matrix;
    private readonly Span<double> right;
    private readonly bool isExact;
    private bool isFactored;

    /// <param name="players">At least 2.</param>
    /// <param name="samples">The most coalitions.</param>
    /// <param name="seed">Of the drawing.</param>
    /// <param name="playing">[players], to write to.</param>
    /// <param name="order">[players], to write to.</param>
    /// <param name="matrix">[players - 1, players - 1], to write to.</param>
    /// <param name="right">[players - 1], to write to.</param>
    public Kernel(Players players, int samples, ulong seed, Span<bool> playing, Span<int> order, Span<double> matrix, Span<double> right)
    {
        this.players = players;
        this.seed = seed;
        this.playing = playing;
        this.order = order;
        this.matrix = matrix;
        this.right = right;
        isExact = players.Count <= Coalitions.MostPlayers && (1 << players.Count) - 2 <= samples;
        this.samples = isExact ? (1 << players.Count) - 2 : samples;
    }

    public readonly int Count => checked(samples + 1);

    public readonly bool IsComplete => true;

    public readonly void Present(int change, Span<bool> present)
    {
        if (change == 0)
            playing.Clear();
        else
            Draw(change - 1);
        players.Spread(playing, present);
    }

    public void Add(ReadOnlySpan<double> values, double all, Span<double> scores)
    {
        var n = playing.Length;
        var none = values[0];
        if (n == 1)
        {
            scores[0] += all - none;
            return;
        }
        if (!isFactored)
            Factor();
        isFactored = true;
        right.Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            var weight = Draw(sample);
            var last = playing[n - 1] ? 1 : 0;
            var rest = weight * (values[sample + 1] - none - last * (all - none));
            for (var player = 0; player < n - 1; player++)
                right[player] += rest * ((playing[player] ? 1 : 0) - last);
        }
        LeastSquares.Solve(matrix, right);
        var left = all - none;
        for (var player = 0; player < n - 1; player++)
        {
            scores[player] += right[player];
            left -= right[player];
        }
        scores[n - 1] += left;
    }

    private readonly void Factor()
    {
        var n = playing.Length;
        matrix.Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            var weight = Draw(sample);
            var last = playing[n - 1] ? 1 : 0;
            for (var row = 0; row < n - 1; row++)
            {
                var at = weight * ((playing[row] ? 1 : 0) - last);
                for (var column = 0; at != 0 && column <= row; column++)
                    matrix[row * (n - 1) + column] += at * ((playing[column] ? 1 : 0) - last);
            }
        }
        if (!LeastSquares.Factor(matrix, n - 1))
            throw new ArgumentException($"{samples} random coalitions do not determine the scores of {n} players; ask for more samples.",
                "options");
    }

    // Writes a coalition and returns its weight.
    private readonly double Draw(int sample)
    {
        var n = playing.Length;
        if (isExact)
        {
            for (var player = 0; player < n; player++)
                playing[player] = (sample + 1 >> player & 1) != 0;
            var players = BitOperations.PopCount((uint)(sample + 1));
            return (n - 1) / (Choose(n, players) * players * (n - players));
        }
        var draws = new Draws(seed, (ulong)sample / 2);
        var size = DrawSize(ref draws, n);
        draws.Permute(order);
        for (var place = 0; place < n; place++)
            playing[order[place]] = place < size == (sample % 2 == 0);
        return 1;
    }

    // A size's share of the kernel's weight is 1 / (size (n - size)), up to a factor.
    private static int DrawSize(ref Draws draws, int n)
    {
        var whole = 0.0;
        for (var size = 1; size < n; size++)
            whole += 1.0 / ((double)size * (n - size));
        var left = draws.Uniform() * whole;
        for (var size = 1; size < n - 1; size++)
        {
            left -= 1.0 / ((double)size * (n - size));
            if (left < 0)
                return size;
        }
        return n - 1;
    }

    private static double Choose(int n, int k)
    {
        var ways = 1.0;
        for (var i = 1; i <= k; i++)
            ways = ways * (n - k + i) / i;
        return ways;
    }
}

/// <summary>Symmetric positive definite equations, by Cholesky's factors.</summary>
internal static class LeastSquares
{
    /// <summary>Replaces the lower half of a matrix [n, n] by its factor; false if the matrix is singular up to rounding.</summary>
    public static bool Factor(Span<double> matrix, int n)
    {
        for (var row = 0; row < n; row++)
        {
            var largest = matrix[row * n + row];
            for (var column = 0; column <= row; column++)
            {
                var sum = matrix[row * n + column];
                for (var k = 0; k < column; k++)
                    sum -= matrix[row * n + k] * matrix[column * n + k];
                if (column < row)
                    matrix[row * n + column] = sum / matrix[column * n + column];
                else if (sum > 1e-12 * largest)
                    matrix[row * n + row] = Math.Sqrt(sum);
                else
                    return false;
            }
        }
        return true;
    }

    /// <summary>Replaces the right side by the solution.</summary>
    public static void Solve(ReadOnlySpan<double> factor, Span<double> right)
    {
        var n = right.Length;
        for (var row = 0; row < n; row++)
        {
            for (var k = 0; k < row; k++)
                right[row] -= factor[row * n + k] * right[k];
            right[row] /= factor[row * n + row];
        }
        for (var row = n - 1; row >= 0; row--)
        {
            for (var k = row + 1; k < n; k++)
                right[row] -= factor[k * n + row] * right[k];
            right[row] /= factor[row * n + row];
        }
    }
}
