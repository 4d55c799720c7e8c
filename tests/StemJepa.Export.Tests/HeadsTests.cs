using System.Text.Json;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Networks;
using StemJepa.Training.Tests.Evaluation;

namespace StemJepa.Export.Tests;

/// <summary>The oracle of an exported head is the trained one; that of the whole is a corpus whose keys are two pitches.</summary>
public sealed class HeadsTests : IDisposable
{
    private const string High = "F# minor", Low = "C major";
    private const double HighHertz = 1500, LowHertz = 220;
    private const double Tolerance = 1e-5;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Heads_of_a_tiny_model_are_trained_exported_and_used()
    {
        string model = ExportModel("model", seed: 7), corpus = _temporary.PathOf("corpus");
        RenderCorpus(corpus);
        (int code, string output, string error) = Run("heads", "--dataset", corpus, "--model", model);
        Assert.True(code == 0, error);
        Assert.Equal(5, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.InRange(Directory.GetFiles(model, "heads_*.onnx").Sum(file => new FileInfo(file).Length), 1, HeadsExporter.MaximumBytes);

        using StemAffinity affinity = StemAffinity.Load(model, new StemAffinityOptions { Threads = 1 });
        using StemAnalyzer analyzer = StemAnalyzer.Load(affinity, model);
        StemAnalysis high = analyzer.Analyze(Tones(HighHertz)), low = analyzer.Analyze(Tones(LowHertz));
        Assert.Equal((High, Low), (high.Key.ToString(), low.Key.ToString()));
        Assert.InRange(high.KeyConfidence, 0.5, 1);
        Assert.InRange(high.Tempo, 30, 300);
        Assert.Equal(high.Beats.Order(), high.Beats);
        Assert.All(high.Beats, beat => Assert.InRange(beat, 0, 1));
        Assert.Equal(("bass", false), (analyzer.Analyze(Tone(HighHertz)).Instrument, high.IsSilent));
        Assert.Equal((Stem.Bass, Stem.Drums), (analyzer.Analyze(Tone(HighHertz)).Stem, analyzer.Analyze(Tone(1000)).Stem));
        StemEmbedding embedding = affinity.Embed(Tones(HighHertz));
        Assert.Equal(embedding.Vector.ToArray(), high.Embedding.Vector.ToArray());
        StemAnalysis silent = analyzer.Analyze(new AudioClip(new float[16000], 16000));
        Assert.True(silent.IsSilent);
        Assert.Empty(silent.Beats);

        TinyProbeSets.Tone(_temporary.PathOf("tone.wav"), HighHertz);
        using (StringWriter printed = new(), complaints = new())
        {
            int analysed = await Tool.Application.RunAsync(
                ["analyze", _temporary.PathOf("tone.wav"), "--model", model, "--json"], printed, complaints, CancellationToken.None);
            Assert.True(analysed == 0, complaints.ToString());
            using JsonDocument json = JsonDocument.Parse(printed.ToString());
            Assert.Equal(["file", "key", "key_confidence", "tempo", "tempo_confidence", "beats", "downbeat", "downbeat_confidence", "loop",
                "loudness", "stem", "stem_confidence", "instrument", "instrument_confidence", "silent"],
                json.RootElement.EnumerateObject().Select(property => property.Name));
            Assert.Equal(("bass", analyzer.Analyze(AudioClip.Load(_temporary.PathOf("tone.wav"))).Key.ToString()),
                (json.RootElement.GetProperty("instrument").GetString(), json.RootElement.GetProperty("key").GetString()));
        }

        StemAnalysis[] together = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => analyzer.Analyze(Tones(i % 2 == 0 ? HighHertz : LowHertz)))));
        Assert.All(together.Index(), found =>
            Assert.Equal(found.Index % 2 == 0 ? high.KeyConfidence : low.KeyConfidence, found.Item.KeyConfidence, Tolerance));
        affinity.Dispose();
        Assert.Throws<ObjectDisposedException>(() => analyzer.Analyze(Tones(HighHertz)));
    }

    /// <summary>The others stay as they are, byte for byte, and the new one says what it was trained on.</summary>
    [Fact]
    public void One_head_is_trained_and_the_others_stay()
    {
        string model = ExportModel("model", seed: 7), corpus = _temporary.PathOf("corpus");
        RenderCorpus(corpus);
        ModelInfo info = ModelInfo.Load(model);
        HeadsExporter.Write(
            model, info, "noise", [.. RandomHeads(info.EmbeddingLength)], null, new Provenance("2026-11-24", "none", "none"));
        using (StemAffinity without = StemAffinity.Load(model, new StemAffinityOptions { Threads = 1 }))
        using (StemAnalyzer analyzer = StemAnalyzer.Load(without, model))
            Assert.Null(analyzer.Analyze(Tone(1000)).Stem);
        string[] others = [.. Directory.GetFiles(model, "heads_*.onnx").Order()];
        byte[][] before = Array.ConvertAll(others, File.ReadAllBytes);
        (int code, string output, string error) = Run("heads", "--dataset", corpus, "--model", model, "--only", "stem");
        Assert.True(code == 0, error);
        Assert.Contains("heads_stem.onnx", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(before, Array.ConvertAll(others, File.ReadAllBytes));
        HeadsInfo heads = HeadsInfo.Read(HeadsSource.FromFolder(model), info);
        Assert.Equal(("noise", "corpus", null), (heads.Corpus, heads.Heads["stem"].Corpus, heads.Heads["key"].Corpus));
        using StemAffinity affinity = StemAffinity.Load(model, new StemAffinityOptions { Threads = 1 });
        using StemAnalyzer trained = StemAnalyzer.Load(affinity, model);
        Assert.Equal(Stem.Drums, trained.Analyze(Tone(1000)).Stem);
    }

    [Fact]
    public void A_model_without_heads_or_with_those_of_another_says_so()
    {
        string model = ExportModel("model", seed: 7), other = ExportModel("other", seed: 8);
        ChosenHead[] heads = [.. RandomHeads(ModelInfo.Load(model).EmbeddingLength)];
        Assert.Contains(HeadsInfo.FileName, Refusal(model));
        HeadsExporter.Write(other, ModelInfo.Load(model), "noise", heads, null, new Provenance("2026-11-24", "none", "none"));
        Assert.Contains("belongs to another encoder", Refusal(other));
        HeadsExporter.Write(model, ModelInfo.Load(model), "noise", heads, null, new Provenance("2026-11-24", "none", "none"));
        File.AppendAllText(Path.Combine(model, "heads_key.onnx"), "x");
        Assert.Contains("heads_key.onnx is damaged or altered", Refusal(model));
        File.Delete(Path.Combine(model, "heads_key.onnx"));
        Assert.Contains("heads_key.onnx is missing", Refusal(model));
        File.WriteAllText(Path.Combine(model, HeadsInfo.FileName), "{}");
        Assert.Contains("is not a description of heads", Refusal(model));
        Assert.Equal(0, Run("--from", _temporary.PathOf("model.safetensors"), "--out", model).Code);
        Assert.False(File.Exists(Path.Combine(model, HeadsInfo.FileName)));

        static string Refusal(string folder)
        {
            using StemAffinity affinity = StemAffinity.Load(folder);
            return Assert.Throws<StemJepaException>(() => StemAnalyzer.Load(affinity, folder)).Message;
        }
    }

    /// <summary>
    /// Every kind of head: for each column, on the mean, on columns and averaged, on the periodicity of beats, on chroma, on the moves of
    /// mel bands.
    /// </summary>
    [Theory, InlineData(false), InlineData(true)]
    public void Exported_heads_give_what_the_trained_ones_give(bool byClip)
    {
        string model = ExportModel("model", seed: 7);
        ModelInfo info = ModelInfo.Load(model);
        ChosenHead[] heads = [.. RandomHeads(info.EmbeddingLength, byClip)];
        HeadsExporter.Write(model, info, "noise", heads, null, new Provenance("2026-11-24", "none", "none"));
        using var loaded = new AnalysisHeads(HeadsSource.FromFolder(model), info, threads: 1);
        foreach (int columns in new[] { 1, 7, 130 })
        {
            foreach (ChosenHead head in heads)
            {
                float[] features = Noise((head.Input is HeadInput.Columns or HeadInput.MelDynamics ? columns : 1) * LengthOf(
                    head.Input, info.EmbeddingLength), columns);
                float[] expected = head.Head.Logits(features), actual = loaded.Logits(head.Data.Task.Name, features);
                Assert.Equal(expected.Length, actual.Length);
                Assert.All(
                    expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance * Math.Max(1, Math.Abs(pair.First))));
            }
        }
    }

    [Theory]
    [InlineData("heads")]
    [InlineData("heads", "--dataset", "x", "--model", "y", "--songs", "0")]
    [InlineData("heads", "--dataset", "x", "--model", "y", "--seconds", "0")]
    public void Wrong_use_is_refused(params string[] arguments) => Assert.Equal(2, Run(arguments).Code);

    [Fact]
    public void A_missing_corpus_is_named() =>
        Assert.Contains("no-such-corpus", Run("heads", "--dataset", "no-such-corpus", "--model", ExportModel("model", seed: 7)).Error);

    /// <summary>Figures on songs that a head was trained on would say nothing.</summary>
    [Fact]
    public void A_variant_of_a_test_song_in_training_is_refused()
    {
        string corpus = _temporary.PathOf("corpus"), tests = _temporary.PathOf("tests");
        RenderCorpus(corpus);
        TinyProbeSets.Rendered(tests, "test", "composed_00003~1", Low);
        (int code, _, string error) = Run("heads", "--dataset", corpus, "--test-set", tests, "--model", ExportModel("model", seed: 7));
        Assert.Equal(1, code);
        Assert.Contains("'composed_00003' is in two splits", error);
    }

    /// <summary>Whatever stands in heads.json, the answer is one sentence that names it.</summary>
    [Theory]
    [InlineData("{}", "is not a description of heads")]
    [InlineData("null", "holds null")]
    [InlineData("""
        {"format": "stemjepa-heads", "version": 1, "encoder_sha256": "ENCODER", "corpus": "c", "date": "d", "commit": "c", "heads": null}
        """, "has no \"heads\"")]
    [InlineData("""
        {"format": "stemjepa-heads", "version": 1, "encoder_sha256": "ENCODER", "corpus": "c", "date": "d", "commit": "c",
        "heads": {"key": null}}
        """, "has no head for key")]
    [InlineData("""
        {"format": "stemjepa-heads", "version": 2, "encoder_sha256": "ENCODER", "corpus": "c", "date": "d", "commit": "c", "heads": {}}
        """, "version 2")]
    public void A_wrong_description_of_heads_is_refused_in_one_sentence(string json, string expected)
    {
        string model = ExportModel("model", seed: 7);
        ModelInfo info = ModelInfo.Load(model);
        File.WriteAllText(Path.Combine(model, HeadsInfo.FileName), json.Replace("ENCODER", info.Sha256[info.Files.TargetEncoder]));
        using StemAffinity affinity = StemAffinity.Load(model);
        string message = Assert.Throws<StemJepaException>(() => StemAnalyzer.Load(affinity, model)).Message;
        Assert.StartsWith(Path.Combine(model, HeadsInfo.FileName), message);
        Assert.Contains(expected, message);
        Assert.EndsWith("with the command heads of StemJepa.Export.", message);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        return (ExportCommand.Run(arguments, output, error), output.ToString(), error.ToString());
    }

    private string ExportModel(string name, ulong seed)
    {
        using var weights = new RandomWeights(new NetworkSizes("noise", 32, 2, 2, [24, 40], PatchEmbedding.Convolutional), seed);
        weights.Save(_temporary.PathOf($"{name}.safetensors"));
        ModelExporter.Export(new ExportOptions { From = _temporary.PathOf($"{name}.safetensors"), Out = _temporary.PathOf(name) });
        return _temporary.PathOf(name);
    }

    /// <summary>Heads for all four tasks, trained for a moment on noise.</summary>
    private static IEnumerable<ChosenHead> RandomHeads(int columnLength, bool byClip = false)
    {
        string[] families = ["piano", "drums", "bass"];
        yield return Head(new BeatTask(), ProbeLabel.FromBeats([0.1, 0.4]), HeadInput.Columns, byClip: false, averages: false, rows: 3);
        yield return Head(new TempoTask(), ProbeLabel.FromTempo(120), HeadInput.BeatPeriodicity, byClip: false, averages: false, rows: 1);
        yield return Head(new KeyTask(), ProbeLabel.FromClass(3), HeadInput.Chroma, byClip: false, averages: false, rows: 1);
        yield return Head(new ClassTask(ProbeTask.Instrument, families), ProbeLabel.FromClass(2), byClip ? HeadInput.MelDynamics
            : HeadInput.Columns, byClip, averages: !byClip, rows: byClip ? 3 : 1);

        ChosenHead Head(ProbeTask task, ProbeLabel label, HeadInput input, bool byClip, bool averages, int rows)
        {
            int length = LengthOf(input, columnLength);
            var data =
                new ProbeData("noise", "noise", task, Enum.GetValues<ProbeSplit>().SelectMany(split => Enumerable.Range(0, 12).Select(i =>
                new ProbeClip($"{split}{i}", $"{split}{i}", split, label, () => new AudioClip(new[] { (float)i }, 16000)))));
            ProbeFeatures features = ProbeFeatures.Gather(
                data, clip => (Noise(rows * length, (int)clip.Samples.Span[0]), length), [ProbeSplit.Train, ProbeSplit.Validation]);
            using var search = new HeadSearch(features, byClip, averages);
            return new ChosenHead(data, input, search.Best(CancellationToken.None));
        }
    }

    private static int LengthOf(HeadInput input, int columnLength) => input switch
    {
        HeadInput.BeatPeriodicity => Periodicity.Lags,
        HeadInput.Chroma => Chromagram.Moments,
        HeadInput.MelDynamics => MelDynamics.PatchLength,
        _ => columnLength,
    };

    private static float[] Noise(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => 2 * random.NextSingle() - 1)];
    }

    private static void RenderCorpus(string folder)
    {
        foreach (int i in Enumerable.Range(0, 24))
        {
            string name = $"composed_{i:00000}";
            TinyProbeSets.Rendered(folder, "train", name, i % 2 == 0 ? Low : High);
            TinyProbeSets.Tone(Path.Combine(folder, "train", name, CorpusSong.FileOf(Stem.Bass)), i % 2 == 0 ? LowHertz : HighHertz);
        }
    }

    private static AudioClip Tone(double hertz) => Tones(hertz, drums: 0);

    /// <summary>What a mix of that corpus sounds like.</summary>
    private static AudioClip Tones(double hertz, double drums = 0.2) => new(
        Enumerable.Range(0, 16000).Select(i =>
            (float)(0.2 * Math.Sin(2 * Math.PI * hertz * i / 16000) + drums * Math.Sin(2 * Math.PI * 1000 * i / 16000))).ToArray(), 16000);
}
