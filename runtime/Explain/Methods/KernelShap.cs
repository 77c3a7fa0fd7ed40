namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>
/// KernelSHAP (Lundberg and Lee 2017, arXiv 1705.07874, theorem 2): the linear function of the players that fits the target's values best,
/// weighted by Shapley's kernel, among those that are exact for no player and for all. Every coalition if there are no more than
/// asked for, so that it gives Shapley's values themselves; else random ones, drawn by the kernel, each followed by its complement.
/// </summary>
internal struct KernelShap(FeatureGroups? groups, SamplingOptions? options) : IMethod
{
    private readonly SamplingOptions options = options ?? SamplingOptions.Default;
    private int players;
    private int samples;
    private bool isExact;
    private bool isFactored;

    public Recipe Recipe(Signature net)
    {
        Check.Options(options);
        Check.Groups(net, groups);
        players = groups?.Count ?? net.InputSize;
        var matrix = (long)(players - 1) * players;
        if (matrix > Array.MaxLength)
            throw Check.TooLong(matrix, nameof(groups), $"KernelSHAP's equations for {players} players");
        samples = options.Samples ?? 2 * players + 2048;
        isExact = players <= ShapleyValues.MostPlayers && (1 << players) - 2 <= samples;
        samples = isExact ? (1 << players) - 2 : samples;
        return new()
        {
            Name = "KernelShap", Pass = null, Rows = samples + 1, Fold = Fold.Outcomes, ScoreSize = players, Groups = groups,
            IsMasked = true,
            Scratch = new((int)matrix, players, players), Compares = true, IsComplete = true,
        };
    }

    public readonly void Place(int row, ref RowSpec spec)
    {
    }

    public readonly void Mask(int row, Scratch scratch, Span<bool> present)
    {
        if (row == 0)
            present.Clear();
        else
            Draw(row - 1, scratch.Places, present);
    }

    public void Finish(in Pair pair, ReadOnlySpan<double> outcomes, Scratch scratch, Span<double> scores)
    {
        var whole = pair.Output - outcomes[0];
        if (players == 1)
        {
            scores[0] += whole;
            return;
        }
        var right = scratch.Numbers[((players - 1) * (players - 1))..];
        var matrix = scratch.Numbers[..^right.Length];
        if (!isFactored)
            Factor(matrix, scratch);
        isFactored = true;
        right.Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            var weight = Draw(sample, scratch.Places, scratch.Flags);
            var last = scratch.Flags[players - 1] ? 1 : 0;
            var rest = weight * (outcomes[sample + 1] - outcomes[0] - last * whole);
            for (var player = 0; player < players - 1; player++)
                right[player] += rest * ((scratch.Flags[player] ? 1 : 0) - last);
        }
        LeastSquares.Solve(matrix, right);
        for (var player = 0; player < players - 1; player++)
        {
            scores[player] += right[player];
            whole -= right[player];
        }
        scores[players - 1] += whole;
    }

    private readonly void Factor(Span<double> matrix, Scratch scratch)
    {
        matrix.Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            var weight = Draw(sample, scratch.Places, scratch.Flags);
            var last = scratch.Flags[players - 1] ? 1 : 0;
            for (var row = 0; row < players - 1; row++)
            {
                var at = weight * ((scratch.Flags[row] ? 1 : 0) - last);
                for (var column = 0; at != 0 && column <= row; column++)
                    matrix[row * (players - 1) + column] += at * ((scratch.Flags[column] ? 1 : 0) - last);
            }
        }
        if (!LeastSquares.Factor(matrix, players - 1))
        {
            throw new ArgumentException(
                $"{samples} random coalitions do not determine the scores of {players} players; ask for more samples.", nameof(options));
        }
    }

    // Writes a coalition and returns its weight.
    private readonly double Draw(int sample, Span<int> order, Span<bool> playing)
    {
        var n = players;
        if (isExact)
        {
            for (var player = 0; player < n; player++)
                playing[player] = (sample + 1 >> player & 1) != 0;
            var those = BitOperations.PopCount((uint)(sample + 1));
            return (n - 1) / (Choose(n, those) * those * (n - those));
        }
        var draws = new Draws(options.Seed, (ulong)sample / 2);
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

public static partial class SpanExplainers
{
    /// <summary>
    /// KernelSHAP (arXiv 1705.07874): weighted least squares over coalitions of groups. Where all coalitions are no more than the samples,
    /// exactly Shapley's values. Complete. Scores [count, groups], or without groups [count, InputSize].
    /// </summary>
    public static void KernelShap<T>(IModel<T> net, FeatureGroups? groups, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references,
        ScoreSpans<T> scores, SamplingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new KernelShap(groups, options), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// KernelSHAP (arXiv 1705.07874): weighted least squares over coalitions of groups or elements; complete, and exact where every
    /// coalition is asked.
    /// </summary>
    public static Attribution KernelShap(this INetwork net, ReadOnlySpan<float> x, Target target, References<float> references = default,
        FeatureGroups? groups = null, SamplingOptions? options = null) => net.KernelShap(x, 1, target, references, groups, options)[0];

    /// <inheritdoc cref="KernelShap(INetwork, ReadOnlySpan{float}, Target, References{float}, FeatureGroups, SamplingOptions)"/>
    public static Attributions KernelShap(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default,
        FeatureGroups? groups = null, SamplingOptions? options = null) =>
        net.Explain(new KernelShap(groups, options), x, count, targets, references, options);
}
