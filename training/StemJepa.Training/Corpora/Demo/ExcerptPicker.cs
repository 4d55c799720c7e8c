namespace StemJepa.Training.Corpora;

/// <summary>Finds where in a song all stems play.</summary>
public static class ExcerptPicker
{
    /// <summary>Length of the pieces whose levels are compared; excerpts begin at multiples of it.</summary>
    private const double PieceSeconds = 0.25;

    /// <summary>Levels under this count as silence.</summary>
    private const double FloorDecibels = -60;

    /// <summary>
    /// The start of the excerpt whose least active stem is most active. A stem's activity is the mean, over pieces of 0.25 s, of how many
    /// decibels the root mean square lies over -60 dB of full scale; of equals the first is taken.
    /// </summary>
    /// <param name="stems">Recordings of one song; the shortest counts.</param>
    /// <param name="seconds">Length of the excerpt.</param>
    /// <returns>The start in samples and the activity in decibels; null if the song is shorter than the excerpt.</returns>
    public static (int Start, double Activity)? Pick(IReadOnlyList<AudioClip> stems, double seconds)
    {
        int piece = (int)(PieceSeconds * stems[0].SampleRate);
        int excerpt = (int)Math.Ceiling(seconds / PieceSeconds);
        double[][] levels = [.. stems.Select(stem => Levels(stem.Samples.Span, piece))];
        (int Start, double Activity)? best = null;
        for (int start = 0; start + excerpt <= levels.Min(stem => stem.Length); start++)
        {
            double activity = levels.Min(stem => stem.AsSpan(start, excerpt).ToArray().Average());
            if (best is null || activity > best.Value.Activity)
                best = (start * piece, activity);
        }
        return best;
    }

    private static double[] Levels(ReadOnlySpan<float> samples, int piece)
    {
        var levels = new double[samples.Length / piece];
        for (int i = 0; i < levels.Length; i++)
        {
            double energy = 0;
            foreach (float sample in samples.Slice(i * piece, piece))
                energy += (double)sample * sample;
            levels[i] = Math.Max(0, 10 * Math.Log10(energy / piece + 1e-12) - FloorDecibels);
        }
        return levels;
    }
}
