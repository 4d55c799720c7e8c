namespace StemJepa.Training.Corpora;

/// <summary>The notes of a bar without their pitches: onsets and lengths in pulses from the bar's start. Immutable.</summary>
public sealed record BarRhythm(IReadOnlyList<(double Start, double Length)> Notes)
{
    private static readonly (double, double)[][] Simple =
    [
        [(0, 1)], [(0, 0.5), (0.5, 0.5)], [(0.5, 0.5)], [], [(0, 2)], [(0, 0.75), (0.75, 0.25)], [(0, 0.5), (0.5, 0.25), (0.75, 0.25)], [(0, 0.25), (0.25, 0.25), (0.5, 0.5)], [(0, 0.5), (0.5, 1)],
    ];

    private static readonly (double, double)[][] Triple = [[(0, 1)], [(0, 1 / 3.0), (1 / 3.0, 1 / 3.0), (2 / 3.0, 1 / 3.0)], [(2 / 3.0, 1 / 3.0)], [], [(0, 2)], [(0, 2 / 3.0), (2 / 3.0, 1 / 3.0)]];

    /// <summary>A bar's silence.</summary>
    public static BarRhythm Rest { get; } = new([]);

    /// <summary>Draws the rhythm of a bar.</summary>
    /// <param name="pulses">Pulses in the bar.</param>
    /// <param name="division">How the pulse is divided.</param>
    /// <param name="activity">0 (long notes) to 1 (short notes).</param>
    /// <param name="random">The source.</param>
    public static BarRhythm Draw(int pulses, PulseDivision division, double activity, Random random)
    {
        (double, double)[][] cells = division == PulseDivision.Even ? Simple : Triple;
        double[] weights = [3 - 2 * activity, 2 + 3 * activity, 0.8, 0.9 - 0.6 * activity, 2.2 - 2 * activity, 1.2, activity * 1.2, activity * 0.8, 0.9];
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

    /// <summary>A phrase's last bar: one long note, and silence to breathe.</summary>
    public static BarRhythm Cadence(int pulses, Random random) =>
        pulses < 3 ? Long(pulses) : random.Next(3) switch
        {
            0 => new BarRhythm([(0, pulses - 1)]),
            1 => new BarRhythm([(0, 1), (1, pulses - 1.5)]),
            _ => new BarRhythm([(0, 0.9), (1, 0.9), (2, Math.Max(1, pulses - 2.5))]),
        };

    private static BarRhythm Long(int pulses) => new([(0, Math.Max(0.75, pulses - 0.5))]);
}

/// <summary>How the time between two pulses is divided.</summary>
public enum PulseDivision
{
    /// <summary>In halves and quarters.</summary>
    Even,

    /// <summary>In thirds: swing, and compound time signatures.</summary>
    Thirds,
}

/// <summary>Hears how an accompaniment divides its pulses. Thread-safe.</summary>
public static class PulseDivisions
{
    private const double Half = 0.5, Third = 2 / 3.0, Tolerance = 0.045, Clearly = 1.2;

    /// <summary>Thirds if the time signature says so, or if more notes begin two thirds after a pulse than half after it.</summary>
    public static PulseDivision Detect(MidiSong song, Groove groove)
    {
        if (groove.IsCompound) return PulseDivision.Thirds;
        double pulse = (double)groove.PulseBeats * song.TicksPerQuarter;
        int CountNear(double place) => song.Notes.Count(n => Math.Abs(n.Start % pulse / pulse - place) < Tolerance);
        return CountNear(Third) > Clearly * CountNear(Half) ? PulseDivision.Thirds : PulseDivision.Even;
    }
}
