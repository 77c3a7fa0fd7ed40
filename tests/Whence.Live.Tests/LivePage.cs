using System.Globalization;
using Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Whence.Browsers;

namespace Whence.Live.Tests;

/// <summary>The service, and a browser to look at it.</summary>
public sealed class LivePage : IAsyncLifetime
{
    private readonly WebApplication service = Service.Build("http://127.0.0.1:0");
    private Chromium? chromium;

    public string Url { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await service.StartAsync();
        Url = service.Urls.First();
        chromium = await Chromium.Start();
    }

    public async Task DisposeAsync()
    {
        await chromium!.DisposeAsync();
        await service.DisposeAsync();
    }

    /// <summary>The page, opened; what it logs as an error fails the test that closes it.</summary>
    public async Task<OpenPage> Open(int width = 1280, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        var page = await chromium!.NewPage(new()
        {
            ViewportSize = new() { Width = width, Height = height }, ColorScheme = colours, Locale = "en", DeviceScaleFactor = 1,
        });
        var opened = new OpenPage(page);
        await page.GotoAsync(Url);
        await page.WaitForSelectorAsync("body[data-ready=true]");
        await opened.Settled();
        return opened;
    }
}

/// <summary>One page.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> errors = [];

    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) => { if (message.Type == "error") errors.Add(message.Text); };
        page.PageError += (_, error) => errors.Add(error);
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>All that the page asked for.</summary>
    public List<string> Requests { get; } = [];

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>When the last question has its answer, and nothing has changed since.</summary>
    public async Task Settled()
    {
        for (var before = ""; ;)
        {
            await Page.WaitForSelectorAsync("body[data-settled=true]");
            await Page.WaitForTimeoutAsync(120);
            var now = await Page.EvaluateAsync<string>("document.body.dataset.answered + document.body.dataset.settled");
            if (now == before)
                return;
            before = now;
        }
    }

    public async Task<string> Text(string selector) => (await this[selector].InnerTextAsync()).Trim();

    public async Task<double> SetAlpha(double alpha)
    {
        await this["#alpha"].EvaluateAsync("(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }",
            alpha.ToString(CultureInfo.InvariantCulture));
        await Settled();
        return double.Parse(await this["#alpha"].InputValueAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        Assert.Empty(errors);
    }
}
