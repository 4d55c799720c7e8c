namespace StemJepa.Server.Work;

/// <summary>Key and tempo of a mix: by its sound, or where that is unclear by its name.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Tempo">Its tempo in BPM.</param>
internal sealed record MixFacts(MusicalKey? Key, double? Tempo)
{
    public static MixFacts From(string name, StemAnalysis analysis)
    {
        NameHints hints = NameHints.FromPath(name);
        return analysis.IsSilent
            ? new MixFacts(hints.Key, hints.Tempo)
            : new MixFacts(hints.ResolveKey(analysis.Key, analysis.KeyConfidence, stem: null) ?? analysis.Key,
                hints.ResolveTempo(analysis.Tempo, analysis.TempoConfidence) ?? analysis.Tempo);
    }
}
