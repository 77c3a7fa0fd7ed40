using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Credit;
using Microsoft.AspNetCore.Builder;

namespace Whence.Samples.Tests;

/// <summary>samples/Credit, over a real socket of the loopback.</summary>
public sealed class CreditTests : IAsyncLifetime
{
    private static readonly string folder = AppContext.BaseDirectory;
    private static readonly Csv test = Csv.Read(Path.Combine(folder, "test.csv"), labels: true);

    private readonly WebApplication service = Service.Build("http://127.0.0.1:0", folder);
    private readonly HttpClient client = new();

    public async Task InitializeAsync()
    {
        await service.StartAsync();
        client.BaseAddress = new Uri(service.Urls.First());
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await service.DisposeAsync();
    }

    private static Dictionary<string, object> Row(int row) =>
        test.Columns.Select((name, i) => (name, test.Rows[row][i])).ToDictionary(pair => pair.name, pair => (object)pair.Item2);

    private async Task<(HttpStatusCode Status, JsonElement Answer)> Post(string body, string path = "/assess")
    {
        using var response = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static string Body(Dictionary<string, object> measurements) => JsonSerializer.Serialize(new { measurements });

    [Fact]
    public async Task EveryAnswersReasonsAddUp()
    {
        for (var row = 0; row < 20; row++)
        {
            var (status, answer) = await Post(Body(Row(row)), "/assess?reasons=5");
            Assert.Equal(HttpStatusCode.OK, status);
            double Number(string name) => answer.GetProperty(name).GetDouble();
            double[] reasons =
                [.. answer.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("contribution").GetDouble())];
            Assert.Equal(5, reasons.Length);
            Assert.Equal(reasons.OrderByDescending(Math.Abs), reasons);
            Assert.Equal(Number("logOdds"), Number("populationLogOdds") + reasons.Sum() + Number("others") + Number("gap"), 9);
            Assert.Equal(1 / (1 + Math.Exp(-Number("logOdds"))), Number("probability"), 12);
            Assert.True(Number("logOdds") >= 0);
        }
    }

    [Fact]
    public async Task TheRowThatIsShippedGetsTheAnswerOfTheReadme()
    {
        var (status, answer) = await Post(await File.ReadAllTextAsync(Path.Combine(folder, "row.json")), "/assess?reasons=3");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("malignant", answer.GetProperty("answer").GetString());
        Assert.Equal(7.597, answer.GetProperty("logOdds").GetDouble(), 3);
        Assert.Equal(["worst concavity", "mean concavity", "worst radius"],
            answer.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("measurement").GetString()));
    }

    [Fact]
    public async Task ManyRequestsAtOnceGetTheAnswersOfOneAtATime()
    {
        var alone = new List<string>();
        for (var row = 0; row < 16; row++)
            alone.Add((await Post(Body(Row(row)))).Answer.GetRawText());
        var together = await Task.WhenAll(Enumerable.Range(0, 16).Select(row => Post(Body(Row(row)))));
        Assert.Equal(alone, together.Select(one => one.Answer.GetRawText()));
    }

    [Fact]
    public async Task TheServiceListsItsMeasurements() =>
        Assert.Equal(test.Columns, await client.GetFromJsonAsync<string[]>("/measurements"));

    [Theory]
    [InlineData("colour", 3.0, "There is no measurement \"colour\"")]
    [InlineData("mean radius", -1.5, "between 0 and 100000, but is -1.5")]
    [InlineData("mean radius", 1e300, "between 0 and 100000")]
    [InlineData("mean area", "large", "\"mean area\" must be a number, but is \"large\"")]
    [InlineData("mean area", null, "must be a number, but is null")]
    public async Task AWrongMeasurementIsNamed(string name, object? value, string why)
    {
        var row = Row(0);
        row[name] = value!;
        await Refused(Body(row), why);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("radius 17", "not JSON")]
    [InlineData("[1, 2]", "must be an object")]
    [InlineData("{}", "must be an object")]
    [InlineData("{\"measurements\": 3}", "must be an object")]
    [InlineData("{\"measurements\": {}}", "Missing: mean radius, mean texture")]
    [InlineData("{\"measurements\": {\"mean radius\": 1, \"mean radius\": 2}}", "given twice")]
    public async Task ABodyOfAnotherFormIsRefused(string body, string why) => await Refused(body, why);

    [Theory]
    [InlineData("0")]
    [InlineData("31")]
    [InlineData("many")]
    public async Task TheNumberOfReasonsIsChecked(string reasons)
    {
        var (status, answer) = await Post(Body(Row(0)), $"/assess?reasons={reasons}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"from 1 to 30, but is \"{reasons}\"", answer.GetProperty("detail").GetString());
    }

    [Fact]
    public void MostTestRowsAreAnsweredRight()
    {
        var assessor = Assessor.Load(folder);
        var right = test.Rows.Where((row, i) => assessor.Assess(row, 1).Answer == test.Labels[i]).Count();
        Assert.InRange(right, 0.95 * test.Rows.Count, test.Rows.Count);
    }

    private async Task Refused(string body, string why)
    {
        var (status, answer) = await Post(body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(why, answer.GetProperty("detail").GetString());
    }
}
