namespace StemJepa.Training.Corpora;

/// <summary>A sampled voice: a preset of a soundfont. Immutable; thread-safe.</summary>
/// <param name="Name">What <c>song.json</c> calls it.</param>
/// <param name="Font">The soundfont, with its licence.</param>
/// <param name="Bank">The preset's bank.</param>
/// <param name="Program">The preset's program.</param>
internal sealed record SampledVoice(string Name, SoundFont Font, int Bank, int Program)
{
    /// <summary>The MIDI pitch in the middle of their range.</summary>
    public const int Centre = 65;

    private const int Milliseconds = 1000, BendStep = 20, BendRange = 2, BendCentre = 8192, Tail = 1500;

    /// <summary>The vowels of the soundfont <c>sung_vowels.sf2</c>, sung by Sinsy's voice NIT SONG070 F001 (Nagoya Institute of
    /// Technology, HTS Working Group).</summary>
    public static IReadOnlyList<SampledVoice> SungVowels(string path)
    {
        var font = new SoundFont("sung_vowels", Path.GetFileName(path), path, "CC-BY-3.0");
        (int Bank, int Program)[] presets = [(0, 52), (0, 53), (0, 54), (0, 91), (0, 85),
            (1, 52), (1, 53), (1, 54), (2, 52), (2, 53), (2, 54)];
        return [.. presets.Select(p => new SampledVoice(FormattableString.Invariant($"NIT SONG070 F001 {p.Bank}:{p.Program}"), font,
            p.Bank, p.Program))];
    }

    /// <summary>The choirs of a General MIDI soundfont.</summary>
    public static IReadOnlyList<SampledVoice> Choirs(SoundFont font) =>
        [.. new[] { 52, 53, 54 }.Select(program => new SampledVoice(FormattableString.Invariant($"{font.Name} 0:{program}"), font, 0,
            program))];

    /// <summary>Sings phrases to samples at 16 kHz; the curves bend the notes by two semitones at most.</summary>
    internal float[] Sing(IReadOnlyList<(IReadOnlyList<SungNote> Notes, PitchCurve Curve)> phrases, CancellationToken cancel)
    {
        var events = new List<(MidiEvent Event, int Rank)>
        {
            (MidiEvent.Meta(0, MidiEvent.Tempo, new byte[] { 0x0F, 0x42, 0x40 }), 0), // a second a quarter note, so a tick is a millisecond
            (MidiEvent.ForChannel(0, 0xB0, 0, 0, Bank), 1),
            (MidiEvent.ForChannel(0, 0xC0, 0, Program), 2),
        };
        long end = 0;
        foreach ((SungNote note, PitchCurve curve) in phrases.SelectMany(p => p.Notes.Select(n => (n, p.Curve))))
        {
            long from = Math.Max(0, (long)(note.Start * Milliseconds));
            end = Math.Max(from + 1, (long)(note.End * Milliseconds));
            int pitch = Math.Clamp((int)Math.Round(note.Pitch), 0, 127);
            for (long at = from; at < end; at += BendStep)
            {
                double bend = Math.Clamp((curve.At((double)at / Milliseconds) - pitch) / BendRange, -1, 0.999);
                int value = BendCentre + (int)(bend * BendCentre);
                events.Add((MidiEvent.ForChannel(at, 0xE0, 0, value & 0x7F, value >> 7), 4));
            }
            events.Add((MidiEvent.ForChannel(from, 0x90, 0, pitch, note.Velocity), 5));
            events.Add((MidiEvent.ForChannel(end, 0x80, 0, pitch), 3));
        }
        var file = new MidiFile(0, Milliseconds, [new MidiTrack([.. events.OrderBy(e => e.Event.Tick).ThenBy(e => e.Rank)
            .Select(e => e.Event)], end + Tail)]);
        return Fluidsynth.Render(MidiWriter.Write(file), Name, Font, reverb: false, chorus: false, cancel);
    }
}
