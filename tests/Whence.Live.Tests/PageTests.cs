using System.Globalization;
using Language;
using Live;
using Microsoft.Playwright;

namespace Whence.Live.Tests;

/// <summary>The page in a browser, as hands, keys and screen readers meet it.</summary>
public sealed class PageTests(LivePage live) : IClassFixture<LivePage>
{
    /// <summary>Where tests put their pictures: beside the page's README, if asked to, else where nothing stays.</summary>
    private static string PictureAt(string name) => Environment.GetEnvironmentVariable("WHENCE_LIVE_PICTURES") is { } folder
        ? Path.Combine(folder, name)
        : Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + name);

    // Strokes through points of the drawing, from 0 to 1.
    private static async Task Draw(OpenPage page, params (double X, double Y)[] points)
    {
        var box = (await page["#draw"].BoundingBoxAsync())!;
        for (var i = 0; i < points.Length; i++)
        {
            var (x, y) = ((float)(box.X + points[i].X * box.Width), (float)(box.Y + points[i].Y * box.Height));
            await page.Page.Mouse.MoveAsync(x, y, new() { Steps = i == 0 ? 1 : 8 });
            if (i == 0)
                await page.Page.Mouse.DownAsync();
        }
        await page.Page.Mouse.UpAsync();
        await page.Settled();
    }

    // What the network itself expects after a sentence.
    private static string Next(string text)
    {
        var vocabulary = Vocabulary.Read(Path.Combine(AppContext.BaseDirectory, "vocabulary.txt"));
        var net = WordNet.Load(Path.Combine(AppContext.BaseDirectory, "language.safetensors"));
        var chances = net.Predict(net.Embed([.. SentenceDesk.Words(text).Select(vocabulary.Number)]));
        chances[vocabulary.Number(Vocabulary.Unknown)] = 0;
        return vocabulary[Array.IndexOf(chances, chances.Max())].Replace("<eos>", "(end)", StringComparison.Ordinal);
    }

    private static async Task<double> Gap(OpenPage page, string method)
    {
        var text = await page[$"#methods article:has(h3:text-is('{method}')) .gap b"].InnerTextAsync();
        return double.Parse(text["gap ".Length..].Replace('−', '-'), CultureInfo.InvariantCulture);
    }

    // The sum of the redness less the blueness of a method's picture, over some of its rows.
    private static async Task<double> Warmth(OpenPage page, string method, int fromRow, int toRow) =>
        await page[$"#methods article:has(h3:text-is('{method}')) canvas"].EvaluateAsync<double>("""
            (canvas, [from, to]) => {
              const data = canvas.getContext("2d").getImageData(0, from, 28, to - from).data;
              let sum = 0;
              for (let i = 0; i < data.length; i += 4) sum += data[i] - data[i + 2];
              return sum;
            }
            """, new[] { fromRow, toRow });

    [SkippableFact]
    public async Task ADrawnSevenIsASevenAndItsStrokesSaySo()
    {
        await using var page = await live.Open();
        await page["#clear"].ClickAsync();
        await page.Settled();
        await Draw(page, (0.28, 0.27), (0.7, 0.27), (0.48, 0.8));
        Assert.Equal("7", await page.Text("#said"));
        Assert.Equal("Why 7?", await page.Text("#why"));
        Assert.Equal(5, await page["#methods article"].CountAsync());
        foreach (var method in new[] { "DeepLIFT, RevealCancel", "DeepLIFT, Rescale" })
        {
            Assert.InRange(Math.Abs(await Gap(page, method)), 0, 1e-3);
            // The bar of a seven speaks for it.
            Assert.True(await Warmth(page, method, 5, 10) > 0);
        }
        Assert.InRange(Math.Abs(await Gap(page, "Integrated gradients")), 0, 0.5);
        var label = await page["#methods canvas"].First.GetAttributeAsync("aria-label");
        Assert.Contains("speaks most for it at row", label);
        await Assertions.Expect(page["#spoken"]).ToContainTextAsync("The network says 7");
    }

    [SkippableFact]
    public async Task AlphaGoesTheWayFromBlackToTheDigit()
    {
        await using var page = await live.Open();
        var whole = await page.Text("#sure");
        await page.SetAlpha(0);
        Assert.Contains("at α = 0.00", await page.Text("#way-says"));
        Assert.NotEqual(whole, await page.Text("#sure"));
        foreach (var method in new[] { "DeepLIFT, RevealCancel", "DeepLIFT, Rescale", "Integrated gradients" })
            Assert.Equal(0, await Gap(page, method));
        await page.SetAlpha(1);
        Assert.Equal(whole, await page.Text("#sure"));
        await page["#choices button[data-unit='3']"].ClickAsync();
        await page.Settled();
        Assert.Equal("Why 3?", await page.Text("#why"));
        Assert.Equal("7", await page.Text("#said"));
        Assert.Equal("true", await page["#choices button[data-unit='3']"].GetAttributeAsync("aria-pressed"));
    }

    [SkippableFact]
    public async Task ASentenceHasItsNextWordAndItsReasons()
    {
        await using var page = await live.Open();
        await page["#tab-sentence"].ClickAsync();
        await page.Settled();
        await page["#text"].FillAsync("the children of");
        await page.Settled();
        Assert.Equal(Next("the children of"), await page.Text("#said"));
        var words = await page["#methods article"].First.Locator("li")
            .EvaluateAllAsync<string[]>("all => all.map(one => one.firstChild.data)");
        Assert.Equal(["(end)", "the", "children", "of"], words[6..]);
        Assert.Equal(4, await page["#methods article"].CountAsync());
        Assert.InRange(Math.Abs(await Gap(page, "DeepLIFT, Rescale")), 0, 1e-3);
        await page["#text"].FillAsync("and the xyzzy of <b>");
        await page.Settled();
        Assert.Contains("(xyzzy)", await page.Text("#methods"));
    }

    [SkippableFact]
    public async Task ASliderMovesTheAnswerAndItsReasons()
    {
        await using var page = await live.Open();
        await page["#tab-row"].ClickAsync();
        await page.Settled();
        Assert.Equal("malignant", await page.Text("#said"));
        var before = await page.Text("#sure");
        foreach (var name in new[] { "radius", "perimeter", "area", "concavity", "concave points" })
        {
            foreach (var slider in await page.Page.GetByLabel(name, new() { Exact = true }).AllAsync())
                await slider.EvaluateAsync("one => { one.value = 0; one.dispatchEvent(new Event('input')); }");
        }
        await page.Settled();
        Assert.Equal("benign", await page.Text("#said"));
        Assert.NotEqual(before, await page.Text("#sure"));
        Assert.Equal(11, await page["#methods tbody tr"].CountAsync());
        Assert.Equal(4, await page["#methods tfoot .gap"].CountAsync());
    }

    [SkippableFact]
    public async Task KeysAloneDoEverything()
    {
        await using var page = await live.Open();
        var keys = page.Page.Keyboard;
        async Task<string> Focused() => await page.Page.EvaluateAsync<string>("document.activeElement.id");
        async Task Press(string key, int times = 1)
        {
            for (var i = 0; i < times; i++)
                await keys.PressAsync(key);
        }

        await Press("Tab");
        Assert.Equal("Skip to the answer", await page.Page.EvaluateAsync<string>("document.activeElement.textContent"));
        await Press("Tab");
        Assert.Equal("tab-digit", await Focused());
        await Press("Tab");
        Assert.Equal("draw", await Focused());
        await Press("Delete");
        // A seven: along the top, then down to the left.
        await Press("ArrowLeft", 6);
        await Press("Space");
        await Press("ArrowRight", 12);
        for (var i = 0; i < 7; i++)
        {
            await Press("ArrowDown", 2);
            await Press("ArrowLeft");
        }
        await Press("Space");
        await page.Settled();
        Assert.Equal("7", await page.Text("#said"));

        for (var tabs = 0; await Focused() != "alpha"; tabs++)
        {
            Assert.InRange(tabs, 0, 40);
            await Press("Tab");
        }
        await Press("Home");
        await page.Settled();
        Assert.Equal("0.00", await page.Text("#alpha-is"));
        await Press("End");

        await page["#tab-digit"].FocusAsync();
        await Press("ArrowRight");
        Assert.Equal("tab-sentence", await Focused());
        await Press("Tab");
        Assert.Equal("text", await Focused());
        await Press("Control+a");
        await keys.TypeAsync("the children of");
        await page.Settled();
        Assert.Equal(Next("the children of"), await page.Text("#said"));

        await page["#tab-sentence"].FocusAsync();
        await Press("End");
        Assert.Equal("tab-row", await Focused());
        for (var tabs = 0; await Focused() != "m0"; tabs++)
        {
            Assert.InRange(tabs, 0, 10);
            await Press("Tab");
        }
        await page.Settled();
        var before = await page["#m0"].GetAttributeAsync("aria-valuetext");
        await Press("ArrowRight", 5);
        await page.Settled();
        Assert.NotEqual(before, await page["#m0"].GetAttributeAsync("aria-valuetext"));
    }

    /// <summary>Everything that can be used has a name, and no picture is without words.</summary>
    [SkippableFact]
    public async Task EverythingHasAName()
    {
        await using var page = await live.Open();
        foreach (var tab in new[] { "digit", "sentence", "row" })
        {
            await page[$"#tab-{tab}"].ClickAsync();
            await page.Settled();
            var nameless = await page.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll("button, input, textarea, canvas, [role=img], [role=region], [role=group]")]
                  .filter(one => one.checkVisibility())
                  .filter(one => !(one.getAttribute("aria-label") || one.labels?.length || one.textContent.trim()
                    || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent.trim()))
                  .map(one => one.outerHTML)
                """);
            Assert.Empty(nameless);
            Assert.Equal("polite", await page["#spoken"].GetAttributeAsync("aria-live"));
        }
    }

    [SkippableTheory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task ThePageIsNoWiderThanTheWindow(int width)
    {
        foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var page = await live.Open(width, 800, colours);
            foreach (var tab in new[] { "digit", "sentence", "row" })
            {
                await page[$"#tab-{tab}"].ClickAsync();
                await page.Settled();
                var wide = await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                Assert.InRange(wide, 1, width);
                var picture = PictureAt($"{tab}-{width}-{colours.ToString().ToLowerInvariant()}.png");
                await page.Page.ScreenshotAsync(new() { Path = picture, FullPage = true });
                Assert.InRange(new FileInfo(picture).Length, 10_000, 1_000_000);
            }
        }
    }

    [SkippableFact]
    public async Task NothingComesFromElsewhere()
    {
        await using var page = await live.Open();
        await page["#tab-sentence"].ClickAsync();
        await page.Settled();
        Assert.NotEmpty(page.Requests);
        Assert.All(page.Requests, url => Assert.StartsWith(live.Url, url));
    }
}
