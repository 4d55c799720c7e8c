namespace StemJepa;

/// <summary>Whether a length is that of a loop.</summary>
internal static class LoopLength
{
    private const int FewestBeats = 4, MostBeats = 64;

    /// <summary>How far the length may be from whole beats: as a share of it, and at most so many beats.</summary>
    private const double Tolerance = 0.02, MostDeviation = 0.1;

    /// <summary>
    /// Whether a recording can repeat in time: 4 to 64 beats long, and a whole number of them within 2 % of the length, at most a tenth of
    /// a beat, since any long recording is within 2 %.
    /// </summary>
    /// <param name="seconds">Its length.</param>
    /// <param name="tempo">BPM.</param>
    /// <param name="beats">Beats that were found in it; at least four, or it has none.</param>
    internal static bool IsLoop(double seconds, double tempo, int beats)
    {
        double length = seconds * tempo / 60, whole = Math.Round(length);
        return beats >= FewestBeats && whole is >= FewestBeats and <= MostBeats
            && Math.Abs(length - whole) <= Math.Min(Tolerance * length, MostDeviation);
    }
}
