namespace StemJepa.Training.Corpora;

/// <summary>
/// A phrase as phones with pitches: vowels begin where notes do, consonants before them, and what is sung at another speed and pitch and
/// then resampled has its formants moved. Immutable.
/// </summary>
internal sealed class SungPhrase
{
    private const double Silence = 0.1, MostConsonants = 0.45, TargetSeconds = 0.02, BeginSeconds = 0.08, EndSeconds = 0.12;

    private SungPhrase(SungUtterance utterance, double start, IReadOnlyList<(double Start, double End)> sibilants) =>
        (Utterance, Start, Sibilants) = (utterance, start, sibilants);

    /// <summary>What festival sings: <c>Formant</c> times as long as the phrase, and that much lower.</summary>
    public SungUtterance Utterance { get; }

    /// <summary>Where its first sample lies in the song, in seconds; it may be before the song begins.</summary>
    public double Start { get; }

    /// <summary>Where it hisses, in seconds of the song.</summary>
    public IReadOnlyList<(double Start, double End)> Sibilants { get; }

    /// <summary>Lays out <paramref name="notes"/>; <paramref name="text"/> has a syllable for each note or null.</summary>
    public static SungPhrase Create(IReadOnlyList<SungNote> notes, IReadOnlyList<SungSyllable?> text, SungVoice voice, double formant,
        PitchCurve curve)
    {
        SungLanguage language = voice.Language;
        var phones = new List<(string Phone, double Start, double End)>();
        int[] starts = [.. Enumerable.Range(0, notes.Count).Where(i => text[i] is not null)];
        double onset = Length(language, text[0]!.Onset), at = notes[0].Start - onset;
        Lay(phones, language, text[0]!.Onset, ref at, notes[0].Start);
        for (int k = 0; k < starts.Length; k++)
        {
            SungSyllable syllable = text[starts[k]]!;
            bool isLast = k == starts.Length - 1;
            double next = isLast ? notes[^1].End : notes[starts[k + 1]].Start;
            IReadOnlyList<string> consonants = isLast ? syllable.Coda : language.Between(syllable, text[starts[k + 1]]!);
            double length = Math.Min(Length(language, consonants), MostConsonants * (next - at));
            double held = next - length;
            Hold(phones, language, syllable.Vowel, at, held);
            at = held;
            Lay(phones, language, consonants, ref at, next);
        }
        double start = phones[0].Start - Silence;
        phones.Insert(0, (language.Silence, start, start + Silence));
        phones.Add((language.Silence, at, at + Silence));
        return new SungPhrase(
            new SungUtterance(voice, [.. phones.Select(p => Segment(p.Phone, p.Start, p.End, formant, curve))]), start,
            [.. phones.Where(p => SungLanguage.IsSibilant(p.Phone)).Select(p => (p.Start, p.End))]);
    }

    private static double Length(SungLanguage language, IReadOnlyList<string> phones) => phones.Sum(language.SecondsOf);

    private static void Hold(List<(string, double, double)> phones, SungLanguage language, string vowel, double start, double end)
    {
        if (end - start < 1.5 * (BeginSeconds + EndSeconds))
        {
            phones.Add((vowel, start, end));
            return;
        }
        IReadOnlyList<string> parts = language.Held(vowel);
        phones.AddRange([(parts[0], start, start + BeginSeconds),
            (parts[1], start + BeginSeconds, end - EndSeconds), (parts[2], end - EndSeconds, end)]);
    }

    private static void Lay(List<(string, double, double)> phones, SungLanguage language, IReadOnlyList<string> consonants, ref double at,
        double end)
    {
        double scale = (end - at) / Math.Max(1e-9, Length(language, consonants));
        foreach (string phone in consonants)
        {
            double next = at + scale * language.SecondsOf(phone);
            phones.Add((phone, at, next));
            at = next;
        }
        at = end;
    }

    private static SungSegment Segment(string phone, double start, double end, double formant, PitchCurve curve)
    {
        var targets = new List<(double, double)>();
        int count = Math.Max(1, (int)Math.Round((end - start) / TargetSeconds));
        for (int i = 0; i < count; i++)
        {
            double at = (end - start) * i / count;
            targets.Add((at * formant, Math.Min(Festival.HighestHertz, PitchCurve.Hertz(curve.At(start + at)) / formant)));
        }
        return new SungSegment(phone, (end - start) * formant, targets);
    }
}
