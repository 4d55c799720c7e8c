namespace StemJepa.Tool.Indexing;

/// <summary>What a catalogue keeps of a file: what its name and tags say, what an analysis found, and what searches go by.</summary>
internal static class RecordingFacts
{
    /// <summary>An entry of what name and tags of a file say.</summary>
    public static CatalogEntry FromFile(string file)
    {
        NameHints hints = NameHints.FromPath(file).With(AudioFile.ReadTags(file));
        var named = new NamedMetadata(hints.Stem, hints.Key, hints.Tempo);
        return new CatalogEntry { Id = file, Path = file, Named = named == new NamedMetadata() ? null : named, Tags = hints.Words };
    }

    /// <summary>What an analysis found; null without one.</summary>
    public static DetectedMetadata? From(StemAnalysis? analysis) => analysis switch
    {
        null => null,
        { IsSilent: true } => new DetectedMetadata(),
        _ => new DetectedMetadata
        {
            Stem = analysis.Stem,
            StemConfidence = analysis.Stem is null ? null : analysis.StemConfidence,
            Key = analysis.Key,
            KeyConfidence = analysis.KeyConfidence,
            Tempo = analysis.Tempo,
            TempoConfidence = analysis.TempoConfidence,
            Instrument = analysis.Instrument,
            InstrumentConfidence = analysis.InstrumentConfidence,
            Loudness = analysis.Loudness,
            IsLoop = analysis.IsLoop,
            Downbeat = analysis.Downbeat,
            DownbeatConfidence = analysis.Downbeat is null ? null : analysis.DownbeatConfidence,
        },
    };

    /// <summary>The entry with the stem, tempo and key to go by.</summary>
    /// <param name="entry">What its name and tags say and an analysis found.</param>
    /// <param name="given">The stem that the user says all recordings are; null to decide.</param>
    public static CatalogEntry Resolve(CatalogEntry entry, Stem? given)
    {
        DetectedMetadata detected = entry.Detected ?? new DetectedMetadata();
        NameHints hints = HintsOf(entry.Named);
        Stem? stem = given ?? hints.ResolveStem(detected.Stem, detected.StemConfidence ?? 0);
        return entry with
        {
            Stem = stem,
            Tempo = hints.ResolveTempo(detected.Tempo, detected.TempoConfidence ?? 0),
            Key = hints.ResolveKey(detected.Key, detected.KeyConfidence ?? 0, stem),
        };
    }

    private static NameHints HintsOf(NamedMetadata? named) => new() { Stem = named?.Stem, Key = named?.Key, Tempo = named?.Tempo };
}
