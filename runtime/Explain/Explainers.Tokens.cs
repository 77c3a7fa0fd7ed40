namespace Whence;

public static partial class Explainers
{
    /// <summary>One row of input of a network whose only input holds tokens: their embeddings.</summary>
    /// <exception cref="ArgumentException">The network has other inputs too, a token lies outside the vocabulary, or there are too few or
    /// too many.</exception>
    public static float[] Embed(this ITokenNetwork net, params ReadOnlySpan<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(net);
        var own = net.TokenInputs[0];
        if (net.TokenInputs.Count > 1
            || !net.Signature.Inputs
                .All(tensor => tensor.Name == own.Name || tensor.Name.StartsWith(own.Name + ".", StringComparison.Ordinal)))
            throw new ArgumentException($"{net.Signature.Name} has more inputs than the tokens {own.Name}; call the Embed of its own "
                + "class, which takes them all.", nameof(net));
        var row = new float[net.Signature.InputSize];
        net.Embed(0, tokens, default, row, 1);
        return row;
    }
}
