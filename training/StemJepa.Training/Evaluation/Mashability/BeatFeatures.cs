using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Features of a recording by beat: chroma, rhythm pattern (onset strength in three bands at twelve places of the beat) and loudness in
/// three bands. Immutable.
/// </summary>
internal sealed class BeatFeatures
{
    public const int BeatDivisions = 12, RhythmLength = BeatDivisions * BandDynamics.Bands;

    /// <summary>Stevens' law: loudness is about the 0.3rd power of sound power.</summary>
    private const float LoudnessExponent = 0.3f;

    /// <summary>Beats whose chroma or rhythm has less of the recording's strongest beat are silent.</summary>
    private const float Silence = 1e-3f;

    private BeatFeatures(double period, int beats)
    {
        Period = period;
        Beats = beats;
        Chroma = new float[beats * Chromagram.Classes];
        Rhythm = new float[beats * RhythmLength];
        Loudness = [.. Enumerable.Range(0, BandDynamics.Bands).Select(_ => new float[beats])];
    }

    /// <summary>Frames of 10 ms from one beat to the next, over the whole recording.</summary>
    public double Period { get; }

    public double Tempo => 60 * BandDynamics.FramesPerSecond / Period;

    /// <summary>Beats that have a next one.</summary>
    public int Beats { get; }

    /// <summary>[beats, 12]: less its mean, of length 1; zero for a silent beat. A dot product is Pearson's correlation.</summary>
    public float[] Chroma { get; }

    /// <summary>[beats, 3 bands x 12 places], normalised in the same way.</summary>
    public float[] Rhythm { get; }

    /// <summary>Loudness by band, [3][beats].</summary>
    public float[][] Loudness { get; }

    /// <param name="samples">16 kHz mono; at least one sample.</param>
    public static BeatFeatures Compute(ReadOnlySpan<float> samples)
    {
        BandDynamics dynamics = BandDynamics.Compute(samples);
        double period = BeatTracker.Period(dynamics.Onsets);
        int[] beats = BeatTracker.Beats(dynamics.Onsets, period);
        var features = new BeatFeatures(period, Math.Max(0, beats.Length - 1));
        float[] chroma = Chromagram.Compute(samples, Chromagram.Hop);
        for (int beat = 0; beat < features.Beats; beat++)
        {
            int start = beats[beat], end = beats[beat + 1];
            MeanChroma(chroma, start, end, features.Chroma.AsSpan(beat * Chromagram.Classes, Chromagram.Classes));
            for (int band = 0; band < BandDynamics.Bands; band++)
            {
                Span<float> pattern = features.Rhythm.AsSpan(beat * RhythmLength + band * BeatDivisions, BeatDivisions);
                Divide(dynamics.BandOnsets[band].AsSpan(start, end - start), pattern);
                float power = TensorPrimitives.Sum<float>(dynamics.BandPower[band].AsSpan(start, end - start)) / (end - start);
                features.Loudness[band][beat] = MathF.Pow(power, LoudnessExponent);
            }
        }
        Normalise(features.Chroma, Chromagram.Classes);
        Normalise(features.Rhythm, RhythmLength);
        return features;
    }

    /// <summary>The mean of the chroma frames from one frame of 10 ms to another, at least the one that is nearest.</summary>
    private static void MeanChroma(ReadOnlySpan<float> chroma, int start, int end, Span<float> destination)
    {
        const double ratio = (double)FrontEndSettings.Hop / Chromagram.Hop;
        int count = chroma.Length / destination.Length, first = Math.Clamp((int)Math.Ceiling(start * ratio), 0, count - 1);
        int last = Math.Clamp((int)Math.Ceiling(end * ratio) - 1, first, count - 1);
        for (int frame = first; frame <= last; frame++)
            TensorPrimitives.Add(destination, chroma.Slice(frame * destination.Length, destination.Length), destination);
        TensorPrimitives.Divide(destination, last - first + 1, destination);
    }

    /// <summary>The strongest onset of every twelfth of a beat.</summary>
    private static void Divide(ReadOnlySpan<float> onsets, Span<float> pattern)
    {
        for (int place = 0; place < pattern.Length; place++)
        {
            int first = place * onsets.Length / pattern.Length, end = Math.Max(first + 1, (place + 1) * onsets.Length / pattern.Length);
            pattern[place] = TensorPrimitives.Max(onsets[first..end]);
        }
    }

    private static void Normalise(Span<float> rows, int length)
    {
        float loudest = 0;
        for (int at = 0; at < rows.Length; at += length)
            loudest = Math.Max(loudest, TensorPrimitives.Norm<float>(rows.Slice(at, length)));
        for (int at = 0; at < rows.Length; at += length)
        {
            Span<float> row = rows.Slice(at, length);
            bool silent = TensorPrimitives.Norm<float>(row) <= Silence * loudest;
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / length, row);
            float norm = TensorPrimitives.Norm<float>(row);
            if (silent || !(norm > Silence * Silence * loudest))
                row.Clear();
            else
                TensorPrimitives.Divide(row, norm, row);
        }
    }
}
