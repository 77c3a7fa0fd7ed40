namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>
/// A dense layer's weights, [inputs][outputs], and as a product reads them, both padded to whole tiles. Immutable. Called by generated
/// code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Matrix
{
    private readonly Lazy<float[]> tiles;

    private Matrix(int inputs, int outputs, float[] weights)
    {
        (Inputs, Outputs, Weights) = (inputs, outputs, weights);
        tiles = new(Padding);
    }

    internal int Inputs { get; }

    internal int Outputs { get; }

    internal float[] Weights { get; }

    internal float[] Tiles => tiles.Value;

    /// <summary>Packs a weight [outputs, inputs], row-major as PyTorch keeps it, for y = W x.</summary>
    public static Matrix Pack(ReadOnlySpan<double> weight, int outputs, int inputs)
    {
        var packed = new float[checked(inputs * outputs)];
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < inputs; i++)
                packed[i * outputs + o] = (float)weight[o * inputs + i];
        }
        return new Matrix(inputs, outputs, packed);
    }

    /// <summary>Packs a weight [outputs, inputs] for the way back, x = W^T y.</summary>
    public static Matrix PackTransposed(ReadOnlySpan<double> weight, int outputs, int inputs)
    {
        var packed = new float[checked(inputs * outputs)];
        for (var i = 0; i < packed.Length; i++)
            packed[i] = (float)weight[i];
        return new Matrix(outputs, inputs, packed);
    }

    private float[] Padding()
    {
        var row = Padded.Columns(Outputs);
        var padded = new float[checked(Padded.Depth(Inputs) * row)];
        for (var i = 0; i < Inputs; i++)
            Array.Copy(Weights, i * Outputs, padded, i * row, Outputs);
        return padded;
    }
}
