using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>Convolutions and their transposes over a batch of examples, [height][width][channels] each.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Convolve
{
    /// <summary>Floats of input that are worked on at a time, in every pass over them.</summary>
    private const int NearInputs = 1 << 16;

    /// <summary>y = filters * x + b, a cross-correlation as in PyTorch, or its transpose.</summary>
    /// <param name="x">[rows][height][width][channels]; for transposed filters [rows][outHeight][outWidth][filters].</param>
    /// <param name="filters">The packed weight and its window.</param>
    /// <param name="bias">One for each channel of y, or empty for none.</param>
    /// <param name="y">Out, [rows][outHeight][outWidth][filters]; for transposed filters [rows][height][width][channels]. Must not overlap
    /// x.</param>
    /// <param name="rows">How many examples. No example's bits depend on the others.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Affine(ReadOnlySpan<float> x, Filters filters, ReadOnlySpan<float> bias, Span<float> y, int rows) =>
        Affine(x, filters, bias, y, rows, default(Ops.Identity));

    /// <summary>y = then(filters * x + b), in one pass over y.</summary>
    /// <inheritdoc cref="Affine(ReadOnlySpan{float}, Filters, ReadOnlySpan{float}, Span{float}, int)"/>
    public static void Affine<F>(ReadOnlySpan<float> x, Filters filters, ReadOnlySpan<float> bias, Span<float> y, int rows, F then)
        where F : struct, IElementwise
    {
        Product.Check(x, filters.Inputs, bias, filters.After.Channels, y, filters.Outputs, rows);
        var border = filters.Border;
        var size = border.Extent.Size;
        var share = Math.Clamp(NearInputs / size, 1, Math.Max(1, rows));
        // What is read channel by channel gets its border there.
        var surrounds = !border.IsEmpty && filters.ReadsTiles;
        using var scratch = Scratch.Rent(surrounds ? share * size : 0);
        scratch.Span.Clear();
        using var repeated = Repeat(bias, filters);
        fixed (float* input = x, once = bias, output = y)
        {
            var start = repeated.Span.IsEmpty ? once : repeated.Start;
            for (var first = 0; first < rows; first += share)
            {
                var some = Math.Min(share, rows - first);
                var from = input + (nint)first * filters.Inputs;
                var to = output + (nint)first * filters.Outputs;
                if (filters.ReadsTiles)
                    Passes(surrounds ? Surround(from, scratch.Start, some, filters) : from, size, filters, start, to, some, then);
                if (filters.ReadsPlanes)
                    InPlanes(from, filters, start, to, some, then);
            }
        }
    }

    /// <summary>The bias as often as the passes fold outputs, where they do.</summary>
    private static Scratch Repeat(ReadOnlySpan<float> bias, Filters filters)
    {
        if (bias.IsEmpty || filters.Fold == 1)
            return default;
        var channels = filters.After.Channels;
        var repeated = Scratch.Rent(filters.Fold * channels);
        for (var i = 0; i < filters.Fold; i++)
            bias[..channels].CopyTo(repeated.Span[(i * channels)..]);
        return repeated;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Passes<F>(float* x, int size, Filters filters, float* bias, float* y, int rows, F then)
        where F : struct, IElementwise
    {
        foreach (var passes in filters.Together)
        {
            var pass = passes[0];
            var start = bias == null ? null : bias + pass.Channel;
            var sites = pass.Sites(x, size, y, filters.Outputs, rows);
            if (passes.Length > 1)
                Product.Run(passes, x, size, y, filters.Outputs, rows, start, then);
            else if (filters.IsDepthwise)
                Depthwise.Run(pass.Panels.View, pass.Taps, sites, start, then);
            else if (pass.Planes is not { IsWhole: true })
                Product.Run(pass.Planes?.Before ?? pass.Panels.View, pass.Taps, sites, start, then);
        }
        GC.KeepAlive(filters);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InPlanes<F>(float* x, Filters filters, float* bias, float* y, int rows, F then)
        where F : struct, IElementwise
    {
        // The last vector of the last plane may reach beyond.
        var size = filters.Border.Extent.Size;
        using var planes = Scratch.Rent(size + Width.Most);
        planes.Span[(filters.Border.IsEmpty ? size : 0)..].Clear();
        for (var row = 0; row < rows; row++, x += filters.Inputs, y += filters.Outputs)
        {
            Planes.Turn(x, planes.Start, filters.Before, filters.Border);
            foreach (var pass in filters.Passes)
                pass.Planes?.Run(planes.Start, bias == null ? null : bias + pass.Channel, y, then);
        }
        GC.KeepAlive(filters);
    }

    /// <summary>Copies examples to where zeros surround each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float* Surround(float* x, float* surrounded, int rows, Filters filters)
    {
        var (before, surroundedBy) = (filters.Before, filters.Border);
        var line = before.Width * before.Channels;
        var pitch = (nint)surroundedBy.Extent.Width * before.Channels;
        var to = surrounded + surroundedBy.Top * pitch + surroundedBy.Left * before.Channels;
        for (var row = 0; row < rows; row++, to += (surroundedBy.Extent.Height - before.Height) * pitch)
        {
            for (var i = 0; i < before.Height; i++, x += line, to += pitch)
                new ReadOnlySpan<float>(x, line).CopyTo(new Span<float>(to, line));
        }
        return surrounded;
    }
}
