using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Features designed by hand for a task: chroma for the key, the autocorrelation of onsets for the tempo, onset strength in three bands for
/// beats, the dynamics of the mel bands for stem and instrument, and chroma with autocorrelation for the other tasks.
/// </summary>
internal sealed class HandMadeFeature(string task) : IProbeFeature
{
    private static readonly LogMelSpectrogram FrontEnd = new();

    public string Name => "hand_made";

    public bool SupportsTimePatchHead => ProbeTask.IsOfStems(task);

    public float[] Pooled(AudioClip clip)
    {
        ReadOnlySpan<float> samples = clip.Resample(FrontEndSettings.SampleRate).Samples.Span;
        return task switch
        {
            ProbeTask.Key => MeanChroma(samples),
            ProbeTask.Tempo => Autocorrelation(samples),
            _ when ProbeTask.IsOfStems(task) => FrameFeatures.MeanAndDeviation(ByValue(Moves(samples))),
            _ => [.. MeanChroma(samples), .. Autocorrelation(samples)],
        };
    }

    public (float[] Rows, int Length) TimePatches(AudioClip clip)
    {
        ReadOnlySpan<float> samples = clip.Resample(FrontEndSettings.SampleRate).Samples.Span;
        return ProbeTask.IsOfStems(task)
            ? (Moves(samples), MelDynamics.PatchLength)
            : FrameFeatures.TimePatches([.. BandDynamics.Compute(samples).BandOnsets.Select(onsets => (ReadOnlyMemory<float>)onsets)]);
    }

    private static float[] MeanChroma(ReadOnlySpan<float> samples) =>
        Chromagram.MeanAndDeviation(Chromagram.ComputePeaks(samples, Chromagram.Hop));

    private static float[] Moves(ReadOnlySpan<float> samples)
    {
        float[] logMel = FrontEnd.Compute(samples);
        int frames = logMel.Length / FrontEndSettings.MelBands,
            patches = (frames + FrontEndSettings.PatchFrames - 1) / FrontEndSettings.PatchFrames;
        var padded = new float[FrontEndSettings.MelBands * patches * FrontEndSettings.PatchFrames];
        for (int band = 0; band < FrontEndSettings.MelBands; band++)
            logMel.AsSpan(band * frames, frames).CopyTo(padded.AsSpan(band * patches * FrontEndSettings.PatchFrames));
        var moves = new MelDynamics();
        moves.Add(new PatchWindows([], padded, 1, patches));
        return moves.ToArray();
    }

    /// <summary>Transposes [time patches, values] to [values][time patches].</summary>
    private static ReadOnlyMemory<float>[] ByValue(float[] patches)
    {
        const int values = MelDynamics.PatchLength;
        return [.. Enumerable.Range(0, values).Select(value =>
        {
            var moved = new float[patches.Length / values];
            for (int index = 0; index < moved.Length; index++)
                moved[index] = patches[index * values + value];
            return (ReadOnlyMemory<float>)moved;
        })];
    }

    private static float[] Autocorrelation(ReadOnlySpan<float> samples) => Periodicity.Compute(BandDynamics.Compute(samples).Onsets);
}

/// <summary>The log-mel, without learning: mean and deviation over time of each band, or the 80 x 16 values of each time patch.</summary>
internal sealed class LogMelFeature : IProbeFeature
{
    private readonly LogMelSpectrogram _frontEnd = new();

    public string Name => "mean_log_mel";

    public bool SupportsTimePatchHead => true;

    public float[] Pooled(AudioClip clip) => FrameFeatures.MeanAndDeviation(Bands(clip));

    public (float[] Rows, int Length) TimePatches(AudioClip clip) => FrameFeatures.TimePatches(Bands(clip));

    private ReadOnlyMemory<float>[] Bands(AudioClip clip)
    {
        float[] logMel = _frontEnd.Compute(clip.Resample(FrontEndSettings.SampleRate).Samples.Span);
        int frames = logMel.Length / FrontEndSettings.MelBands;
        return [.. Enumerable.Range(0, FrontEndSettings.MelBands).Select(band => logMel.AsMemory(band * frames, frames))];
    }
}

/// <summary>Converts values by frame, [values][frames], to rows for heads.</summary>
internal static class FrameFeatures
{
    /// <summary>Mean and deviation over time of each value, [2 x values].</summary>
    public static float[] MeanAndDeviation(IReadOnlyList<ReadOnlyMemory<float>> values) =>
    [
        .. values.Select(frames => Mean(frames.Span)),
        .. values.Select(frames => Deviation(frames.Span)),
    ];

    /// <summary>Concatenates the frames of each time patch, [time patches, values x 16]; the last one is padded with zeros.</summary>
    public static (float[] Rows, int Length) TimePatches(IReadOnlyList<ReadOnlyMemory<float>> values)
    {
        const int patch = FrontEndSettings.PatchFrames;
        int frames = values[0].Length, length = values.Count * patch, patches = (frames + patch - 1) / patch;
        var rows = new float[patches * length];
        for (int value = 0; value < values.Count; value++)
        {
            ReadOnlySpan<float> source = values[value].Span;
            for (int index = 0; index < patches; index++)
            {
                ReadOnlySpan<float> part = source[(index * patch)..Math.Min(frames, (index + 1) * patch)];
                part.CopyTo(rows.AsSpan(index * length + value * patch));
            }
        }
        return (rows, length);
    }

    private static float Mean(ReadOnlySpan<float> values) => TensorPrimitives.Sum(values) / values.Length;

    private static float Deviation(ReadOnlySpan<float> values)
    {
        var centred = new float[values.Length];
        TensorPrimitives.Subtract(values, Mean(values), centred);
        return TensorPrimitives.Norm<float>(centred) / MathF.Sqrt(values.Length);
    }
}
