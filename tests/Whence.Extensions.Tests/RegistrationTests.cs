using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Whence.Extensions.Tests;

/// <summary>What is wrong with the options is told when the host starts.</summary>
public sealed class RegistrationTests
{
    private static async Task<string> Refused<TNet>(Func<Weights, TNet> load, Action<NetworkOptions<TNet>> configure)
        where TNet : class, INetwork
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddNetwork(load, configure);
        using var host = builder.Build();
        return (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message;
    }

    private static void ByChance<TNet>(NetworkOptions<TNet> options) where TNet : class, INetwork =>
        options.OpenWeights = () => Weights.Random(5);

    [Fact]
    public async Task WithoutWeightsNothingStarts() =>
        Assert.Contains("TableNet: there are no weights; set WeightsPath", await Refused(TableNet.Load, _ => { }));

    [Fact]
    public async Task AFileThatThereIsNotIsNamed() =>
        Assert.Contains("WeightsPath is \"none.safetensors\", but there is no file",
            await Refused(TableNet.Load, options => options.WeightsPath = "none.safetensors"));

    [Fact]
    public async Task WeightsComeFromOnePlace() => Assert.Contains("both set", await Refused(TableNet.Load, options =>
    {
        ByChance(options);
        options.WeightsPath = "none.safetensors";
    }));

    public static TheoryData<string, Action<NetworkOptions<TableNet>>> Wrong => new()
    {
        { "Method is one of None, Rescale", options => options.Method = Methods.DeepLift },
        { "leave one out", options => (options.Method, options.ExplainBy) = (Methods.Rescale, (net, x, count, targets, _, how) =>
            net.Gradient(x, count, targets, how)) },
        { "say it by GapTolerance", options => options.Explain = new PathOptions { RequireGap = 0.1 } },
        { "give it to each call", options => options.Explain = new PathOptions { Cancellation = new CancellationToken(true) } },
        { "GapTolerance is at least 0", options => options.GapTolerance = double.NaN },
        { "MaxBatchRows is at least 1, but is 0", options => options.MaxBatchRows = 0 },
        { "QueueCapacity is at least 1, but is -3", options => options.QueueCapacity = -3 },
        { "Workers is at least 1, but is 0", options => options.Workers = 0 },
        { "Reference must hold one row of 4 elements or several", options => options.Reference = [1, 2, 3] },
        { "Reference must hold one row", options => options.Reference = [] },
        { "Reference must be finite, but element 1 of row 1 is NaN", options => options.Reference = [1, 2, 3, 4, 5, float.NaN, 7, 8] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task AWrongOptionIsNamed(string message, Action<NetworkOptions<TableNet>> set) =>
        Assert.Contains(message, await Refused(TableNet.Load, options =>
        {
            ByChance(options);
            set(options);
        }));

    [Theory]
    [InlineData(Methods.Rescale)]
    [InlineData(Methods.Genomics)]
    [InlineData(Methods.IntegratedGradients)]
    public async Task AMethodForWhichTheNetworkWasNotCompiledIsNamed(Methods method) =>
        Assert.Contains($"Method is {method}, for which GradientNet was not compiled", await Refused(GradientNet.Load, options =>
        {
            ByChance(options);
            options.Method = method;
        }));

    [Fact]
    public async Task WeightsOfAnotherNetworkEndTheStart()
    {
        var folder = Directory.CreateTempSubdirectory("whence-extensions");
        try
        {
            var path = Path.Combine(folder.FullName, "other.safetensors");
            Weights.Save(path, [KeyValuePair.Create("fc.weight", new Tensor(new Shape(2, 3), new double[6]))]);
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddNetwork(TableNet.Load, options => options.WeightsPath = path);
            using var host = builder.Build();
            await Assert.ThrowsAsync<WeightsException>(() => host.StartAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task OptionsMayComeFromConfigurationAndFromOtherServices()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Network:Method"] = "IntegratedGradients", ["Network:GapTolerance"] = "0.5", ["Network:MaxBatchRows"] = "8",
            ["Network:Explain:Steps"] = "7",
        });
        builder.Services.AddSingleton(new float[] { 1, 2, 3, 4 });
        builder.Services.AddNetwork(TableNet.Load, ByChance)
            .Configure<float[]>((options, reference) => options.Reference = reference)
            .BindConfiguration("Network");
        using var host = builder.Build();
        await host.StartAsync();
        var service = host.Services.Table();
        var why = await service.ExplainAsync(Services.Row(3), Target.Unit(1));
        Assert.Equal(("IntegratedGradients", 7), (why.Method, why.Steps));
        Assert.Equal([1, 2, 3, 4], why.References.ToArray());
        Assert.Same(service.Network, host.Services.GetRequiredService<TableNet>());
        await host.StopAsync();
    }

    [Fact]
    public void TwoNetworksAreTwoServices()
    {
        var services = new ServiceCollection();
        services.AddNetwork(TableNet.Load, ByChance);
        services.AddNetwork(LogNet.Load, ByChance);
        using var provider = services.BuildServiceProvider();
        Assert.Equal("TableNet", provider.GetRequiredService<NetworkService<TableNet>>().Network.Signature.Name);
        Assert.Equal("LogNet", provider.GetRequiredService<NetworkService<LogNet>>().Network.Signature.Name);
    }
}
