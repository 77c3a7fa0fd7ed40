namespace Whence.CompilerServices;

/// <content>Weights and constants as a compiled network holds them, channels last.</content>
public sealed partial class PiecewiseBuilder
{
    /// <summary>A dense layer along the last axis.</summary>
    /// <param name="x">What it is applied to.</param>
    /// <param name="weight">Its weights, packed.</param>
    /// <param name="bias">Its bias; empty if it has none.</param>
    /// <param name="inputChannels">The channels of the flattened image that its inputs lie as; 1 if they lie as the user sees them.</param>
    /// <param name="outputChannels">The same of its outputs.</param>
    public int Dense(int x, Matrix weight, ReadOnlySpan<float> bias, int inputChannels = 1, int outputChannels = 1)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var (inputs, outputs) = (weight.Inputs, weight.Outputs);
        var unpacked = new double[(long)inputs * outputs];
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
                unpacked[(long)output * inputs + input] =
                    weight.Panels[Turned(input, inputs, inputChannels), Turned(output, outputs, outputChannels)];
        }
        return Dense(x, unpacked, Unturned(bias, outputChannels));
    }

    /// <summary>A convolution, or its way back.</summary>
    public int Convolve(int x, Filters weight, ReadOnlySpan<float> bias)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return Convolve(x, weight.Window, weight.Unpack(), Unturned(bias, 1), weight.IsTransposed);
    }

    /// <summary>Numbers that stay, one for each element of the shape, as they lie in memory.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="channels">The value's channels in memory; 1 where it lies in the user's order.</param>
    /// <param name="shape">The value's shape in the user's order.</param>
    public int Constant(ReadOnlySpan<float> numbers, int channels, Shape shape) => Constant(Unturned(numbers, channels), shape);

    // Where in memory the user's element lies.
    private static int Turned(int element, int size, int channels)
    {
        var positions = size / channels;
        return element % positions * channels + element / positions;
    }

    private static double[] Unturned(ReadOnlySpan<float> numbers, int channels)
    {
        var turned = new double[numbers.Length];
        for (var i = 0; i < turned.Length; i++)
            turned[i] = numbers[Turned(i, turned.Length, channels)];
        return turned;
    }
}
