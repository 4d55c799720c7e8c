using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// Which pitch classes sound when, 25 frames per second: the chroma, square roots at length 1, and the salience of all notes and of low
/// ones, by which an overtone counts for the note that it belongs to and not for its own pitch class. Zero where it is silent. Immutable
/// and thread-safe.
/// </summary>
internal sealed class Harmony
{
    private const int Classes = Chromagram.Classes, Hop = AlignmentFeatures.Hop;

    public const double FramesPerSecond = (double)FrontEndSettings.SampleRate / Hop;

    /// <summary>60 dB under the loudest frame counts as silent.</summary>
    private const float Range = 1e-3f;

    /// <summary>Frames, 1 s, of the average by which notes count for a chord, whenever in it they are played.</summary>
    private const int Smoothed = 25;

    private readonly float[] _chroma, _notes, _low, _smooth, _smoothNotes, _meanChroma, _meanNotes, _meanLow;

    private Harmony(float[] chroma, float[] notes, float[] low, double register)
    {
        (_chroma, _notes, _low, Register) = (chroma, notes, low, register);
        (_meanChroma, _meanNotes, _meanLow) = (MeanOf(chroma), MeanOf(notes), MeanOf(low));
        (_smooth, _smoothNotes) = (Average(chroma), Average(notes));
    }

    /// <summary>The mean over time of the most salient note, in semitones of MIDI.</summary>
    public double Register { get; }

    public int Frames => _chroma.Length / Classes;

    /// <param name="samples">16 kHz mono.</param>
    /// <param name="chroma">Their <see cref="Chromagram"/>, 25 frames per second.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Harmony Compute(ReadOnlySpan<float> samples, float[] chroma, CancellationToken cancellationToken)
    {
        chroma = [.. chroma];
        (float[] notes, float[] low, float[] highest) = NoteSalience.Compute(samples, Hop, cancellationToken);
        double registers = 0;
        int sounding = 0;
        float loudest = 0;
        for (int start = 0; start < chroma.Length; start += Classes)
            loudest = Math.Max(loudest, TensorPrimitives.Norm<float>(chroma.AsSpan(start, Classes)));
        for (int start = 0; start < chroma.Length; start += Classes)
        {
            Span<float> row = chroma.AsSpan(start, Classes), note = notes.AsSpan(start, Classes), lowNote = low.AsSpan(start, Classes);
            float norm = TensorPrimitives.Norm<float>(row), noteNorm = TensorPrimitives.Norm<float>(note);
            float lowNorm = TensorPrimitives.Norm<float>(lowNote);
            bool sounds = norm > Range * loudest && norm > 0;
            TensorPrimitives.Multiply(row, sounds ? 1 / norm : 0, row);
            TensorPrimitives.Sqrt(row, row);
            TensorPrimitives.Multiply(note, sounds && noteNorm > 0 ? 1 / noteNorm : 0, note);
            TensorPrimitives.Multiply(lowNote, sounds && lowNorm > 0 ? 1 / lowNorm : 0, lowNote);
            if (sounds)
                (registers, sounding) = (registers + highest[start / Classes], sounding + 1);
        }
        return new Harmony(chroma, notes, low, registers / Math.Max(1, sounding));
    }

    /// <summary>
    /// How the notes of a candidate lie to the pitch classes of this mix, by interval: value i is the correlation of the mix's pitch class
    /// p + i and the candidate's note p.
    /// </summary>
    /// <param name="candidate">The candidate, not transposed.</param>
    /// <param name="ratio">New tempo / old tempo.</param>
    /// <param name="start">Seconds from the mix's first sample to the candidate's.</param>
    public HarmonyMatch Compare(Harmony candidate, double ratio, double start)
    {
        int from = (int)Math.Max(0, Math.Ceiling(start * FramesPerSecond));
        int to = (int)Math.Min(Frames, Math.Floor(candidate.Frames / ratio + start * FramesPerSecond));
        float[] inTime = new float[Classes], notesInTime = new float[Classes], low = new float[Classes], chords = new float[Classes];
        double[] powers = new double[8];
        for (int t = from; t < to; t++)
        {
            int at = (int)Math.Round((t - start * FramesPerSecond) * ratio);
            if (at >= candidate.Frames || at < 0)
                continue;
            Add(_chroma, _meanChroma, t, candidate._chroma, candidate._meanChroma, at, inTime, powers.AsSpan(0, 2));
            Add(_chroma, _meanChroma, t, candidate._notes, candidate._meanNotes, at, notesInTime, powers.AsSpan(2, 2));
            Add(_low, _meanLow, t, candidate._notes, candidate._meanNotes, at, low, powers.AsSpan(4, 2));
            Add(_smooth, _meanChroma, t, candidate._smoothNotes, candidate._meanNotes, at, chords, powers.AsSpan(6, 2));
        }
        return new HarmonyMatch(Divide(inTime, powers[0] * powers[1]), Divide(notesInTime, powers[2] * powers[3]),
            OfMeans(_meanChroma, candidate._meanChroma), OfMeans(_meanChroma, candidate._meanNotes),
            Divide(low, powers[4] * powers[5]), OfMeans(_meanLow, candidate._meanNotes), Divide(chords, powers[6] * powers[7]));
    }

    /// <summary>Of each frame the mean of those about it.</summary>
    private static float[] Average(float[] rows)
    {
        var averages = new float[rows.Length];
        var sum = new float[Classes];
        int frames = rows.Length / Classes, reach = Smoothed / 2;
        for (int frame = -reach; frame < frames; frame++)
        {
            if (frame + reach < frames)
                TensorPrimitives.Add(sum, rows.AsSpan((frame + reach) * Classes, Classes), sum);
            if (frame - reach - 1 >= 0)
                TensorPrimitives.Subtract(sum, rows.AsSpan((frame - reach - 1) * Classes, Classes), sum);
            if (frame >= 0)
                TensorPrimitives.Multiply(sum, 1f / Smoothed, averages.AsSpan(frame * Classes, Classes));
        }
        return averages;
    }

    private static float[] MeanOf(float[] rows)
    {
        var mean = new float[Classes];
        for (int start = 0; start < rows.Length; start += Classes)
            TensorPrimitives.Add(mean, rows.AsSpan(start, Classes), mean);
        TensorPrimitives.Multiply(mean, 1f / Math.Max(1, rows.Length / Classes), mean);
        return mean;
    }

    private static void Add(float[] rows, float[] mean, int frame, float[] ownRows, float[] ownMean, int ownFrame, float[] sums,
        Span<double> powers)
    {
        Span<float> mix = stackalloc float[Classes], own = stackalloc float[Classes];
        Deviation(rows.AsSpan(frame * Classes, Classes), mean, mix);
        Deviation(ownRows.AsSpan(ownFrame * Classes, Classes), ownMean, own);
        powers[0] += TensorPrimitives.SumOfSquares<float>(mix);
        powers[1] += TensorPrimitives.SumOfSquares<float>(own);
        for (int interval = 0; interval < Classes; interval++)
        {
            sums[interval] += TensorPrimitives.Dot<float>(mix[interval..], own[..(Classes - interval)])
                + TensorPrimitives.Dot<float>(mix[..interval], own[(Classes - interval)..]);
        }
    }

    private static float[] Divide(float[] sums, double power)
    {
        TensorPrimitives.Multiply(sums, power > 0 ? (float)(1 / Math.Sqrt(power)) : 0, sums);
        return sums;
    }

    private static void Deviation(ReadOnlySpan<float> row, ReadOnlySpan<float> mean, Span<float> deviation)
    {
        if (row.ContainsAnyExcept(0f))
            TensorPrimitives.Subtract(row, mean, deviation);
        else
            deviation.Clear();
    }

    private static float[] OfMeans(float[] mean, float[] ownMean)
    {
        float[] sums = new float[Classes], flat = new float[Classes], ownFlat = new float[Classes];
        Array.Fill(flat, TensorPrimitives.Sum<float>(mean) / Classes);
        Array.Fill(ownFlat, TensorPrimitives.Sum<float>(ownMean) / Classes);
        var powers = new double[2];
        Add(mean, flat, 0, ownMean, ownFlat, 0, sums, powers);
        return Divide(sums, powers[0] * powers[1]);
    }
}

/// <summary>How the pitch classes of a mix and a candidate lie to one another, each by interval, [12], -1..1.</summary>
/// <param name="InTime">Of both chromas, of what each has more or less of than in the mean, frame by frame.</param>
/// <param name="NotesInTime">The same of the mix's chroma and the candidate's notes.</param>
/// <param name="Mean">Of the means of both chromas: the keys.</param>
/// <param name="NotesMean">The same of the mix's chroma and the candidate's notes.</param>
/// <param name="LowInTime">In time, of the mix's low notes and the candidate's notes: the roots of chords.</param>
/// <param name="LowMean">Of the means of these.</param>
/// <param name="Chords">In time, of the mix's chroma and the candidate's notes, both averaged over 1 s.</param>
internal sealed record HarmonyMatch(float[] InTime, float[] NotesInTime, float[] Mean, float[] NotesMean, float[] LowInTime,
    float[] LowMean, float[] Chords);

/// <summary>
/// How salient each pitch class is as a note: for every semitone the sum of what sounds at its overtones, sharpened, so that the note
/// itself stands out of them. Thread-safe.
/// </summary>
internal static class NoteSalience
{
    private const int FrameLength = SpectrumPair.FrameLength, Classes = Chromagram.Classes, HighestPartial = 112;
    private const int LowestNote = 28, HighestNote = 84, HighestLowNote = 51;

    /// <summary>By how many semitones partials lie over their note.</summary>
    private static readonly int[] Partials = [0, 12, 19, 24, 28, 31, 34, 36];

    /// <summary>The bins within a quarter tone of each note.</summary>
    private static readonly Range[] Bins = [.. Enumerable.Range(0, HighestPartial + 1).Select(BinsNear)];

    /// <param name="samples">16 kHz mono.</param>
    /// <param name="hop">Samples from one frame to the next; frames are centred on their multiples.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// Of all notes and of those below 160 Hz, each [1 + (samples - 1) / hop, 12], C first; and of each frame the most salient note.
    /// </returns>
    public static (float[] All, float[] Low, float[] Highest) Compute(ReadOnlySpan<float> samples, int hop,
        CancellationToken cancellationToken)
    {
        int frames = samples.Length == 0 ? 0 : 1 + (samples.Length - 1) / hop;
        float[] rows = new float[frames * Classes], low = new float[frames * Classes], highest = new float[frames];
        var spectra = new SpectrumPair(0, Bins[^1].End.Value);
        float[] pair = new float[FrameLength + hop], semitones = new float[HighestPartial + 1];
        for (int t = 0; t < frames; t++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (t % 2 == 0)
            {
                int start = t * hop - FrameLength / 2, from = Math.Max(0, -start), to = Math.Min(pair.Length, samples.Length - start);
                Array.Clear(pair);
                samples[(start + from)..(start + to)].CopyTo(pair.AsSpan(from));
                spectra.Compute(pair, pair.AsSpan(hop));
            }
            ReadOnlySpan<double> magnitudes = t % 2 == 0 ? spectra.First : spectra.Second;
            for (int note = LowestNote; note <= HighestPartial; note++)
                semitones[note] = MathF.Sqrt((float)TensorPrimitives.Max(magnitudes[Bins[note]]));
            float most = 0;
            for (int note = LowestNote; note <= HighestNote; note++)
            {
                float sum = 0, weight = 1;
                foreach (int partial in Partials)
                {
                    sum += note + partial <= HighestPartial ? weight * semitones[note + partial] : 0;
                    weight *= 0.8f;
                }
                float sharp = sum * sum;
                ref float value = ref rows[t * Classes + note % Classes];
                value = Math.Max(value, sharp * sharp);
                if (sum > most)
                    (most, highest[t]) = (sum, note);
                if (note == HighestLowNote)
                    rows.AsSpan(t * Classes, Classes).CopyTo(low.AsSpan(t * Classes));
            }
        }
        return (rows, low, highest);
    }

    private static Range BinsNear(int note)
    {
        double bin = 440 * Math.Pow(2, (note - 69) / 12.0) * FrameLength / FrontEndSettings.SampleRate;
        int first = (int)Math.Round(bin * 0.975);
        return first..(Math.Max(first, (int)Math.Round(bin * 1.025)) + 1);
    }
}
