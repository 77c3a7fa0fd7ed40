using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Whence;
using Whence.Extensions;

namespace Credit;

/// <summary>The web service: POST a row, get the answer and its reasons.</summary>
internal static class Service
{
    private const int MostBytes = 64 * 1024;

    /// <summary>The service on a URL; port 0 takes a free one. Every request shares the one network.</summary>
    public static WebApplication Build(string url, string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MostBytes);
        builder.Services.AddSingleton(Population.Read(folder));
        builder.Services.AddNetwork(TumourNet.Load).Configure<Population>((options, people) => Configure(options, people, folder));
        builder.Services.AddHealthChecks().AddNetwork<TumourNet>(Known(folder));
        var app = builder.Build();
        app.Services.GetRequiredService<Population>().RequireFor(app.Services.GetRequiredService<TumourNet>());
        app.MapGet("/measurements", (Population people) => people.Measurements);
        app.MapPost("/assess", Assess);
        app.MapHealthChecks("/health");
        return app;
    }

    private static void Configure(NetworkOptions<TumourNet> options, Population people, string folder)
    {
        options.WeightsPath = Path.GetFullPath(Path.Combine(folder, Assessor.WeightsFile));
        options.Method = Methods.Rescale;
        options.Reference = people.Rows;
        options.GapTolerance = Assessor.GapTolerance;
        options.Explain = new PathOptions { Parts = false };
    }

    // The row of the README, and its log-odds, with which the service is checked for as long as it runs.
    private static Func<IServiceProvider, KnownRow> Known(string folder) => services =>
    {
        var people = services.GetRequiredService<Population>();
        using var body = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "row.json")));
        var row = Submission.Read(body.RootElement, people.Measurements, out var wrong) ?? throw new InvalidDataException(wrong);
        return new KnownRow(Assessor.Row(row), Assessor.TargetOf(0), 7.5973) { FirstReason = "worst concavity" };
    };

    private static async Task<IResult> Assess(HttpRequest request, Population people, NetworkService<TumourNet> network,
        CancellationToken cancelled)
    {
        if (Reasons(request, people.Measurements.Count) is not { } reasons)
            return Refuse($"reasons must be a number from 1 to {people.Measurements.Count}, but is \"{request.Query["reasons"]}\".");
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancelled);
            return Submission.Read(body.RootElement, people.Measurements, out var wrong) is { } row
                ? Results.Json(await Answer(row, people, network, reasons, cancelled))
                : Refuse(wrong!);
        }
        catch (JsonException error)
        {
            return Refuse($"The body is not JSON: {error.Message}");
        }
    }

    private static async Task<Assessment> Answer(double[] row, Population people, NetworkService<TumourNet> network, int reasons,
        CancellationToken cancelled)
    {
        var x = Assessor.Row(row);
        var answer = Assessor.Larger(await network.PredictAsync(x, cancelled));
        var why = await network.ExplainAsync(x, Assessor.TargetOf(answer), cancelled);
        return Assessor.Tell(people, row, answer, why, reasons);
    }

    // ?reasons=5; 3 if it is not said, null if it is said wrongly.
    private static int? Reasons(HttpRequest request, int most)
    {
        if (!request.Query.TryGetValue("reasons", out var said))
            return 3;
        return int.TryParse(said, out var reasons) && reasons >= 1 && reasons <= most ? reasons : null;
    }

    private static IResult Refuse(string why) =>
        Results.Problem(why, title: "The row cannot be assessed.", statusCode: StatusCodes.Status400BadRequest);
}
