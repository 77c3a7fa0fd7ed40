using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>The geometry of a sliding window over one example, as the runtime's Window has it; one dimension is a height of 1.</summary>
internal static class Window
{
    /// <summary>
    /// The settings of a core operator, from those a user wrote and the shape [channels, height, width] or [channels, length].
    /// </summary>
    public static Settings Of(Shape x, Settings s, int kernel, int filters, bool ceil = false)
    {
        var flat = x.Rank == 2;
        var down = flat ? new Side(1, 1, 0, 0, 1) : Along(s, "", kernel, x[1]);
        var across = Along(s, "Width", kernel, x[x.Rank - 1]);
        var window = Settings.Of(
            ("channels", x[0]), ("height", flat ? 1 : x[1]), ("width", x[x.Rank - 1]), ("filters", filters),
            ("kernelHeight", down.Kernel), ("kernelWidth", across.Kernel),
            ("strideHeight", down.Stride), ("strideWidth", across.Stride),
            ("padHeight", down.Pad), ("padWidth", across.Pad),
            ("dilationHeight", down.Dilation), ("dilationWidth", across.Dilation),
            ("groups", s.Int("groups", 1)), ("flat", flat ? 1 : 0), ("ceil", ceil ? 1 : 0),
            ("countPadding", s.Flag("countPadding", true) ? 1 : 0));
        return WithEnd(WithEnd(window, "padHeight", down), "padWidth", across);
    }

    // Said only where it differs from the pad before.
    private static Settings WithEnd(Settings window, string pad, Side side) =>
        side.PadEnd == side.Pad ? window : window.With(pad + "End", side.PadEnd);

    /// <summary>A window along one axis.</summary>
    internal readonly record struct Side(int Kernel, int Stride, int Pad, int PadEnd, int Dilation);

    /// <summary>
    /// What the user's settings say of one axis, of the height or length ("") or of the width ("Width"), which is like the height in what
    /// is not said of it.
    /// </summary>
    public static Side Along(Settings s, string side, int kernel, int length)
    {
        var isWidth = side.Length > 0;
        var isPool = s.Has("window");
        if (isWidth)
            kernel = Positive(s, isPool ? "windowWidth" : "kernelWidth", kernel);
        var stride = Positive(s, "stride" + side, Positive(s, "stride", isPool ? kernel : 1));
        var dilation = Positive(s, "dilation" + side, s.Int("dilation", 1));
        var (pad, padEnd) = PadsOf(s, isWidth);
        if ((Pads)s.Int("padding") is Pads.Same or Pads.SameLower && kernel > 0 && dilation > 0)
            (pad, padEnd) = Shape.Same(length, kernel, stride, dilation, s.Int("padding") == (int)Pads.SameLower);
        return new(kernel, stride, pad, padEnd, dilation);
    }

    /// <summary>
    /// What a window does along an axis whose number of positions varies: it reads what is past the end as padding, and has as many places
    /// as over an input of that length. Refused where its pads depend on the length, or a last, partial window counts.
    /// </summary>
    public static Along Follow(Shape x, Settings s, int kernel, int axis)
    {
        var side = Along(s, axis == x.Rank - 1 ? "Width" : "", kernel, x[axis]);
        if (axis == 0 || s.Flag("ceil") || s.Int("padding") != (int)Pads.Explicit && side.Stride > 1)
            return Positions.Mixed;
        return new(Positions.Weighed, axis, side.Stride, (side.Kernel - 1) * side.Dilation - side.Pad - side.PadEnd);
    }

    private static (int Pad, int PadEnd) PadsOf(Settings s, bool isWidth)
    {
        var pad = s.Int("pad");
        var padEnd = Given(s, "padEnd", pad);
        return !isWidth ? (pad, padEnd) :
            s.Int("padWidth", -1) is var padWidth && padWidth >= 0 ? (padWidth, Given(s, "padWidthEnd", padWidth)) :
            (pad, Given(s, "padWidthEnd", padEnd));
    }

    private static int Given(Settings s, string name, int otherwise) => s.Int(name, -1) is var number && number >= 0 ? number : otherwise;

    private static int Positive(Settings s, string name, int otherwise) => s.Int(name) > 0 ? s.Int(name) : otherwise;

    /// <summary>The runtime's PaddingRule.</summary>
    private enum Pads
    {
        Explicit,
        Same,
        SameLower,
    }

    /// <summary>What is wrong with the pads as the user wrote them, or null.</summary>
    public static string? ComplainOfPads(Settings s)
    {
        var padding = s.Int("padding");
        if (padding is < (int)Pads.Explicit or > (int)Pads.SameLower)
            return $"knows no padding {padding}; it is PaddingRule.Explicit, PaddingRule.Same or PaddingRule.SameLower";
        return padding != (int)Pads.Explicit && pads.Any(name => s.Int(name) > 0)
            ? $"takes pads or PaddingRule.{(Pads)padding}, which finds them, not both"
            : null;
    }

    private static readonly string[] pads = ["pad", "padEnd", "padWidth", "padWidthEnd", "outputPad", "outputPadWidth"];

    /// <summary>What a window's settings are unless something else was written; only what differs is worth saying.</summary>
    public static bool IsUsual(Setting item) => item.Values[0].Equals(item.Name switch
    {
        "channels" or "height" or "width" or "kernelHeight" or "kernelWidth" or "strideHeight" or "strideWidth" or "dilationHeight"
            or "dilationWidth" or "groups" or "countPadding" => 1,
        "padHeight" or "padWidth" or "ceil" => 0,
        _ => double.NaN,
    }) || item.Name == "flat";

    /// <summary>Whether a pool's setting is the number that leaves it out.</summary>
    public static bool IsUnsaid(Setting item) => item.Name switch
    {
        "windowWidth" or "strideWidth" or "dilationWidth" or "padding" => item.Values[0] == 0,
        "positions" => true,
        "padWidth" or "padEnd" or "padWidthEnd" => item.Values[0] < 0,
        _ => false,
    };

    public static int OutHeight(Settings w) => Out(w, "height", "Height");

    public static int OutWidth(Settings w) => Out(w, "width", "Width");

    private static int Out(Settings w, string length, string side) =>
        Shape.Windows(
            w.Int(length), w.Int("kernel" + side), w.Int("stride" + side), w.Int("pad" + side), w.Int("dilation" + side), w.Flag("ceil"),
            PadEnd(w, side));

    private static int PadEnd(Settings w, string side) => w.Int($"pad{side}End", w.Int("pad" + side));

    /// <summary>[filters, outHeight, outWidth], or [filters, outLength] where the input has two axes.</summary>
    public static Shape Output(Shape x, Settings w) =>
        x.Rank == 2 ? new Shape(w.Int("filters"), OutWidth(w)) : new Shape(w.Int("filters"), OutHeight(w), OutWidth(w));

    /// <summary>What is wrong with a window over this input, or null.</summary>
    public static string? Complain(Shape x, Settings w)
    {
        foreach (var side in x.Rank == 2 ? new[] { "Width" } : ["Height", "Width"])
        {
            var length = w.Int(side == "Height" ? "height" : "width");
            var (kernel, pad, padEnd, dilation) = (w.Int("kernel" + side), w.Int("pad" + side), PadEnd(w, side), w.Int("dilation" + side));
            if (kernel < 1 || w.Int("stride" + side) < 1 || dilation < 1 || pad < 0)
                return $"needs a window, stride and dilation of at least 1 and a pad of at least 0, not window {kernel}, stride "
                    + $"{w.Int("stride" + side)}, dilation {dilation}, pad {pad}";
            if ((long)length + pad + padEnd > Shape.MostElements)
                return $"pads a {(x.Rank == 2 ? "length" : side.ToLowerInvariant())} of {length} by {pad} and {padEnd}, to more than "
                    + $"{Shape.MostElements} elements";
            if (Out(w, side == "Height" ? "height" : "width", side) < 1)
                return $"has a window of {(kernel - 1L) * dilation + 1} over a {(x.Rank == 2 ? "length" : side.ToLowerInvariant())} of "
                    + $"{length}{(pad + padEnd > 0 ? $" padded to {length + pad + padEnd}" : "")}";
        }
        return null;
    }

    /// <summary>Whether some window covers nothing but padding, so that it has no maximum and no mean.</summary>
    public static bool CoversOnlyPadding(Shape x, Settings w) =>
        x.Rank == 3 && CoversOnlyPadding(w, "height", "Height") || CoversOnlyPadding(w, "width", "Width");

    private static bool CoversOnlyPadding(Settings w, string axis, string side)
    {
        var (length, kernel, stride, dilation) = (w.Int(axis), w.Int("kernel" + side), w.Int("stride" + side), w.Int("dilation" + side));
        var windows = Out(w, axis, side);
        for (var i = 0; i < windows; i++)
        {
            var start = (long)i * stride - w.Int("pad" + side);
            var skipped = start < 0 ? (dilation - 1 - start) / dilation : 0;
            if (skipped >= kernel || start + skipped * dilation >= length)
                return true;
            // Windows that begin inside the axis are all alike, and of those before it that have no gaps the first covers least.
            if (start >= 0)
                i = Math.Max(i, windows - 2);
            else if (dilation == 1)
                i = Math.Max(i, Math.Min(windows - 2, (int)(-start / stride) - 1));
        }
        return false;
    }
}
