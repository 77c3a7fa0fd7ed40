using Microsoft.Playwright;

namespace Whence.Browsers;

/// <summary>Debian's Chromium, which the machine has or what asks for a page is skipped: nothing is downloaded.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly IPlaywright? playwright;
    private readonly IBrowser? browser;

    private Chromium(IPlaywright? playwright, IBrowser? browser) => (this.playwright, this.browser) = (playwright, browser);

    public static async Task<Chromium> Start()
    {
        if (!File.Exists(Program))
            return new(null, null);
        var playwright = await Playwright.CreateAsync();
        // Root, as whom containers run, has no sandbox there.
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu"],
        }));
    }

    public async Task<IPage> NewPage(BrowserNewPageOptions options)
    {
        Skip.If(browser is null, $"There is no {Program}.");
        return await browser!.NewPageAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
    }
}
