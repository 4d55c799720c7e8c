namespace StemJepa.Training.Corpora;

/// <summary>Converts between ticks and seconds by a song's tempo changes. Immutable; thread-safe.</summary>
internal sealed class TempoMap
{
    private const int DefaultMicroseconds = 500_000;
    private readonly int _ticksPerQuarter;
    private readonly List<TempoChange> _changes = [];

    /// <summary>Creates the map from the tempo events of all tracks; the tempo before the first one is 120 BPM.</summary>
    public TempoMap(int ticksPerQuarter, IEnumerable<MidiEvent> events)
    {
        _ticksPerQuarter = ticksPerQuarter;
        _changes.Add(new TempoChange(0, 0, DefaultMicroseconds));
        foreach (MidiEvent e in events.Where(e => e.IsMeta && e.Data1 == MidiEvent.Tempo && e.Payload.Length == 3).OrderBy(e => e.Tick))
        {
            ReadOnlySpan<byte> p = e.Payload.Span;
            int microseconds = Math.Max(1, (p[0] << 16) | (p[1] << 8) | p[2]);
            double seconds = ToSeconds(e.Tick);
            if (_changes[^1].Tick == e.Tick) _changes.RemoveAt(_changes.Count - 1);
            else if (_changes[^1].MicrosecondsPerQuarter == microseconds) continue;
            _changes.Add(new TempoChange(e.Tick, seconds, microseconds));
        }
    }

    /// <summary>The tempo changes in time order; the first is at tick 0.</summary>
    public IReadOnlyList<TempoChange> Changes => _changes;

    /// <summary>Seconds from the start of the song to <paramref name="tick"/>.</summary>
    public double ToSeconds(long tick)
    {
        TempoChange c = _changes[Last(c => c.Tick <= tick)];
        return c.Seconds + (double)(tick - c.Tick) / _ticksPerQuarter * c.MicrosecondsPerQuarter * 1e-6;
    }

    /// <summary>The tick at or just before <paramref name="seconds"/>.</summary>
    public long ToTick(double seconds)
    {
        TempoChange c = _changes[Last(c => c.Seconds <= seconds)];
        return c.Tick + (long)((seconds - c.Seconds) * 1e6 / c.MicrosecondsPerQuarter * _ticksPerQuarter);
    }

    private int Last(Func<TempoChange, bool> holds)
    {
        int low = 0, high = _changes.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (holds(_changes[middle])) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}

/// <summary>
/// A tempo that holds from <paramref name="Tick"/>, which is <paramref name="Seconds"/> after the start of the song, to the next change.
/// </summary>
internal readonly record struct TempoChange(long Tick, double Seconds, int MicrosecondsPerQuarter);
