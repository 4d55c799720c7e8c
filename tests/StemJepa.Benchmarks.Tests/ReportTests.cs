using System.CommandLine;
using StemJepa.Benchmarks.Catalogs;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Benchmarks.Growth;
using StemJepa.Benchmarks.Planning;
using StemJepa.Benchmarks.Precision;
using StemJepa.Benchmarks.TrainingSpeed;
using StemJepa.Benchmarks.UserPath;
using StemJepa.TestSupport;

namespace StemJepa.Benchmarks.Tests;

/// <summary>Measuring commands with <c>--report</c>. Oracle: the committed results files and documents.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("catalog", "catalog.json", "docs/research/catalog.md")]
    [InlineData("compare", "compare.json", "docs/research/performance.md")]
    [InlineData("compare", "compare.json", "docs/guide/benchmarking.md")]
    [InlineData("fit", "fit.json", "docs/research/performance.md")]
    [InlineData("compare", "stretch.json", "docs/research/performance.md")]
    [InlineData("growth", "growth.json", "docs/research/performance.md")]
    [InlineData("path", "path.json", "docs/research/performance.md")]
    [InlineData("plan", "plan.json", "docs/research/catalog.md")]
    [InlineData("precision", "precision.json", "docs/research/performance.md")]
    [InlineData("training", "training.json", "docs/research/training.md")]
    [InlineData("training", "training-libc.json", "docs/research/training.md")]
    [InlineData("vector-sets", "vector-sets.json", "docs/research/catalog.md")]
    public void Documents_show_what_the_results_files_hold(string command, string results, string document)
    {
        string committed = File.ReadAllText(Repository.PathOf(document));
        string copy = _folder.Write(Path.GetFileName(document), System.Text.Encoding.UTF8.GetBytes(committed));
        string[] plot = command == "growth" ? ["--plot", _folder.PathOf("growth.png")] : [];
        string json = Repository.PathOf($"benchmarks/results/{results}");
        byte[] before = File.ReadAllBytes(json);
        Assert.Equal(0, Create(command).Parse(["--report", "--json", json, "--document", copy, .. plot]).Invoke());
        Assert.Equal(committed, File.ReadAllText(copy));
        Assert.Equal(before, File.ReadAllBytes(json));
    }

    [Fact]
    public void A_document_without_marks_is_refused_before_anything_is_read()
    {
        string document = _folder.Write("page.md", "no marks\n"u8.ToArray());
        var strict = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        ParseResult parsed = Create("compare").Parse(["--report", "--json", _folder.PathOf("none.json"), "--document", document]);
        Assert.Contains("<!-- none.json -->", Assert.Throws<StemJepaException>(() => parsed.Invoke(strict)).Message);
    }

    [ShippedHeadsFact]
    public void The_speed_of_fitting_is_measured_and_stands_in_the_document()
    {
        string document = _folder.Write("performance.md", File.ReadAllBytes(Repository.PathOf("docs/research/performance.md")));
        Assert.Equal(0, Create("fit").Parse(["--rounds", "1", "--json", _folder.PathOf("fit.json"), "--document", document]).Invoke());
        MeasuredQuantity[] measured = Measuring.ResultsJson.Read<MeasuredQuantity[]>(_folder.PathOf("fit.json"));
        Assert.Equal(10, measured.Length);
        Assert.All(measured, quantity => Assert.True(quantity.Value > 0, quantity.Name));
        Assert.All(measured, quantity => Assert.Contains($"| {quantity.Name} | ", File.ReadAllText(document)));
    }

    [Fact]
    public void Rivals_that_do_not_exist_are_refused()
    {
        var strict = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        ParseResult parsed = Create("compare").Parse(["--rival", "none", "--json", _folder.PathOf("compare.json")]);
        Assert.Contains("--rival 'none'", Assert.Throws<StemJepaException>(() => parsed.Invoke(strict)).Message);
        Assert.False(File.Exists(_folder.PathOf("compare.json")));
    }

    [Fact]
    public void NWaves_computes_nearly_our_log_mels()
    {
        static float[] Noise(int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, 2 * FrontEndSettings.SampleRate).Select(_ => random.NextSingle() - 0.5f)];
        }
        float[] samples = Noise(seed: 1);
        var rival = new NWavesFrontEnd(samples);
        rival.CheckAgainst(new LogMelSpectrogram(), samples);
        Assert.Throws<StemJepaException>(
            () => rival.CheckAgainst(new LogMelSpectrogram(), Noise(seed: 2)));
    }

    /// <summary>Why NWaves' resampler is no rival: a tone of 8.5 kHz, above the new Nyquist frequency, must vanish at 16 kHz.</summary>
    [Fact]
    public void Resampler_of_NWaves_rejects_aliases_less_than_ours()
    {
        float[] tone = [.. Enumerable.Range(0, 44100).Select(i => MathF.Sin(2 * MathF.PI * 8500 * i / 44100f))];
        float[] ours = Resampler.Resample(tone, 44100, 16000);
        float[] theirs = new NWaves.Operations.Resampler().Resample(new NWaves.Signals.DiscreteSignal(44100, tone), 16000).Samples;
        static double Decibels(float[] alias) => 10 * Math.Log10(2 * alias[1000..^1000].Average(value => (double)value * value));
        Assert.True(Decibels(theirs) > Decibels(ours) + 20, $"{Decibels(ours)} dB of ours, {Decibels(theirs)} dB of NWaves'");
    }

    private static Command Create(string name) => name switch
    {
        "catalog" => CatalogCommand.Create(),
        "compare" => CompareCommand.Create(),
        "fit" => FitCommand.Create(),
        "growth" => GrowthCommand.Create(),
        "path" => PathCommand.Create(),
        "plan" => PlanCommand.Create(),
        "precision" => PrecisionCommand.Create(),
        "training" => TrainingSpeedCommand.Create(),
        "vector-sets" => VectorSetsCommand.Create(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such command."),
    };
}
