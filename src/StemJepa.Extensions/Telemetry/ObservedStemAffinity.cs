namespace StemJepa.Extensions;

/// <summary>A model whose calls are measured; it disposes the model that it wraps. Thread-safe.</summary>
internal sealed class ObservedStemAffinity(IStemAffinity inner, StemJepaTelemetry telemetry) : IStemAffinity
{
    public ModelInfo Model => inner.Model;

    public StemEmbedding Embed(AudioReader recording, IPatchSink? patches = null, CancellationToken cancellationToken = default) =>
        Observe("embed", null, recording, reader => inner.Embed(reader, patches, cancellationToken));

    public StemEmbedding Predict(AudioReader mix, Stem missing, IPatchSink? patches = null,
        CancellationToken cancellationToken = default) =>
        Observe("predict", missing, mix, reader => inner.Predict(reader, missing, patches, cancellationToken));

    public void Dispose() => inner.Dispose();

    private StemEmbedding Observe(string operation, Stem? stem, AudioReader recording, Func<AudioReader, StemEmbedding> call)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var counted = new CountedReader(recording);
        return telemetry.Observe(operation, stem, () => (1, counted.Seconds), () => call(counted));
    }
}
