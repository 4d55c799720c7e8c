using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// Features that alignment compares, 25 frames per second: chroma, spectrum, onsets, and how much of them is new. Less their means over
/// time, since only change locates a time. Thread-safe.
/// </summary>
internal static class AlignmentFeatures
{
    /// <summary>Samples of 16 kHz from one frame to the next: 40 ms.</summary>
    internal const int Hop = 640;

    /// <summary>Values of a frame: 12 of chroma, 20 of the spectrum, 3 of onsets, 6 of novelty.</summary>
    internal const int Count = FirstNovelty + 2 * 3;

    private const int Bands = 20, MelsOfBand = FrontEndSettings.MelBands / Bands, MelFramesOfFrame = Hop / FrontEndSettings.Hop;
    private const int FirstBand = Chromagram.Classes, FirstOnset = FirstBand + Bands, FirstNovelty = FirstOnset + BandDynamics.Bands;

    /// <summary>Frames, 120 ms, of the moving average that ends it: mix and recording are seldom on the same grid.</summary>
    private const int Smoothed = 3;

    /// <summary>Frames, 0.32 s, 1.28 s and 5.12 s, over which chroma and spectrum are compared with what they were.</summary>
    private static readonly int[] NoveltyLags = [8, 32, 128];

    /// <summary>Those of a recording, [frames, 41], the first centred on its start.</summary>
    /// <param name="samples">16 kHz mono; at least one sample.</param>
    public static float[] Compute(ReadOnlySpan<float> samples) =>
        Compute(Chromagram.Compute(samples, Hop), BandDynamics.Compute(samples));

    /// <inheritdoc cref="Compute(ReadOnlySpan{float})"/>
    /// <param name="chroma">The recording's <see cref="Chromagram"/>, 25 frames per second.</param>
    /// <param name="dynamics">The recording's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static float[] Compute(float[] chroma, BandDynamics dynamics, CancellationToken cancellationToken = default)
    {
        int frames = chroma.Length / Chromagram.Classes;
        var rows = new float[frames * Count];
        for (int frame = 0; frame < frames; frame++)
            WriteChroma(chroma.AsSpan(frame * Chromagram.Classes, Chromagram.Classes), rows.AsSpan(frame * Count));
        WriteSpectrum(dynamics, rows, cancellationToken);
        WriteNovelty(rows);
        cancellationToken.ThrowIfCancellationRequested();
        return Average(Centred(rows));
    }

    /// <summary>Square roots of the chroma of length 1, so that the loudest pitch class does not hide the others.</summary>
    private static void WriteChroma(ReadOnlySpan<float> chroma, Span<float> row)
    {
        if (TensorPrimitives.Norm(chroma) is not (> 0 and var norm))
            return;
        TensorPrimitives.Divide(chroma, norm, row[..Chromagram.Classes]);
        TensorPrimitives.Sqrt(row[..Chromagram.Classes], row);
    }

    /// <summary>
    /// Means of the log-mel over its floor, and the logarithm of onset strength, of which a few are far stronger than the rest.
    /// </summary>
    private static void WriteSpectrum(BandDynamics dynamics, float[] rows, CancellationToken cancellationToken)
    {
        for (int mel = 0; mel < FrontEndSettings.MelBands; mel++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int frame = 0; frame * Count < rows.Length; frame++)
                rows[frame * Count + FirstBand + mel / MelsOfBand] += MeanOver(
                    dynamics.LogMel.AsSpan(mel * dynamics.Frames, dynamics.Frames), frame, dynamics.Floor) / MelsOfBand;
        }
        for (int band = 0; band < BandDynamics.Bands; band++)
        {
            for (int frame = 0; frame * Count < rows.Length; frame++)
                rows[frame * Count + FirstOnset + band] =
                    MathF.Log(1 + MelFramesOfFrame * MeanOver(dynamics.BandOnsets[band], frame, 0) / BandDynamics.MelsOf(band));
        }
    }

    /// <summary>The mean, over the log-mel's frames of a frame, of what is over a floor.</summary>
    private static float MeanOver(ReadOnlySpan<float> values, int frame, float floor)
    {
        int start = frame * MelFramesOfFrame, end = Math.Min(start + MelFramesOfFrame, values.Length);
        float sum = 0;
        for (int i = start; i < end; i++)
            sum += Math.Max(values[i], floor) - floor;
        return sum / (end - start);
    }

    private static void WriteNovelty(float[] rows)
    {
        for (int lag = 0; lag < NoveltyLags.Length; lag++)
        {
            for (int start = NoveltyLags[lag] * Count; start < rows.Length; start += Count)
            {
                ReadOnlySpan<float> now = rows.AsSpan(start, Count), before = rows.AsSpan(start - NoveltyLags[lag] * Count, Count);
                rows[start + FirstNovelty + 2 * lag] = Distance(now[..FirstBand], before[..FirstBand]);
                rows[start + FirstNovelty + 2 * lag + 1] = Distance(now[FirstBand..FirstOnset], before[FirstBand..FirstOnset]);
            }
        }
    }

    private static float Distance(ReadOnlySpan<float> now, ReadOnlySpan<float> before)
    {
        float sum = 0;
        for (int i = 0; i < now.Length; i++)
            sum += Math.Abs(now[i] - before[i]);
        return sum;
    }

    /// <summary>
    /// Takes each feature's mean off. Of novelty, that of the frames which have one: those at the start stay 0, or two recordings would
    /// have their starts in common, whatever the music.
    /// </summary>
    private static float[] Centred(float[] rows)
    {
        int frames = rows.Length / Count;
        for (int feature = 0; feature < Count; feature++)
        {
            int first = feature < FirstNovelty ? 0 : Math.Min(frames, NoveltyLags[(feature - FirstNovelty) / 2]);
            double sum = 0;
            for (int frame = first; frame < frames; frame++)
                sum += rows[frame * Count + feature];
            float mean = (float)(sum / Math.Max(1, frames - first));
            for (int frame = first; frame < frames; frame++)
                rows[frame * Count + feature] -= mean;
        }
        return rows;
    }

    private static float[] Average(float[] rows)
    {
        var averages = new float[rows.Length];
        for (int offset = -Smoothed / 2; offset <= Smoothed / 2; offset++)
        {
            for (int i = Math.Max(0, -offset * Count); i < Math.Min(rows.Length, rows.Length - offset * Count); i++)
                averages[i] += rows[i + offset * Count] / Smoothed;
        }
        return averages;
    }
}
