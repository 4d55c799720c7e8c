namespace StemJepa.Training.Corpora;

/// <summary>The rhythm of a bar: starts and lengths of its notes, in pulses from the start of the bar. Immutable.</summary>
internal sealed record BarRhythm(IReadOnlyList<(double Start, double Length)> Notes)
{
    private static readonly (double, double)[][] Simple =
    [
        [(0, 1)], [(0, 0.5), (0.5, 0.5)], [(0.5, 0.5)], [], [(0, 2)], [(0, 0.75), (0.75, 0.25)], [(0, 0.5), (0.5, 0.25), (0.75, 0.25)],
        [(0, 0.25), (0.25, 0.25), (0.5, 0.5)], [(0, 0.5), (0.5, 1)],
    ];

    private static readonly (double, double)[][] Triple =
    [
        [(0, 1)], [(0, 1 / 3.0), (1 / 3.0, 1 / 3.0), (2 / 3.0, 1 / 3.0)], [(2 / 3.0, 1 / 3.0)], [], [(0, 2)],
        [(0, 2 / 3.0), (2 / 3.0, 1 / 3.0)],
    ];

    /// <summary>A bar of silence.</summary>
    public static BarRhythm Rest { get; } = new([]);

    /// <summary>Draws the rhythm of a bar.</summary>
    /// <param name="pulses">Number of pulses in the bar.</param>
    /// <param name="division">Division of the pulse.</param>
    /// <param name="activity">From 0 (long notes) to 1 (short notes).</param>
    /// <param name="random">Random number generator.</param>
    public static BarRhythm Draw(int pulses, PulseDivision division, double activity, Random random)
    {
        (double, double)[][] cells = division == PulseDivision.Even ? Simple : Triple;
        double[] weights =
            [3 - 2 * activity, 2 + 3 * activity, 0.8, 0.9 - 0.6 * activity, 2.2 - 2 * activity, 1.2, activity * 1.2, activity * 0.8, 0.9];
        (int, double)[] weighted = [.. cells.Select((_, i) => (i, weights[i]))];
        var notes = new List<(double Start, double Length)>();
        double free = 0;
        for (int pulse = 0; pulse < pulses; pulse++)
        {
            foreach ((double start, double length) in cells[random.Pick<int>(weighted)])
            {
                if (pulse + start < free - 1e-9) continue;
                notes.Add((pulse + start, Math.Min(length, pulses - pulse - start)));
                free = pulse + start + length;
            }
        }
        return notes.Count == 0 ? Long(pulses) : new BarRhythm(notes);
    }

    /// <summary>Draws the rhythm of the last bar of a phrase: a long note followed by a rest.</summary>
    public static BarRhythm Cadence(int pulses, Random random) =>
        pulses < 3 ? Long(pulses) : random.Next(3) switch
        {
            0 => new BarRhythm([(0, pulses - 1)]),
            1 => new BarRhythm([(0, 1), (1, pulses - 1.5)]),
            _ => new BarRhythm([(0, 0.9), (1, 0.9), (2, Math.Max(1, pulses - 2.5))]),
        };

    private static BarRhythm Long(int pulses) => new([(0, Math.Max(0.75, pulses - 0.5))]);
}

/// <summary>Division of the time between two pulses.</summary>
internal enum PulseDivision
{
    /// <summary>Halves and quarters.</summary>
    Even,

    /// <summary>Thirds: swing, and compound time signatures.</summary>
    Thirds,
}

/// <summary>Detects the division of pulses in an accompaniment. Thread-safe.</summary>
internal static class PulseDivisions
{
    private const double Half = 0.5, Third = 2 / 3.0, Tolerance = 0.045, Clearly = 1.2;

    /// <summary>
    /// Returns thirds if the time signature is compound, or if clearly more notes start two thirds than half a pulse after a pulse.
    /// </summary>
    public static PulseDivision Detect(MidiSong song, Groove groove)
    {
        if (groove.IsCompound) return PulseDivision.Thirds;
        double pulse = (double)groove.PulseBeats * song.TicksPerQuarter;
        int CountNear(double place) => song.Notes.Count(n => Math.Abs(n.Start % pulse / pulse - place) < Tolerance);
        return CountNear(Third) > Clearly * CountNear(Half) ? PulseDivision.Thirds : PulseDivision.Even;
    }
}
