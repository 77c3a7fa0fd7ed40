using System.Globalization;
using Microsoft.Playwright;

namespace Whence.Pages.Tests;

/// <summary>Pages as a browser shows them.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    [SkippableTheory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task PagesFitTheirWindow(int width)
    {
        foreach (var (name, html) in new[] { ("report", Samples.Report()), ("rows", Samples.Rows()), ("letter", Samples.Letter()) })
        {
            await using var shown = await browser.Show(html, width);
            await shown.FitsTheWindow();
            await shown.Keep($"{name}-{width}");
            // What is wider than the window is scrolled in itself, also by keyboard.
            foreach (var plot in await shown.Page.Locator(".plot, .scroll").AllAsync())
                Assert.Equal("0", await plot.GetAttributeAsync("tabindex"));
        }
    }

    [SkippableFact]
    public async Task ATableIsSortedByItsHeads()
    {
        await using var shown = await browser.Show(Samples.Report());
        Task<IReadOnlyList<string>> Scores() => shown.Column(".bars", 2);
        var heads = shown.Page.Locator(".bars thead th");
        Assert.Equal(["+3", "\u22122", "+1", "+0.5", "\u22120.125"], await Scores());
        Assert.Equal("descending", await heads.Nth(1).GetAttributeAsync("aria-sort"));

        await heads.Nth(2).GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(["+3", "+1", "+0.5", "\u22122", "\u22120.125"], await Scores());
        Assert.Equal(["none", "none", "descending"], await Sorted(heads));
        await heads.Nth(2).GetByRole(AriaRole.Button).ClickAsync();
        // The sum of all others stays below.
        Assert.Equal(["\u22122", "+0.5", "+1", "+3", "\u22120.125"], await Scores());
        Assert.Equal(["none", "none", "ascending"], await Sorted(heads));
        await heads.Nth(0).GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(["age 40", "debt 7", "income 18", "loans before 1", "2 others"], await shown.Column(".bars", 0));
    }

    [SkippableFact]
    public async Task ATableIsSortedByKeyboard()
    {
        await using var shown = await browser.Show(Samples.Rows());
        var heads = shown.Page.Locator(".sortable").Nth(0).Locator("thead th");
        await heads.Nth(0).GetByRole(AriaRole.Button).FocusAsync();
        await shown.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("ascending", await heads.Nth(0).GetAttributeAsync("aria-sort"));
        var names = await shown.Page.Locator(".sortable").Nth(0).Locator("tbody th").AllTextContentsAsync();
        Assert.Equal(names.Order(StringComparer.InvariantCulture), names);
        await shown.Page.Keyboard.PressAsync("Tab");
        await shown.Page.Keyboard.PressAsync("Space");
        Assert.Equal(["none", "descending"], (await Sorted(heads)).Take(2));
        var sizes = await shown.Page.Locator(".sortable").Nth(0).Locator("tbody tr > :nth-child(2)").AllTextContentsAsync();
        Assert.Equal(sizes.OrderByDescending(text => double.Parse(text, CultureInfo.InvariantCulture)), sizes);
    }

    private static async Task<IEnumerable<string?>> Sorted(ILocator heads) =>
        await Task.WhenAll((await heads.AllAsync()).Select(head => head.GetAttributeAsync("aria-sort")));

    [SkippableFact]
    public async Task AHeatMapSaysTheScoreThatIsPointedAt()
    {
        await using var shown = await browser.Show(Samples.Report());
        var map = shown.Page.GetByAltText("DeepLIFT, heat map").Nth(0);
        async Task Says(int row, int column, string text)
        {
            await map.ScrollIntoViewIfNeededAsync();
            var box = (await map.BoundingBoxAsync())!;
            await shown.Page.Mouse.MoveAsync(box.X + box.Width * (column + 0.4f) / 4, box.Y + box.Height * (row + 0.6f) / 3);
            Assert.Equal(text, await shown.Page.Locator(".tip").TextContentAsync());
        }

        await Says(2, 3, "row 2, column 3: about +2");
        await Says(0, 2, "row 0, column 2: about \u22121");
        await Says(1, 3, "row 1, column 3: about \u22120.25");
        await Says(1, 0, "row 1, column 0: about 0");
        map = shown.Page.GetByAltText("DeepLIFT, heat map").Nth(1);
        await map.ScrollIntoViewIfNeededAsync();
        var strip = (await map.BoundingBoxAsync())!;
        await shown.Page.Mouse.MoveAsync(strip.X + strip.Width * 5.5f / 12, strip.Y + strip.Height * 2.5f / 4);
        Assert.Equal("G 5: about \u22121.5", await shown.Page.Locator(".tip").TextContentAsync());
        await shown.Page.Mouse.MoveAsync(2, 2);
        Assert.True(await shown.Page.Locator(".tip").IsHiddenAsync());
    }

    [SkippableFact]
    public async Task ADotSaysWhatItIs()
    {
        await using var shown = await browser.Show(Samples.Rows(), 390);
        var dot = shown.Page.Locator("svg [data-tip^='row 17: debt']").First;
        await dot.ScrollIntoViewIfNeededAsync();
        await dot.HoverAsync(new() { Force = true });
        var said = (await dot.GetAttributeAsync("data-tip"))!;
        Assert.Matches(@"^row 17: debt = [\d.]+, score -?[\d.]+$", said.Replace('\u2212', '-'));
        var box = (await shown.Page.Locator(".tip").BoundingBoxAsync())!;
        Assert.True(box.X >= 0 && box.X + box.Width <= 390, $"The hint lies from {box.X} to {box.X + box.Width} pixels.");
        Assert.Equal(said, await dot.GetAttributeAsync("aria-label"));
        Assert.Equal(0, await shown.Page.Locator("svg *:not(svg) > title").CountAsync());
    }

    [SkippableFact]
    public async Task ALetterPrintsItsAccountOnAPageOfItsOwn()
    {
        await using var shown = await browser.Show(Samples.Letter());
        await shown.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("page", await shown.Page.Locator("section").EvaluateAsync<string>("element => getComputedStyle(element).breakBefore"));
        var pdf = System.Text.Encoding.Latin1.GetString(await shown.Page.PdfAsync(new() { Format = "A4" }));
        Assert.Contains("/Count 2", pdf);
    }

    [SkippableFact]
    public async Task WithoutScriptsThePagesShowTheSame()
    {
        var page = Samples.Rows();
        var start = page.IndexOf("<script>", StringComparison.Ordinal);
        await using var shown = await browser.Show(page[..start] + page[(page.IndexOf("</script>", StringComparison.Ordinal) + 9)..]);
        Assert.True(await shown.Page.Locator("svg circle title").CountAsync() >= 1000);
        Assert.Equal(206, await shown.Page.Locator("tbody tr").CountAsync());
    }
}
