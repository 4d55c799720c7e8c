using System.CommandLine;
using System.Text.RegularExpressions;
using CliWrap.Buffered;
using CliWrap;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The whole command with the shipped model, on a rendered corpus of tones; the oracle is its contract.</summary>
public sealed class FailuresCommandTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task The_page_says_what_the_json_says_and_every_sound_is_there()
    {
        string corpus = _temporary.PathOf("corpus"), report = _temporary.PathOf("report");
        foreach (string name in new[] { "composed-test_001", "composed-test_001~1", "odd & <name>" })
            TinyProbeSets.Rendered(corpus, "test", name, "C major", program: 33);
        Assert.Equal(0, await Run("--corpus", corpus, "--out", report));
        FailureReport read = FailureReport.Read(Path.Combine(report, "failures.json"));
        string page = File.ReadAllText(Path.Combine(report, "index.html"));
        Assert.Equal((6, "corpus"), (read.All.Queries, read.Corpus));
        Assert.True(read.Misses.Misses > 0, "Three songs of the same tones cannot all be told apart.");
        Assert.Equal(read.Worst.Count + read.RightSongWrongStem.Count + read.WrongSongRightStem.Count, Regex.Count(page, "class=\"case\""));
        Assert.DoesNotContain("<name>", page);
        Assert.Contains(read.Worst[0].Song.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;"), page);
        string[] sounds = [.. Regex.Matches(page, "src=\"([^\"]+)\"").Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(sounds);
        Assert.All(sounds, sound =>
            Assert.Equal(1, AudioClip.Load(Path.Combine(report, Uri.UnescapeDataString(sound))).Duration.TotalSeconds, 2));
    }

    [RequiresProgramFact("chromium")]
    public async Task A_browser_shows_the_page_with_its_players()
    {
        string corpus = _temporary.PathOf("corpus"), report = _temporary.PathOf("report");
        foreach (string name in new[] { "one", "two", "three" })
            TinyProbeSets.Rendered(corpus, "test", name);
        Assert.Equal(0, await Run("--corpus", corpus, "--out", report));
        BufferedCommandResult browser = await Cli.Wrap("chromium")
            .WithArguments(["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={_temporary.PathOf("browser")}",
            "--dump-dom", new Uri(Path.Combine(report, "index.html")).AbsoluteUri]).WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync();
        Assert.Contains("<h2>The worst queries</h2>", browser.StandardOutput);
        Assert.Contains("<audio controls", browser.StandardOutput);
    }

    [Theory]
    [InlineData("--corpus", "x")]
    [InlineData("--corpus", "x", "--out", "y", "--cases", "0")]
    [InlineData("--corpus", "x", "--out", "y", "--seconds", "0")]
    public void Wrong_use_is_refused(params string[] arguments) =>
        Assert.NotEmpty(EvaluateCommand.Create().Parse(["failures", .. arguments]).Errors);

    private static Task<int> Run(params string[] arguments) =>
        EvaluateCommand.Create().Parse(["failures", .. arguments])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
