namespace Whence;

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Whence.Json;

/// <summary>One of the highest scores of an <see cref="Attribution"/>.</summary>
/// <param name="Input">The input's name, or the layer's.</param>
/// <param name="Unit">Its place there, in the order of the values.</param>
/// <param name="Position">Its index on each axis.</param>
/// <param name="Score">The score.</param>
public readonly record struct TopScore(string Input, int Unit, IReadOnlyList<int> Position, float Score)
{
    /// <summary>The feature's name, where the input has names (<see cref="FeaturesAttribute"/>); otherwise null.</summary>
    public string? Feature { get; init; }

    /// <summary>The axis whose index the name stands for.</summary>
    internal int FeatureAxis { get; init; }

    /// <summary>
    /// Where the score belongs: "income", "image[0, 3, 14]", or of an input [time, feature] with names "sequence[3, income]".
    /// </summary>
    [JsonIgnore]
    public string Place
    {
        get
        {
            if (Feature is not null && Position.Count == 1)
                return Feature;
            var (feature, axis) = (Feature, FeatureAxis);
            var indices = Position.Select(
                (index, i) => feature is not null && i == axis ? feature : index.ToString(CultureInfo.InvariantCulture));
            return Position.Count == 0 ? Input : $"{Input}[{string.Join(", ", indices)}]";
        }
    }

    /// <inheritdoc/>
    public bool Equals(TopScore other) =>
        Input == other.Input && Unit == other.Unit && Score.Equals(other.Score) && Feature == other.Feature
            && (Position ?? []).SequenceEqual(other.Position ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Input, Unit, Score, Feature);

    /// <summary>The place and the score: "image[0, 3, 14]: 0.52".</summary>
    public override string ToString() => FormattableString.Invariant($"{Place}: {Score:g6}");
}

/// <summary>
/// Why the network answered as it did for one input and one target: a score for each element of the input, or of a layer, and
/// how well the scores account for the output.
/// </summary>
[JsonConverter(typeof(AttributionConverter))]
public sealed class Attribution
{
    private readonly Attributions all;
    private readonly int row;

    internal Attribution(Attributions all, int row)
    {
        this.all = all;
        this.row = row;
    }

    /// <summary>The network's class.</summary>
    public string Network => all.Network;

    /// <summary>The method, such as "DeepLift" or "IntegratedGradients".</summary>
    public string Method => all.Method;

    /// <summary>DeepLIFT's rule; null for other methods.</summary>
    public Rule? Rule => all.Rule;

    /// <summary>The points on the path; null for methods without one, or where the points were given.</summary>
    public Quadrature? Quadrature =>
        all.Quadrature == Whence.Quadrature.Exact && !Completeness.IsExact ? Whence.Quadrature.Midpoint : all.Quadrature;

    /// <summary>What is explained.</summary>
    public Target Target => all.TargetOf(row);

    /// <summary>The place of the input in its batch.</summary>
    public int Input => all.InputOf(row);

    /// <summary>What the scores belong to: the network's inputs in order, or one layer.</summary>
    public IReadOnlyList<TensorInfo> Tensors => all.Tensors;

    /// <summary>The shape of the scores of the first input, or of the layer.</summary>
    public Shape Shape => all.Tensors[0].Shape;

    /// <summary>The scores, of all inputs one after the other.</summary>
    public ReadOnlySpan<float> Scores => all.Row(all.Scores, row);

    /// <summary>DeepLIFT's contributions of the positive parts of the differences from the reference; empty if not asked for.</summary>
    public ReadOnlySpan<float> Positive => all.Row(all.Positive, row);

    /// <summary>DeepLIFT's contributions of the negative parts of the differences from the reference; empty if not asked for.</summary>
    public ReadOnlySpan<float> Negative => all.Row(all.Negative, row);

    /// <summary>DeepLIFT's multipliers, the mean of those of both parts; empty if not asked for.</summary>
    public ReadOnlySpan<float> Multipliers => all.Row(all.Multipliers, row);

    /// <summary>The references compared with, [how many, input size]; empty if the method has none or they are all zeros.</summary>
    public ReadOnlySpan<float> References => all.ReferencesOf(row);

    /// <summary>What was compared with, in words.</summary>
    public string Reference => all.ReferenceText;

    /// <summary>The sums in double that the following are taken from.</summary>
    public Completeness Completeness => all.Sums[row];

    /// <summary>The target at the input; for interior gradients, at the point of the path.</summary>
    public double Output => Completeness.Output;

    /// <summary>The target at the reference, averaged over several; null for methods that do not compare with one.</summary>
    public double? ReferenceOutput => Completeness.Applies ? Completeness.ReferenceOutput : null;

    /// <summary>Output - reference output - sum of scores; null for methods whose scores are not meant to sum to that difference.</summary>
    public double? Gap => Completeness.Gap;

    /// <summary>
    /// |Gap|, less what rounding of the outputs alone may make of it, over (sum of |scores| + |output - reference output|); null like
    /// <see cref="Gap"/>.
    /// </summary>
    public double? RelativeGap => Completeness.RelativeGap;

    /// <summary>What the steps are, in words.</summary>
    internal string StepsAre => Completeness.IsExact ? "stretches" : "steps";

    /// <summary>Steps on the path, of an exact integral stretches between kinks; null for methods without one.</summary>
    public int? Steps => Completeness.Steps > 0 ? Completeness.Steps : null;

    /// <summary>Whether the tolerance asked for was met; null if none was.</summary>
    public bool? Converged => Completeness.Converged;

    /// <summary>For interior gradients, where on the path: 0 is the reference, 1 the input.</summary>
    public double? Alpha => all.AlphaOf(row);

    /// <summary>The scores of one input, by its parameter's name in Forward.</summary>
    /// <exception cref="ArgumentException">There is no such input.</exception>
    public ReadOnlySpan<float> ScoresOf(string input)
    {
        var start = 0;
        foreach (var tensor in Tensors)
        {
            var size = Sizes.Of(tensor.Shape);
            if (tensor.Name == input)
                return Scores.Slice(start, size);
            start += size;
        }
        throw new ArgumentException(
            $"The scores belong to {Listing.Quoted(Tensors.Select(tensor => tensor.Name))}, not \"{input}\".",
            nameof(input));
    }

    /// <summary>
    /// The scores of each token, summed in double over its embedding's width: of an input [length, width], [length]. More generally, sums
    /// over all axes but the first.
    /// </summary>
    /// <param name="input">The input's name; may be left out if scores belong to one input only.</param>
    /// <exception cref="ArgumentException">There is no such input, or the name is left out among several.</exception>
    public float[] PerToken(string? input = null)
    {
        var tensor = Part(input);
        var scores = ScoresOf(tensor.Name);
        var sums = new float[tensor.Shape[0]];
        var width = scores.Length / sums.Length;
        for (var token = 0; token < sums.Length; token++)
            sums[token] = (float)Sum(scores.Slice(token * width, width), 1);
        return sums;
    }

    /// <summary>The scores summed in double over one axis of an input, such as 0 for a picture's channels; the axis is dropped.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="input">The input's name; may be left out if scores belong to one input only.</param>
    /// <exception cref="ArgumentException">There is no such axis or input, or the name is left out among several.</exception>
    public float[] SumOver(int axis, string? input = null)
    {
        var tensor = Part(input);
        var scores = ScoresOf(tensor.Name);
        if ((uint)axis >= (uint)tensor.Shape.Rank)
            throw new ArgumentException($"{tensor.Name} is {tensor.Shape}, whose axes are 0 to {tensor.Shape.Rank - 1}, not {axis}.",
                nameof(axis));
        var inner = 1;
        for (var i = axis + 1; i < tensor.Shape.Rank; i++)
            inner *= tensor.Shape[i];
        var length = tensor.Shape[axis];
        var sums = new float[scores.Length / length];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = (float)Sum(scores.Slice(i / inner * length * inner + i % inner, (length - 1) * inner + 1), inner);
        return sums;
    }

    private static double Sum(ReadOnlySpan<float> scores, int stride)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i += stride)
            sum += scores[i];
        return sum;
    }

    // Inputs held fixed have no scores to ask for.
    private TensorInfo Part(string? input)
    {
        var named = Tensors.Where(tensor => input is null ? !tensor.IsMask : tensor.Name == input).ToList();
        if (named.Count == 1)
            return named[0];
        var asked = input is null ? "; say to which of them" : $", not \"{input}\"";
        throw new ArgumentException(
            $"The scores belong to {Listing.Quoted(Tensors.Select(tensor => tensor.Name))}{asked}.", nameof(input));
    }

    /// <summary>The k scores of the largest magnitude, the largest first; equal ones in the order of the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k is negative.</exception>
    public IReadOnlyList<TopScore> Top(int k)
    {
        if (k < 0)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"The number of scores is at least 0, but is {k}.");
        var scores = Scores.ToArray();
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(i => Math.Abs(scores[i])).Take(k).ToArray();
        return Array.ConvertAll(order, i => Place(i, scores[i]));
    }

    /// <summary>The sums of the scores of each group.</summary>
    /// <exception cref="ArgumentException">The groups are of another number of elements than there are scores.</exception>
    public double[] SumBy(FeatureGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var scores = Scores;
        if (groups.Size != scores.Length)
            throw new ArgumentException($"The groups must say of each of the {scores.Length} scores where it belongs, but do so of "
                + $"{groups.Size}.", nameof(groups));
        var sums = new double[groups.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            if (groups[i] >= 0)
                sums[groups[i]] += scores[i];
        }
        return sums;
    }

    /// <summary>This, unless the relative gap is over the tolerance.</summary>
    /// <exception cref="CompletenessException">It is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is not at least 0.</exception>
    /// <exception cref="InvalidOperationException">The method's scores are not meant to sum to the change of the output.</exception>
    public Attribution RequireGap(double tolerance)
    {
        if (!(tolerance >= 0))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, $"The gap allowed is at least 0, but is {tolerance}.");
        if (RelativeGap is not { } gap)
            throw new InvalidOperationException(
                $"{Method} promises no sum of scores, so there is no gap to require; ask DeepLift or IntegratedGradients.");
        return gap <= tolerance ? this : throw new CompletenessException(Completeness, tolerance, Input);
    }

    /// <summary>All of it as JSON.</summary>
    public string ToJson(bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented }))
            WriteJson(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes all of it as one JSON object.</summary>
    public void WriteJson(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("network", Network);
        writer.WriteString("method", Method);
        WriteText(writer, "rule", Rule?.ToString());
        WriteText(writer, "quadrature", Quadrature?.ToString());
        writer.WriteString("target", Target.ToString());
        writer.WriteString("reference", Reference);
        writer.WriteNumber("input", Input);
        WriteNumber(writer, "alpha", Alpha);
        WriteNumber(writer, "output", Output);
        WriteNumber(writer, "referenceOutput", ReferenceOutput);
        WriteNumber(writer, "sum", Completeness.Sum);
        WriteNumber(writer, "gap", Gap);
        WriteNumber(writer, "relativeGap", RelativeGap);
        WriteNumber(writer, "steps", Steps);
        if (Converged is { } converged)
            writer.WriteBoolean("converged", converged);
        else
            writer.WriteNull("converged");
        WriteScores(writer);
        writer.WriteEndObject();
    }

    private void WriteScores(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("scores");
        var start = 0;
        foreach (var tensor in Tensors)
        {
            var size = Sizes.Of(tensor.Shape);
            writer.WriteStartObject();
            writer.WriteString("name", tensor.Name);
            writer.WriteStartArray("shape");
            for (var axis = 0; axis < tensor.Shape.Rank; axis++)
                writer.WriteNumberValue(tensor.Shape[axis]);
            writer.WriteEndArray();
            WriteFeatures(writer, tensor);
            WriteArray(writer, "values", Scores, start, size);
            WriteArray(writer, "positive", Positive, start, size);
            WriteArray(writer, "negative", Negative, start, size);
            WriteArray(writer, "multipliers", Multipliers, start, size);
            writer.WriteEndObject();
            start += size;
        }
        writer.WriteEndArray();
    }

    private static void WriteFeatures(Utf8JsonWriter writer, TensorInfo tensor)
    {
        if (tensor.Features.Count == 0)
            return;
        writer.WriteStartArray("features");
        foreach (var feature in tensor.Features)
            writer.WriteStringValue(feature);
        writer.WriteEndArray();
        writer.WriteNumber("featureAxis", tensor.FeatureAxis);
    }

    private static void WriteArray(Utf8JsonWriter writer, string name, ReadOnlySpan<float> values, int start, int size)
    {
        if (values.IsEmpty)
            return;
        writer.WriteStartArray(name);
        foreach (var value in values.Slice(start, size))
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }

    /// <summary>Where a score belongs, counted in the order of the scores: "income", "image[0, 3, 14]".</summary>
    internal string PlaceOf(int element) => Place(element, 0).Place;

    private TopScore Place(int element, float score)
    {
        var tensor = 0;
        while (element >= Sizes.Of(Tensors[tensor].Shape))
            element -= Sizes.Of(Tensors[tensor++].Shape);
        var shape = Tensors[tensor].Shape;
        var position = new int[shape.Rank];
        var rest = element;
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
            (rest, position[axis]) = Math.DivRem(rest, shape[axis]);
        return new TopScore(Tensors[tensor].Name, element, position, score)
        {
            Feature = Tensors[tensor].FeatureOf(element),
            FeatureAxis = Tensors[tensor].FeatureAxis,
        };
    }

    /// <summary>The method, the target and how the scores add up, in one line.</summary>
    public override string ToString()
    {
        var how = Rule is { } rule
            ? $"{Method} ({rule})"
            : Steps is { } steps
                ? $"{Method} ({(Quadrature is { } quadrature ? $"{quadrature}, " : "")}{steps} {StepsAre})"
                : Method;
        var sum = Gap is { } gap
            ? FormattableString.Invariant($"{Output:g6} - {ReferenceOutput:g6} = sum of scores, off by {gap:e1}")
            : FormattableString.Invariant($"output {Output:g6}");
        return $"{how} of {Network}'s {Target}: {sum}";
    }
}
