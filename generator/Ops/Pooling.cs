using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>What the pools have in common: a window over each channel.</summary>
internal abstract class Pooling(int rank, string takes) : Op
{
    protected abstract Op Core { get; }

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        if (inputs[0].Rank != rank)
            return $"takes {takes}, not {inputs[0]}";
        foreach (var (name, least) in floors)
        {
            if (settings.Int(name, least) < least)
                return $"has a {name} of {settings.Int(name)}, but needs at least {least}";
        }
        var geometry = Geometry(inputs[0], settings);
        return settings.Int("stride") < 0 ? $"has a stride of {settings.Int("stride")}, but needs at least 1, or 0 for the window's size" :
            Window.ComplainOfPads(settings) ?? ComplainOfPads(settings) ?? Window.Complain(inputs[0], geometry) ??
            (Window.CoversOnlyPadding(inputs[0], geometry)
                ? "has a window that covers only padding; choose a smaller pad or dilation"
                : null);
    }

    // What may be left out, and the numbers that leave it out.
    private static readonly (string, int)[] floors =
        [("pad", 0), ("windowWidth", 0), ("strideWidth", 0), ("dilationWidth", 0), ("padWidth", -1), ("padEnd", -1), ("padWidthEnd", -1)];

    private static string? ComplainOfPads(Settings s)
    {
        var (window, width) = (s.Int("window"), s.Int("windowWidth") is var given && given > 0 ? given : s.Int("window"));
        foreach (var name in new[] { "pad", "padEnd", "padWidth", "padWidthEnd" })
        {
            var size = name.Contains("Width") ? width : window;
            if (2L * s.Int(name) > size)
                return $"has a pad of {s.Int(name)}, more than half of its window of {size}";
        }
        return null;
    }

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        Window.Output(inputs[0], Geometry(inputs[0], settings));

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        settings.Flag("countPadding", true) || this is not (AvgPool1d or AvgPool2d)
            ? Window.Follow(inputs[0], settings, settings.Int("window"), axes[0])
            : Positions.Mixed;

    public override int Expand(Expansion x) => Mask.Of(x) is null
        ? x.Add(Core, Geometry(x.InputShape(0), x.Node.Settings), x.Inputs[0])
        : Expand(x, Core == Registry.MaxWindow);

    // What is past the end never wins, as padding does not, or counts as zeros.
    private int Expand(Expansion x, bool isMax)
    {
        var (settings, shape) = (x.Node.Settings, x.InputShape(0));
        var pooled = x.Add(Core, Geometry(shape, settings), isMax ? Mask.PresentOrLowest(x) : Mask.Present(x));
        return isMax
            ? x.Product(pooled,
                Mask.Spread(x, Mask.After(x, Window.Follow(shape, settings, settings.Int("window"), Mask.Axis(x))), x.Shape))
            : pooled;
    }

    private static Settings Geometry(Shape x, Settings s) => Window.Of(x, s, s.Int("window"), x[0], s.Flag("ceil"));

    // Windows that are no squares, with other pads on each side.
    protected static IEnumerable<Example> Rectangles(params (string, double)[] more) =>
    [
        new(EquatableArray.Of(new Shape(2, 6, 7)), Settings.Of([("window", 2), ("windowWidth", 4), ("stride", 1), ("strideWidth", 3),
            ("pad", 1), ("padEnd", 0), ("padWidth", 2), ("padWidthEnd", 1), .. more])),
        new(EquatableArray.Of(new Shape(2, 5, 6)),
            Settings.Of([("window", 2), ("windowWidth", 3), ("dilationWidth", 2), ("padding", 1), .. more])),
    ];

    protected static IEnumerable<Example> Overlapping(Shape x, params (string, double)[] more) =>
    [
        new(EquatableArray.Of(x), Settings.Of(("window", 2))),
        new(EquatableArray.Of(x), Settings.Of([("window", 3), ("stride", 2), ("pad", 1), ("ceil", 1), .. more])),
    ];
}

/// <summary>The largest value under a window along [channels, length].</summary>
internal sealed class MaxPool1d() : Pooling(2, "[channels, length]")
{
    protected override Op Core => Registry.MaxWindow;

    public override IEnumerable<Example> Examples => [.. Overlapping(new Shape(3, 8), ("dilation", 2)),
        new(EquatableArray.Of(new Shape(2, 8)), Settings.Of(("window", 3), ("stride", 2), ("padding", 2)))];
}

/// <summary>The largest value under a window over [channels, height, width].</summary>
internal sealed class MaxPool2d() : Pooling(3, "[channels, height, width]")
{
    protected override Op Core => Registry.MaxWindow;

    public override IEnumerable<Example> Examples => [.. Overlapping(new Shape(2, 6, 7)), .. Rectangles()];
}

/// <summary>The mean under a window along [channels, length].</summary>
internal sealed class AvgPool1d() : Pooling(2, "[channels, length]")
{
    protected override Op Core => Registry.AverageWindow;

    public override IEnumerable<Example> Examples => [.. Overlapping(new Shape(3, 8), ("countPadding", 0)),
        new(EquatableArray.Of(new Shape(2, 8)), Settings.Of(("window", 3), ("stride", 2), ("padEnd", 1)))];
}

/// <summary>The mean under a window over [channels, height, width].</summary>
internal sealed class AvgPool2d() : Pooling(3, "[channels, height, width]")
{
    protected override Op Core => Registry.AverageWindow;

    public override IEnumerable<Example> Examples =>
        [.. Overlapping(new Shape(2, 6, 7), ("countPadding", 1)), .. Rectangles(("countPadding", 0))];
}

/// <summary>The mean of each channel.</summary>
internal sealed class GlobalAvgPool : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank < 2 ? $"takes [channels, ...] with at least two axes, not {inputs[0]}" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(inputs[0][0]);

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        axes[0] == 0 ? Ops.Along.Apart(0) : Positions.Gathered;

    public override int Expand(Expansion x)
    {
        var shape = x.InputShape(0);
        var each = shape.Size / shape[0];
        var rows = x.Reshape(Mask.Present(x), new Shape(shape[0], each));
        if (Mask.Of(x) is not { } mask)
            return x.Reshape(x.Sum(rows, 1, 1.0 / each), x.Shape);
        var share = x.Apply(Functions.Reciprocal, x.Sum(mask, 0, each / shape[Mask.Axis(x)]));
        return x.Product(x.Reshape(x.Sum(rows, 1, 1), x.Shape), x.SpreadTo(share, x.Shape));
    }

    public override IEnumerable<Example> Examples =>
        [new(EquatableArray.Of(new Shape(3, 4, 5)), Settings.None), new(EquatableArray.Of(new Shape(3, 4)), Settings.None)];
}

/// <summary>The largest value of each channel.</summary>
internal sealed class GlobalMaxPool : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank < 2 ? $"takes [channels, ...] with at least two axes, not {inputs[0]}" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => new(inputs[0][0]);

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        axes[0] == 0 ? Ops.Along.Apart(0) : Positions.Gathered;

    public override int Expand(Expansion x)
    {
        var shape = x.InputShape(0);
        var length = shape.Size / shape[0];
        var rows = x.Reshape(Mask.PresentOrLowest(x), new Shape(shape[0], length));
        var window = Window.Of(new Shape(shape[0], length), Settings.Of(("window", length)), length, shape[0]);
        return x.Reshape(x.Add(Registry.MaxWindow, window, rows), x.Shape);
    }

    public override IEnumerable<Example> Examples =>
        [new(EquatableArray.Of(new Shape(3, 4, 5)), Settings.None), new(EquatableArray.Of(new Shape(3, 4)), Settings.None)];
}
