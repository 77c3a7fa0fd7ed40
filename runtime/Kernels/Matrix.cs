using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>A dense layer's weights, packed once for <see cref="MatMul"/>. Immutable, safe to share between threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Matrix
{
    private readonly Panels panels;
    private PackedLater? later;

    private Matrix(int inputs, int outputs, int lanes)
    {
        Inputs = inputs;
        Outputs = outputs;
        panels = new Panels(inputs, outputs, lanes);
    }

    /// <summary>The size of a row before.</summary>
    public int Inputs { get; }

    /// <summary>The size of a row after.</summary>
    public int Outputs { get; }

    internal Panels Panels
    {
        get
        {
            if (Volatile.Read(ref later) is { } waiting)
                waiting.Pack();
            return panels;
        }
    }

    /// <summary>What packs this, if it is first needed; null once it is packed.</summary>
    internal PackedLater? Later
    {
        set => Volatile.Write(ref later, value);
    }

    /// <summary>How many vectors there are to be filled.</summary>
    internal int Vectors => panels.Vectors;

    /// <summary>Packs a weight [outputs, inputs], row-major as PyTorch keeps it, for y = W x.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements.</exception>
    public static Matrix Pack(ReadOnlySpan<double> weight, int outputs, int inputs) => Pack(weight, outputs, inputs, Width.Best);

    /// <summary>Packs a weight [outputs, inputs] for the way back, x = W^T y: the result takes rows of outputs to rows of inputs.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements.</exception>
    public static Matrix PackTransposed(ReadOnlySpan<double> weight, int outputs, int inputs) =>
        PackTransposed(weight, outputs, inputs, Width.Best);

    internal static Matrix Pack(ReadOnlySpan<double> weight, int outputs, int inputs, int lanes) =>
        Filled(weight, outputs, inputs, lanes, transposed: false);

    internal static Matrix PackTransposed(ReadOnlySpan<double> weight, int outputs, int inputs, int lanes) =>
        Filled(weight, outputs, inputs, lanes, transposed: true);

    /// <summary>Room for a weight, with which all of its parts are to be filled.</summary>
    internal static Matrix Of(int outputs, int inputs, bool transposed) => Of(outputs, inputs, Width.Best, transposed);

    private static Matrix Of(int outputs, int inputs, int lanes, bool transposed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        return transposed ? new Matrix(outputs, inputs, lanes) : new Matrix(inputs, outputs, lanes);
    }

    private static Matrix Filled(ReadOnlySpan<double> weight, int outputs, int inputs, int lanes, bool transposed)
    {
        var matrix = Of(outputs, inputs, lanes, transposed);
        matrix.Allocate();
        matrix.Fill(weight, transposed, false, 0, matrix.Vectors);
        return matrix;
    }

    /// <summary>Makes room for the weight.</summary>
    internal void Allocate() => panels.Allocate();

    /// <summary>Fills some of the panels' vectors.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements.</exception>
    internal unsafe void Fill(ReadOnlySpan<double> weight, bool transposed, bool isAbsolute, int first, int end)
    {
        if (weight.Length != (long)Outputs * Inputs)
        {
            var (outputs, inputs) = transposed ? (Inputs, Outputs) : (Outputs, Inputs);
            throw new ArgumentException($"A weight [{outputs}, {inputs}] has {(long)outputs * inputs} elements, but {weight.Length} were "
                + "given.", nameof(weight));
        }
        var (laneStep, depthStep) = transposed ? (1, (nint)Outputs) : (Inputs, 1);
        fixed (double* from = weight)
        {
            for (var vector = first; vector < end; vector++)
                panels.Fill(vector, (0, Math.Min(panels.Lanes, Outputs)), [0], from + panels.Column(vector) * laneStep, laneStep, depthStep,
                    isAbsolute);
        }
        if (end == Vectors)
            panels.FillRest();
    }
}
