namespace Whence;

using System.Collections;
using System.Text.Json.Serialization;
using Whence.Json;

/// <summary>
/// The explanations of a batch: one for each input, or where several were asked for of each input (targets, points of a path),
/// the first input's first, then the next input's.
/// </summary>
[JsonConverter(typeof(AttributionsConverter))]
public sealed class Attributions : IReadOnlyList<Attribution>
{
    private readonly Target[] targets;
    private readonly bool perInput;
    private readonly float[] references;
    private readonly bool referencePerInput;
    private readonly int size;
    private readonly double[] alphas;

    internal Attributions(Signature signature, string method, IReadOnlyList<TensorInfo> tensors, int inputs, scoped in Targets targets,
        scoped in References<float> given, bool compared, ReadOnlySpan<double> alphas, bool parts)
    {
        Network = signature.Name;
        Method = method;
        Tensors = tensors;
        Inputs = inputs;
        Targets = targets.Answers;
        perInput = targets.IsPerInput;
        this.targets = perInput || targets.IsEach ? targets.Given.ToArray() : [targets[0, 0]];
        this.alphas = alphas.ToArray();
        size = Sizes.Of(tensors);
        references = given.Rows.ToArray();
        referencePerInput = given.IsPerInput;
        ReferenceText = !compared ? "none" : !given.IsGiven
            ? "zeros"
            : (given.Each == 1 ? "1 given" : $"{given.Each} given, averaged") + (given.IsPerInput ? ", for each input" : "");
        Scores = new float[checked(Count * size)];
        Positive = parts ? new float[Scores.Length] : [];
        Negative = parts ? new float[Scores.Length] : [];
        Multipliers = parts ? new float[Scores.Length] : [];
        Sums = new Completeness[Count];
    }

    // One input's explanation out of a batch. What is compared with is shared: it is never written to.
    private Attributions(Attributions batch, int input)
    {
        Network = batch.Network;
        Method = batch.Method;
        Rule = batch.Rule;
        Quadrature = batch.Quadrature;
        Tensors = batch.Tensors;
        ReferenceText = batch.ReferenceText;
        Inputs = 1;
        Targets = 1;
        targets = [batch.TargetOf(input)];
        alphas = [];
        size = batch.size;
        references = batch.referencePerInput ? batch.ReferencesOf(input).ToArray() : batch.references;
        referencePerInput = batch.referencePerInput;
        Scores = batch.Row(batch.Scores, input).ToArray();
        Positive = batch.Row(batch.Positive, input).ToArray();
        Negative = batch.Row(batch.Negative, input).ToArray();
        Multipliers = batch.Row(batch.Multipliers, input).ToArray();
        Sums = [batch.Sums[input]];
        perInput = batch.perInput;
    }

    /// <summary>
    /// One input's explanation as if it had been asked about by itself, which holds on to nothing of its neighbours'. There must be one
    /// explanation of each input.
    /// </summary>
    internal Attribution Alone(int input)
    {
        if (Each != 1)
            throw new ArgumentException($"{Method} has {Each} explanations of each input, where one was expected.");
        return Count == 1 ? this[input] : new Attributions(this, input)[0];
    }

    /// <summary>How many inputs the batch had.</summary>
    public int Inputs { get; }

    /// <summary>How many targets each input was explained for.</summary>
    public int Targets { get; }

    /// <summary>How many explanations there are in all.</summary>
    public int Count => checked(Inputs * Each);

    /// <summary>Explanations for one input.</summary>
    internal int Each => Targets * Math.Max(1, alphas.Length);

    /// <summary>One of them, in order of inputs, then targets, then points.</summary>
    public Attribution this[int index] => (uint)index < (uint)Count ? new Attribution(this, Row(index))
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} explanations, counted from 0.");

    /// <summary>An input's explanation for one of its targets; where points of a path were asked for, for one of those.</summary>
    public Attribution this[int input, int which]
    {
        get
        {
            if ((uint)input >= (uint)Inputs)
                throw new ArgumentOutOfRangeException(nameof(input), input, $"There are {Inputs} inputs, counted from 0.");
            if ((uint)which >= (uint)Each)
                throw new ArgumentOutOfRangeException(nameof(which), which, $"There are {Each} explanations of an input, counted from 0.");
            return this[input * Each + which];
        }
    }

    /// <summary>Each explanation's scores of each token (<see cref="Attribution.PerToken"/>), in order.</summary>
    /// <exception cref="ArgumentException">There is no such input, or the name is left out among several.</exception>
    public IReadOnlyList<float[]> PerToken(string? input = null) => [.. this.Select(one => one.PerToken(input))];

    /// <summary>"4 explanations by DeepLift of Net".</summary>
    public override string ToString() => $"{Count} explanation{(Count == 1 ? "" : "s")} by {Method} of {Network}";

    internal string Network { get; }

    internal string Method { get; }

    internal Rule? Rule { get; init; }

    internal Quadrature? Quadrature { get; init; }

    internal IReadOnlyList<TensorInfo> Tensors { get; }

    internal string ReferenceText { get; }

    // The arrays are as the span methods write them: [targets, inputs, points, size].
    internal float[] Scores { get; }

    internal float[] Positive { get; }

    internal float[] Negative { get; }

    internal float[] Multipliers { get; }

    internal Completeness[] Sums { get; }

    /// <summary>
    /// Forgets what the scores should sum to: hypothetical contributions stand for many inputs, of which at most one was seen.
    /// </summary>
    internal void DropSums()
    {
        for (var i = 0; i < Sums.Length; i++)
        {
            var magnitude = 0.0;
            var sum = 0.0;
            foreach (var score in Row(Scores, i))
                (sum, magnitude) = (sum + score, magnitude + Math.Abs(score));
            Sums[i] = Sums[i] with { Sum = sum, Magnitude = magnitude, Applies = false };
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Attribution> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ReadOnlySpan<float> Row(float[] values, int row) => values.Length == 0 ? default : values.AsSpan(row * size, size);

    internal int InputOf(int row) => row / Points % Inputs;

    internal Target TargetOf(int row) => perInput ? targets[InputOf(row)] : targets[row / Points / Inputs];

    internal double? AlphaOf(int row) => alphas.Length == 0 ? null : alphas[row % Points];

    internal ReadOnlySpan<float> ReferencesOf(int row)
    {
        if (!referencePerInput)
            return references;
        var length = references.Length / Inputs;
        return references.AsSpan(InputOf(row) * length, length);
    }

    private int Points => Math.Max(1, alphas.Length);

    // From the order of inputs to the order of the arrays.
    private int Row(int index)
    {
        var (input, which) = Math.DivRem(index, Each);
        var (target, point) = Math.DivRem(which, Points);
        return (target * Inputs + input) * Points + point;
    }
}
