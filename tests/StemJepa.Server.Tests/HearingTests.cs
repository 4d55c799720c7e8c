using Microsoft.Playwright;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>
/// What is heard in the browser: an analyser node at the output. Oracle: the mix and the server's fitted sound, put together here.
/// </summary>
public sealed class HearingTests(Browser browser) : IClassFixture<Browser>
{
    private const double Tolerance = 0.05;
    private const int Window = 4096;

    [BrowserFact]
    public async Task Mix_and_candidate_are_heard_at_the_right_time_and_the_loop_keeps_them_together()
    {
        using var library = new TestLibrary();
        string mixPath;
        using (StemAffinity model = StemAffinity.Create())
            mixPath = DemoLibrary.Fill(library, model, 2);
        await using RunningServer server = await RunningServer.StartAsync(library.Catalog);
        var problems = new List<string>();
        IPage page = await browser.OpenAsync(server.Address, problems);
        await page.SetInputFilesAsync("#file", mixPath);
        await Assertions.Expect(page.Locator("#results [role=option]")).ToHaveCountAsync(2);
        await page.Locator("#results").PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator("#place")).ToContainTextAsync("Affinity in time");
        await page.EvaluateAsync($"stemjepa.player.output.fftSize = {Window}");

        int rate = await page.EvaluateAsync<int>("stemjepa.player.context.sampleRate");
        double start = await page.EvaluateAsync<double>("stemjepa.chosen.fit.start");
        bool loops = await page.EvaluateAsync<bool>("stemjepa.chosen.fit.loop");
        string audio = await page.EvaluateAsync<string>("stemjepa.chosen.audio");
        string fittedPath = library.PathOf("fitted.wav");
        await File.WriteAllBytesAsync(fittedPath, await server.Client.GetByteArrayAsync(audio));
        float[] mix = AudioClip.Load(mixPath).Resample(rate).Samples.ToArray();
        float[] candidate = Place(AudioClip.Load(fittedPath).Resample(rate).Samples.Span, start, loops, rate, mix.Length);
        float[] both = [.. mix.Zip(candidate, (left, right) => left + right)];

        await page.Locator("#results").PressAsync("Space");
        await AssertHeard(page, both, mix, rate, 0.5);
        await page.Locator("#results").PressAsync("s");
        await AssertHeard(page, candidate, mix, rate, 0.5);
        await page.Locator("#results").PressAsync("s");
        // Once around.
        await AssertHeard(page, both, mix, rate, (double)mix.Length / rate);
        await browser.CloseAllAsync();
        Assert.Empty(problems);
    }

    /// <summary>A loop of one second with a click at its beginning, which begins again after 0.9 and after 1.1 s.</summary>
    [BrowserFact]
    public async Task A_loop_is_placed_every_period_from_one_end_of_the_mix_to_the_other()
    {
        using var library = new TestLibrary();
        string mixPath;
        using (StemAffinity model = StemAffinity.Create())
            mixPath = DemoLibrary.Fill(library, model, 2);
        await using RunningServer server = await RunningServer.StartAsync(library.Catalog);
        IPage page = await browser.OpenAsync(server.Address, []);
        await page.SetInputFilesAsync("#file", mixPath);
        await Assertions.Expect(page.Locator("#results [role=option]")).ToHaveCountAsync(2);
        foreach (double period in (double[])[0.9, 1.1])
        {
            double[] clicks = await page.EvaluateAsync<double[]>("""
                period => {
                  const { player } = stemjepa, rate = player.mix.sampleRate, loop = player.context.createBuffer(1, rate, rate);
                  loop.getChannelData(0)[0] = 1;
                  const placed = player.place(loop, 2.5, period).getChannelData(0);
                  return Array.from(placed.keys()).filter(i => placed[i] === 1).map(i => i / rate);
                }
                """, period);
            double length = AudioClip.Load(mixPath).Duration.TotalSeconds;
            double[] expected = [.. Enumerable.Range(-2, 20).Select(turn => 2.5 + turn * period).Where(at => at >= 0 && at < length)];
            Assert.Equal(expected.Length, clicks.Length);
            Assert.All(expected.Zip(clicks), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
        await browser.CloseAllAsync();
    }

    /// <summary>
    /// What is heard so many seconds later is what is expected there, rather than something else: there, or soon after where both are
    /// alike, as where a candidate rests.
    /// </summary>
    private static async Task AssertHeard(IPage page, float[] expected, float[] other, int rate, double after)
    {
        for (int tries = 1; !await IsToldApart(page, expected, other, rate, after); tries++, after = 0.15)
            Assert.True(tries < 20, $"Heard {tries} times: always as much like the mix alone.");
    }

    private static async Task<bool> IsToldApart(IPage page, float[] expected, float[] other, int rate, double after)
    {
        double time = await page.EvaluateAsync<double>("stemjepa.player.context.currentTime") + after;
        await page.UntilAsync($"stemjepa.player.context.currentTime > {time.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        float[] heard = await page.EvaluateAsync<float[]>("""
            () => {
              const { player } = stemjepa, samples = new Float32Array(player.output.fftSize);
              player.output.getFloatTimeDomainData(samples);
              return [player.position, ...samples];
            }
            """);
        (double position, float[] samples) = (heard[0], heard[1..]);
        (double likeness, double lag) = Best(samples, expected, position, rate);
        Assert.True(likeness > 0.9, $"Heard at {position:0.000} s: {likeness:0.000} like what is expected, {lag:0.000} s later.");
        Assert.InRange(lag, -Tolerance, Tolerance);
        return Best(samples, other, position, rate).Likeness < likeness - 0.02;
    }

    /// <summary>The highest correlation with what lies at the position, and how far from it.</summary>
    private static (double Likeness, double Lag) Best(float[] heard, float[] expected, double position, int rate)
    {
        int end = (int)(position * rate), reach = (int)(2 * Tolerance * rate);
        (double Likeness, double Lag) best = (double.NegativeInfinity, 0);
        for (int lag = -reach; lag <= reach; lag++)
        {
            int from = end + lag - heard.Length + expected.Length;
            double product = 0, ofHeard = 0, ofExpected = 0;
            for (int i = 0; i < heard.Length; i++)
            {
                double there = expected[(from + i) % expected.Length];
                product += heard[i] * there;
                ofHeard += (double)heard[i] * heard[i];
                ofExpected += there * there;
            }
            double likeness = product / Math.Sqrt(ofHeard * ofExpected + 1e-20);
            if (likeness > best.Likeness)
                best = (likeness, (double)lag / rate);
        }
        return best;
    }

    private static float[] Place(ReadOnlySpan<float> clip, double start, bool loops, int rate, int length)
    {
        var placed = new float[length];
        int first = (int)Math.Round(start * rate);
        for (int i = 0; i < length; i++)
        {
            int at = loops ? (int)(((i - first) % (long)clip.Length + clip.Length) % clip.Length) : i - first;
            if (at >= 0 && at < clip.Length)
                placed[i] = clip[at];
        }
        return placed;
    }
}
