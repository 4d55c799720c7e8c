namespace StemJepa.Tool.Tests;

/// <summary>A model during whose work Ctrl-C is pressed: after so many embeddings. It only embeds.</summary>
internal sealed class InterruptedModel(IStemAffinity model, CancellationTokenSource cancellation, int embeddings) : IStemAffinity
{
    private int left = embeddings;

    public ModelInfo Model => model.Model;

    public bool HasHeads => model.HasHeads;

    public StemEmbedding Embed(AudioReader recording, CancellationToken cancellationToken = default)
    {
        if (left-- == 0)
            cancellation.Cancel();
        return model.Embed(recording, cancellationToken);
    }

    public StemEmbedding Embed(AudioClip recording) => throw new NotSupportedException();

    public StemEmbedding Predict(AudioClip mix, Stem missing) => throw new NotSupportedException();

    public StemEmbedding Predict(AudioReader mix, Stem missing, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public float Affinity(AudioClip mix, AudioClip candidate, Stem stem, AffinityComparison comparison = AffinityComparison.Mean) => throw new NotSupportedException();

    public StemAlignment Align(AudioClip mix, AudioClip candidate, Stem stem) => throw new NotSupportedException();

    public StemAlignment Align(AudioReader mix, AudioReader candidate, Stem stem, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public StemAnalysis Analyze(AudioClip recording) => throw new NotSupportedException();

    public StemAnalysis Analyze(AudioReader recording, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IReadOnlyList<RankedStem> Rank(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem) => throw new NotSupportedException();

    public IReadOnlyList<RankedStem> Rank(StemEmbedding prediction, IReadOnlyList<StemEmbedding> candidates) => throw new NotSupportedException();

    public Task<StemEmbedding> EmbedAsync(AudioClip recording, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<StemEmbedding> PredictAsync(AudioClip mix, Stem missing, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<RankedStem>> RankAsync(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Dispose() => model.Dispose();
}
