using Microsoft.Playwright;
using Whence.Browsers;

namespace Whence.Pages.Tests;

/// <summary>The browser that the tests of a class share.</summary>
public sealed class Browser : IAsyncLifetime
{
    private Chromium? chromium;

    public async Task InitializeAsync() => chromium = await Chromium.Start();

    public async Task DisposeAsync() => await chromium!.DisposeAsync();

    /// <summary>A page in a window so many pixels wide, which must need nothing but itself and complain of nothing.</summary>
    public async Task<ShownPage> Show(string html, int width = 1280, int height = 900) =>
        await ShownPage.Load(await chromium!.NewPage(new() { ViewportSize = new() { Width = width, Height = height } }), html);
}

/// <summary>A page, and what went wrong on it.</summary>
public sealed class ShownPage : IAsyncDisposable
{
    private readonly List<string> wrong = [];
    private readonly string path = Path.Combine(Path.GetTempPath(), $"whence-{Guid.NewGuid():n}.html");

    private ShownPage(IPage page) => Page = page;

    public IPage Page { get; }

    public static async Task<ShownPage> Load(IPage page, string html)
    {
        var shown = new ShownPage(page);
        await File.WriteAllTextAsync(shown.path, html);
        var own = new Uri(shown.path).AbsoluteUri;
        page.Console += (_, message) => shown.wrong.Add($"console: {message.Text}");
        page.PageError += (_, error) => shown.wrong.Add($"error: {error}");
        page.Request += (_, request) =>
        {
            if (request.Url != own && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                shown.wrong.Add($"request: {request.Url}");
        };
        await page.GotoAsync(own);
        return shown;
    }

    /// <summary>The texts of the cells of a column of a table's body, from the top.</summary>
    public async Task<IReadOnlyList<string>> Column(string table, int column) =>
        await Page.Locator($"{table} tbody tr > :nth-child({column + 1})").AllTextContentsAsync();

    /// <summary>That nothing lies beyond the window's edges.</summary>
    public async Task FitsTheWindow()
    {
        var widths = await Page.EvaluateAsync<int[]>(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        Assert.True(widths[0] <= widths[1], $"The page is {widths[0]} pixels wide in a window of {widths[1]}.");
    }

    /// <summary>Keeps a picture of it where the environment says so, for somebody to look at.</summary>
    public async Task Keep(string name)
    {
        if (Environment.GetEnvironmentVariable("WHENCE_PAGES") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        File.Delete(path);
        Assert.Empty(wrong);
    }
}
