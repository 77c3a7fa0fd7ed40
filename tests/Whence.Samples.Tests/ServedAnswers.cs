using System.Text.Json;
using Credit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Whence.Samples.Tests;

public class ServedAnswers
{
    [Fact]
    public async Task AnEndpointMayReturnAnAttribution()
    {
        var assessor = Assessor.Load(AppContext.BaseDirectory);
        var x = Assessor.Row(Csv.Read(Path.Combine(AppContext.BaseDirectory, "test.csv"), labels: true).Rows[0]);
        var why = assessor.Network.DeepLift(x, Assessor.TargetOf(0), Rule.Rescale, assessor.Population);
        var all = assessor.Network.DeepLift(x, 1, Assessor.TargetOf(0), Rule.Rescale, assessor.Population);

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var service = builder.Build();
        service.MapGet("/why", () => why);
        service.MapGet("/all", () => all);
        service.MapGet("/top", () => why.Top(1));
        service.MapGet("/other", () => "other");
        await service.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.First()) };
        Assert.Equal("other", await client.GetStringAsync("/other"));
        Assert.Equal(why.ToJson(), await client.GetStringAsync("/why"));
        Assert.Equal($"[{why.ToJson()}]", await client.GetStringAsync("/all"));
        using var top = JsonDocument.Parse(await client.GetStringAsync("/top"));
        Assert.Equal(why.Top(1)[0].Feature, top.RootElement[0].GetProperty("feature").GetString());
        Assert.Contains(why.Top(1)[0].Feature, assessor.Measurements);
    }

    [Fact]
    public void AFileWithOtherColumnsThanTheNetworksIsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("whence-credit");
        try
        {
            foreach (var name in new[] { "tumour.safetensors", "population.csv" })
                File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(folder.FullName, name));
            var population = File.ReadAllText(Path.Combine(folder.FullName, "population.csv"));
            File.WriteAllText(Path.Combine(folder.FullName, "population.csv"),
                population.Replace("mean radius,mean texture", "mean texture,mean radius", StringComparison.Ordinal));
            Assert.Contains("The network takes mean radius, mean texture",
                Assert.Throws<InvalidDataException>(() => Assessor.Load(folder.FullName)).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
