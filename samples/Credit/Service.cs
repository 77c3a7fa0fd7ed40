using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Credit;

/// <summary>The web service: POST a row, get the answer and its reasons.</summary>
internal static class Service
{
    private const int MostBytes = 64 * 1024;

    /// <summary>The service on a URL; port 0 takes a free one. Every request shares the one assessor.</summary>
    public static WebApplication Build(string url, string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MostBytes);
        builder.Services.AddSingleton(_ => Assessor.Load(folder));
        var app = builder.Build();
        app.MapGet("/measurements", (Assessor assessor) => assessor.Measurements);
        app.MapPost("/assess", Assess);
        return app;
    }

    private static async Task<IResult> Assess(HttpRequest request, Assessor assessor, CancellationToken cancelled)
    {
        if (Reasons(request, assessor.Measurements.Count) is not { } reasons)
            return Refuse($"reasons must be a number from 1 to {assessor.Measurements.Count}, but is \"{request.Query["reasons"]}\".");
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancelled);
            return Submission.Read(body.RootElement, assessor.Measurements, out var wrong) is { } row
                ? Results.Json(assessor.Assess(row, reasons))
                : Refuse(wrong!);
        }
        catch (JsonException error)
        {
            return Refuse($"The body is not JSON: {error.Message}");
        }
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
