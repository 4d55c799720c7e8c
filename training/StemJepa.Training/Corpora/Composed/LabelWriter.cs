namespace StemJepa.Training.Corpora;

/// <summary>Lists the beats, bars, chords and keys of a composition. Thread-safe.</summary>
public static class LabelWriter
{
    /// <summary>The labels; a chord or key that goes on is listed once.</summary>
    public static SongLabels Of(Composition composition, int ticksPerQuarter)
    {
        Groove groove = composition.Groove;
        long barTicks = (long)groove.BarBeats * ticksPerQuarter, pulseTicks = (long)groove.PulseBeats * ticksPerQuarter;
        var chords = new List<(long, Chord)>();
        var keys = new List<(long, Key)>();
        long tick = 0;
        foreach (SongSection section in composition.Sections)
        {
            if (keys.Count == 0 || keys[^1].Item2 != section.Key) keys.Add((tick, section.Key));
            foreach (IReadOnlyList<Chord> bar in section.Bars)
            {
                for (int i = 0; i < bar.Count; i++)
                    if (chords.Count == 0 || chords[^1].Item2 != bar[i]) chords.Add((tick + i * MmaScript.SecondChordBeat(groove) * ticksPerQuarter, bar[i]));
                tick += barTicks;
            }
        }
        return new SongLabels(groove.Family, [.. composition.Sections.Select(s => s.Groove.FullName).Distinct()], groove.Metre,
            [.. Steps(tick, pulseTicks)], [.. Steps(tick, barTicks)], chords, keys, tick);
    }

    private static IEnumerable<long> Steps(long end, long step)
    {
        for (long tick = 0; tick < end; tick += step) yield return tick;
    }
}
