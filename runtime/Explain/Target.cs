namespace Whence;

using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.Json.Serialization;
using Whence.Json;

/// <summary>
/// What is explained: an output of the network and a weight for each of its units. By default the output's logits, the layer
/// before a final softmax, log-softmax or sigmoid (DeepLIFT, arXiv 1704.02685, section 3.6).
/// </summary>
[JsonConverter(typeof(TargetConverter))]
public readonly struct Target : IEquatable<Target>
{
    private enum Kind { None, Unit, Difference, Weights }

    private readonly Kind kind;
    private readonly int rank;
    private readonly int first;
    private readonly int second;
    private readonly int third;
    private readonly double[]? weights;
    private readonly string? layer;
    private readonly string? outputName;
    private readonly int output;
    private readonly bool throughOutput;
    private readonly bool meanCentred;
    // One more than the axis of the classes, so that the default says nothing.
    private readonly int classAxis;

    private Target(Kind kind, int rank, int first, int second, int third, double[]? weights, string? layer, string? outputName, int output,
        bool throughOutput, bool meanCentred, int classAxis = 0)
    {
        this.kind = kind;
        this.rank = rank;
        this.first = first;
        this.second = second;
        this.third = third;
        this.weights = weights;
        this.layer = layer;
        this.outputName = outputName;
        this.output = output;
        this.throughOutput = throughOutput;
        this.meanCentred = meanCentred;
        this.classAxis = classAxis;
    }

    private static Target At(int rank, int first, int second, int third, string? layer) =>
        new(Kind.Unit, rank, first, second, third, null, layer, null, 0, false, false);

    /// <summary>One unit, counted in the order of the values: the last axis runs fastest.</summary>
    public static Target Unit(int unit) => At(1, unit, 0, 0, null);

    /// <summary>One unit of an output [channels, length].</summary>
    public static Target Unit(int channel, int position) => At(2, channel, position, 0, null);

    /// <summary>One unit of an output [channels, height, width].</summary>
    public static Target Unit(int channel, int row, int column) => At(3, channel, row, column, null);

    /// <summary>One unit minus another: why the first rather than the second.</summary>
    public static Target Difference(int unit, int minus) => new(Kind.Difference, 1, unit, minus, 0, null, null, null, 0, false, false);

    /// <summary>Any weighted sum of units; one weight per unit of the output.</summary>
    public static Target Weights(params double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new(Kind.Weights, 0, 0, 0, 0, [.. weights], null, null, 0, false, false);
    }

    /// <summary>
    /// One unit of a named layer, counted in the order of the layer's values; of all calls, "Fc.*", they are [calls, ...], so that the
    /// units of the first call come first.
    /// </summary>
    public static Target Layer(string layer, int unit) => At(1, unit, 0, 0, Named(layer));

    /// <summary>One unit of a named layer [channels, length].</summary>
    public static Target Layer(string layer, int channel, int position) => At(2, channel, position, 0, Named(layer));

    /// <summary>One unit of a named layer [channels, height, width].</summary>
    public static Target Layer(string layer, int channel, int row, int column) => At(3, channel, row, column, Named(layer));

    /// <summary>
    /// A weighted sum of the units of a named layer, one weight for each; of all calls, "Fc.*", one for each unit of each call.
    /// </summary>
    public static Target LayerWeights(string layer, params double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new(Kind.Weights, 0, 0, 0, 0, [.. weights], Named(layer), null, 0, false, false);
    }

    /// <summary>The same units of another output of the network, by its place.</summary>
    public Target Of(int output) =>
        new(kind, rank, first, second, third, weights, null, null, output, throughOutput, meanCentred, classAxis);

    /// <summary>The same units of another output of the network, by its name.</summary>
    public Target Of(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return new(kind, rank, first, second, third, weights, null, output, 0, throughOutput, meanCentred);
    }

    /// <summary>The same units as Forward returns them, after a final softmax or sigmoid, rather than the logits.</summary>
    public Target OfOutput() => new(kind, rank, first, second, third, weights, layer, outputName, output, true, meanCentred, classAxis);

    /// <summary>
    /// The same less the mean over all classes, so that what speaks for every class alike counts for nothing (DeepLIFT, arXiv 1704.02685,
    /// section 3.6). The classes lie along the axis of the output's final softmax or log-softmax, also where it is moved, as by Permute;
    /// without one, along the only axis with more than one unit. Where there are several, and where no axis has the classes of one softmax
    /// alone, as behind Flatten, explaining throws: say which, with <see cref="MeanCentred(int)"/>.
    /// </summary>
    public Target MeanCentred() => new(kind, rank, first, second, third, weights, layer, outputName, output, throughOutput, true);

    /// <summary>The same less the mean over all classes, which lie along this axis, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative.</exception>
    public Target MeanCentred(int axis) => axis >= 0
        ? new(kind, rank, first, second, third, weights, layer, outputName, output, throughOutput, true, axis + 1)
        : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The axis of the classes is counted from 0, but is {axis}.");

    /// <summary>The index into <see cref="Signature.Points"/> of what is explained.</summary>
    internal int Point(Signature signature)
    {
        if (kind == Kind.None)
            throw new ArgumentException("The target is empty; say which unit to explain, such as Target.Unit(0).", "target");
        if (layer is not null && throughOutput)
            throw new ArgumentException($"The target is a unit of layer \"{layer}\", which OfOutput does not apply to; leave OfOutput out.",
                "target");
        if (layer is not null)
            return Check.Layer(signature, layer, "target");
        var index = outputName is null ? output : Named(signature, outputName);
        if ((uint)index >= (uint)signature.Outputs.Count)
            throw new ArgumentOutOfRangeException("target", index,
                $"The target asks for output {index}, but {signature.Name} has {signature.Outputs.Count}; they are counted from 0.");
        return throughOutput ? index : signature.Outputs.Count + index;
    }

    /// <summary>Writes the weight of each unit of the point; its shape is the point's.</summary>
    internal void Seed<T>(NetworkPoint point, Span<T> seed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        seed.Clear();
        switch (kind)
        {
            case Kind.Unit:
                seed[Index(point)] = T.One;
                break;
            case Kind.Difference:
                seed[Within(point, first)] += T.One;
                seed[Within(point, second)] -= T.One;
                break;
            default:
                Weigh(point, seed);
                break;
        }
        if (meanCentred)
            Centre(point, seed);
    }

    private void Weigh<T>(NetworkPoint point, Span<T> seed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weights!.Length != seed.Length)
            throw new ArgumentException($"The target gives {weights.Length} weights, but {point.Name} {point.Shape} has {seed.Length} "
                + "units; give one for each.", "target");
        for (var i = 0; i < seed.Length; i++)
        {
            if (!double.IsFinite(weights[i]))
                throw new ArgumentException($"The target's weights must be finite, but weight {i} is {weights[i]}.", "target");
            seed[i] = T.CreateTruncating(weights[i]);
        }
    }

    private void Centre<T>(NetworkPoint point, Span<T> seed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (seed.Length == 1 && classAxis == 0)
        {
            seed.Clear();
            return;
        }
        var axis = ClassAxis(point);
        var (classes, inner) = (point.Shape[axis], 1);
        for (var later = axis + 1; later < point.Shape.Rank; later++)
            inner *= point.Shape[later];
        for (var place = 0; place < seed.Length / classes; place++)
        {
            var line = seed[(place / inner * classes * inner + place % inner)..];
            var sum = 0.0;
            for (var c = 0; c < classes; c++)
                sum += double.CreateTruncating(line[c * inner]);
            for (var c = 0; c < classes; c++)
                line[c * inner] = T.CreateTruncating(double.CreateTruncating(line[c * inner]) - sum / classes);
        }
    }

    private int ClassAxis(NetworkPoint point)
    {
        var axis = classAxis > 0 ? classAxis - 1 : point.ClassAxis ?? OnlyAxis(point.Shape);
        if (classAxis == 0 && point.IsClassAxisLost)
            throw new ArgumentException($"The target is mean-centred, but no axis of {point.Name} {point.Shape} has the classes of its "
                + "softmax and nothing else; let Forward end with the softmax, or say over which axis the mean is: MeanCentred(axis: "
                + $"{Math.Max(axis, 0)}).", "target");
        if (axis < 0)
            throw new ArgumentException($"The target is mean-centred, but {point.Name} {point.Shape} has several axes and no final softmax "
                + $"says which is the classes'; say it: MeanCentred(axis: {point.Shape.Rank - 1}).", "target");
        return axis < point.Shape.Rank ? axis
            : throw new ArgumentOutOfRangeException("target", axis, $"The target is mean-centred over axis {axis}, but {point.Name} "
                + $"{point.Shape} has {point.Shape.Rank} axes; they are counted from 0.");
    }

    // The only axis with more than one unit, or -1.
    private static int OnlyAxis(Shape shape)
    {
        var found = -1;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] > 1 && found >= 0)
                return -1;
            if (shape[axis] > 1)
                found = axis;
        }
        return found;
    }

    private int Index(NetworkPoint point)
    {
        if (rank == 1)
            return Within(point, first);
        var shape = point.Shape;
        if (shape.Rank != rank)
            throw new ArgumentException($"The target gives {rank} indices, but {point.Name} {shape} has {shape.Rank} axes; give one index "
                + "for each, or a single one in the order of the values.", "target");
        var index = 0;
        for (var axis = 0; axis < rank; axis++)
        {
            var at = axis == 0 ? first : axis == 1 ? second : third;
            if ((uint)at >= (uint)shape[axis])
                throw new ArgumentOutOfRangeException("target", at, $"The target's index on axis {axis} is {at}, but {point.Name} {shape} "
                    + $"has {shape[axis]} there; they are counted from 0.");
            index = index * shape[axis] + at;
        }
        return index;
    }

    private static int Within(NetworkPoint point, int unit)
    {
        var size = Sizes.Of(point.Shape);
        return (uint)unit < (uint)size ? unit
            : throw new ArgumentOutOfRangeException("target", unit,
                $"The target is unit {unit}, but {point.Name} {point.Shape} has {size} units; they are counted from 0.");
    }

    private static string Named(string layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer;
    }

    private static int Named(Signature signature, string name)
    {
        for (var i = 0; i < signature.Outputs.Count; i++)
        {
            if (signature.Outputs[i].Name == name)
                return i;
        }
        throw new ArgumentException($"The target asks for output \"{name}\", but {signature.Name} has "
            + $"{Listing.Quoted(signature.Outputs.Select(tensor => tensor.Name))}.", "target");
    }

    /// <inheritdoc/>
    public bool Equals(Target other) =>
        kind == other.kind && rank == other.rank && first == other.first && second == other.second && third == other.third
        && weights.AsSpan().SequenceEqual(other.weights) && layer == other.layer && outputName == other.outputName
        && output == other.output
        && throughOutput == other.throughOutput
        && meanCentred == other.meanCentred
        && classAxis == other.classAxis;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Target other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(kind, rank, first, second, third, layer, outputName, output);

    /// <summary>The same target.</summary>
    public static bool operator ==(Target a, Target b) => a.Equals(b);

    /// <summary>Another target.</summary>
    public static bool operator !=(Target a, Target b) => !a.Equals(b);

    /// <summary>In words, such as "unit 7" or "unit 8 - unit 3 of the output, mean-centred".</summary>
    public override string ToString()
    {
        var unit = kind switch
        {
            Kind.None => "none",
            Kind.Difference => $"unit {first} - unit {second}",
            Kind.Weights => $"{weights!.Length} weights",
            _ => rank switch { 1 => $"unit {first}", 2 => $"unit [{first}, {second}]", _ => $"unit [{first}, {second}, {third}]" },
        };
        var where = layer is not null
            ? $" of layer {layer}"
            : outputName is not null ? $" of {outputName}" : output != 0 ? $" of output {output}" : "";
        return unit + where + (throughOutput ? ", as output" : "") + (meanCentred ? ", mean-centred" : "")
            + (classAxis > 0 ? $" over axis {classAxis - 1}" : "");
    }
}

/// <summary>The targets of a batch: one for every input, one per input, or several for each.</summary>
public readonly ref struct Targets
{
    private enum Kind { One, PerInput, Each }

    private readonly Kind kind;
    private readonly Target one;

    private Targets(Kind kind, Target one, ReadOnlySpan<Target> given)
    {
        this.kind = kind;
        this.one = one;
        Given = given;
    }

    /// <summary>The same target for every input.</summary>
    public static implicit operator Targets(Target target) => new(Kind.One, target, default);

    /// <summary>Input i's target is targets[i].</summary>
    public static Targets PerInput(ReadOnlySpan<Target> targets) => new(Kind.PerInput, default, targets);

    /// <summary>Every input is explained for each of these targets.</summary>
    public static Targets Each(ReadOnlySpan<Target> targets) => new(Kind.Each, default, targets);

    internal ReadOnlySpan<Target> Given { get; }

    internal bool IsPerInput => kind == Kind.PerInput;

    internal bool IsEach => kind == Kind.Each;

    /// <summary>How many answers an input gets.</summary>
    internal int Answers => IsEach ? Given.Length : 1;

    /// <summary>The targets of one input, as of a batch of its own, or of any number of its like.</summary>
    internal Targets At(int input) => IsPerInput ? Given[input] : this;

    /// <summary>The target of one answer for one input, where it lies.</summary>
    [UnscopedRef]
    internal ref readonly Target this[int input, int answer]
    {
        get
        {
            if (kind == Kind.One)
                return ref one;
            return ref Given[kind == Kind.PerInput ? input : answer];
        }
    }
}
