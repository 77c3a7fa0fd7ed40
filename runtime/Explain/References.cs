namespace Whence;

using System.Numerics;
using System.Runtime.CompilerServices;
using Whence.CompilerServices;

/// <summary>
/// What inputs are compared with: all zeros (the default), one reference for every input, one per input, or several whose
/// explanations are averaged. A row of reference is laid out as a row of input; of inputs held fixed every input is compared with its own
/// values, whatever the reference has there, except that a prepared reference keeps its own and refuses other inputs.
/// </summary>
public readonly ref struct References<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private References(ReadOnlySpan<T> rows, int each, bool perInput, bool given, PreparedReferences<T>? prepared)
    {
        Rows = rows;
        Each = each;
        IsPerInput = perInput;
        IsGiven = given;
        Prepared = prepared;
    }

    internal ReadOnlySpan<T> Rows { get; }

    /// <summary>How many references an input has.</summary>
    internal int Each { get; }

    internal bool IsPerInput { get; }

    /// <summary>Whether anything but zeros was given.</summary>
    internal bool IsGiven { get; }

    internal PreparedReferences<T>? Prepared { get; }

    /// <summary>The references of one input of a batch.</summary>
    internal References<T> At(int input, int inputSize) =>
        IsPerInput ? new(Rows.Slice(input * Each * inputSize, Each * inputSize), Each, false, true, null) : this;

    /// <summary>All zeros.</summary>
    public static References<T> Zero => default;

    /// <summary>Rows as they were given: so many for every input, or for each.</summary>
    internal static References<T> Of(ReadOnlySpan<T> rows, int each, bool perInput) => new(rows, each, perInput, true, null);

    /// <summary>One reference for every input.</summary>
    public static implicit operator References<T>(ReadOnlySpan<T> reference) => References.One<T>(reference);

    /// <summary>One reference for every input.</summary>
    public static implicit operator References<T>(T[] reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return References.One<T>(reference);
    }

    /// <summary>References whose forward pass was made before.</summary>
    public static implicit operator References<T>(PreparedReferences<T> prepared)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        return new(prepared.Rows, prepared.Each, false, true, prepared);
    }
}

/// <summary>
/// Makes <see cref="References{T}"/>: of a span, an array or a list written in place, without a type argument. What could be single or
/// double precision, as whole numbers are, is single. A reference is what the literature on integrated gradients calls a baseline.
/// </summary>
public static class References
{
    /// <summary>One reference, [InputSize], for every input.</summary>
    public static References<float> One(ReadOnlySpan<float> reference) =>
        References<float>.Of(reference, 1, false);

    /// <summary>One reference per input, [count, InputSize].</summary>
    public static References<float> PerInput(ReadOnlySpan<float> references) =>
        References<float>.Of(references, 1, true);

    /// <summary>
    /// Several references, [each, InputSize], that every input is compared with; the explanations are averaged (DeepSHAP).
    /// </summary>
    public static References<float> Several(ReadOnlySpan<float> references, int each) =>
        References<float>.Of(references, each, false);

    /// <summary>Several references for each input, [count, each, InputSize]; the explanations are averaged.</summary>
    public static References<float> SeveralPerInput(ReadOnlySpan<float> references, int each) =>
        References<float>.Of(references, each, true);

    /// <summary>
    /// One reference for every input: a tensor of <see cref="Signature.InputSize"/> elements, rounded to single precision. Allocates.
    /// </summary>
    [OverloadResolutionPriority(-2)]
    public static References<float> One(Tensor reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var row = new float[reference.Shape.Size];
        for (var i = 0; i < row.Length; i++)
            row[i] = (float)reference.Values[i];
        return One(row);
    }

    /// <summary>One reference, [InputSize], for every input.</summary>
    [OverloadResolutionPriority(-1)]
    public static References<double> One(ReadOnlySpan<double> reference) =>
        References<double>.Of(reference, 1, false);

    /// <summary>One reference per input, [count, InputSize].</summary>
    [OverloadResolutionPriority(-1)]
    public static References<double> PerInput(ReadOnlySpan<double> references) =>
        References<double>.Of(references, 1, true);

    /// <summary>
    /// Several references, [each, InputSize], that every input is compared with; the explanations are averaged (DeepSHAP).
    /// </summary>
    [OverloadResolutionPriority(-1)]
    public static References<double> Several(ReadOnlySpan<double> references, int each) =>
        References<double>.Of(references, each, false);

    /// <summary>Several references for each input, [count, each, InputSize]; the explanations are averaged.</summary>
    [OverloadResolutionPriority(-1)]
    public static References<double> SeveralPerInput(ReadOnlySpan<double> references, int each) =>
        References<double>.Of(references, each, true);

    /// <summary>One reference, [InputSize], for every input.</summary>
    public static References<T> One<T>(ReadOnlySpan<T> reference)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        References<T>.Of(reference, 1, false);

    /// <summary>One reference per input, [count, InputSize].</summary>
    public static References<T> PerInput<T>(ReadOnlySpan<T> references)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        References<T>.Of(references, 1, true);

    /// <summary>
    /// Several references, [each, InputSize], that every input is compared with; the explanations are averaged (DeepSHAP).
    /// </summary>
    public static References<T> Several<T>(ReadOnlySpan<T> references, int each)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        References<T>.Of(references, each, false);

    /// <summary>Several references for each input, [count, each, InputSize]; the explanations are averaged.</summary>
    public static References<T> SeveralPerInput<T>(ReadOnlySpan<T> references, int each)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        References<T>.Of(references, each, true);
}

/// <summary>
/// References with their forward pass, made once by <c>Prepare</c>: immutable, and shared by any number of inputs, calls and
/// threads. Bound to the network and the pass it was made for.
/// </summary>
public sealed class PreparedReferences<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] rows;
    private readonly T[] kept;
    private readonly T[][] values;

    internal PreparedReferences(IModel<T> network, Pass pass, T[] rows, int each, CancellationToken cancellation = default,
        IProgress<double>? progress = null)
    {
        Network = network;
        Pass = pass;
        Each = each;
        this.rows = rows;
        values = new T[2 * network.Signature.Outputs.Count][];
        var told = ToldProgress.Of(progress, (long)each * (values.Length + (network is IHostPasses<T> ? 1 : 0)));
        kept = network switch
        {
            IHostPasses<T> passes => Keep(passes, pass, rows, each, cancellation, told),
            IDeviceModel<T> device => device.Keep(pass, rows, each),
            _ => [],
        };
        for (var point = 0; point < values.Length; point++)
        {
            values[point] = Made(each, Sizes.Of(network.Signature.Points[point].Shape));
            SpanExplainers.Forward(network, rows, point, values[point], each, cancellation, told);
        }
    }

    private static T[] Made(int references, int each) => (long)references * each <= Array.MaxLength ? new T[references * each]
        : throw Check.TooLong((long)references * each, nameof(references), $"What is kept of {references} references");

    private static T[] Keep(IHostPasses<T> passes, Pass pass, T[] references, int count, CancellationToken cancellation,
        ToldProgress? told)
    {
        var kept = Made(count, passes.KeptSize(pass));
        SpanExplainers.Keep(passes, pass, references, kept, count, cancellation, told);
        return kept;
    }

    /// <summary>The network it was prepared for.</summary>
    public IModel<T> Network { get; }

    /// <summary>What it was prepared for.</summary>
    public Pass Pass { get; }

    /// <summary>How many references there are.</summary>
    public int Each { get; }

    /// <summary>The references, [Each, InputSize].</summary>
    public ReadOnlySpan<T> Rows => rows;

    internal ReadOnlySpan<T> Kept => kept;

    /// <summary>The references, and what was kept of them, for a device that has its copies by the arrays.</summary>
    internal (T[] Rows, T[] Kept) Arrays => (rows, kept);

    /// <summary>The references' values of an output or of its logits, [Each, size]; empty for a layer, which is not kept.</summary>
    internal ReadOnlySpan<T> ValuesOf(int point) => point < values.Length ? values[point] : default;
}
