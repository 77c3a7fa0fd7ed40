namespace Whence.Kernels;

/// <summary>Convolutions and their transposes over a batch of examples, [height][width][channels] each.</summary>
public static unsafe class Convolve
{
    /// <summary>Floats of input that are worked on at a time, in every pass over them.</summary>
    private const int NearInputs = 1 << 16;

    /// <summary>y = filters * x + b, a cross-correlation as in PyTorch, or its transpose.</summary>
    /// <param name="x">[rows][height][width][channels]; for transposed filters [rows][outHeight][outWidth][filters].</param>
    /// <param name="filters">The packed weight and its window.</param>
    /// <param name="bias">One for each channel of y, or empty for none.</param>
    /// <param name="y">Out, [rows][outHeight][outWidth][filters]; for transposed filters [rows][height][width][channels]. Must not overlap x.</param>
    /// <param name="rows">How many examples. No example's bits depend on the others.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Affine(ReadOnlySpan<float> x, Filters filters, ReadOnlySpan<float> bias, Span<float> y, int rows) =>
        Affine(x, filters, bias, y, rows, default(Ops.Identity));

    /// <summary>y = then(filters * x + b), in one pass over y.</summary>
    /// <inheritdoc cref="Affine(ReadOnlySpan{float}, Filters, ReadOnlySpan{float}, Span{float}, int)"/>
    public static void Affine<F>(ReadOnlySpan<float> x, Filters filters, ReadOnlySpan<float> bias, Span<float> y, int rows, F then) where F : struct, IElementwise
    {
        Extent.Check(x, filters.Inputs, bias, filters.OutChannels, y, filters.Outputs, rows);
        var border = filters.Border;
        var size = border.Height * border.Width * filters.Channels;
        var share = Math.Clamp(NearInputs / size, 1, Math.Max(1, rows));
        using var scratch = Scratch.Rent(border.IsEmpty ? 0 : share * size);
        scratch.Span.Clear();
        fixed (float* input = x, start = bias, output = y)
        {
            for (var first = 0; first < rows; first += share)
            {
                var some = Math.Min(share, rows - first);
                var from = input + (nint)first * filters.Inputs;
                if (!border.IsEmpty)
                    from = Surround(from, scratch.Start, some, filters);
                Passes(from, size, filters, start, output + (nint)first * filters.Outputs, some, then);
            }
        }
    }

    private static void Passes<F>(float* x, int size, Filters filters, float* bias, float* y, int rows, F then) where F : struct, IElementwise
    {
        foreach (var pass in filters.Passes)
        {
            var sites = new Sites
            {
                Input = x + pass.Input,
                Output = y + pass.Output,
                Examples = rows,
                Height = pass.Rows,
                Width = pass.Columns,
                InputExample = size,
                InputRow = pass.InputRow,
                InputColumn = pass.InputColumn,
                OutputExample = filters.Outputs,
                OutputRow = pass.OutputRow,
                OutputColumn = pass.OutputColumn,
            };
            Product.Run(pass.Panels, pass.Taps, sites, bias == null ? null : bias + pass.Channel, then);
        }
        GC.KeepAlive(filters);
    }

    /// <summary>Copies examples to where zeros surround each.</summary>
    private static float* Surround(float* x, float* surrounded, int rows, Filters filters)
    {
        var border = filters.Border;
        var (height, width) = filters.IsTransposed ? (filters.Window.OutHeight, filters.Window.OutWidth) : (filters.Window.Height, filters.Window.Width);
        var line = width * filters.Channels;
        var pitch = (nint)border.Width * filters.Channels;
        var to = surrounded + border.Top * pitch + border.Left * filters.Channels;
        for (var row = 0; row < rows; row++, to += (border.Height - height) * pitch)
        {
            for (var i = 0; i < height; i++, x += line, to += pitch)
                new ReadOnlySpan<float>(x, line).CopyTo(new Span<float>(to, line));
        }
        return surrounded;
    }
}
