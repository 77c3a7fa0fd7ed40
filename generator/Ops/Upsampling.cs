using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Ops;

/// <summary>What the upsamplings have in common: all axes but the channels grow by a whole factor, each by itself.</summary>
internal abstract class Upsampling : Op
{
    protected abstract string? Rank(Shape x);

    /// <summary>The taps of each new place along an axis of a size, and their weights; none where all are 1.</summary>
    protected abstract (int Taps, int[] Indices, double[] Weights) Places(int size, Settings settings);

    public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
        Rank(inputs[0]) ?? (settings.Int("scale") is var scale && scale < 1 ? $"has a scale of {scale}, but needs at least 1" :
            inputs[0].ToArray().Skip(1).Max() * (long)scale is var places && places > MostPlaces
                ? $"makes {places} places along an axis, each of which is written into code: at most {MostPlaces}"
                : null);

    private const int MostPlaces = Expansion.MostNumbers / 4;

    public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) =>
        new(inputs[0].ToArray().Select((size, axis) => axis == 0 ? size : Shape.Axis((long)size * settings.Int("scale"))).ToArray());

    public override int Expand(Expansion x)
    {
        var y = x.Inputs[0];
        for (var axis = 1; axis < x.Shape.Rank; axis++)
        {
            var (taps, indices, weights) = Places(x.InputShape(0)[axis], x.Node.Settings);
            y = x.Resample(y, axis, taps, indices, weights);
        }
        return y;
    }
}

/// <summary>Each value repeated.</summary>
internal sealed class UpsampleNearest : Upsampling
{
    protected override string? Rank(Shape x) =>
        x.Rank is 2 or 3 ? null : $"takes [channels, length] or [channels, height, width], not {x}";

    protected override (int, int[], double[]) Places(int size, Settings settings)
    {
        var scale = settings.Int("scale");
        return (1, Enumerable.Range(0, size * scale).Select(place => place / scale).ToArray(), []);
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(2, 3, 2)), Settings.Of(("scale", 2))),
        new(EquatableArray.Of(new Shape(3, 4)), Settings.Of(("scale", 3))),
    ];
}

/// <summary>Between values in straight lines along each axis.</summary>
internal sealed class UpsampleBilinear : Upsampling
{
    protected override string? Rank(Shape x) => x.Rank == 3 ? null : $"takes [channels, height, width], not {x}";

    protected override (int, int[], double[]) Places(int size, Settings settings)
    {
        var (scale, corners) = (settings.Int("scale"), settings.Flag("alignCorners"));
        var (indices, weights) = (new List<int>(), new List<double>());
        for (var place = 0; place < size * scale; place++)
        {
            var at = corners
                ? size * scale == 1 ? 0 : place * (size - 1.0) / (size * scale - 1)
                : Math.Max(0, (place + 0.5) / scale - 0.5);
            var low = Math.Min((int)at, size - 1);
            indices.AddRange([low, Math.Min(low + 1, size - 1)]);
            weights.AddRange([1 - (at - low), at - low]);
        }
        return (2, indices.ToArray(), weights.ToArray());
    }

    public override IEnumerable<Example> Examples =>
    [
        new(EquatableArray.Of(new Shape(2, 3, 2)), Settings.Of(("scale", 2))),
        new(EquatableArray.Of(new Shape(1, 2, 3)), Settings.Of(("scale", 3), ("alignCorners", 1))),
    ];
}
