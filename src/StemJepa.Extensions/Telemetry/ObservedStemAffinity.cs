namespace StemJepa.Extensions;

/// <summary>A model whose calls are measured; otherwise it is the one that it holds, and disposes of. Thread-safe.</summary>
internal sealed class ObservedStemAffinity(IStemAffinity inner, StemJepaTelemetry telemetry) : IStemAffinity
{
    private static readonly Func<(int, double)> NoAudio = () => (0, 0);

    public ModelInfo Model => inner.Model;

    public bool HasHeads => inner.HasHeads;

    public StemEmbedding Embed(AudioClip recording) => telemetry.Observe("embed", null, Audio(recording), () => inner.Embed(recording));

    public StemEmbedding Embed(AudioReader recording, CancellationToken cancellationToken = default) =>
        Observe("embed", null, [recording], readers => inner.Embed(readers[0], cancellationToken));

    public StemEmbedding Predict(AudioClip mix, Stem missing) => telemetry.Observe("predict", missing, Audio(mix), () => inner.Predict(mix, missing));

    public StemEmbedding Predict(AudioReader mix, Stem missing, CancellationToken cancellationToken = default) =>
        Observe("predict", missing, [mix], readers => inner.Predict(readers[0], missing, cancellationToken));

    public float Affinity(AudioClip mix, AudioClip candidate, Stem stem, AffinityComparison comparison = AffinityComparison.Mean) =>
        telemetry.Observe("affinity", stem, Audio(mix, candidate), () => inner.Affinity(mix, candidate, stem, comparison));

    public StemAlignment Align(AudioClip mix, AudioClip candidate, Stem stem) =>
        telemetry.Observe("align", stem, Audio(mix, candidate), () => inner.Align(mix, candidate, stem));

    public StemAlignment Align(AudioReader mix, AudioReader candidate, Stem stem, CancellationToken cancellationToken = default) =>
        Observe("align", stem, [mix, candidate], readers => inner.Align(readers[0], readers[1], stem, cancellationToken));

    public StemAnalysis Analyze(AudioClip recording) => telemetry.Observe("analyze", null, Audio(recording), () => inner.Analyze(recording));

    public StemAnalysis Analyze(AudioReader recording, CancellationToken cancellationToken = default) =>
        Observe("analyze", null, [recording], readers => inner.Analyze(readers[0], cancellationToken));

    public IReadOnlyList<RankedStem> Rank(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem) =>
        telemetry.Observe("rank", stem, () => Sum([mix, .. candidates]), () => inner.Rank(mix, candidates, stem));

    public IReadOnlyList<RankedStem> Rank(StemEmbedding prediction, IReadOnlyList<StemEmbedding> candidates) =>
        telemetry.Observe("rank", null, NoAudio, () => inner.Rank(prediction, candidates));

    public Task<StemEmbedding> EmbedAsync(AudioClip recording, CancellationToken cancellationToken = default) =>
        telemetry.ObserveAsync("embed", null, Audio(recording), () => inner.EmbedAsync(recording, cancellationToken));

    public Task<StemEmbedding> PredictAsync(AudioClip mix, Stem missing, CancellationToken cancellationToken = default) =>
        telemetry.ObserveAsync("predict", missing, Audio(mix), () => inner.PredictAsync(mix, missing, cancellationToken));

    public Task<IReadOnlyList<RankedStem>> RankAsync(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        telemetry.ObserveAsync("rank", stem, () => Sum([mix, .. candidates]), () => inner.RankAsync(mix, candidates, stem, progress, cancellationToken));

    public void Dispose() => inner.Dispose();

    private static Func<(int, double)> Audio(params AudioClip[] clips) => () => Sum(clips);

    private static (int, double) Sum(AudioClip[] clips) => (clips.Length, clips.Sum(clip => clip.Duration.TotalSeconds));

    /// <summary>Null readers go on to <paramref name="call"/>, which refuses them.</summary>
    private T Observe<T>(string operation, Stem? stem, AudioReader[] readers, Func<AudioReader[], T> call)
    {
        AudioReader[] counting = [.. readers.Select(reader => reader is null ? null! : new CountedReader(reader))];
        return telemetry.Observe(operation, stem, () => (counting.Length, counting.Cast<CountedReader>().Sum(reader => reader.Seconds)), () => call(counting));
    }
}
