using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Evaluation.Probes;
using StemJepa.Training.Evaluation.Probes.Datasets;
using StemJepa.Training.Evaluation.Probes.Features;
using StemJepa.Training.Evaluation.Probes.Tasks;

namespace StemJepa.Training.Tests.Evaluation.Probes;

/// <summary>What is shared between tasks: a feature that counts how often it is asked.</summary>
public sealed class ProbeRunTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    private sealed class CountingFeature(string name) : IProbeFeature
    {
        public int Asked { get; private set; }

        public string Name => name;

        public bool HasTellingColumns => false;

        public float[] Pooled(AudioClip clip) => throw new NotSupportedException("What is shared is asked for its columns.");

        public (float[] Rows, int Length) Columns(AudioClip clip)
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
            TinyProbeSets.Rendered(temporary.Root, i < songs - 1 ? "train" : "test", name, "C major", genre: "blues");
            TinyProbeSets.Tone(Path.Combine(temporary.Root, i < songs - 1 ? "train" : "test", name, "bass.wav"), 100 + i);
        }
        var run = new ProbeRun(new ProbeRequest(temporary.Root, ProbeTask.Key), [ProbeTask.Genre, ProbeTask.Key, ProbeTask.Beats], null);
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
}
