using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>What a voice sounds like where it sounds. Immutable.</summary>
/// <param name="Hertz">Median fundamental of its periodic frames, 35..1600; 0 if none is periodic.</param>
/// <param name="Periodicity">Median of 1 minus the least of YIN's normalised difference, 0 (noise) to 1 (a tone).</param>
/// <param name="LowShare">The fraction of its energy below about 250 Hz, 0..1.</param>
/// <param name="Length">Median seconds from an onset to where it has fallen by 20 dB, or to the next onset.</param>
/// <param name="Presence">The fraction of the song in which it sounds, 0..1.</param>
/// <param name="Energy">Sum of its squared samples.</param>
internal sealed record VoiceSound(double Hertz, double Periodicity, double LowShare, double Length, double Presence, double Energy)
{
    private const int Rate = 16_000, Window = 1024, ShortestLag = 10, LongestLag = 457, MostFrames = 300, Block = 160;
    private const double FundamentalBelow = 0.2, PeriodicFrom = 0.6, QuietDb = -40, SilenceDb = -70, FallDb = -20, RiseDb = 9,
        LowHertz = 250;

    /// <summary>Measures mono samples at 16 kHz.</summary>
    public static VoiceSound Measure(ReadOnlySpan<float> samples)
    {
        double[] levels = Levels(samples);
        double loud = levels.Length == 0 ? 0 : levels.Order().ElementAt((int)(0.98 * (levels.Length - 1)));
        double threshold = Math.Max(loud * Math.Pow(10, QuietDb / 20), Math.Pow(10, SilenceDb / 20));
        int[] active = [.. Enumerable.Range(0, levels.Length).Where(i => levels[i] > threshold)];
        if (active.Length == 0) return new VoiceSound(0, 0, 0, 0, 0, 0);
        var periodicities = new List<double>();
        var fundamentals = new List<double>();
        for (int i = 0; i < MostFrames; i++)
        {
            int start = active[(int)((long)i * active.Length / MostFrames)] * Block;
            if (start + Window + LongestLag > samples.Length) continue;
            (double lag, double difference) = Yin(samples.Slice(start, Window + LongestLag));
            periodicities.Add(Math.Clamp(1 - difference, 0, 1));
            if (1 - difference >= PeriodicFrom) fundamentals.Add(Rate / lag);
        }
        return new VoiceSound(Median(fundamentals), Median(periodicities), Low(samples), LengthOf(levels),
            (double)active.Length / levels.Length, TensorPrimitives.SumOfSquares(samples));
    }

    private static double LengthOf(double[] levels)
    {
        var lengths = new List<double>();
        double rise = Math.Pow(10, RiseDb / 20), fall = Math.Pow(10, FallDb / 20), loud = levels.Max();
        for (int i = 2; i < levels.Length; i++)
        {
            if (levels[i] < 0.1 * loud || levels[i] < rise * levels[i - 2]) continue;
            double peak = levels[i];
            int end = i + 1;
            for (; end < levels.Length && levels[end] > fall * peak && !(end > i + 3
                && levels[end] > rise * levels[end - 2]); end++) peak = Math.Max(peak, levels[end]);
            lengths.Add((double)(end - i) * Block / Rate);
            i = end;
        }
        return lengths.Count == 0 ? (double)levels.Length * Block / Rate : Median(lengths);
    }

    /// <summary>Root mean square of each 10 ms.</summary>
    private static double[] Levels(ReadOnlySpan<float> samples)
    {
        var levels = new double[samples.Length / Block];
        for (int i = 0; i < levels.Length; i++) levels[i] = Math.Sqrt(TensorPrimitives.SumOfSquares(samples.Slice(i * Block,
            Block)) / Block);
        return levels;
    }

    /// <summary>
    /// Lag of the fundamental by YIN's first dip under the threshold, or of the deepest dip, and the normalised difference there.
    /// </summary>
    private static (double Lag, double Difference) Yin(ReadOnlySpan<float> frame)
    {
        ReadOnlySpan<float> head = frame[..Window];
        Span<double> normal = stackalloc double[LongestLag + 1];
        double sum = 0;
        for (int lag = 1; lag <= LongestLag; lag++)
        {
            double distance = TensorPrimitives.Distance(head, frame.Slice(lag, Window));
            sum += distance * distance;
            normal[lag] = sum == 0 ? 1 : distance * distance * lag / sum;
        }
        int best = ShortestLag;
        for (int lag = ShortestLag; lag <= LongestLag; lag++)
        {
            if (normal[lag] < normal[best]) best = lag;
            if (normal[lag] >= FundamentalBelow) continue;
            while (lag < LongestLag && normal[lag + 1] < normal[lag]) lag++;
            return (lag, normal[lag]);
        }
        return (best, normal[best]);
    }

    /// <summary>Energy behind two low-pass filters of one pole each, over all energy.</summary>
    private static double Low(ReadOnlySpan<float> samples)
    {
        double a = 1 - Math.Exp(-2 * Math.PI * LowHertz / Rate), first = 0, second = 0, low = 0, all = 0;
        foreach (float s in samples)
        {
            first += a * (s - first);
            second += a * (first - second);
            low += second * second;
            all += (double)s * s;
        }
        return all == 0 ? 0 : low / all;
    }

    private static double Median(List<double> values) => values.Count == 0 ? 0 : values.Order().ElementAt(values.Count / 2);
}

/// <summary>How a voice is used, from its notes. Immutable.</summary>
/// <param name="Notes">Number of notes.</param>
/// <param name="Pitches">Number of different pitches.</param>
/// <param name="Monophony">The fraction of its sounding time in which a single note sounds, 0..1.</param>
internal sealed record VoiceUse(int Notes, int Pitches, double Monophony);
