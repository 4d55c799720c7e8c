using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>What is shared between tasks: a feature that counts how often it is asked.</summary>
public sealed class ProbeRunTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    private sealed class CountingFeature(string name) : IProbeFeature
    {
        public int Asked { get; private set; }

        public string Name => name;

        public bool SupportsTimePatchHead => false;

        public float[] Pooled(AudioClip clip) => throw new NotSupportedException("What is shared is asked for its columns.");

        public (float[] Rows, int Length) TimePatches(AudioClip clip)
        {
            Asked++;
            return ([.. clip.Samples.Span[..64]], 4);
        }
    }

    [Fact]
    public void A_mix_is_heard_once_for_all_tasks_that_ask_of_it()
    {
        const int songs = 25;
        foreach (int i in Enumerable.Range(0, songs))
        {
            string name = $"composed_{i:00000}";
            TinyProbeSets.Rendered(_temporary.Root, i < songs - 1 ? "train" : "test", name, "C major", genre: "blues");
            TinyProbeSets.Tone(Path.Combine(_temporary.Root, i < songs - 1 ? "train" : "test", name, "bass.wav"), 100 + i);
        }
        var run = new ProbeRun(new ProbeRequest(_temporary.Root, ProbeTask.Key), [ProbeTask.Genre, ProbeTask.Key, ProbeTask.Beats], null);
        CountingFeature first = new("first"), second = new("second");
        var rows = new List<string>();
        run.MeasureWithoutHeads(onsets: false);
        run.Measure([new ProbeFeatureSource(_ => first, IsShared: true), new ProbeFeatureSource(_ => second, IsShared: true)], row =>
        {
            rows.Add(row);
            return _ => { };
        });
        Assert.Equal((songs, songs), (first.Asked, second.Asked));
        Assert.Equal(["genre, first", "key, first", "beats, first", "genre, second", "key, second", "beats, second"], rows);
        IReadOnlyList<ProbeReport> reports = run.Reports("small", new Provenance("2026-11-27", "none", "none"));
        Assert.Equal(["genre", "key", "beats"], reports.Select(report => report.Task));
        Assert.All(reports, report => Assert.Equal(["chance", "first", "second"], report.Methods.Keys));
    }

    /// <summary>
    /// The oracle for the audio is the pitch: a tone of 110 Hz that is played an octave higher has 220 Hz, for half as long.
    /// </summary>
    [Fact]
    public void Training_recordings_are_played_faster_and_higher_too_and_no_others()
    {
        foreach (int i in Enumerable.Range(0, 25))
            TinyProbeSets.Rendered(_temporary.Root, i < 24 ? "train" : "test", $"composed_{i:00000}", "A minor");
        ProbeData plain = ProbeDataSets.Read(new ProbeRequest(_temporary.Root, ProbeTask.Key)), varied = plain.WithVarispeed(12);
        Assert.Same(plain, plain.WithVarispeed(0));
        foreach (ProbeSplit split in Enum.GetValues<ProbeSplit>())
            Assert.Equal(plain.ClipsIn(split).Count * (split == ProbeSplit.Train ? 25 : 1), varied.ClipsIn(split).Count);
        ProbeClip original = plain.ClipsIn(ProbeSplit.Train)[0];
        ProbeClip[] played = [.. varied.ClipsIn(ProbeSplit.Train).Where(clip => clip.Group == original.Group)];
        Assert.Equal(25, played.Select(clip => clip.Name).Distinct().Count());
        Assert.Equal(Enumerable.Range(-12, 25).Select(semitones => 12 + (9 + semitones + 24) % 12).Order(),
            played.Select(clip => clip.Label.Class).Order());
        AudioClip octave = Assert.Single(played, clip => clip.Name.EndsWith(" +12", StringComparison.Ordinal)).Load();
        Assert.Equal(0.5, octave.Duration.TotalSeconds, 0.01);
        Assert.Equal((110, 220), (CyclesIn(original.Load(), 0.1, 0.4) / 0.3, CyclesIn(octave, 0.1, 0.4) / 0.3), Comparer);

        var run = new ProbeRun(new ProbeRequest(_temporary.Root, ProbeTask.Key), [ProbeTask.Key], null, semitones: 1);
        run.MeasureWithoutHeads(onsets: false);
        run.Measure([new ProbeFeatureSource(_ => new HandMadeFeature(ProbeTask.Key), IsShared: false),
            new ProbeFeatureSource(_ => new LogMelFeature(), IsShared: false)], _ => _ => { });
        ProbeReport report = Assert.Single(run.Reports("small", new Provenance("2026-11-28", "none", "none")));
        Assert.Equal(1, report.Semitones);
        Assert.Equal(3 * plain.ClipsIn(ProbeSplit.Train).Count, report.Clips["train"]);
        Assert.Equal(["chance", "hand_made", "mean_log_mel"], report.Methods.Keys);
        Assert.Contains("up to 1 semitones faster", ProbeTable.Clips(report));
        Assert.Equal(["probe key", "probe key, 6 semitones"],
            new[] { 0, 6 }.Select(semitones => ProbeTable.MarkOf(ProbeTask.Key, semitones)));
    }

    /// <summary>The oracle is the chroma of tones that are so many semitones higher.</summary>
    [Fact]
    public void Chroma_turned_to_another_key_is_that_of_transposed_sound()
    {
        const double hertz = 220;
        var data = new ProbeData("tones", "tones", new KeyTask(), new[] { ProbeSplit.Train, ProbeSplit.Validation }.Select(split =>
            new ProbeClip($"{split}", $"{split}", split, ProbeLabel.FromClass(21), () => Chord(hertz))));
        ProbeFeatures features = ProbeFeatures.Gather(data, clip => (ChromaOf(clip), Chromagram.Moments),
            [ProbeSplit.Train, ProbeSplit.Validation]).InAllKeys();
        using ProbeExamples train = features.Take(ProbeSplit.Train, byClip: false)!,
            validation = features.Take(ProbeSplit.Validation, byClip: false)!;
        Assert.Equal(1, validation.Count);
        Assert.Equal(Enumerable.Range(0, 12).Select(semitones => 12 + (9 + semitones) % 12), train.Labels.Select(label => label.Class));
        float[] rows = train.Inputs.data<float>().ToArray();
        foreach (int semitones in Enumerable.Range(0, 12))
        {
            float[] played = ChromaOf(Chord(hertz * Math.Pow(2, semitones / 12.0)));
            foreach (int i in Enumerable.Range(0, Chromagram.Moments))
                Assert.Equal(played[i], rows[semitones * Chromagram.Moments + i], 0.1);
        }

        static float[] ChromaOf(AudioClip clip) =>
            Chromagram.MeanAndDeviation(Chromagram.Compute(clip.Samples.Span, Chromagram.Hop));

        static AudioClip Chord(double root) => new(Enumerable.Range(0, 16000).Select(i => (float)new[] { 0, 3, 7 }.Select(step =>
            0.2 * Math.Sin(2 * Math.PI * root * Math.Pow(2, step / 12.0) * i / 16000)).Sum()).ToArray(), 16000);
    }

    private static readonly IEqualityComparer<(double, double)> Comparer =
        EqualityComparer<(double, double)>.Create((left, right) => Math.Abs(left.Item1 - right.Item1) < 4
            && Math.Abs(left.Item2 - right.Item2) < 4);

    /// <summary>
    /// Upward crossings of 0 between two moments, in the bass alone: the drums of the tiny song are 1 kHz and filtered off by a running
    /// mean.
    /// </summary>
    private static int CyclesIn(AudioClip clip, double from, double to)
    {
        const int smoothed = 16;
        float[] samples = clip.Samples.ToArray();
        double[] low = [.. Enumerable.Range((int)(from * clip.SampleRate), (int)((to - from) * clip.SampleRate))
            .Select(at => Enumerable.Range(at - smoothed / 2, smoothed).Average(i => samples[i]))];
        return low.Zip(low.Skip(1)).Count(pair => pair.First < 0 && pair.Second >= 0);
    }
}
