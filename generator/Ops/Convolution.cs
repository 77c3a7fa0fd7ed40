using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>What Conv1d and Conv2d have in common.</summary>
internal abstract class Convolution(int rank, string takes) : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings)
    {
        var (x, groups, filters) = (inputs[0], settings.Int("groups", 1), settings.Int("filters"));
        return x.Rank != rank ? $"takes {takes}, not {x}" :
            filters < 1 ? $"has {filters} filters, but needs at least 1" :
            groups < 1 || x[0] % groups != 0 || filters % groups != 0
                ? $"has {groups} groups, which do not divide {x[0]} channels and {filters} filters" :
            Window.ComplainOfPads(settings) is { } complaint ? complaint :
            settings.Flag("oneHot") && (groups != 1 || !settings.Flag("bias", true) || IsPadded(Geometry(x, settings)))
                ? "is normalised for one-hot inputs, which needs a bias, one group and no padding" :
            Window.Complain(x, Geometry(x, settings));
    }

    private static bool IsPadded(Settings w) => w.Int("padWidth") > 0 || w.Int("padWidthEnd") > 0;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        Window.Output(inputs[0], Geometry(inputs[0], settings));

    public override Along Along(IReadOnlyList<Shape> inputs, Settings settings, IReadOnlyList<int> axes) =>
        Window.Follow(inputs[0], settings, settings.Int("kernel"), axes[0]);

    public override int Expand(Expansion x) =>
        x.AddWeighted(Registry.Convolve, Geometry(x.InputShape(0), x.Node.Settings), Mask.Present(x));

    private static Settings Geometry(Shape x, Settings settings) =>
        Window.Of(x, settings, settings.Int("kernel"), settings.Int("filters"));
}
