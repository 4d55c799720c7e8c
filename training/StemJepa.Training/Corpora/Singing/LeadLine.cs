namespace StemJepa.Training.Corpora;

/// <summary>A note of a lead: number <paramref name="Index"/> of the excerpt, from and to in seconds of the rendered song, MIDI pitch,
/// velocity 1..127.</summary>
internal readonly record struct SungNote(int Index, double Start, double End, double Pitch, int Velocity)
{
    /// <summary>Length in seconds.</summary>
    public double Seconds => End - Start;
}

/// <summary>The one line that a singer takes from the parts of a lead: its highest notes, in phrases. Thread-safe.</summary>
internal static class LeadLine
{
    /// <summary>A rest so long, in seconds, ends a phrase; the notes before shorter ones are held.</summary>
    public const double RestSeconds = 0.16;

    private const double Together = 0.04, ShortestNote = 0.05, LongestPhrase = 9, BreathSeconds = 0.3, LongEnough = 0.5, Octave = 12;

    /// <summary>The notes of the role <see cref="Stem.Vocals"/> in a plan's excerpt, one at a time: of notes that sound together the
    /// highest.</summary>
    public static IReadOnlyList<SungNote> From(SourceSong song, ISongExcerpt plan)
    {
        var line = new List<SungNote>();
        foreach (Note note in song.Midi.Notes.Where(n => n.Start >= plan.StartTick && n.Start < plan.EndTick && IsLead(song, n))
            .OrderBy(n => n.Start).ThenByDescending(n => n.Pitch))
        {
            double start = plan.SecondsAt(song.Midi, note.Start);
            double end = plan.SecondsAt(song.Midi, Math.Min(note.End, plan.EndTick));
            var next = new SungNote(line.Count, start, Math.Max(end, start + ShortestNote), note.Pitch + plan.Transpose, note.Velocity);
            if (line.Count == 0 || next.Start >= line[^1].End)
            {
                line.Add(next);
                continue;
            }
            SungNote last = line[^1];
            bool isBelow = next.Pitch <= last.Pitch, isInside = last.End - next.Start > 0.5 * next.Seconds;
            if (isBelow && isInside) continue;
            if (next.Start - last.Start < Together) line[^1] = next with { Index = last.Index, Start = last.Start };
            else
            {
                line[^1] = last with { End = next.Start };
                line.Add(next);
            }
        }
        return line;
    }

    /// <summary>Splits a line where it rests, and phrases of more than 9 s after a long note, which is shortened for a breath.</summary>
    public static IReadOnlyList<IReadOnlyList<SungNote>> Phrases(IReadOnlyList<SungNote> line)
    {
        var phrases = new List<IReadOnlyList<SungNote>>();
        var phrase = new List<SungNote>();
        for (int i = 0; i < line.Count; i++)
        {
            SungNote note = line[i];
            phrase.Add(note);
            bool isLast = i == line.Count - 1;
            bool rests = isLast || line[i + 1].Start - note.End >= RestSeconds;
            bool breathes = !rests && note.End - phrase[0].Start > LongestPhrase && note.Seconds >= LongEnough;
            if (breathes) phrase[^1] = note with { End = note.End - BreathSeconds };
            else if (!rests) phrase[^1] = note with { End = line[i + 1].Start };
            if (!rests && !breathes) continue;
            phrases.Add(phrase);
            phrase = [];
        }
        return phrases;
    }

    /// <summary>
    /// Moves phrases by octaves, so that they lie around the pitch <paramref name="centre"/>, and single notes that are out of a voice's
    /// range. What is decided does not depend on <paramref name="semitones"/>, which the notes have been moved by, so that a nearby
    /// variant is sung in the same octaves.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<SungNote>> Around(IReadOnlyList<IReadOnlyList<SungNote>> phrases, double centre,
        int semitones)
    {
        if (phrases.Count == 0) return phrases;
        double[] pitches = [.. phrases.SelectMany(p => p).Select(n => n.Pitch - semitones).Order()];
        double shift = Octave * Math.Round((centre - pitches[pitches.Length / 2]) / Octave);
        return [.. phrases.Select(p => (IReadOnlyList<SungNote>)[.. p.Select(n =>
            n with { Pitch = semitones + Folded(n.Pitch - semitones + shift, centre) })])];
    }

    private static double Folded(double pitch, double centre)
    {
        while (pitch > centre + SungVoice.Above) pitch -= Octave;
        while (pitch < centre - SungVoice.Below) pitch += Octave;
        return pitch;
    }

    private static bool IsLead(SourceSong song, Note note) =>
        song.Roles.Any(r => r.Value == Stem.Vocals && r.Key.Channel == note.Channel && r.Key.Program == note.Program);
}
