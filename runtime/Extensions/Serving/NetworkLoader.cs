namespace Whence.Extensions;

/// <summary>Loads a network by what its class generates: <c>Load</c>.</summary>
internal sealed class NetworkLoader<TNet>(Func<Weights, TNet> load) where TNet : class, INetwork
{
    public TNet Load(NetworkOptions<TNet> options)
    {
        using var weights = options.OpenWeights?.Invoke() ?? Weights.Open(PathOf(options.WeightsPath!));
        return load(weights);
    }

    /// <summary>Beside the program, unless the path is rooted.</summary>
    public static string PathOf(string weights) => Path.Combine(AppContext.BaseDirectory, weights);
}
