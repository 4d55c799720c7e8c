namespace StemJepa.Training.Corpora;

/// <summary>Gives the notes of a phrase their syllables. Thread-safe.</summary>
internal static class SungText
{
    private const double ShortestSyllable = 0.13, WidestSlur = 5.5;

    /// <summary>A syllable for each note; null where a note goes on with the syllable before it, as short notes do.</summary>
    public static IReadOnlyList<SungSyllable?> Create(IReadOnlyList<SungNote> phrase, SungLanguage language, SungLead lead)
    {
        var text = new SungSyllable?[phrase.Count];
        var word = new Queue<SungSyllable>();
        IReadOnlyList<SungSyllable> scat = [];
        for (int i = 0; i < phrase.Count; i++)
        {
            Random random = SeededRandom.For($"{lead.Seed}/text/{phrase[i].Index}");
            bool slurs = random.Chance(lead.SlurShare) && i > 0 && Math.Abs(phrase[i].Pitch - phrase[i - 1].Pitch) < WidestSlur;
            if (i == 0) scat = lead.Lyrics == Lyrics.Scat ? [random.Pick(language.Scat), random.Pick(language.Scat)]
                : [random.Pick(language.Open)];
            bool goesOn = i > 0 && (slurs || phrase[i].Seconds < ShortestSyllable || phrase[i - 1].Seconds < ShortestSyllable
                || lead.Lyrics == Lyrics.Vowels);
            if (goesOn) continue;
            if (lead.Lyrics != Lyrics.Words)
            {
                text[i] = scat[random.Chance(0.8) ? 0 : ^1];
                continue;
            }
            if (word.Count == 0)
                foreach (SungSyllable syllable in random.Pick(language.Words)) word.Enqueue(syllable);
            text[i] = word.Dequeue();
        }
        return text;
    }
}
