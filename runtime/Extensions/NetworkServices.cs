using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Whence.Extensions;

/// <summary>Registers networks with a service.</summary>
public static class NetworkServices
{
    /// <summary>
    /// Adds a network: <typeparamref name="TNet"/> itself and a <see cref="NetworkService{TNet}"/> that answers by it, both singletons.
    /// Options are checked, and the network is loaded, when the host starts.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="load">The network's own <c>Load</c>, as in <c>services.AddNetwork(CreditNet.Load, ...)</c>.</param>
    /// <param name="configure">Sets options. What is returned binds them to configuration, or sets them from other services.</param>
    public static OptionsBuilder<NetworkOptions<TNet>> AddNetwork<TNet>(this IServiceCollection services, Func<Weights, TNet> load,
        Action<NetworkOptions<TNet>>? configure = null)
        where TNet : class, INetwork
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(load);
        services.AddMetrics();
        services.AddSingleton(new NetworkLoader<TNet>(load));
        services.TryAddSingleton(provider => new NetworkTelemetry<TNet>(provider.GetRequiredService<IMeterFactory>(),
            (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<NetworkService<TNet>>()));
        services.TryAddSingleton(provider => new NetworkService<TNet>(provider.GetRequiredService<NetworkLoader<TNet>>(),
            provider.GetRequiredService<IOptions<NetworkOptions<TNet>>>().Value, provider.GetRequiredService<NetworkTelemetry<TNet>>()));
        services.TryAddSingleton(provider => provider.GetRequiredService<NetworkService<TNet>>().Network);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NetworkOptions<TNet>>, NetworkOptionsRules<TNet>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, NetworkStart<TNet>>(provider => new(provider)));
        return services.AddOptions<NetworkOptions<TNet>>().Configure(configure ?? (_ => { })).ValidateOnStart();
    }

    /// <summary>
    /// Adds a health check that explains a row whose answer is known, past all rows that wait, and fails where the answer or the gap is
    /// off.
    /// </summary>
    /// <param name="checks">The health checks.</param>
    /// <param name="known">The row.</param>
    /// <param name="name">The check's name; the network's class by default.</param>
    /// <param name="failureStatus">What it says where it fails; unhealthy by default.</param>
    /// <param name="tags">By which checks are chosen.</param>
    public static IHealthChecksBuilder AddNetwork<TNet>(this IHealthChecksBuilder checks, KnownRow known, string? name = null,
        HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
        where TNet : class, INetwork
    {
        ArgumentNullException.ThrowIfNull(known);
        return checks.AddNetwork<TNet>(_ => known, name, failureStatus, tags);
    }

    /// <inheritdoc cref="AddNetwork{TNet}(IHealthChecksBuilder, KnownRow, string, HealthStatus?, IEnumerable{string})"/>
    public static IHealthChecksBuilder AddNetwork<TNet>(this IHealthChecksBuilder checks, Func<IServiceProvider, KnownRow> known,
        string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
        where TNet : class, INetwork
    {
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(known);
        return checks.Add(new HealthCheckRegistration(name ?? typeof(TNet).Name,
            provider => new NetworkHealthCheck<TNet>(provider.GetRequiredService<NetworkService<TNet>>(), known(provider)),
            failureStatus, tags));
    }
}
