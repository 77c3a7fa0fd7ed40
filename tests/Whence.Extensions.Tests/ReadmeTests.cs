using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
// As the README has it; in this namespace it is not needed.
#pragma warning disable IDE0005
using Whence.Extensions;
#pragma warning restore IDE0005

namespace Whence.Extensions.Tests.Readme;

[Network(Explain = Methods.Rescale, Weights = "")]
public sealed partial class CreditNet
{
    [Linear(2)] private partial Tensor Fc(Tensor x);

    public Tensor Forward([Shape(3), Features("age", "income", "debt")] Tensor row) => Fc(row);
}

/// <summary>What the READMEs show is what compiles here, line by line, and runs.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly string weights = Path.Combine(AppContext.BaseDirectory, "credit.safetensors");

    public ReadmeTests() => Weights.Save(weights,
    [
        KeyValuePair.Create("fc.weight", new Tensor(new Shape(2, 3), [1, 2, 3, -1, 2.5, -3])),
        KeyValuePair.Create("fc.bias", new Tensor(new Shape(2), [0, 0.218])),
    ]);

    public void Dispose() => File.Delete(weights);

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("runtime/Extensions/README.md")]
    public void Its_lines_are_those_compiled_here(string readme)
    {
        var here = Lines(File.ReadAllText(Here())).ToHashSet();
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", readme)).ReplaceLineEndings("\n");
        var block = Assert.Single(text.Split("```csharp\n").Skip(1).Select(part => part.Split("```")[0]),
            part => part.Contains("AddNetwork", StringComparison.Ordinal));
        Assert.All(Lines(block), line => Assert.Contains(line, here));
    }

    [Fact]
    public async Task The_service_answers()
    {
        var builder = Builder();
        float[] population = [1, 2, 3, 3, 2, 1];
        float[] row = [0, 1, 0];

        builder.Services.AddNetwork(CreditNet.Load, options =>
        {
            options.WeightsPath = "credit.safetensors";
            options.Method = Methods.Rescale;
            options.Reference = population;           // one row, or several, averaged
            options.GapTolerance = 1e-4;              // reasons that miss more are not told
        });
        builder.Services.AddHealthChecks().AddNetwork<CreditNet>(new KnownRow(row, Target.Unit(1), 2.718) { FirstReason = "debt" });
        await using var app = builder.Build();

        app.MapPost("/why", async (float[] row, NetworkService<CreditNet> network, CancellationToken cancelled) =>
            await network.ExplainAsync(row, Target.Unit(1), cancelled));
        app.MapHealthChecks("/health");

        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        using var answer = await client.PostAsJsonAsync("/why", row);
        using var why = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(2.718, why.RootElement.GetProperty("output").GetDouble(), 5);
        Assert.Equal("2 given, averaged", why.RootElement.GetProperty("reference").GetString());
    }

    [Fact]
    public async Task The_short_form_answers_too()
    {
        var builder = Builder();
        builder.Services.AddNetwork(CreditNet.Load, options =>
            (options.WeightsPath, options.Method) = ("credit.safetensors", Methods.Rescale));
        await using var app = builder.Build();
        app.MapPost("/why", async (float[] row, NetworkService<CreditNet> network, CancellationToken cancelled) =>
            await network.ExplainAsync(row, Target.Unit(1), cancelled));
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var answer = await client.PostAsJsonAsync("/why", new float[] { 0, 1, 0 });
        using var why = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("zeros", why.RootElement.GetProperty("reference").GetString());
    }

    private static IEnumerable<string> Lines(string text) =>
        text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    private static string Here([CallerFilePath] string path = "") => path;
}
