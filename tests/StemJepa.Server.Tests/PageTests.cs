using Microsoft.Playwright;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>The page in Debian's Chromium, with real songs.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly TestLibrary _library = new();
    private readonly List<string> _problems = [];
    private RunningServer? _server;
    private string _mix = "";

    public async Task InitializeAsync()
    {
        if (new BrowserFactAttribute().Skip is not null)
            return;
        using (StemAffinity model = StemAffinity.Create())
            _mix = DemoLibrary.Fill(_library, model, 3);
        _server = await RunningServer.StartAsync(_library.Catalog);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _library.Dispose();
    }

    [BrowserFact]
    public async Task A_chosen_mix_is_shown_with_key_and_tempo_and_its_results_are_those_of_the_library()
    {
        IPage page = await OpenWithMixAsync();
        await Assertions.Expect(page.Locator("#mix-facts")).ToContainTextAsync("BPM");
        string[] names = [.. await page.Locator("#results .name").EvaluateAllAsync<string[]>("all => all.map(x => x.firstChild.textContent)")];
        using StemAffinity model = StemAffinity.Create();
        using StemCatalog catalog = StemCatalog.Open(_library.Catalog);
        IReadOnlyList<CatalogMatch> expected = catalog.Search(model.Predict(AudioClip.Load(_mix), Stem.Bass), 50,
            new CatalogFilter { Stem = Stem.Bass, IncludeUnknownStem = true });
        Assert.Equal(expected.Select(match => Path.GetFileName(match.Entry.Path)), names);
        await Shot(page, "mix");
        Assert.Empty(_problems);
    }

    private async Task<IPage> OpenWithMixAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        IPage page = await browser.OpenAsync(_server!.Address, _problems, width, height, scheme);
        await page.SetInputFilesAsync("#file", _mix);
        await Assertions.Expect(page.Locator("#results [role=option]").First).ToBeVisibleAsync();
        return page;
    }

    private static async Task Shot(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("STEMJEPA_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
    }
}
