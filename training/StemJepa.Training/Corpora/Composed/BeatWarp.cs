namespace StemJepa.Training.Corpora;

/// <summary>
/// Moves music from the metronome's beat to a drummer's: each pulse goes where the mean of the strokes near it lies, and what is between
/// two pulses moves in proportion. Immutable; thread-safe.
/// </summary>
internal sealed class BeatWarp
{
    private const double Near = 1 / 8.0;
    private readonly double[] _shift;
    private readonly long _pulse;

    /// <summary>Measures the beat; pulses without strokes are shifted as their neighbours are.</summary>
    /// <param name="strokes">Ticks of the strokes.</param>
    /// <param name="pulseTicks">Ticks of a pulse.</param>
    /// <param name="end">Tick of the song's end.</param>
    public BeatWarp(IEnumerable<long> strokes, long pulseTicks, long end)
    {
        _pulse = pulseTicks;
        var near = new List<double>[(int)(end / pulseTicks) + 2];
        foreach (long stroke in strokes)
        {
            long pulse = (stroke + pulseTicks / 2) / pulseTicks;
            double shift = stroke - pulse * pulseTicks;
            if (pulse < near.Length && Math.Abs(shift) <= Near * pulseTicks) (near[pulse] ??= []).Add(shift);
        }
        int[] known = [.. Enumerable.Range(0, near.Length).Where(p => near[p] is not null)];
        _shift = [.. Enumerable.Range(0, near.Length).Select(p => Between(p))];

        double Between(int pulse)
        {
            if (known.Length == 0) return 0;
            int after = Array.FindIndex(known, k => k >= pulse);
            if (after < 0) return near[known[^1]].Average();
            double later = near[known[after]].Average();
            if (after == 0 || known[after] == pulse) return later;
            double earlier = near[known[after - 1]].Average(), at = (double)(pulse - known[after - 1]) / (known[after] - known[after - 1]);
            return earlier + at * (later - earlier);
        }
    }

    /// <summary>Where a tick goes: never before 0, and in the same order as others.</summary>
    public long Tick(long tick)
    {
        double at = Math.Clamp((double)tick / _pulse, 0, _shift.Length - 1);
        int pulse = Math.Min((int)at, _shift.Length - 2);
        double shift = _shift[pulse] + (at - pulse) * (_shift[pulse + 1] - _shift[pulse]);
        return Math.Max(0, tick + (long)Math.Round(shift));
    }

    /// <summary>The file with all notes moved but the drums'.</summary>
    public MidiFile Apply(MidiFile file) => file with
    {
        Tracks = [.. file.Tracks.Select(t =>
        {
            MidiEvent[] moved = [.. t.Events.Select(e => e.IsChannelMessage && e.Channel != Part.DrumChannel && e.Tick > 0
                ? e with { Tick = Tick(e.Tick) } : e).OrderBy(e => e.Tick)];
            return new MidiTrack(moved, Math.Max(t.EndTick, moved.Length == 0 ? 0 : moved[^1].Tick));
        })],
    };

    /// <summary>The labels where the beat is now.</summary>
    public SongLabels Apply(SongLabels labels) => labels with
    {
        Beats = [.. labels.Beats.Select(Tick)],
        Downbeats = [.. labels.Downbeats.Select(Tick)],
        Chords = [.. labels.Chords.Select(c => (Tick(c.Tick), c.Chord))],
        Keys = [.. labels.Keys.Select(k => (Tick(k.Tick), k.Key))],
    };
}
