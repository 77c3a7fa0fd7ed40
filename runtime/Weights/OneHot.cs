namespace Whence;

/// <summary>Weights of a first layer over one-hot inputs.</summary>
public static class OneHot
{
    /// <summary>
    /// Subtracts, at each position of a filter, the mean over the channels from its weights, and adds those means to the bias. On
    /// one-hot columns the layer's value is unchanged, without padding, and a reference of all zeros becomes the average letter
    /// (DeepLIFT, arXiv 1605.01713). In place.
    /// </summary>
    /// <param name="weight">[filters, channels, kernel...], as PyTorch lays it out.</param>
    /// <param name="bias">[filters].</param>
    /// <param name="channels">The letters of the alphabet, such as 4.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static void Normalise(Span<double> weight, Span<double> bias, int channels)
    {
        if (channels < 1)
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"There is at least 1 channel, but {channels} were given.");
        if (bias.IsEmpty || weight.IsEmpty || weight.Length % ((long)bias.Length * channels) != 0)
            throw new ArgumentException($"The weights of {bias.Length} filters over {channels} channels are a multiple of "
                + $"{(long)bias.Length * channels} in number, but {weight.Length} were given.", nameof(weight));
        var positions = weight.Length / bias.Length / channels;
        for (var filter = 0; filter < bias.Length; filter++)
        {
            var letters = weight.Slice(filter * channels * positions, channels * positions);
            for (var position = 0; position < positions; position++)
            {
                var mean = 0.0;
                for (var channel = 0; channel < channels; channel++)
                    mean += letters[channel * positions + position];
                mean /= channels;
                for (var channel = 0; channel < channels; channel++)
                    letters[channel * positions + position] -= mean;
                bias[filter] += mean;
            }
        }
    }
}
