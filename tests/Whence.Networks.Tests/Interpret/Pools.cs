using Whence.Generator.Graphs;

namespace Whence.Networks.Tests.Interpret;

/// <summary>The sliding windows without weights, channel by channel.</summary>
internal sealed class Pools(Node node)
{
    private readonly Settings settings = node.Settings;
    private readonly Sliding2d window = new(node.Settings);
    private readonly List<(int Tap, int Position)>[] under = new Sliding2d(node.Settings).Under();

    private int Channels => settings.Int("channels");

    public Block Average(Block x) => Each(x, (y, from, p) =>
    {
        foreach (var (_, position) in under[p])
        {
            for (var r = 0; r < x.Pitch; r++)
                y[r] += x[from + position][r];
        }
        for (var r = 0; r < x.Pitch; r++)
            y[r] /= window.Divisor(p, settings.Flag("countPadding"));
    });

    public Block Max(Block x) => Each(x, (y, from, p) =>
    {
        for (var r = 0; r < x.Pitch; r++)
            y[r] = x[from + Winner(x, from, p, r)][r];
    });

    public Block AverageBack(Block m)
    {
        var dx = new Block(Channels * window.InPositions, m.Rows);
        for (var o = 0; o < Channels * under.Length; o++)
        {
            var (from, p) = (o / under.Length * window.InPositions, o % under.Length);
            foreach (var (_, position) in under[p])
            {
                for (var r = 0; r < m.Pitch; r++)
                    dx[from + position][r] += m[o][r] / window.Divisor(p, settings.Flag("countPadding"));
            }
        }
        return dx;
    }

    public Block MaxBack(Block m, Block x)
    {
        var dx = new Block(x.Size, x.Rows);
        for (var o = 0; o < Channels * under.Length; o++)
        {
            var (from, p) = (o / under.Length * window.InPositions, o % under.Length);
            for (var r = 0; r < x.Pitch; r++)
                dx[from + Winner(x, from, p, r)][r] += m[o][r];
        }
        return dx;
    }

    /// <summary>
    /// The move from y0 to y by way of max(y, y0): the rise belongs to the winner of x, the fall to that of x0. Ties of one are broken by
    /// the other.
    /// </summary>
    public Block MaxSplit(Block m, Block x, Block x0)
    {
        var dx = new Block(x.Size, x.Rows);
        for (var o = 0; o < Channels * under.Length; o++)
        {
            var (from, p) = (o / under.Length * window.InPositions, o % under.Length);
            for (var r = 0; r < x.Pitch; r++)
            {
                var (i, j) = (from + Winner(x, from, p, r, x0), from + Winner(x0, from, p, r, x));
                var (y, y0) = (x[i][r], x0[j][r]);
                var top = Math.Max(y, y0);
                if (i == j || m[o][r] == 0)
                {
                    dx[i][r] += m[o][r];
                    continue;
                }
                if (top != y0)
                    dx[i][r] += m[o][r] * (top - y0) / (x[i][r] - x0[i][r]);
                if (top != y)
                    dx[j][r] += m[o][r] * (y - top) / (x[j][r] - x0[j][r]);
            }
        }
        return dx;
    }

    /// <summary>
    /// To each element its fraction of the way from x0 to x, cut at every meeting of two lines, on whose stretches one is the largest.
    /// </summary>
    public Block MaxPath(Block m, Block x, Block x0)
    {
        var dx = new Block(x.Size, x.Rows);
        for (var o = 0; o < Channels * under.Length; o++)
        {
            var places = under[o % under.Length].Select(place => o / under.Length * window.InPositions + place.Position).ToArray();
            for (var r = 0; r < x.Pitch; r++)
            {
                double At(int place, double t) => x0[place][r] + t * (x[place][r] - x0[place][r]);
                double Meeting(int a, int b) => (x0[a][r] - x0[b][r]) / (x[b][r] - x0[b][r] - (x[a][r] - x0[a][r]));
                double[] cuts = [0, 1, .. from a in places from b in places let t = Meeting(a, b) where t is > 0 and < 1 select t];
                Array.Sort(cuts);
                foreach (var (from, to) in cuts.Zip(cuts.Skip(1)))
                    dx[places.MaxBy(place => At(place, (from + to) / 2))][r] += m[o][r] * (to - from);
            }
        }
        return dx;
    }

    private delegate void Window(Span<double> y, int firstElement, int window);

    private Block Each(Block x, Window compute)
    {
        var y = new Block(Channels * under.Length, x.Rows);
        for (var o = 0; o < y.Size; o++)
            compute(y[o], o / under.Length * window.InPositions, o % under.Length);
        return y;
    }

    // Of equals the one that is the largest of another block; the first of those that are left.
    private int Winner(Block x, int from, int p, int row, Block? beside = null)
    {
        var largest = under[p].Max(place => x[from + place.Position][row]);
        var tied = under[p].Where(place => !(x[from + place.Position][row] < largest));
        return (beside is null ? tied.First() : tied.MaxBy(place => beside[from + place.Position][row])).Position;
    }
}
