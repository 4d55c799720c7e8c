using System.Globalization;

namespace StemJepa;

/// <summary>Key and tempo of a mix, which its candidates are compared with. Immutable.</summary>
/// <param name="Key">Its key; null if unknown.</param>
/// <param name="Tempo">Its tempo in BPM; null if unknown.</param>
internal sealed record MixFacts(MusicalKey? Key, double? Tempo)
{
    /// <summary>Whether the key is only the likeliest by an analysis that is not sure.</summary>
    public bool IsKeyUnsure { get; private init; }

    /// <summary>Whether the tempo is only the likeliest by an analysis that is not sure.</summary>
    public bool IsTempoUnsure { get; private init; }

    /// <summary>
    /// Key and tempo as given, or by the sound, or where that is unclear by tags or name; where nothing is sure, the likeliest by the
    /// sound.
    /// </summary>
    /// <param name="hints">What its name and tags say.</param>
    /// <param name="analysis">What its sound says; null if the model cannot tell.</param>
    /// <param name="key">The key as given; null to find it.</param>
    /// <param name="tempo">The tempo as given, in BPM; null to find it.</param>
    public static MixFacts From(NameHints hints, StemAnalysis? analysis, MusicalKey? key = null, double? tempo = null)
    {
        if (analysis is null or { IsSilent: true })
            return new MixFacts(key ?? hints.Key, tempo ?? hints.Tempo);
        key ??= hints.ResolveKey(analysis.Key, analysis.KeyConfidence, stem: null);
        tempo ??= hints.ResolveTempo(analysis.Tempo, analysis.TempoConfidence);
        return new MixFacts(key ?? analysis.Key, tempo ?? analysis.Tempo) { IsKeyUnsure = key is null, IsTempoUnsure = tempo is null };
    }

    /// <summary>How a candidate's key relates to the mix's; null unless both are known.</summary>
    public KeyMatch? Match(MusicalKey? candidate) =>
        Key is { } mix && candidate is { } known ? KeyMatch.Between(mix, known) : null;

    /// <summary>How a candidate's tempo relates to the mix's; null unless both are known.</summary>
    public TempoMatch? Match(double? candidate) =>
        Tempo is { } mix && candidate is { } known ? TempoMatch.Between(mix, known) : null;

    /// <summary>Reads how near a tempo must be to the mix's, such as <c>6%</c>; null unless it is a percentage from 0 to 100.</summary>
    /// <returns>A share of the tempo, 0..1.</returns>
    public static double? ParseTolerance(string text) =>
        text.EndsWith('%') && double.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out double percent)
            && percent is >= 0 and <= 100
            ? percent / 100
            : null;
}
