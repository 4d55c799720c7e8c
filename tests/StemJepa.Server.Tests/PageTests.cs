using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using StemJepa.TestSupport;
using StemJepa.Tool.Serving;

namespace StemJepa.Server.Tests;

/// <summary>The page in Debian's Chromium, with real songs. Every test fails if a script fails or another host is asked.</summary>
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
        _server = await RunningServer.StartAsync(_library.Catalog, services: services => services.AddSingleton<IStemIndexer>(
            provider => new LibraryIndexing(
                provider.GetRequiredService<IStemAffinity>(), _library.Catalog, provider.GetRequiredService<StemAnalyzer>())));
    }

    public async Task DisposeAsync()
    {
        await browser.CloseAllAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _library.Dispose();
        Assert.Empty(_problems);
    }

    [BrowserFact]
    public async Task A_chosen_mix_is_shown_with_key_and_tempo_and_its_results_are_those_of_the_library()
    {
        IPage page = await OpenWithMixAsync();
        await Expect(page, "#mix-facts").ToContainTextAsync("BPM");
        using StemAffinity model = StemAffinity.Create();
        using StemCatalog catalog = StemCatalog.Open(_library.Catalog);
        IReadOnlyList<CatalogMatch> expected = catalog.Search(model.Predict(AudioClip.Load(_mix), Stem.Bass), 50,
            new CatalogFilter { Stem = Stem.Bass, IncludeUnknownStem = true });
        Assert.Equal(expected.Select(match => Path.GetFileName(match.Entry.Path)), await NamesAsync(page));
    }

    [BrowserFact]
    public async Task A_dropped_file_becomes_the_mix()
    {
        IPage page = await browser.OpenAsync(_server!.Address, _problems);
        IJSHandle transfer = await page.EvaluateHandleAsync("""
            text => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))], 'dropped.wav',
                  { type: 'audio/wav' }));
              return transfer;
            }
            """, Convert.ToBase64String(File.ReadAllBytes(_mix)));
        await page.DispatchEventAsync("body", "drop", new { dataTransfer = transfer });
        await Expect(page, "#mix-facts").ToContainTextAsync("dropped.wav");
        await Expect(page, "#results [role=option]").ToHaveCountAsync(3);
    }

    [BrowserFact]
    public async Task An_instrument_that_the_model_knows_can_be_looked_for_among_all_recordings()
    {
        IPage page = await OpenWithMixAsync();
        await page.GetByLabel("Instrument").SelectOptionAsync("synth-lead");
        await Expect(page, "#status").ToContainTextAsync("12 recordings, best first, for synth-lead");
        Assert.Equal(0, await page.Locator("[name=stem]:checked").CountAsync());
        string[] offered = await page.Locator("#instrument option").EvaluateAllAsync<string[]>("all => all.map(option => option.value)");
        using (StemAffinity model = StemAffinity.Create())
            Assert.Equal(model.Model.Stems.Skip(Stem.Roles.Count).Select(stem => stem.Name), offered.Skip(1));
        await page.GetByLabel("Drums").CheckAsync();
        await Expect(page, "#status").ToContainTextAsync("3 recordings, best first, for drums");
        Assert.Equal("", await page.Locator("#instrument").InputValueAsync());
    }

    [BrowserFact]
    public async Task Filters_and_the_stem_change_what_is_found()
    {
        IPage page = await OpenWithMixAsync();
        await page.GetByLabel("Drums").CheckAsync();
        await Expect(page, "#status").ToContainTextAsync("3 recordings, best first, for drums");
        Assert.All(await NamesAsync(page), name => Assert.EndsWith(" drums.wav", name));
        await page.GetByLabel("Any stem").CheckAsync();
        await Expect(page, "#status").ToContainTextAsync("12 recordings");
        await page.GetByLabel("Text").FillAsync("VOCALS");
        await Expect(page, "#status").ToContainTextAsync("3 recordings");
        await page.Locator("[name=max_seconds]").FillAsync("1");
        await Expect(page, "#status").ToHaveTextAsync("Nothing in the library passes these filters.");
    }

    [BrowserFact]
    public async Task By_keyboard_alone_a_mix_is_chosen_heard_accepted_and_searched_again_and_the_fitted_sound_is_downloaded()
    {
        IPage page = await browser.OpenAsync(_server!.Address, _problems);
        await TabToAsync(page, "file");
        IFileChooser chooser = await page.RunAndWaitForFileChooserAsync(() => page.Keyboard.PressAsync("Space"));
        await chooser.SetFilesAsync(_mix);
        await Expect(page, "#results [role=option]").ToHaveCountAsync(3);

        await TabToAsync(page, "results");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page, "#place").ToContainTextAsync("Affinity in time");
        Assert.Equal("result-0", await page.Locator("#results").GetAttributeAsync("aria-activedescendant"));
        await page.Keyboard.PressAsync("Space");
        await Expect(page, "#play").ToHaveTextAsync("Pause");
        await page.Keyboard.PressAsync("s");
        await Expect(page, "#solo").ToHaveAttributeAsync("aria-pressed", "true");
        await page.Keyboard.PressAsync("s");
        await page.Keyboard.PressAsync("f");
        await Expect(page, "#place").ToContainTextAsync("As it is");
        await page.Keyboard.PressAsync("f");
        await page.Keyboard.PressAsync("-");
        await Expect(page, "#gain-value").ToHaveTextAsync("-1 dB");
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("d"));
        Assert.EndsWith(" fitted.wav", download.SuggestedFilename);
        string audio = await page.EvaluateAsync<string>("stemjepa.chosen.audio");
        Assert.Equal(await _server.Client.GetByteArrayAsync(audio), await File.ReadAllBytesAsync(await download.PathAsync()));
        await Shot(page, "chosen");

        string accepted = (await NamesAsync(page))[0];
        await page.Keyboard.PressAsync("a");
        await Expect(page, "#parts li span").ToHaveTextAsync($"bass: {accepted}");
        await Expect(page, "#status").ToContainTextAsync("3 recordings, best first, for drums");
        Assert.Equal("results", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.True(await page.EvaluateAsync<bool>("stemjepa.player.playing"), "Playing goes on with the new mix.");
        await page.Keyboard.PressAsync("Space");
        await Expect(page, "#play").ToHaveTextAsync("Play");
    }

    /// <summary>Oracle: the given mix, and the sum of it and the part that stays, put together here.</summary>
    [BrowserFact]
    public async Task Accepted_parts_are_removed_again_by_keyboard()
    {
        IPage page = await OpenWithMixAsync();
        await page.EvaluateAsync("window.given = stemjepa.mix");
        await page.Locator("#results").PressAsync("ArrowDown");
        await Expect(page, "#place").ToContainTextAsync("Affinity in time");
        await page.Keyboard.PressAsync("a");
        await Expect(page, "#status").ToContainTextAsync("3 recordings, best first, for drums");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page, "#place").ToContainTextAsync("Affinity in time");
        await page.EvaluateAsync("window.drums = stemjepa.chosen.fitted");
        await page.Keyboard.PressAsync("a");
        await Expect(page, "#parts li").ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove bass: ") }).PressAsync("Enter");
        await Expect(page, "#parts li").ToHaveCountAsync(1);
        await Expect(page, "#status").ToContainTextAsync("3 recordings, best first, for bass");
        Assert.Equal("results", await page.EvaluateAsync<string>("document.activeElement.id"));
        double difference = await page.EvaluateAsync<double>("""
            () => {
              const { parts, scale } = stemjepa.arrangement;
              const [heard, of, added] = [stemjepa.mix.buffer, given.buffer, drums].map(one => one.getChannelData(0));
              return heard.reduce((most, sample, i) => Math.max(most, Math.abs(sample - scale * (of[i] + parts[0].level * added[i]))), 0);
            }
            """);
        Assert.InRange(difference, 0, 1e-4);

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Remove drums: ") }).PressAsync("Space");
        await Expect(page, "#arrangement").ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<bool>("stemjepa.mix === given && stemjepa.player.mix === given.buffer"));
    }

    [BrowserFact]
    public async Task The_best_are_ordered_as_they_fit_and_rhythm_is_among_the_whys()
    {
        IPage page = await OpenWithMixAsync();
        await page.GetByLabel("Order").SelectOptionAsync("10");
        ILocator fitted = page.Locator("#results .fitness small", new() { HasText = "fitted" });
        await Assertions.Expect(fitted).ToHaveCountAsync(3);
        double[] scores = [.. (await fitted.AllTextContentsAsync()).Select(text =>
            double.Parse(text.Split("score ")[1], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(await page.Locator("#results .why").AllTextContentsAsync(),
            why => Assert.Matches(@"(tight|loose|apart) rhythm \(-?[01]\.\d\d\)$", why));
    }

    [BrowserFact]
    public async Task The_next_candidate_is_ready_before_it_is_asked_for()
    {
        IPage page = await OpenWithMixAsync();
        await page.Locator("#results").PressAsync("ArrowDown");
        await Expect(page, "#place").ToContainTextAsync("Affinity in time");
        await page.UntilAsync("stemjepa.ready === 2");
        int asked = 0;
        page.Request += (_, request) => asked += request.Url.EndsWith("/api/fit", StringComparison.Ordinal) ? 1 : 0;
        await page.Locator("#results").PressAsync("ArrowDown");
        await page.UntilAsync("stemjepa.ready === 3");
        Assert.Equal(1, await page.EvaluateAsync<int>("stemjepa.results.index"));
        // That of the third one, in advance.
        Assert.Equal(1, asked);
    }

    [BrowserFact]
    public async Task The_microphone_is_recorded_as_the_mix()
    {
        IPage page = await browser.OpenAsync(_server!.Address, _problems);
        await page.GetByRole(AriaRole.Button, new() { Name = "Record", Exact = true }).ClickAsync();
        await Expect(page, "#mix-facts").ToContainTextAsync("Recording");
        await Task.Delay(1500);
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop recording" }).ClickAsync();
        await Expect(page, "#mix-facts").ToContainTextAsync("recording.wav, 1.");
        await Expect(page, "#results [role=option]").ToHaveCountAsync(3);
    }

    [BrowserFact]
    public async Task A_folder_is_indexed_from_the_page()
    {
        string folder = Directory.CreateDirectory(_library.PathOf("more")).FullName;
        File.Copy(Golden.PathOf("vocals.wav"), Path.Combine(folder, "new bass.wav"));
        File.WriteAllBytes(Path.Combine(folder, "broken.wav"), [1, 2, 3]);
        IPage page = await OpenWithMixAsync();
        await page.GetByText("Index a folder").ClickAsync();
        await page.Locator("#folder").FillAsync(folder);
        await page.GetByRole(AriaRole.Button, new() { Name = "Index", Exact = true }).ClickAsync();
        await Expect(page, "#index-status").ToContainTextAsync("1 indexed, 0 unchanged, 1 skipped");
        await Expect(page, "#library").ToHaveTextAsync("13 recordings in the library");
        await Expect(page, "#results [role=option]").ToHaveCountAsync(4);
    }

    [BrowserFact]
    public async Task A_hostile_name_is_shown_as_text()
    {
        const string hostile = "<img src=x onerror=\"window.hacked=1\"> bass.wav";
        using (StemAffinity model = StemAffinity.Create())
        {
            string path = _library.Copy("vocals.wav", hostile);
            _library.Add(model, new CatalogEntry { Id = path, Path = path, Stem = Stem.Bass, Tags = ["<b>x"] });
        }
        string mix = _library.Copy("mix.wav", "<img src=x onerror=\"window.hacked=1\"> mix.wav");
        IPage page = await browser.OpenAsync(_server!.Address, _problems);
        await page.SetInputFilesAsync("#file", mix);
        await Expect(page, "#results [role=option]").ToHaveCountAsync(4);
        Assert.Contains(hostile, await NamesAsync(page));
        await page.Locator("#results .name", new() { HasText = "onerror" }).ClickAsync();
        await Expect(page, "#place").ToContainTextAsync("Affinity in time");
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("window.hacked === undefined"));
    }

    [BrowserFact]
    public async Task Axe_finds_no_fault_in_either_scheme_at_two_sizes()
    {
        foreach ((int width, int height, ColorScheme scheme, string name) in ((int, int, ColorScheme, string)[])
            [(1280, 900, ColorScheme.Light, "wide"), (390, 844, ColorScheme.Dark, "narrow")])
        {
            IPage page = await OpenWithMixAsync(width, height, scheme);
            await page.Locator("#results").PressAsync("ArrowDown");
            await Expect(page, "#place").ToContainTextAsync("Affinity in time");
            AxeResult found = await page.RunAxe();
            Assert.Empty(found.Violations.Select(fault =>
                $"{fault.Id}: {fault.Help} ({string.Join("; ", fault.Nodes.Select(node => node.Html))})"));
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "Nothing is cut off.");
            await Shot(page, name);
        }
    }

    [BrowserFact]
    public async Task With_a_token_the_page_asks_for_it()
    {
        const string token = "a token that nobody guesses";
        await using RunningServer server = await RunningServer.StartAsync(_library.Catalog, options => options.Token = token);
        var problems = new List<string>();
        IPage page = await browser.OpenAsync(server.Address, problems, ready: page => FillAsync(page, token));
        await Expect(page, "#library").ToHaveTextAsync("12 recordings in the library");
        // The browser itself tells of the answers 401.
        Assert.DoesNotContain(problems, problem => !problem.Contains("401", StringComparison.Ordinal));
    }

    private static async Task FillAsync(IPage page, string token)
    {
        await page.Locator("#token").FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page, "#sign-in-error").ToHaveTextAsync("This is not the token of this server.");
        await page.Locator("#token").FillAsync(token);
        await page.Keyboard.PressAsync("Enter");
    }

    private async Task<IPage> OpenWithMixAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        IPage page = await browser.OpenAsync(_server!.Address, _problems, width, height, scheme);
        await page.SetInputFilesAsync("#file", _mix);
        await Assertions.Expect(page.Locator("#results [role=option]").First).ToBeVisibleAsync();
        return page;
    }

    private static ILocatorAssertions Expect(IPage page, string selector) => Assertions.Expect(page.Locator(selector));

    private static async Task<string[]> NamesAsync(IPage page) =>
        await page.Locator("#results .name").EvaluateAllAsync<string[]>("all => all.map(name => name.firstChild.textContent)");

    private static async Task TabToAsync(IPage page, string id)
    {
        for (int i = 0; i < 40; i++)
        {
            if (await page.EvaluateAsync<string>("document.activeElement.id") == id)
                return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"#{id} is not reached by the tabulator.");
    }

    private static async Task Shot(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("STEMJEPA_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
    }
}
