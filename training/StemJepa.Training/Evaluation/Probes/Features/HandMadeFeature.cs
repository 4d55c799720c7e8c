namespace StemJepa.Training.Evaluation;

/// <summary>
/// What a musician would compute for a task: chroma for the key, the autocorrelation of onsets for the tempo, onset strength in three bands
/// for beats, how mel bands move for the instrument, and chroma with autocorrelation for the other tasks.
/// </summary>
internal sealed class HandMadeFeature(string task) : IProbeFeature
{
    private static readonly LogMelSpectrogram FrontEnd = new();

    public string Name => "hand_made";

    public bool HasTellingColumns => task == ProbeTask.Instrument;

    public float[] Pooled(AudioClip clip)
    {
        ReadOnlySpan<float> samples = clip.Resample(FrontEndSettings.SampleRate).Samples.Span;
        return task switch
        {
            ProbeTask.Key => MeanChroma(samples),
            ProbeTask.Tempo => Autocorrelation(samples),
            ProbeTask.Instrument => FrameFeatures.MeanAndDeviation(ByValue(Moves(samples))),
            _ => [.. MeanChroma(samples), .. Autocorrelation(samples)],
        };
    }

    public (float[] Rows, int Length) Columns(AudioClip clip)
    {
        ReadOnlySpan<float> samples = clip.Resample(FrontEndSettings.SampleRate).Samples.Span;
        return task == ProbeTask.Instrument
            ? (Moves(samples), MelDynamics.PatchLength)
            : FrameFeatures.Columns([.. BandDynamics.Compute(samples).BandOnsets.Select(onsets => (ReadOnlyMemory<float>)onsets)]);
    }

    private static float[] MeanChroma(ReadOnlySpan<float> samples) => Chromagram.MeanAndDeviation(Chromagram.Compute(samples, Chromagram.Hop));

    private static float[] Moves(ReadOnlySpan<float> samples)
    {
        float[] logMel = FrontEnd.Compute(samples);
        int frames = logMel.Length / FrontEndSettings.MelBands, columns = (frames + FrontEndSettings.PatchFrames - 1) / FrontEndSettings.PatchFrames;
        var padded = new float[FrontEndSettings.MelBands * columns * FrontEndSettings.PatchFrames];
        for (int band = 0; band < FrontEndSettings.MelBands; band++)
            logMel.AsSpan(band * frames, frames).CopyTo(padded.AsSpan(band * columns * FrontEndSettings.PatchFrames));
        var moves = new MelDynamics();
        moves.Add(padded, columns);
        return moves.ToArray();
    }

    /// <summary>From [columns, values] to [values][columns].</summary>
    private static ReadOnlyMemory<float>[] ByValue(float[] columns)
    {
        const int values = MelDynamics.PatchLength;
        return [.. Enumerable.Range(0, values).Select(value =>
        {
            var moved = new float[columns.Length / values];
            for (int column = 0; column < moved.Length; column++)
                moved[column] = columns[column * values + value];
            return (ReadOnlyMemory<float>)moved;
        })];
    }

    private static float[] Autocorrelation(ReadOnlySpan<float> samples) => Periodicity.Compute(BandDynamics.Compute(samples).Onsets);
}
