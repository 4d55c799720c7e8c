namespace StemJepa;

/// <summary>The input features of heads, of one recording.</summary>
/// <param name="Embedding">Its embedding.</param>
/// <param name="Columns">The time patches that the embedding is the mean of, [time patches, 5 x width].</param>
/// <param name="MelDynamics">Its <see cref="StemJepa.MelDynamics"/>, [time patches, 240].</param>
/// <param name="Chroma">Its <see cref="Chromagram"/>, [frames, 12].</param>
internal sealed record HeadFeatures(StemEmbedding Embedding, float[] Columns, float[] MelDynamics, float[] Chroma)
{
    /// <summary>Extracts the features of a recording in one pass.</summary>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite).</exception>
    internal static HeadFeatures Extract(IStemAffinity model, AudioReader recording, CancellationToken cancellationToken)
    {
        var sink = new Sink();
        var chromagram = new Chromagram(Chromagram.Hop);
        var tap = new TapReader(new ResamplingReader(recording, FrontEndSettings.SampleRate), chromagram.Add);
        StemEmbedding embedding = model.Embed(tap, sink, cancellationToken);
        return new HeadFeatures(embedding, sink.Patches.ToArray(cancellationToken), sink.MelDynamics.ToArray(cancellationToken),
            chromagram.End());
    }

    private sealed class Sink : IPatchSink
    {
        internal PatchSequence Patches { get; } = new();

        internal MelDynamics MelDynamics { get; } = new();

        public void Add(PatchWindows windows)
        {
            Patches.Add(windows);
            MelDynamics.Add(windows);
        }
    }
}
