namespace StemJepa.Tool.Tests;

/// <summary>A model during whose work Ctrl-C is pressed: after so many embeddings. It only embeds.</summary>
internal sealed class InterruptedModel(IStemAffinity model, CancellationTokenSource cancellation, int embeddings) : IStemAffinity
{
    private readonly CountdownEvent _left = new(embeddings);
    private int _begun;

    public ModelInfo Model => model.Model;

    public StemEmbedding Embed(AudioReader recording, IPatchSink? patches = null, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _begun) > embeddings)
        {
            _left.Wait(CancellationToken.None);
            cancellation.Cancel();
        }
        StemEmbedding embedding = model.Embed(recording, patches, cancellationToken);
        _left.Signal();
        return embedding;
    }

    public StemEmbedding Predict(AudioReader mix, Stem missing, IPatchSink? patches = null,
        CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public void Dispose()
    {
        _left.Dispose();
        model.Dispose();
    }
}
