using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Live;
using Microsoft.AspNetCore.Builder;

namespace Whence.Live.Tests;

/// <summary>What the socket answers, to good questions and to bad ones.</summary>
public sealed class ConversationTests : IAsyncLifetime
{
    private readonly WebApplication service = Service.Build("http://127.0.0.1:0");
    private readonly ClientWebSocket socket = new();

    public async Task InitializeAsync()
    {
        await service.StartAsync();
        await socket.ConnectAsync(new Uri(service.Urls.First().Replace("http", "ws", StringComparison.Ordinal) + "/live"), default);
    }

    public async Task DisposeAsync()
    {
        socket.Dispose();
        await service.DisposeAsync();
    }

    private async Task<JsonElement> Ask(string question)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(question), WebSocketMessageType.Text, true, default);
        var (buffer, length) = (new byte[1 << 20], 0);
        for (WebSocketReceiveResult part; ; )
        {
            part = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), default);
            length += part.Count;
            if (part.EndOfMessage)
                return JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, length));
        }
    }

    private static string Digit(double alpha) => JsonSerializer.Serialize(new
    {
        ask = "digit", id = 3, alpha, pixels = Convert.ToBase64String([.. Enumerable.Range(0, 784).Select(Bar)]),
    });

    private static byte Bar(int pixel) => pixel % 28 is > 12 and < 16 && pixel / 28 is > 4 and < 24 ? byte.MaxValue : byte.MinValue;

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public async Task EveryMethodsSumAndGapAreTheChange(double alpha)
    {
        var answer = await Ask(Digit(alpha));
        Assert.Equal(3, answer.GetProperty("id").GetInt32());
        foreach (var method in answer.GetProperty("methods").EnumerateArray())
        {
            double Of(string name) => method.GetProperty(name).GetDouble();
            Assert.Equal(Of("change"), Of("sum") + Of("gap"), 1e-6);
            var scores = method.GetProperty("scores").EnumerateArray().Sum(score => score.GetDouble());
            Assert.Equal(Of("sum"), scores, 1e-3);
            if (method.GetProperty("isPromised").GetBoolean())
                Assert.InRange(Math.Abs(Of("gap")), 0, 0.05 * (1 + Math.Abs(Of("change"))));
        }
    }

    /// <summary>Integrated gradients are the mean of the interior gradients along the way.</summary>
    [Fact]
    public async Task InteriorGradientsAverageToIntegratedOnes()
    {
        double Score(JsonElement answer, string method, int pixel) => answer.GetProperty("methods").EnumerateArray()
            .Single(one => one.GetProperty("method").GetString() == method).GetProperty("scores")[pixel].GetDouble();
        const int pixel = 10 * 28 + 14;
        var mean = 0.0;
        for (var step = 0; step < 50; step++)
            mean += Score(await Ask(Digit((step + 0.5) / 50)), "Interior gradient at α", pixel) / 50;
        Assert.Equal(Score(await Ask(Digit(1)), "Integrated gradients", pixel), mean, 1e-4);
    }

    [Theory]
    [InlineData("nonsense", "invalid")]
    [InlineData("null", "null")]
    [InlineData("""{"ask":"weather","id":1,"alpha":1}""", "nothing to ask about \"weather\"")]
    [InlineData("""{"ask":"digit","id":1,"alpha":2}""", "Alpha is between 0 and 1")]
    [InlineData("""{"ask":"digit","id":1,"alpha":1}""", "A digit is 784 pixels, not 0")]
    [InlineData("""{"ask":"digit","id":1,"alpha":1,"pixels":"AAAA"}""", "A digit is 784 pixels, not 3")]
    [InlineData("""{"ask":"sentence","id":1,"alpha":1}""", "There is no sentence")]
    [InlineData("""{"ask":"sentence","id":1,"alpha":1,"text":"the","target":3000}""", "There is no word 3000")]
    [InlineData("""{"ask":"row","id":1,"alpha":1,"values":[1,2]}""", "A row is 30 measurements, not 2")]
    public async Task ABadQuestionIsRefusedAndTheNextIsAnswered(string question, string why)
    {
        Assert.Contains(why, (await Ask(question)).GetProperty("error").GetString());
        Assert.Equal(10, (await Ask(Digit(1))).GetProperty("choices").GetArrayLength());
    }

    [Theory]
    [InlineData("In the beginning, God created", "<eos> <eos> <eos> <eos> <eos> in the beginning god created")]
    [InlineData("one two three four five six seven eight nine ten eleven", "two three four five six seven eight nine ten eleven")]
    [InlineData("", "<eos> <eos> <eos> <eos> <eos> <eos> <eos> <eos> <eos> <eos>")]
    public void TheLastTenWordsAreRead(string text, string words) => Assert.Equal(words, string.Join(' ', SentenceDesk.Words(text)));

    [Fact]
    public async Task ThePageIsServedWithALockedDoor()
    {
        using var client = new HttpClient();
        using var page = await client.GetAsync(service.Urls.First() + "/");
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(426, (int)(await client.GetAsync(service.Urls.First() + "/live")).StatusCode);
    }
}
