using Microsoft.Playwright;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>A browser test: skipped, and says so, where Debian's Chromium is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = File.Exists(Browser.Chromium)
        ? new ShippedModelFactAttribute().Skip
        : $"{Browser.Chromium} is not installed.";
}

/// <summary>Debian's Chromium without a window, driven by Playwright; started once for a test class.</summary>
public sealed class Browser : IAsyncLifetime
{
    internal const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Fitting takes seconds where other work takes the processor.</summary>
    private const float Patience = 60_000;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
            return;
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream", "--disable-dev-shm-usage"],
        });
    }

    /// <summary>A page that fails the test if a script fails, or if it asks another host for anything.</summary>
    internal async Task<IPage> OpenAsync(Uri address, List<string> problems, int width = 1280, int height = 900,
        ColorScheme scheme = ColorScheme.Light, Func<IPage, Task>? ready = null)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            AcceptDownloads = true,
            Permissions = ["microphone"],
        });
        context.SetDefaultTimeout(Patience);
        IPage page = await context.NewPageAsync();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                problems.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" } asked && asked.Authority != address.Authority)
                problems.Add($"asked for {request.Url}");
        };
        await page.GotoAsync(address.ToString());
        if (ready is not null)
            await ready(page);
        await Assertions.Expect(page.Locator("#library")).ToContainTextAsync("in the library");
        return page;
    }

    /// <summary>Closes all pages, before their server ends.</summary>
    internal async Task CloseAllAsync()
    {
        foreach (IBrowserContext context in _browser?.Contexts.ToArray() ?? [])
            await context.CloseAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>Waits in pages whose policy forbids what Playwright does for it.</summary>
internal static class PageExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task UntilAsync(this IPage page, string condition)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!await page.EvaluateAsync<bool>(condition))
        {
            Assert.True(watch.Elapsed < Patience, $"Not within {Patience.TotalSeconds} s: {condition}");
            await Task.Delay(20);
        }
    }
}
