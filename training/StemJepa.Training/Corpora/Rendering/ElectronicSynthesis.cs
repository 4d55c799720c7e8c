using System.Globalization;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>Plays the parts of an electronic song on the instruments of <c>electronic.orc</c>. Thread-safe.</summary>
internal static class ElectronicSynthesis
{
    private const int Kick = 36, SideStick = 37, Snare = 38, Clap = 39, ClosedHat = 42, OpenHat = 46, Crash = 49;
    private const double DuckSeconds = 0.28;

    /// <summary>The parts of a stem, each alone, at 16 kHz.</summary>
    /// <exception cref="StemJepaException">Csound is not installed, or fails.</exception>
    public static IReadOnlyList<(Part Part, float[] Samples)> Render(
        SourceSong song, IReadOnlyList<Part> parts, RenderPlan plan, ElectronicSounds sounds, CancellationToken cancel)
    {
        var score = new StringBuilder();
        double seconds = SongDescription.SecondsAt(song.Midi, plan, plan.EndTick) + StemMidi.TailSeconds;
        double bar = SongDescription.SecondsAt(song.Midi, plan, song.Labels!.Downbeats[1]);
        for (int bus = 0; bus < parts.Count; bus++)
        {
            ElectronicPart part = ElectronicPart.Of(parts[bus]);
            ElectronicEffects effects = sounds.Effects[part];
            Line(score, 200, 0, seconds, bus, effects.Duck, effects.Drive, effects.Chorus,
                Math.Min(1.9, bar / 16 * effects.Delay.Sixteenths),
                effects.Delay.Feedback, effects.Delay.Level, effects.Reverb.Level, effects.Reverb.Seconds, effects.Gate.PerBar / bar,
                effects.Gate.Depth, effects.HighPass);
            if (effects.Sweep != (0, 0)) AddSweeps(score, bus, song, plan, effects.Sweep);
            AddNotes(score, bus, parts[bus], part, song, plan, sounds, bar);
        }
        foreach (Note kick in song.Midi.Parts.Where(p => p.IsDrums).SelectMany(p => p.Notes).Where(n => n.Pitch == Kick))
            Line(score, 150, SongDescription.SecondsAt(song.Midi, plan, kick.Start), DuckSeconds);
        float[][] channels = Csound.Render(ElectronicComposer.Orchestra, score.ToString(), parts.Count, seconds, plan.Name, cancel);
        return [.. parts.Select((part, bus) => (part, channels[bus]))];
    }

    private static void AddSweeps(StringBuilder score, int bus, SourceSong song, RenderPlan plan, (double From, double To) sweep)
    {
        const int bars = 8;
        IReadOnlyList<long> downbeats = song.Labels!.Downbeats;
        for (int i = 0; i < downbeats.Count; i += bars)
        {
            double start = SongDescription.SecondsAt(song.Midi, plan, downbeats[i]);
            double end = SongDescription.SecondsAt(song.Midi, plan, i + bars < downbeats.Count ? downbeats[i + bars] : song.Labels.End);
            Line(score, 151, start, end - start, bus, sweep.From, sweep.To);
        }
    }

    private static void AddNotes(StringBuilder score, int bus, Part notes, ElectronicPart part, SourceSong song, RenderPlan plan,
        ElectronicSounds sounds, double bar)
    {
        int? before = null;
        foreach (Note note in notes.Notes.Where(n => n.Start < plan.EndTick))
        {
            double start = SongDescription.SecondsAt(song.Midi, plan, note.Start);
            double length = SongDescription.SecondsAt(song.Midi, plan, Math.Min(note.End, plan.EndTick)) - start;
            double level = 0.3 * Math.Pow(note.Velocity / 100.0, 2);
            if (part == ElectronicPart.Drums) AddDrum(score, bus, note.Pitch, start, level, sounds.Kit!);
            else if (part == ElectronicPart.Riser) Line(score, 5, start, length, bus, level, 300, 6000, 0.4);
            else
            {
                ElectronicPatch patch = sounds.Patches[part];
                int pitch = note.Pitch + plan.Transpose;
                Line(score, 10, start, length + patch.Amplitude.Release, bus, level, pitch, patch.Glides ? before ?? pitch : pitch,
                    patch.Wave, patch.Unison.Voices, patch.Unison.Cents, patch.Filter.Octaves, patch.Filter.Envelope, patch.Filter.Seconds,
                    patch.Filter.Resonance, patch.Amplitude.Attack, patch.Amplitude.Decay, patch.Amplitude.Sustain,
                    patch.Amplitude.Release, patch.Sub, patch.Vibrato, patch.FrequencyModulation.Ratio, patch.FrequencyModulation.Index,
                    patch.Wobble.PerBar / bar, patch.Wobble.Octaves);
                before = pitch;
            }
        }
    }

    private static void AddDrum(StringBuilder score, int bus, int drum, double start, double level, ElectronicKit kit)
    {
        switch (drum)
        {
            case Kick:
                Line(score, 1, start, kit.Kick.Length, bus, 1.6 * level, kit.Kick.Low, kit.Kick.High, kit.Kick.Sweep, kit.Kick.Drive,
                    kit.Kick.Click);
                break;
            case Snare:
                Line(score, 2, start, kit.Snare.Length, bus, level, kit.Snare.Tone, kit.Snare.Share, kit.Snare.HighPass, 0);
                break;
            case Clap:
                Line(score, 2, start, kit.Clap.Length, bus, level, kit.Snare.Tone, 0, kit.Clap.HighPass, 1);
                break;
            case ClosedHat or OpenHat:
                Line(score, 3, start, drum == OpenHat ? kit.Hat.Open : kit.Hat.Closed, bus, 0.7 * level, kit.Hat.HighPass, kit.Hat.Metal);
                break;
            case Crash:
                Line(score, 3, start, 1.8, bus, 0.6 * level, kit.Hat.HighPass * 0.7, 0.2);
                break;
            case SideStick:
                Line(score, 4, start, kit.Percussion.Length * 0.5, bus, level, kit.Percussion.Hertz * 1.7, kit.Percussion.Ratio,
                    kit.Percussion.Index);
                break;
            default:
                double hertz = drum < Crash + 2 ? 90 * Math.Pow(2, (drum - 45) / 10.0) : kit.Percussion.Hertz;
                Line(score, 4, start, kit.Percussion.Length * 1.5, bus, level, hertz, kit.Percussion.Ratio, kit.Percussion.Index);
                break;
        }
    }

    private static void Line(StringBuilder score, int instrument, params ReadOnlySpan<double> fields)
    {
        score.Append('i').Append(instrument.ToString(CultureInfo.InvariantCulture));
        foreach (double field in fields) score.Append(' ').Append(field.ToString("0.#####", CultureInfo.InvariantCulture));
        score.Append('\n');
    }
}
