using Microsoft.Extensions.DependencyInjection;

namespace Whence.Extensions.Tests;

/// <summary>Services by the tests' networks, and rows to ask them about.</summary>
internal static class Services
{
    /// <summary>A provider with one network, whose weights are by chance.</summary>
    public static ServiceProvider Of<TNet>(Func<Weights, TNet> load, Action<NetworkOptions<TNet>> configure) where TNet : class, INetwork
    {
        var services = new ServiceCollection();
        services.AddNetwork(load, options =>
        {
            options.OpenWeights = () => Weights.Random(5);
            configure(options);
        });
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public static NetworkService<TableNet> Table(this IServiceProvider services) => services.GetRequiredService<NetworkService<TableNet>>();

    public static float[] Row(int seed, int size = 4)
    {
        var draws = new Random(seed);
        return [.. Enumerable.Range(0, size).Select(_ => (float)(draws.NextDouble() * 4 - 2))];
    }
}
