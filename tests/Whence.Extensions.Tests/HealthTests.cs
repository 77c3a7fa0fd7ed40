using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Whence.Extensions.Tests;

/// <summary>The health check explains a known row, and says what is off.</summary>
public sealed class HealthTests
{
    private static readonly float[] row = Services.Row(11);

    private static readonly Attribution right = TableNet.Load(Weights.Random(5)).DeepLift(row, Target.Unit(1));

    private static async Task<HealthReportEntry> Check(KnownRow known, Action<NetworkOptions<TableNet>>? configure = null,
        HealthStatus? status = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddNetwork(TableNet.Load, options =>
        {
            (options.OpenWeights, options.Method) = (() => Weights.Random(5), Methods.Rescale);
            configure?.Invoke(options);
        });
        services.AddHealthChecks().AddNetwork<TableNet>(known, failureStatus: status, tags: ["ready"]);
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return Assert.Single(report.Entries, entry => entry.Key == "TableNet").Value;
    }

    [Fact]
    public async Task ARowThatIsExplainedAsItShouldBeIsHealthy()
    {
        var found = await Check(new KnownRow(row, Target.Unit(1), right.Output) { FirstReason = right.Top(1)[0].Place });
        Assert.Equal(HealthStatus.Healthy, found.Status);
        Assert.Equal(right.Output, found.Data["output"]);
        Assert.Equal(right.RelativeGap, found.Data["relativeGap"]);
        Assert.Contains("ready", found.Tags);
    }

    [Fact]
    public async Task AnotherValueIsUnhealthy()
    {
        var found = await Check(new KnownRow(row, Target.Unit(1), right.Output + 0.01));
        Assert.Equal(HealthStatus.Unhealthy, found.Status);
        Assert.Contains("is right", found.Description);
        Assert.Equal(HealthStatus.Healthy,
            (await Check(new KnownRow(row, Target.Unit(1), right.Output + 0.01) { Tolerance = 0.1 })).Status);
    }

    [Fact]
    public async Task AValueThatIsNoNumberIsNeverRight() =>
        Assert.Equal(HealthStatus.Unhealthy, (await Check(new KnownRow(row, Target.Unit(1), double.NaN))).Status);

    [Fact]
    public async Task AGapOverTheToleranceIsUnhealthy()
    {
        static void Roughly(NetworkOptions<TableNet> options) => (options.Method, options.GapTolerance, options.Explain) =
            (Methods.IntegratedGradients, 1e-9, new PathOptions { Steps = 1, Quadrature = Quadrature.Left });
        var found = await Check(new KnownRow(row, Target.Unit(1), right.Output), Roughly, HealthStatus.Degraded);
        Assert.Equal(HealthStatus.Degraded, found.Status);
        Assert.Contains("miss its answer by", found.Description);
    }

    [Fact]
    public async Task AnotherFirstReasonIsUnhealthy()
    {
        var found = await Check(new KnownRow(row, Target.Unit(1), right.Output) { FirstReason = "shoe size" });
        Assert.Equal(HealthStatus.Unhealthy, found.Status);
        Assert.Contains($"is {right.Top(1)[0].Place}, not shoe size", found.Description);
    }

    [Fact]
    public async Task ARowThatCannotBeExplainedIsUnhealthy()
    {
        var found = await Check(new KnownRow([1, 2], Target.Unit(1), 0));
        Assert.Equal(HealthStatus.Unhealthy, found.Status);
        Assert.IsAssignableFrom<ArgumentException>(found.Exception);
        Assert.Contains("TableNet cannot explain the known row", found.Description);
    }

    [Fact]
    public async Task WithoutAMethodTheRowCannotBeExplained() => Assert.Contains("set Method or ExplainBy",
        (await Check(new KnownRow(row, Target.Unit(1), right.Output), options => options.Method = Methods.None)).Description);
}
