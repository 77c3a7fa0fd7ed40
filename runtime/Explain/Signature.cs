namespace Whence;

using Whence.CompilerServices;

/// <summary>What a compiled network is from outside: names, shapes and what it was compiled to answer.</summary>
public sealed class Signature
{
    /// <summary>The class's name.</summary>
    public required string Name { get; init; }
    /// <summary>Forward's parameters in order. A row of input is all of them, one after the other.</summary>
    public required IReadOnlyList<TensorInfo> Inputs { get; init; }
    /// <summary>Forward's results in order. A row of output is all of them, one after the other.</summary>
    public required IReadOnlyList<TensorInfo> Outputs { get; init; }
    /// <summary>
    /// Where a pass may begin and end, by index: first all outputs (point i is output i), then all logits (point Outputs.Count + i), then
    /// the <see cref="Layers"/>. By its name an output is asked about with <see cref="Target.Of(string)"/>, its logits with the same unless
    /// <see cref="Target.OfOutput"/> is said.
    /// </summary>
    public required IReadOnlyList<NetworkPoint> Points { get; init; }
    /// <summary>The passes that were compiled.</summary>
    public required IReadOnlyList<Pass> Passes { get; init; }
    /// <summary>The most rows that one call of <see cref="IModel{T}.Forward"/> or <see cref="IHostPasses{T}.Backward"/> takes.</summary>
    public required int ChunkRows { get; init; }

    /// <summary>
    /// SHA-256 of all that was compiled of the network, its operators, constants, rules and the names of its tensors, and of the functions
    /// of its own, in small hexadecimal digits: networks of one hash are the same but for their weights. Empty of a network that the
    /// generator has not compiled.
    /// </summary>
    public string Hash { get; init; } = "";

    /// <summary>The same, with chunks of another size.</summary>
    internal Signature WithChunks(int rows) => new()
    {
        Name = Name, Inputs = Inputs, Outputs = Outputs, Points = Points, Passes = Passes, ChunkRows = rows, Hash = Hash,
    };

    /// <summary>
    /// The layers that <see cref="Target.Layer(string, int)"/> and the methods of a layer take by their names, as
    /// <c>[Network(Layers = ...)]</c> lists them.
    /// </summary>
    public IReadOnlyList<NetworkPoint> Layers => layers ??= [.. Points.Where(point => point.Kind == PointKind.Layer)];

    /// <summary>Elements in one row of input.</summary>
    public int InputSize => inputSize > 0 ? inputSize : inputSize = Sizes.Of(Inputs);
    /// <summary>Whether any input is held fixed.</summary>
    internal bool HasMasks
    {
        get
        {
            // A loop, because Any would allocate.
            for (var i = 0; i < Inputs.Count; i++)
            {
                if (Inputs[i].IsMask)
                    return true;
            }
            return false;
        }
    }

    /// <summary>Elements in one row of output.</summary>
    public int OutputSize => outputSize > 0 ? outputSize : outputSize = Sizes.Of(Outputs);

    /// <summary>An input's shape, and where its elements begin in a row.</summary>
    internal (Shape Shape, int Start) Place(int input) => (places ??= Places())[input];

    private (Shape Shape, int Start)[] Places()
    {
        var found = new (Shape Shape, int Start)[Inputs.Count];
        for (var i = 0; i < found.Length; i++)
            found[i] = (Inputs[i].Shape, Sizes.Before(Inputs, i));
        return found;
    }

    // Found at the first question; two threads that both look find the same.
    private int inputSize;
    private int outputSize;
    private (Shape Shape, int Start)[]? places;
    private NetworkPoint[]? layers;
}

/// <summary>One input or output of a network.</summary>
public sealed record TensorInfo(string Name, Shape Shape)
{
    /// <summary>
    /// Whether it is an input held fixed (<see cref="MaskAttribute"/>): its scores are exactly zero, and references have the input's own
    /// value of it.
    /// </summary>
    public bool IsMask { get; init; }

    /// <summary>The names of the indices of one axis (<see cref="FeaturesAttribute"/>); empty if they have none.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The axis that the names are of.</summary>
    public int FeatureAxis { get; init; }

    /// <summary>The name of the feature that an element, counted in the order of the values, is of; null if it has none.</summary>
    public string? FeatureOf(int element)
    {
        if (Features.Count == 0)
            return null;
        for (var axis = Shape.Rank - 1; axis > FeatureAxis; axis--)
            element /= Shape[axis];
        return Features[element % Features.Count];
    }
}

/// <summary>A value of the network that can be asked about: an output, the logits below it, or a named layer.</summary>
/// <param name="Name">As the user named it: the layer method ("Conv2"), the local variable, or for sub-networks "field.Layer".</param>
/// <param name="Shape">In the user's axis order, without a batch axis.</param>
/// <param name="Kind">What it is.</param>
public sealed record NetworkPoint(string Name, Shape Shape, PointKind Kind)
{
    /// <summary>
    /// How many calls of a layer it holds: of "Fc.*", all. Where they are several the first axis counts them, and scores are summed over
    /// them.
    /// </summary>
    public int Calls { get; init; } = 1;

    /// <summary>
    /// The axis of the classes, where a softmax or log-softmax that the value comes from, moved or computed element by element, says which
    /// it is; null where it is not known.
    /// </summary>
    public int? ClassAxis { get; init; }

    /// <summary>
    /// Whether the value comes from a softmax whose classes lie along no axis of it, as behind Flatten: what is mean-centred must then say
    /// its axis.
    /// </summary>
    public bool IsClassAxisLost { get; init; }

    /// <summary>The shape of its scores: of one call.</summary>
    internal Shape ScoreShape => Calls == 1 ? Shape : Shape.Without(0);
}

/// <summary>What a <see cref="NetworkPoint"/> is.</summary>
public enum PointKind
{
    /// <summary>What Forward returns.</summary>
    Output,
    /// <summary>What a final softmax, log-softmax or sigmoid is applied to; the same value as the output where there is none.</summary>
    Logits,
    /// <summary>A layer listed in <c>[Network(Layers = ...)]</c>.</summary>
    Layer,
}
