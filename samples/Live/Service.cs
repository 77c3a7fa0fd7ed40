using Credit;
using Digits;
using Language;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Whence.Extensions;

namespace Live;

/// <summary>The page, and the socket over which it asks.</summary>
internal static class Service
{
    /// <summary>The service on a URL; port 0 takes a free one.</summary>
    public static WebApplication Build(string url)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddNetwork(DigitNet.Load, options => options.WeightsPath = "digits.safetensors");
        builder.Services.AddNetwork(WordNet.Load, options => options.WeightsPath = "language.safetensors");
        builder.Services.AddNetwork(TumourNet.Load, options => options.WeightsPath = "tumour.safetensors");
        builder.Services.AddSingleton(Population.Read(AppContext.BaseDirectory));
        builder.Services.AddSingleton(Vocabulary.Read(Path.Combine(AppContext.BaseDirectory, "vocabulary.txt")));
        builder.Services.AddSingleton<DigitDesk>();
        builder.Services.AddSingleton<SentenceDesk>();
        builder.Services.AddSingleton<RowDesk>();
        builder.Services.AddSingleton<Conversation>();
        builder.Services.AddSingleton(Examples.Read(AppContext.BaseDirectory));
        var app = builder.Build();
        app.Use(Protect);
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseWebSockets();
        app.MapGet("/examples", (Examples examples) => examples);
        app.Map("/live", Talk);
        return app;
    }

    // Nothing comes from elsewhere, and nothing runs that is not a file of the page's own.
    private static Task Protect(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    private static async Task Talk(HttpContext context, Conversation conversation, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await conversation.Hold(socket, stop.Token);
    }
}
