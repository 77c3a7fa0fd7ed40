using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>
/// What ConvTranspose1d and ConvTranspose2d have in common: a convolution from the result's shape to the input's, gone through backwards,
/// whose filters are the input's channels.
/// </summary>
internal abstract class ConvTranspose(int rank, string takes) : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (x, groups, filters) = (inputs[0], settings.Int("groups", 1), settings.Int("filters"));
        if (x.Rank != rank)
            return $"takes {takes}, not {x}";
        if (filters < 1)
            return $"has {filters} filters, but needs at least 1";
        if (groups < 1 || x[0] % groups != 0 || filters % groups != 0)
            return $"has {groups} groups, which do not divide {x[0]} channels and {filters} filters";
        if (Window.ComplainOfPads(settings) is { } complaint)
            return complaint;
        foreach (var side in Sides)
        {
            var length = x[rank - 1 - (side.Length == 0 ? Sides.Length - 1 : 0)];
            var ((kernel, stride, pad, padEnd, dilation), outputPad) = (Along(settings, side, length), OutputPad(settings, side));
            if (kernel < 1 || stride < 1 || dilation < 1 || pad < 0 || outputPad < 0)
                return $"needs a window, stride and dilation of at least 1 and pads of at least 0, not window {kernel}, stride {stride}, "
                    + $"dilation {dilation}, pad {pad}, output pad {outputPad}";
            if (outputPad >= stride)
                return $"has an output pad of {outputPad}, which must be below its stride of {stride}";
            if (Spread(settings, side, length) is var size && (size < 1 || size + pad + padEnd > Shape.MostElements))
                return $"makes {size} elements of a length of {length}";
        }
        return null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var axes = inputs[0].ToArray();
        axes[0] = settings.Int("filters");
        axes[1] = (int)Spread(settings, "", axes[1]);
        if (rank == 3)
            axes[2] = (int)Spread(settings, "Width", axes[2]);
        return new Shape(axes);
    }

    public override int Expand(Expansion x)
    {
        var window = Window.Of(x.Shape, x.Node.Settings, x.Node.Settings.Int("kernel"), x.InputShape(0)[0]);
        return x.AddTransposed(Registry.Convolve, window, x.Inputs[0]);
    }

    private string[] Sides => rank == 2 ? [""] : ["", "Width"];

    private static Window.Side Along(Settings s, string side, int length) => Window.Along(s, side, s.Int("kernel"), length);

    private static int OutputPad(Settings s, string side) =>
        s.Int("outputPad" + side, -1) is var number && number >= 0 ? number : s.Int("outputPad");

    /// <summary>
    /// The length whose windows are as many as an axis has elements; where the pads follow from it, the length times the stride.
    /// </summary>
    private static long Spread(Settings settings, string side, int length)
    {
        var (kernel, stride, pad, padEnd, dilation) = Along(settings, side, length);
        return settings.Int("padding") > 0
            ? (long)length * stride
            : (length - 1L) * stride - pad - padEnd + dilation * (kernel - 1L) + OutputPad(settings, side) + 1;
    }
}

/// <summary>The way back through a convolution over [channels, length].</summary>
internal sealed class ConvTranspose1d() : ConvTranspose(2, "[channels, length]")
{
    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.ConvTranspose1d(inputs[0], settings.Int("filters"), settings.Int("kernel"), settings.Int("groups", 1),
            settings.Flag("bias", true));

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 5)), Settings.Of(("filters", 4), ("kernel", 3), ("stride", 2), ("outputPad", 1))),
        new(EquatableArray.Of(new Shape(4, 6)),
            Settings.Of(("filters", 2), ("kernel", 3), ("pad", 1), ("dilation", 2), ("groups", 2), ("bias", 0))),
        new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("filters", 2), ("kernel", 2), ("stride", 3), ("padding", 1))),
    ];
}

/// <summary>The way back through a convolution over [channels, height, width].</summary>
internal sealed class ConvTranspose2d() : ConvTranspose(3, "[channels, height, width]")
{
    public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
        LayerParameters.ConvTranspose2d(inputs[0], settings.Int("filters"), settings.Int("kernel"), settings.Int("kernelWidth"),
            settings.Int("groups", 1), settings.Flag("bias", true));

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(3, 4, 5)), Settings.Of(("filters", 2), ("kernel", 2), ("stride", 2))),
        new(EquatableArray.Of(new Shape(2, 4, 3)), Settings.Of(("filters", 4), ("kernel", 3), ("stride", 2), ("pad", 1), ("outputPad", 1),
            ("groups", 2), ("strideWidth", 3), ("outputPadWidth", 2))),
        new(EquatableArray.Of(new Shape(2, 3, 4)),
            Settings.Of(("filters", 3), ("kernel", 4), ("kernelWidth", 3), ("stride", 2), ("pad", 1), ("padEnd", 0), ("padWidthEnd", 2))),
    ];
}
