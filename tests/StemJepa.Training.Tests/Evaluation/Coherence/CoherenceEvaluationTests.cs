using System.Collections.Concurrent;
using System.CommandLine;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Tests.Corpora;

namespace StemJepa.Training.Tests.Evaluation;

public sealed class CoherenceEvaluationTests : IDisposable
{
    private const int Chunk = 4000, Pairs = 1000;

    private readonly TemporaryFolder _folder = new();

    private readonly Lazy<CoherenceAudio> _audio;

    public CoherenceEvaluationTests()
    {
        _audio = new Lazy<CoherenceAudio>(() => new CoherenceAudio(CorpusFolder.Songs(_folder.PathOf("corpus"), SongSplit.Test)));
        foreach (string song in (string[])["a", "b", "c"])
            TinyDataSet.MusdbHq(_folder.PathOf("corpus/test/" + song), TinyDataSet.Rate, Stem.Roles);
    }

    public void Dispose()
    {
        if (_audio.IsValueCreated)
            _audio.Value.Dispose();
        _folder.Dispose();
    }

    /// <summary>What the published rows are made of. Its patches are kept in half precision.</summary>
    [Fact]
    public void Scores_at_three_speeds_are_those_of_the_library()
    {
        using StemAffinity model = StemAffinity.Create();
        const int rate = 16000, length = 2 * rate;
        AudioClip[] clips = [.. Enumerable.Range(1, 3).Select(seed =>
        {
            var noise = new Random(seed);
            return new AudioClip((float[])[.. Enumerable.Range(0, length).Select(i => (float)(0.1 * noise.NextDouble()
                + (i * seed % 5000 < 2500 ? 0.3 * Math.Sin(2 * Math.PI * 110 * seed * i / rate) : 0)))], rate);
        })];
        CoherencePair[] pairs = [new(0, 0, [Stem.Drums], [Stem.Bass]), new(1, 0, [Stem.Drums], [Stem.Vocals])];
        var scores = new ModelCoherence(model, pairs);
        for (int pair = 0; pair < pairs.Length; pair++)
        {
            scores.SetAnchor(pair, clips[0]);
            scores.SetPositive(pair, clips[1 + pair]);
        }
        var library = new StemCoherence(model);
        CoherenceMix mix = library.Prepare(clips[0].OpenReader(), Stem.Bass);
        float[][] found = scores.Compare(0, [0, 1]);
        for (int i = 0; i < 2; i++)
        {
            RecordingCoherence expected = library.Compare(mix, clips[1 + i].OpenReader());
            Assert.Equal(expected.Affinity, found[scores.Scores.ToList().IndexOf(ModelCoherence.InTime)][i], 2e-3);
            Assert.Equal(expected.AtSpeeds, found[scores.Scores.ToList().IndexOf(ModelCoherence.AtSpeeds)][i], 2e-3);
            Assert.Equal(expected.Score, found[scores.Scores.ToList().IndexOf(ModelCoherence.WithSound)][i], 2e-3);
        }
    }

    /// <summary>Scores as a test wants them, and a check that all that was to be shown was shown once.</summary>
    private sealed class Scripted(Func<int, int, float> score) : ICoherenceMethod
    {
        public int Anchors, Positives;

        public readonly ConcurrentQueue<(int Anchor, IReadOnlyList<int> Positives)> Compared = [];

        public IReadOnlyList<string> Scores { get; } = ["scripted"];

        public void SetAnchor(int pair, AudioClip anchor) => Interlocked.Increment(ref Anchors);

        public void SetPositive(int pair, AudioClip positive) => Interlocked.Increment(ref Positives);

        public float[][] Compare(int anchor, IReadOnlyList<int> positives)
        {
            Compared.Enqueue((anchor, positives));
            return [[.. positives.Select(positive => score(anchor, positive))]];
        }
    }

    private sealed class Recording(int pairs) : ICoherenceMethod
    {
        public readonly AudioClip[] Anchors = new AudioClip[pairs], Positives = new AudioClip[pairs];

        public IReadOnlyList<string> Scores { get; } = ["none"];

        public void SetAnchor(int pair, AudioClip anchor) => Anchors[pair] = anchor;

        public void SetPositive(int pair, AudioClip positive) => Positives[pair] = positive;

        public float[][] Compare(int anchor, IReadOnlyList<int> positives) => [new float[positives.Count]];
    }

    [Fact]
    public void A_perfect_score_is_always_right_and_an_adversarial_or_a_constant_one_never()
    {
        CoherenceEvaluation evaluation = Create();
        void AssertAccuracy(double expected, Func<int, int, float> score) =>
            Assert.All(Accuracies(evaluation, new Scripted(score)), accuracy => Assert.Equal(expected, accuracy));
        AssertAccuracy(1, (anchor, positive) => anchor == positive ? 1 : 0);
        AssertAccuracy(0, (anchor, positive) => anchor == positive ? 0 : 1);
        AssertAccuracy(0, (_, _) => 0.5f);
        AssertAccuracy(0, (anchor, positive) => anchor == positive ? float.NaN : 0);
    }

    /// <summary>What a method prepares of an anchor, such as rhythms of its predictions, it prepares once.</summary>
    [Fact]
    public void Anchors_are_compared_once_whatever_rules_there_are()
    {
        var method = new Scripted((_, _) => 0);
        Create().Measure(method);
        Assert.Equal(Enumerable.Range(0, Pairs), method.Compared.Select(asked => asked.Anchor).Order());
        Assert.All(method.Compared, asked =>
        {
            Assert.Equal(asked.Anchor, asked.Positives[0]);
            Assert.Equal(asked.Positives.Count, asked.Positives.Distinct().Count());
        });
    }

    /// <summary>Within 4.5 standard deviations of the binomial distribution: a wrong alarm in 100,000 seeds.</summary>
    [Fact]
    public void Random_scores_are_right_once_in_K()
    {
        CoherenceEvaluation evaluation = Create();
        var results = evaluation.Measure(new RandomCoherence(seed: 1));
        foreach (var ((rule, _, count), isFirst) in results.Where(row => row.Value.Any(first => first is not null)))
        {
            int asked = isFirst.Count(first => first is not null);
            double chance = 1.0 / count, margin = 4.5 * Math.Sqrt(chance * (1 - chance) / asked);
            Assert.True(Math.Abs(isFirst.Count(first => first == true) / (double)asked - chance) <= margin, $"{rule}, K = {count}");
        }
    }

    [Fact]
    public void Anchor_and_positive_are_the_sums_of_their_stems_at_one_time()
    {
        var evaluation = new CoherenceEvaluation(_audio.Value, Chunk, [2], 20, seed: 3);
        var recording = new Recording(evaluation.Pairs.Count);
        evaluation.Measure(recording);
        for (int query = 0; query < 20; query++)
        {
            CoherencePair pair = evaluation.Queries[query];
            foreach (var (stems, clip) in new[] { (pair.Anchor, recording.Anchors[query]), (pair.Positive, recording.Positives[query]) })
            {
                var expected = new float[Chunk];
                foreach (Stem stem in stems)
                    TensorPrimitives.Add(expected, TinyDataSet.Tone(TinyDataSet.HertzOf(stem)).AsSpan(pair.Start, Chunk), expected);
                Assert.Equal(expected, clip.Samples.ToArray());
            }
        }
    }

    [Fact]
    public void Intervals_hold_the_accuracy_and_are_wider_where_songs_differ()
    {
        CoherencePair[] pairs = [.. Enumerable.Range(0, 400).Select(i =>
            new CoherencePair(i / 100, 0, [Stem.Bass], i % 2 == 0 ? [Stem.Drums] : [Stem.Drums, Stem.Other]))];
        int[] songs = [.. pairs.Select(pair => pair.Song)];
        CoherenceFigures alike = CoherenceFigures.Compute(pairs, [.. pairs.Select((_, i) => (bool?)(i % 4 < 2))], songs)!;
        CoherenceFigures different = CoherenceFigures.Compute(pairs, [.. pairs.Select(pair => (bool?)(pair.Song < 2))], songs)!;
        Assert.Equal((0.5, 0.5, 0.5), (alike.Accuracy, alike.Interval[0], alike.Interval[1]));
        Assert.Equal((0.5, 0, 1), (different.Accuracy, different.Interval[0], different.Interval[1]));
        Assert.Equal(["drums"], alike.ByKind!.Keys);
        Assert.Equal(200, alike.ByKind["drums"].Queries);
        Assert.Null(CoherenceFigures.Compute(pairs, new bool?[400], songs));
    }

    [Fact]
    public async Task Command_writes_the_contract_and_the_table()
    {
        string document = _folder.PathOf("page.md"), json = _folder.PathOf("figures.json");
        await File.WriteAllTextAsync(document, "before\n<!-- figures.json -->\n<!-- end of figures.json -->\nafter\n");
        var root = new RootCommand { EvaluateCommand.Create() };
        ParseResult parsed = root.Parse(["evaluate", "coherence", "--corpus", _folder.PathOf("corpus"), "--seconds", "0.5",
            "--candidates", "2,4", "--pairs", "12", "--json", json, "--document", document]);
        Assert.Equal(0, await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));

        JsonNode report = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        Assert.Equal((0.5, 12), ((double)report["seconds"]!, (int)report["pairs"]!));
        Assert.Equal(["2", "4"], report["accuracy"]!.AsObject().Select(row => row.Key));
        Assert.Equal(["random", "mean_log_mel_aligned", "automashupper_like"], report["baselines"]!.AsObject().Select(row => row.Key));
        Assert.Equal(["any", "other_songs", "other_songs_same_kind", "same_song"],
            report["by_distractors"]!.AsObject().Select(row => row.Key));
        JsonNode figures = report["by_distractors"]!["any"]!["label_known"]!["in_time"]!["4"]!;
        Assert.Equal((double)report["accuracy"]!["4"]!, (double)figures["accuracy"]!);
        Assert.Equal((12, 2), ((int)figures["queries"]!, figures["interval"]!.AsArray().Count));
        Assert.NotEmpty(figures["by_kind"]!.AsObject());
        Assert.Equal(12, figures["by_song"]!.AsObject().Sum(song => (int)song.Value!["queries"]!));
        Assert.Equal(0.868, (double)report["published"]!["MoisesDB"]!["phalar"]!["8"]!);
        Assert.NotEmpty((string)report["measured"]!["commit"]!);
        Assert.Contains("| any | automashupper_like |", await File.ReadAllTextAsync(document));

        string copy = _folder.PathOf("copy.json");
        await using (FileStream stream = File.Create(copy))
            CoherenceReport.Read(json).Write(stream);
        Assert.Equal(await File.ReadAllTextAsync(json), await File.ReadAllTextAsync(copy));
    }

    [Theory]
    [InlineData("--candidates", "1")]
    [InlineData("--candidates", "8,x")]
    [InlineData("--seconds", "0")]
    [InlineData("--pairs", "1")]
    public void Options_out_of_range_are_refused(string option, string value)
    {
        ParseResult parsed = new RootCommand { EvaluateCommand.Create() }.Parse(["evaluate", "coherence", "--corpus", "x", option, value]);
        Assert.StartsWith(option, Assert.Single(parsed.Errors).Message);
    }

    private CoherenceEvaluation Create() => new(_audio.Value, Chunk, [8, 16, 64], Pairs, seed: 1);

    private static double[] Accuracies(CoherenceEvaluation evaluation, Scripted method)
    {
        var results = evaluation.Measure(method);
        Assert.Equal((Pairs, evaluation.Pairs.Count), (method.Anchors, method.Positives));
        double[] accuracies = [.. results.Values.Where(isFirst => isFirst.Any(first => first is not null))
            .Select(isFirst => isFirst.Where(first => first is not null).Average(first => first == true ? 1.0 : 0))];
        Assert.Equal(results.Count, accuracies.Length);
        return accuracies;
    }
}
