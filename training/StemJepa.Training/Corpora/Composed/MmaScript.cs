using System.Globalization;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>Writes a composition in mma's language. Thread-safe.</summary>
public static class MmaScript
{
    /// <summary>The script, which mma plays the same way every time.</summary>
    public static string Of(Composition composition)
    {
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"RndSeed {composition.MmaSeed}\nTempo {composition.Bpm * composition.Groove.PulseBeats}\n");
        int bar = 1;
        Groove? playing = null;
        foreach (SongSection section in composition.Sections)
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

    /// <summary>mma's beat, from 0, on which the second chord of a bar begins.</summary>
    public static int SecondChordBeat(Groove groove) => (groove.BarPulses + 1) / 2 * groove.PulseBeats;
}
