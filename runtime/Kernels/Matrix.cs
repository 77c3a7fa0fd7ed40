using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>A dense layer's weights, packed once for <see cref="MatMul"/>. Immutable, safe to share between threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Matrix
{
    private Matrix(int inputs, int outputs, int lanes, Func<int, int, double> at)
    {
        Inputs = inputs;
        Outputs = outputs;
        Panels = new Panels(inputs, outputs, lanes, at);
    }

    /// <summary>The size of a row before.</summary>
    public int Inputs { get; }

    /// <summary>The size of a row after.</summary>
    public int Outputs { get; }

    internal Panels Panels { get; }

    /// <summary>Packs a weight [outputs, inputs], row-major as PyTorch keeps it, for y = W x.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements.</exception>
    public static Matrix Pack(ReadOnlySpan<double> weight, int outputs, int inputs) => Pack(weight, outputs, inputs, Width.Best);

    /// <summary>Packs a weight [outputs, inputs] for the way back, x = W^T y: the result takes rows of outputs to rows of inputs.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements.</exception>
    public static Matrix PackTransposed(ReadOnlySpan<double> weight, int outputs, int inputs) =>
        PackTransposed(weight, outputs, inputs, Width.Best);

    internal static Matrix Pack(ReadOnlySpan<double> weight, int outputs, int inputs, int lanes)
    {
        var copy = Check(weight, outputs, inputs);
        return new Matrix(inputs, outputs, lanes, [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        (input, output) => copy[(long)output * inputs + input]);
    }

    internal static Matrix PackTransposed(ReadOnlySpan<double> weight, int outputs, int inputs, int lanes)
    {
        var copy = Check(weight, outputs, inputs);
        return new Matrix(outputs, inputs, lanes, [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        (output, input) => copy[(long)output * inputs + input]);
    }

    private static double[] Check(ReadOnlySpan<double> weight, int outputs, int inputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        if (weight.Length != (long)outputs * inputs)
            throw new ArgumentException($"A weight [{outputs}, {inputs}] has {(long)outputs * inputs} elements, but {weight.Length} were "
                + "given.", nameof(weight));
        return weight.ToArray();
    }
}
