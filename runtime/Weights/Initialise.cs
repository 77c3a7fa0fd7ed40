using System.Runtime.CompilerServices;
using System.Text;

namespace Whence;

/// <summary>
/// Weights by chance, for trying out a network that is not trained. A tensor's values depend on the seed and its name alone, on every
/// machine, and are float32 numbers, as those of most files are.
/// </summary>
internal sealed class Initialise(int seed) : WeightSource
{
    private const double SmallBias = 0.1;

    /// <inheritdoc/>
    public override IReadOnlyList<SafetensorsEntry> Entries => [];

    /// <inheritdoc/>
    public override bool HasAnyShape => true;

    /// <inheritdoc/>
    public override string Choose(ReadOnlySpan<string> candidates, Shape shape) => candidates[0];

    /// <summary>
    /// Matrices and filters: uniform with variance 2 / fan-in (He et al. 2015, arXiv 1502.01852). Variances are from 0.5 to 1.5, weights
    /// of one axis (BatchNorm, PRelu) from 0.25 to 0.75, all else from -0.1 to 0.1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double[] Read(string name, Shape shape, CancellationToken cancellation)
    {
        var (low, high) = Range(name[(name.LastIndexOf('.') + 1)..], shape);
        var state = Seed(name);
        var values = new double[shape.Size];
        for (var i = 0; i < values.Length; i++)
        {
            if ((i & (1 << 20) - 1) == 0)
                cancellation.ThrowIfCancellationRequested();
            values[i] = (float)(low + (high - low) * Next(ref state));
        }
        return values;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private static (double Low, double High) Range(string tensor, Shape shape)
    {
        if (tensor == "running_var")
            return (0.5, 1.5);
        if (shape.Rank > 1)
        {
            var bound = Math.Sqrt(6.0 * shape[0] / shape.Size);
            return (-bound, bound);
        }
        return tensor == "weight" ? (0.25, 0.75) : (-SmallBias, SmallBias);
    }

    private ulong Seed(string name)
    {
        // FNV-1a, because string.GetHashCode differs from run to run.
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014), as a number from 0 to 1.</summary>
    private static double Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1UL << 53));
    }
}
