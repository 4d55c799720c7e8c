using System.Globalization;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>The score of a composed song, before mma plays it. Immutable.</summary>
/// <param name="Name">Name of the song.</param>
/// <param name="Groove">The main groove.</param>
/// <param name="Bpm">Tempo in pulses per minute.</param>
/// <param name="Sections">The sections, in order.</param>
/// <param name="Lead">The instrument that plays the melody.</param>
/// <param name="MmaSeed">Seed of mma's own random choices.</param>
internal sealed record Composition(
    string Name, Groove Groove, int Bpm, IReadOnlyList<SongSection> Sections, LeadInstrument Lead, int MmaSeed)
{
    /// <summary>The accompaniment in mma's language; mma plays the same script the same way every time.</summary>
    public string ToMmaScript()
    {
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"RndSeed {MmaSeed}\nTempo {Bpm * Groove.PulseBeats}\n");
        int bar = 1;
        Groove? playing = null;
        foreach (SongSection section in Sections)
        {
            if (section.Groove != playing) script.Append(CultureInfo.InvariantCulture, $"Groove {section.Groove.FullName}\n");
            playing = section.Groove;
            foreach (IReadOnlyList<Chord> chords in section.Bars)
            {
                script.Append(CultureInfo.InvariantCulture, $"{bar++} {chords[0].Name}");
                if (chords.Count > 1)
                {
                    script.Insert(script.Length, " /", SecondChordBeat(section.Groove) - 1);
                    script.Append(CultureInfo.InvariantCulture, $" {chords[1].Name}");
                }
                script.Append('\n');
            }
        }
        return script.ToString();
    }

    /// <summary>Beats, bars, chords and keys in ticks; a chord or key that continues is listed once.</summary>
    public SongLabels CreateLabels(int ticksPerQuarter)
    {
        long barTicks = (long)Groove.BarBeats * ticksPerQuarter, pulseTicks = (long)Groove.PulseBeats * ticksPerQuarter;
        var chords = new List<(long Tick, Chord Chord)>();
        var keys = new List<(long Tick, Key Key)>();
        long tick = 0;
        foreach (SongSection section in Sections)
        {
            if (keys.Count == 0 || keys[^1].Key != section.Key) keys.Add((tick, section.Key));
            foreach (IReadOnlyList<Chord> bar in section.Bars)
            {
                for (int i = 0; i < bar.Count; i++)
                    if (chords.Count == 0 || chords[^1].Chord != bar[i])
                        chords.Add((tick + i * SecondChordBeat(Groove) * ticksPerQuarter, bar[i]));
                tick += barTicks;
            }
        }
        return new SongLabels(Groove.Family, [.. Sections.Select(s => s.Groove.FullName).Distinct()], Groove.Metre,
            [.. Steps(tick, pulseTicks)], [.. Steps(tick, barTicks)], chords, keys, tick);
    }

    /// <summary>mma's beat, from 0, on which the second chord of a bar begins.</summary>
    private static int SecondChordBeat(Groove groove) => (groove.BarPulses + 1) / 2 * groove.PulseBeats;

    private static IEnumerable<long> Steps(long end, long step)
    {
        for (long tick = 0; tick < end; tick += step) yield return tick;
    }
}

/// <summary>One occurrence of a section in a song. Immutable.</summary>
/// <param name="Letter">'A', 'B' or 'C': sections of one letter have the same chords and melody, possibly in another key.</param>
/// <param name="Key">The key in which it is played.</param>
/// <param name="Bars">The chords of each bar: one, or two that share the bar.</param>
/// <param name="Groove">The groove with which it is played.</param>
internal sealed record SongSection(char Letter, Key Key, IReadOnlyList<IReadOnlyList<Chord>> Bars, Groove Groove);
