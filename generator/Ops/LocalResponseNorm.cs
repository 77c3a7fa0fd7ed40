using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>x times (k + alpha s)^-beta, s the mean or the sum of the squares of neighbouring channels.</summary>
internal sealed class LocalResponseNorm : Op
{
    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        inputs[0].Rank == 0 ? "takes [channels, ...], not a scalar" :
        settings.Int("size") < 1 ? $"has a size of {settings.Int("size")}, but needs at least 1" : null;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

    public override int Expand(Expansion x)
    {
        var (settings, value) = (x.Node.Settings, x.Inputs[0]);
        var size = settings.Int("size");
        var factor = settings.Number("alpha", 1e-4) / (settings.Flag("sum") ? 1 : size);
        var window = Settings.Of(("before", size / 2), ("after", (size - 1) / 2), ("factor", factor), ("offset", settings.Number("k", 1)));
        var divisor = x.Add(Registry.ChannelWindow, window, x.Apply(Functions.Square, value, RuleChoice.Rescale));
        var power = Functions.Pow(-settings.Number("beta", 0.75));
        return x.Product(value, x.Apply(power, divisor, RuleChoice.Rescale));
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(7, 3, 2)), Settings.Of(("size", 5), ("alpha", 0.3))),
        new(EquatableArray.Of(new Shape(9, 4)), Settings.Of(("size", 4), ("alpha", 0.5), ("beta", 0.6), ("k", 2))),
        new(EquatableArray.Of(new Shape(5)), Settings.Of(("size", 3), ("alpha", 1), ("beta", 0.5), ("sum", 1))),
    ];
}
