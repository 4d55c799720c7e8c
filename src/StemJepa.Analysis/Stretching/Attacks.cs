namespace StemJepa;

/// <summary>Finds the attacks of a recording to a few milliseconds, for a stretch that keeps them. Thread-safe.</summary>
internal static class Attacks
{
    private const int StepsPerSecond = 344;

    /// <summary>Steps, 50 ms, whose loudest one an attack exceeds: longer than the period of the lowest bass note.</summary>
    private const int Before = 17;

    /// <summary>6 dB more power than any step before, and no more than 50 dB under the loudest.</summary>
    private const double Rise = 4, Range = 1e-5;

    /// <summary>The first samples of the attacks, ascending. What begins with the recording is none.</summary>
    /// <param name="channels">Equally long.</param>
    /// <param name="sampleRate">Samples per second of each.</param>
    public static List<int> Find(ReadOnlyMemory<float>[] channels, int sampleRate)
    {
        int step = Math.Max(1, sampleRate / StepsPerSecond);
        double[] powers = Powers(channels, step);
        double least = Range * powers.DefaultIfEmpty(0).Max();
        var attacks = new List<int>();
        for (int i = 1; i < powers.Length; i++)
        {
            double loudest = 0;
            for (int j = Math.Max(0, i - Before); j < i; j++)
                loudest = Math.Max(loudest, powers[j]);
            if (powers[i] > Rise * loudest && powers[i] > least && (attacks.Count == 0 || i * step - attacks[^1] > Before * step))
                attacks.Add(i * step);
        }
        return attacks;
    }

    /// <summary>Power of the differences of neighbouring samples: high frequencies, which attacks have most of, count more.</summary>
    private static double[] Powers(ReadOnlyMemory<float>[] channels, int step)
    {
        var powers = new double[channels[0].Length / step];
        foreach (ReadOnlyMemory<float> channel in channels)
        {
            ReadOnlySpan<float> samples = channel.Span;
            for (int i = 0; i < powers.Length; i++)
            {
                double sum = 0;
                for (int at = Math.Max(1, i * step); at < (i + 1) * step; at++)
                {
                    double difference = samples[at] - samples[at - 1];
                    sum += difference * difference;
                }
                powers[i] += sum;
            }
        }
        return powers;
    }
}
