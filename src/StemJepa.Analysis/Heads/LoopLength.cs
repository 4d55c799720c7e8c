using System.Numerics;

namespace StemJepa;

/// <summary>Whether a length is that of a loop.</summary>
internal static class LoopLength
{
    private const int FewestBeats = 4, MostBeats = 64;

    /// <summary>How far the length may be from whole beats: as a share of it, and at most so many beats.</summary>
    private const double Tolerance = 0.02, MostDeviation = 0.1;

    /// <summary>How far a beat may be from the grid, in beats.</summary>
    private const double NearGrid = 0.1;

    /// <summary>
    /// The length of a beat by all beats: of the grid that most of them are on, and then by the line through these. A tempo from
    /// neighbouring beats is as wrong as the few that were missed or doubled, and as the first and the last, which are exact to 10 ms.
    /// </summary>
    /// <param name="beats">Seconds, ascending.</param>
    /// <param name="expected">About its length.</param>
    /// <param name="range">How far it may be from that, as a share.</param>
    /// <returns>Null where less than half of the beats are on such a grid.</returns>
    internal static TimeSpan? Beat(IReadOnlyList<double> beats, TimeSpan expected, double range)
    {
        if (beats.Count < FewestBeats)
            return null;
        // From one length to the next, the last beat moves by a tenth of a beat against the first.
        int steps = (int)Math.Ceiling(range / NearGrid * (beats[^1] - beats[0]) / expected.TotalSeconds);
        Complex Coherence(double beat) => beats.Aggregate(
            Complex.Zero, (sum, at) => sum + Complex.FromPolarCoordinates(1, Math.Tau * at / beat));
        double grid = Enumerable.Range(-steps, 2 * steps + 1).Select(step => expected.TotalSeconds * (1 + range * step / steps))
            .MaxBy(beat => Coherence(beat).Magnitude);
        double phase = Coherence(grid).Phase / Math.Tau;
        (double Number, double At)[] on = [.. beats.Select(at => (Number: Math.Round(at / grid - phase), At: at))
            .Where(beat => Math.Abs(beat.At / grid - phase - beat.Number) <= NearGrid)];
        if (on.Length < Math.Max(FewestBeats, beats.Count / 2))
            return null;
        double middle = on.Average(beat => beat.Number);
        double slope = on.Sum(beat => (beat.Number - middle) * beat.At) / on.Sum(beat => (beat.Number - middle) * (beat.Number - middle));
        return Math.Abs(slope / expected.TotalSeconds - 1) <= range ? TimeSpan.FromSeconds(slope) : null;
    }

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
