using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Whence.Extensions;

/// <summary>Loads the network before the host takes requests: what is wrong with it ends the start, not the first request.</summary>
internal sealed class NetworkStart<TNet>(IServiceProvider services) : IHostedLifecycleService where TNet : class, INetwork
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<NetworkService<TNet>>();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
