using System.CommandLine;
using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Songs whose bass and drums are the same bursts of noise, so that what belongs together is equal, sample by sample.</summary>
public sealed class ShiftEvaluationTests : IDisposable
{
    private const int Rate = 16000, PatchSamples = 2560;
    private const double Seconds = 26;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Candidates_begin_as_much_later_in_the_song_as_they_say()
    {
        using var queries = new ShiftQueries(Songs(8), new ShiftSettings { Seconds = 18, Farthest = 6 });
        ShiftQuery[] drawn = [.. Enumerable.Range(0, queries.Count).SelectMany(queries.QueriesOf).OfType<ShiftQuery>()];
        Assert.Equal(16, drawn.Length);
        Assert.Equal(16, drawn.Select(query => query.Shift).Distinct().Count());
        Assert.Contains(drawn, query => query.Shift > 2);
        Assert.Contains(drawn, query => query.Shift < -2);
        foreach (ShiftQuery query in drawn)
        {
            Assert.InRange(query.Shift, -6, 6);
            Assert.Equal((18 * Rate, 18 * Rate), (query.Mix.Samples.Length, query.Candidate.Samples.Length));
            int later = (int)Math.Round(query.Shift * Rate), shared = 18 * Rate - Math.Abs(later);
            Assert.Equal(query.Mix.Samples.Slice(Math.Max(0, later), shared).ToArray(),
                query.Candidate.Samples.Slice(Math.Max(0, -later), shared).ToArray());
        }
    }

    [Fact]
    public void Draws_are_the_same_again_and_others_with_another_seed()
    {
        double[] Shifts(int seed)
        {
            using var queries = new ShiftQueries(Songs(3), new ShiftSettings { Seconds = 16, Seed = seed });
            return [.. Enumerable.Range(0, queries.Count).SelectMany(queries.QueriesOf).Select(query => query!.Shift)];
        }
        Assert.Equal(Shifts(1), Shifts(1));
        Assert.NotEqual(Shifts(1), Shifts(2));
    }

    /// <summary>
    /// A model that compares the samples themselves finds every stem that is shifted by whole patches; so do onsets, to 10 ms.
    /// </summary>
    [Fact]
    public void A_stem_that_is_shifted_by_whole_patches_is_found()
    {
        using var queries = new ShiftQueries(Songs(4), new ShiftSettings { Seconds = 18, StepSamples = PatchSamples });
        var evaluation = new ShiftEvaluation(new SampleAffinity(), farthest: 8);
        double told = 0;
        evaluation.Run(queries, share => told = share);
        IReadOnlyDictionary<string, ShiftResult> results = evaluation.Results!;
        Assert.Equal(["chance", "onset_correlation", "log_mel_correlation", "chroma_correlation", "affinity_alone", "correlation_alone",
            "model"], results.Keys);
        Assert.Equal((1, 0, 8), (told, evaluation.Skipped, results["model"].All.Queries));
        Assert.All(results.Where(method => method.Key != "chance"), method =>
            Assert.Equal((1, 1, 1), (method.Value.All.WithinPatch, method.Value.All.WithinBeat, method.Value.All.WithinPatchModuloBar)));
        Assert.Equal(results.Keys, evaluation.NearResults!.Keys);
        Assert.All(evaluation.NearResults.Where(method => method.Key != "chance"), method => Assert.Equal(1, method.Value.All.WithinPatch));
        Assert.True(evaluation.NearResults["chance"].All.WithinPatch > results["chance"].All.WithinPatch);
        Assert.InRange(results["chance"].All.WithinPatch, 0.01, 0.05);
        Assert.Equal(["bass", "drums"], results["model"].PerStem.Keys);
    }

    [Fact]
    public void Songs_that_are_too_short_and_stems_that_play_alone_are_counted()
    {
        CorpusSong[] songs = [.. Songs(1), Song("short", seconds: 12), Song("alone", drums: false)];
        using var queries = new ShiftQueries(songs, new ShiftSettings { Seconds = 16 });
        var evaluation = new ShiftEvaluation(new SampleAffinity(), farthest: 8);
        evaluation.Run(queries);
        Assert.Equal((3, 2), (evaluation.Skipped, evaluation.Results!["model"].All.Queries));
    }

    /// <summary>The whole command with the shipped model; the oracle is its contract.</summary>
    [Theory]
    [InlineData("alignment.json", null)]
    [InlineData("alignment-16s.json", 16.0, "--seconds", "16")]
    public async Task The_command_writes_figures_and_the_table_of_a_document(string mark, double? seconds, params string[] options)
    {
        Songs(2);
        string json = _temporary.PathOf("alignment.json"), document = _temporary.PathOf("page.md");
        File.WriteAllText(document, $"before\n<!-- {mark} -->\nold\n<!-- end of {mark} -->\nafter\n");
        Assert.Equal(0, await Run(["--corpus", Corpus, "--json", json, "--document", document, .. options]));
        using JsonDocument written = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal(["corpus", "model_name", "window_seconds", "farthest_shift_seconds", "seed", "skipped", "methods", "near_methods",
            "measured"], Names(written.RootElement));
        JsonElement model = written.RootElement.GetProperty("methods").GetProperty("model");
        Assert.Equal(["queries", "timed_queries", "within_patch", "within_beat", "within_bar", "within_patch_modulo_beat",
            "within_patch_modulo_bar"], Names(model.GetProperty("all")));
        Assert.Equal((4, 4),
            (model.GetProperty("all").GetProperty("queries").GetInt32(), model.GetProperty("all").GetProperty("timed_queries").GetInt32()));
        AlignmentReport report = AlignmentReport.Read(json);
        Assert.Equal(seconds, report.WindowSeconds);
        string page = File.ReadAllText(document);
        Assert.StartsWith($"before\n<!-- {mark} -->\n| ", page);
        Assert.EndsWith($"<!-- end of {mark} -->\nafter\n", page);
        Assert.Contains(report.ToMarkdown().TrimEnd(), page);
        Assert.DoesNotContain("old", page);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_refused_before_or_by_name()
    {
        Song("short", seconds: 3);
        File.WriteAllText(_temporary.PathOf("page.md"), "no marks");
        Assert.Contains("page.md",
            (await Assert.ThrowsAsync<StemJepaException>(() =>
            Run("--corpus", Corpus, "--document", _temporary.PathOf("page.md")))).Message);
        Assert.Contains("absent.md",
            (await Assert.ThrowsAsync<StemJepaException>(() =>
            Run("--corpus", Corpus, "--document", _temporary.PathOf("absent.md")))).Message);
        Assert.Contains("longer songs", (await Assert.ThrowsAsync<StemJepaException>(() => Run("--corpus", Corpus))).Message);
    }

    [Theory]
    [InlineData]
    [InlineData("--corpus", "x", "--seconds", "15")]
    [InlineData("--corpus", "x", "--seconds", "NaN")]
    [InlineData("--corpus", "x", "--songs", "0")]
    public void Wrong_use_is_refused(params string[] arguments) =>
        Assert.NotEmpty(EvaluateCommand.Create().Parse(["alignment", .. arguments]).Errors);

    private string Corpus => _temporary.PathOf("corpus");

    private static Task<int> Run(params string[] arguments) =>
        EvaluateCommand.Create().Parse(["alignment", .. arguments])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private CorpusSong[] Songs(int count) => [.. Enumerable.Range(0, count).Select(i => Song($"song{i}"))];

    private CorpusSong Song(string name, double seconds = Seconds, bool drums = true)
    {
        TinyProbeSets.Rendered(Corpus, "test", name, "C major");
        var song = new CorpusSong(name, Path.Combine(Corpus, "test", name), "test");
        File.Delete(song.PathOf(Stem.Drums));
        float[] samples = Bursts(seconds, name);
        foreach (Stem stem in drums ? new[] { Stem.Bass, Stem.Drums } : [Stem.Bass])
            new AudioClip(samples, Rate).Save(song.PathOf(stem));
        return song;
    }

    /// <summary>Bursts of noise at random moments, some five a second, over faint noise.</summary>
    private static float[] Bursts(double seconds, string name)
    {
        Random random = SeededRandom.For($"{name}");
        var samples = new float[(int)(seconds * Rate)];
        float loudness = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            loudness = random.Chance(5.0 / Rate) ? 0.5f : Math.Max(0.002f, loudness * 0.9995f);
            samples[i] = loudness * (2 * random.NextSingle() - 1);
        }
        return samples;
    }

    /// <summary>Takes the samples of each patch of time for its embedding, of mix and candidate alike.</summary>
    private sealed class SampleAffinity : IStemAffinity
    {
        public ModelInfo Model => throw new NotSupportedException();

        public StemEmbedding Embed(AudioReader recording, IPatchSink? patches = null, CancellationToken cancellationToken = default)
        {
            AudioClip clip = ReadAll(recording);
            ReadOnlySpan<float> samples = clip.Samples.Span[..(clip.Samples.Length / PatchSamples * PatchSamples)];
            patches?.Add(new PatchWindows(samples, [], samples.Length / PatchSamples, timePatches: 1));
            return new StemEmbedding(new float[5]);
        }

        public StemEmbedding Predict(AudioReader mix, Stem missing, IPatchSink? patches = null,
            CancellationToken cancellationToken = default) =>
            Embed(mix, patches, cancellationToken);

        public void Dispose()
        {
        }

        private static AudioClip ReadAll(AudioReader reader)
        {
            var samples = new List<float>();
            var block = new float[4096];
            for (int read; (read = reader.Read(block)) > 0;)
                samples.AddRange(block.AsSpan(0, read));
            return new AudioClip(samples.ToArray(), reader.SampleRate);
        }
    }
}
