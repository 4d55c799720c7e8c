namespace StemJepa;

/// <summary>The input features of heads, of one recording.</summary>
/// <param name="Embedding">Its embedding.</param>
/// <param name="Columns">The time patches that the embedding is the mean of, [time patches, 5 x width].</param>
/// <param name="MelDynamics">Its <see cref="StemJepa.MelDynamics"/>, [time patches, 240].</param>
/// <param name="Chroma">The <see cref="Chromagram"/> of its peaks, [frames, 12].</param>
/// <param name="LowBand">Its <see cref="LowBandPower"/>, 100 values per second.</param>
/// <param name="Loudness">Its integrated loudness as one channel, in LUFS; null if it is too short or too quiet to have one.</param>
internal sealed record HeadFeatures(StemEmbedding Embedding, float[] Columns, float[] MelDynamics, float[] Chroma, float[] LowBand,
    double? Loudness)
{
    /// <summary>Extracts the features of a recording in one pass.</summary>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite).</exception>
    internal static HeadFeatures Extract(IStemAffinity model, AudioReader recording, CancellationToken cancellationToken)
    {
        var sink = new Sink();
        var chromagram = new Chromagram(Chromagram.Hop, peaks: true);
        var meter = new LoudnessMeter(recording.SampleRate, channels: 1);
        var measured = new TapReader(recording, meter.Add);
        var tap = new TapReader(new ResamplingReader(measured, FrontEndSettings.SampleRate), chromagram.Add);
        StemEmbedding embedding = model.Embed(tap, sink, cancellationToken);
        return new HeadFeatures(embedding, sink.Patches.ToArray(cancellationToken), sink.MelDynamics.ToArray(cancellationToken),
            chromagram.End(), sink.LowBand.ToArray(),
            meter.Integrated is var loudness && double.IsFinite(loudness) ? loudness : null);
    }

    private sealed class Sink : IPatchSink
    {
        internal PatchSequence Patches { get; } = new();

        internal MelDynamics MelDynamics { get; } = new();

        internal LowBandPower LowBand { get; } = new();

        public void Add(PatchWindows windows)
        {
            Patches.Add(windows);
            MelDynamics.Add(windows);
            LowBand.Add(windows);
        }
    }
}
