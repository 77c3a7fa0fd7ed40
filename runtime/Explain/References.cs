namespace Whence;

using System.Numerics;
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

    /// <summary>One reference, [InputSize], for every input.</summary>
    public static References<T> One(ReadOnlySpan<T> reference) => new(reference, 1, false, true, null);

    /// <summary>One reference per input, [count, InputSize].</summary>
    public static References<T> PerInput(ReadOnlySpan<T> references) => new(references, 1, true, true, null);

    /// <summary>
    /// Several references, [each, InputSize], that every input is compared with; the explanations are averaged (DeepSHAP).
    /// </summary>
    public static References<T> Several(ReadOnlySpan<T> references, int each) => new(references, each, false, true, null);

    /// <summary>Several references for each input, [count, each, InputSize]; the explanations are averaged.</summary>
    public static References<T> SeveralPerInput(ReadOnlySpan<T> references, int each) => new(references, each, true, true, null);

    /// <summary>One reference for every input.</summary>
    public static implicit operator References<T>(ReadOnlySpan<T> reference) => One(reference);

    /// <summary>One reference for every input.</summary>
    public static implicit operator References<T>(T[] reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return One(reference);
    }

    /// <summary>References whose forward pass was made before.</summary>
    public static implicit operator References<T>(PreparedReferences<T> prepared)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        return new(prepared.Rows, prepared.Each, false, true, prepared);
    }
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

    internal PreparedReferences(IModel<T> network, Pass pass, T[] rows, int each)
    {
        Network = network;
        Pass = pass;
        Each = each;
        this.rows = rows;
        // A device keeps what it needs itself.
        var passes = network as IHostPasses<T>;
        kept = passes is null ? [] : new T[checked(each * passes.KeptSize(pass))];
        if (passes is not null)
            SpanExplainers.Keep(passes, pass, rows, kept, each);
        values = new T[2 * network.Signature.Outputs.Count][];
        for (var point = 0; point < values.Length; point++)
        {
            values[point] = new T[checked(each * Sizes.Of(network.Signature.Points[point].Shape))];
            SpanExplainers.Forward(network, rows, point, values[point], each);
        }
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

    /// <summary>The references' values of an output or of its logits, [Each, size]; empty for a layer, which is not kept.</summary>
    internal ReadOnlySpan<T> ValuesOf(int point) => point < values.Length ? values[point] : default;
}
