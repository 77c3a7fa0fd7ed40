using System.Net;
using System.Text;
using System.Text.Json;
using Credit;
using Xunit.Abstractions;

namespace Whence.Extensions.Tests;

/// <summary>
/// samples/Credit under load, over real sockets of the loopback: a minute in CI, ten by
/// <c>WHENCE_LONG=1 WHENCE_LOAD_SECONDS=600 dotnet test tests/Whence.Extensions.Tests --filter Long=load</c>.
/// </summary>
[Trait("Long", "load")]
public sealed class LoadTests(ITestOutputHelper output)
{
    private const int Clients = 64;
    private const int Rounds = 6;

    private static readonly string folder = AppContext.BaseDirectory;
    private static readonly Csv test = Csv.Read(Path.Combine(folder, "test.csv"), labels: true);

    private readonly string[] bodies = [.. test.Rows.Select(row => JsonSerializer.Serialize(new
    {
        measurements = test.Columns.Select((name, i) => (name, row[i])).ToDictionary(pair => pair.name, pair => pair.Item2),
    }))];

    private long answered;
    private long cancelled;

    [Fact]
    public async Task EveryAnswerUnderLoadIsThatOfASingleCallAndNothingGrows()
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("WHENCE_LOAD_SECONDS"), out var given) ? given : 60;
        await using var service = Service.Build("http://127.0.0.1:0", folder);
        await service.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients })
        {
            BaseAddress = new Uri(service.Urls.First()),
        };
        var alone = new List<string>();
        foreach (var body in bodies)
            alone.Add(await Post(client, body, default));

        var sizes = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            var end = DateTime.UtcNow + TimeSpan.FromSeconds((double)seconds / Rounds);
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(one => Task.Run(() => Visit(client, one, alone, end))));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
            sizes.Add(GC.GetTotalMemory(forceFullCollection: true));
            output.WriteLine($"{answered} answers, {cancelled} cancelled, {sizes[^1] >> 10} KB held");
        }
        output.WriteLine($"{answered / seconds} answers a second by {Clients} clients");
        Assert.True(answered > Clients * Rounds);
        Assert.True(cancelled > 0);
        // The first round fills pools: of connections, of buffers, of threads.
        Assert.InRange(sizes[^1] - sizes[0], long.MinValue, 8 << 20);
    }

    private async Task Visit(HttpClient client, int one, List<string> alone, DateTime end)
    {
        var draws = new Random(one);
        while (DateTime.UtcNow < end)
        {
            var row = draws.Next(bodies.Length);
            if (draws.Next(50) == 0)
                await Leave(client, bodies[row], draws.Next(3));
            else
                Assert.Equal(alone[row], await Post(client, bodies[row], default));
            Interlocked.Increment(ref answered);
        }
    }

    // A client that goes away amid its request.
    private async Task Leave(HttpClient client, string body, int milliseconds)
    {
        using var cancel = new CancellationTokenSource(milliseconds);
        try
        {
            await Post(client, body, cancel.Token);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref cancelled);
        }
    }

    private static async Task<string> Post(HttpClient client, string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/assess?reasons=30", content, cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(cancellation);
    }
}
