using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>The geometry of a sliding window over one example, as the runtime's Window has it; one dimension is a height of 1.</summary>
internal static class Window
{
    /// <summary>The settings of a core operator, from those a user wrote and the shape [channels, height, width] or [channels, length].</summary>
    public static Settings Of(Shape x, Settings s, int kernel, int filters, bool ceil = false)
    {
        var flat = x.Rank == 2;
        var stride = s.Int("stride") is var given && given > 0 ? given : s.Has("window") ? kernel : 1;
        var (pad, dilation) = (s.Int("pad"), s.Int("dilation", 1));
        return Settings.Of(
            ("channels", x[0]), ("height", flat ? 1 : x[1]), ("width", x[x.Rank - 1]), ("filters", filters),
            ("kernelHeight", flat ? 1 : kernel), ("kernelWidth", Positive(s, "kernelWidth", kernel)),
            ("strideHeight", flat ? 1 : stride), ("strideWidth", Positive(s, "strideWidth", stride)),
            ("padHeight", flat ? 0 : pad), ("padWidth", s.Int("padWidth", -1) >= 0 ? s.Int("padWidth") : pad),
            ("dilationHeight", flat ? 1 : dilation), ("dilationWidth", Positive(s, "dilationWidth", dilation)),
            ("groups", s.Int("groups", 1)), ("flat", flat ? 1 : 0), ("ceil", ceil ? 1 : 0), ("countPadding", s.Flag("countPadding", true) ? 1 : 0));
    }

    /// <summary>What a window's settings are unless something else was written; only what differs is worth saying.</summary>
    public static bool IsUsual(Setting item) => item.Values[0].Equals(item.Name switch
    {
        "channels" or "height" or "width" or "kernelHeight" or "kernelWidth" or "strideHeight" or "strideWidth" or "dilationHeight" or "dilationWidth" or "groups" or "countPadding" => 1,
        "padHeight" or "padWidth" or "ceil" => 0,
        _ => double.NaN,
    }) || item.Name == "flat";

    private static int Positive(Settings s, string name, int otherwise) => s.Int(name) > 0 ? s.Int(name) : otherwise;

    public static int OutHeight(Settings w) => Out(w, "height", "Height");

    public static int OutWidth(Settings w) => Out(w, "width", "Width");

    private static int Out(Settings w, string length, string side) =>
        Shape.Windows(w.Int(length), w.Int("kernel" + side), w.Int("stride" + side), w.Int("pad" + side), w.Int("dilation" + side), w.Flag("ceil"));

    /// <summary>[filters, outHeight, outWidth], or [filters, outLength] where the input has two axes.</summary>
    public static Shape Output(Shape x, Settings w) =>
        x.Rank == 2 ? new Shape(w.Int("filters"), OutWidth(w)) : new Shape(w.Int("filters"), OutHeight(w), OutWidth(w));

    /// <summary>What is wrong with a window over this input, or null.</summary>
    public static string? Complain(Shape x, Settings w)
    {
        foreach (var side in x.Rank == 2 ? new[] { "Width" } : ["Height", "Width"])
        {
            var length = w.Int(side == "Height" ? "height" : "width");
            var (kernel, pad, dilation) = (w.Int("kernel" + side), w.Int("pad" + side), w.Int("dilation" + side));
            if (kernel < 1 || w.Int("stride" + side) < 1 || dilation < 1 || pad < 0)
                return $"needs a window, stride and dilation of at least 1 and a pad of at least 0, not window {kernel}, stride {w.Int("stride" + side)}, dilation {dilation}, pad {pad}";
            if (Out(w, side == "Height" ? "height" : "width", side) < 1)
                return $"has a window of {(kernel - 1) * dilation + 1} over a {(x.Rank == 2 ? "length" : side.ToLowerInvariant())} of {length}{(pad > 0 ? $" padded to {length + 2 * pad}" : "")}";
        }
        return null;
    }
}
