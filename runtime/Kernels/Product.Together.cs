using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

internal static unsafe partial class Product
{
    /// <summary>The most sites of passes that go together: those of an example are a few dozen where weights are large.</summary>
    private const int MostTogether = 256;

    /// <summary>Floats of weights that are near enough to be read anew by every pass.</summary>
    private const int NearWeights = 1 << 17;

    /// <summary>
    /// The passes of a convolution, those together that read the same weights where these do not stay near: a small image is cut at its
    /// edges into nine passes, each of which would read megabytes anew for a few sites.
    /// </summary>
    public static Sweep[][] Together(Sweep[] passes, bool isDepthwise)
    {
        var found = new List<List<Sweep>>();
        foreach (var pass in passes)
        {
            if (!isDepthwise && MayJoin(pass) && found.Find(others => ReferenceEquals(others[0].Panels, pass.Panels)) is { } same
                && SitesOf(same) + pass.Rows * pass.Columns <= MostTogether)
                same.Add(pass);
            else
                found.Add([pass]);
        }
        return found.ConvertAll(some => some.ToArray()).ToArray();
    }

    private static bool MayJoin(Sweep pass) =>
        pass.Planes is null && pass.Panels.Columns >= pass.Panels.Lanes && (long)pass.Panels.Depth * pass.Panels.Columns > NearWeights;

    // Of one example.
    private static int SitesOf(IEnumerable<Sweep> passes)
    {
        var sites = 0;
        foreach (var pass in passes)
            sites += pass.Rows * pass.Columns;
        return sites;
    }

    /// <summary>
    /// At the sites of all passes: output = then(bias + taps of the input x weights). Every block of weights is read once for some
    /// examples. A null bias is none.
    /// </summary>
    public static void Run<F>(Sweep[] passes, float* x, int inputs, float* y, int outputs, int examples, float* bias, F then)
        where F : struct, IElementwise
    {
        var weights = passes[0].Panels;
        var share = Math.Max(1, Math.Min(MostTogether / SitesOf(passes), NearInputs / inputs));
        var parts = (examples + share - 1) / share;
        for (var part = 0; part < parts; part++)
        {
            var (first, end) = (examples * part / parts, examples * (part + 1) / parts);
            var from = x + (nint)first * inputs;
            var to = y + (nint)first * outputs;
            if (weights.Lanes == 16)
                Run<Vector512<float>, Width512, Vector512Math, F>(passes, from, inputs, to, outputs, end - first, bias, then);
            else if (weights.Lanes == 8)
                Run<Vector256<float>, Width256, Vector256Math, F>(passes, from, inputs, to, outputs, end - first, bias, then);
            else
                Run<Vector128<float>, Width128, Vector128Math, F>(passes, from, inputs, to, outputs, end - first, bias, then);
        }
        GC.KeepAlive(weights);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V, L, M, F>(Sweep[] passes, float* x, int inputs, float* y, int outputs, int examples, float* bias, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var places = stackalloc float*[MostTogether];
        var outs = stackalloc float*[MostTogether];
        var zero = stackalloc float[Tile.MaxVectors * L.Count];
        if (bias == null)
            new Span<float>(zero, Tile.MaxVectors * L.Count).Clear();
        var located = 0;
        foreach (var pass in passes)
        {
            var sites = pass.Sites(x, inputs, y, outputs, examples);
            sites.Locate(0, sites.Count, places + located, outs + located);
            located += sites.Count;
        }
        var weights = passes[0].Panels.View;
        var b = weights.Start;
        for (var vector = 0; vector < weights.Vectors; vector += 2, b += (nint)2 * L.Count * weights.Depth)
        {
            var column = weights.Column(vector);
            var start = bias == null ? zero - column : bias;
            var a = places;
            var to = outs;
            foreach (var pass in passes)
            {
                var count = examples * pass.Rows * pass.Columns;
                if (vector + 1 == weights.Vectors)
                    Narrow<V, L, M, F>(count, a, pass.Taps, b, start, null, to, column, then);
                else
                    Wide<V, L, M, F>(count, a, pass.Taps, b, start, null, to, column, weights.Column(vector + 1) - column, then);
                a += count;
                to += count;
            }
        }
    }
}
