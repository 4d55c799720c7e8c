using System.Globalization;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Indexing;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary>The options of a search, as given on the command line.</summary>
internal sealed record SearchQuery(
    string Mix, Stem Stem, bool AnyStem, string? Tempo, double? MixTempo, string? Key, string? MixKey, IReadOnlyList<string> Tags,
    string? Path,
    double? MinimumSeconds, double? MaximumSeconds)
{
    /// <summary>Creates the filter, after a check that the catalogue has the tempos and keys that it needs.</summary>
    /// <exception cref="UsageException">An option cannot be read, or the tempo or key of the mix is wanted and not known.</exception>
    /// <exception cref="StemJepaException">No recording of the catalogue has a tempo, or none has a key.</exception>
    public CatalogFilter ToFilter(ICatalog catalog)
    {
        double? tolerance = Tempo is null ? null : ParseTolerance(Tempo);
        double tempo = tolerance is null ? 0 : TempoOfMix();
        IReadOnlyList<MusicalKey> keys = Key is null ? [] : Keys(Key);
        if (tolerance is not null || keys.Count > 0)
        {
            CatalogStatistics known = catalog.CountAll();
            Require(tolerance is null || known.KnownTempo > 0, catalog, "tempo", "--tempo", "'loop 120bpm.wav'");
            Require(keys.Count == 0 || known.KnownKey > 0, catalog, "key", "--key", "'loop Am.wav'");
        }
        return new CatalogFilter
        {
            Stem = AnyStem ? null : Stem,
            IncludeUnknownStem = true,
            MinimumTempo = tempo * (1 - tolerance),
            MaximumTempo = tempo * (1 + tolerance),
            Keys = keys,
            Tags = Tags,
            Path = Path,
            MinimumSeconds = Length("--min-seconds", MinimumSeconds),
            MaximumSeconds = Length("--max-seconds", MaximumSeconds),
        };
    }

    private static double ParseTolerance(string text)
    {
        if (text.EndsWith('%') && double.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out double percent)
            && percent is >= 0 and <= 100)
            return percent / 100;
        throw new UsageException($"--tempo '{text}' is not a share; use a percentage, such as 5%.");
    }

    private static double? Length(string option, double? seconds) => seconds is null or (>= 0 and < double.PositiveInfinity)
        ? seconds
        : throw new UsageException(
            $"{option} {seconds.Value.ToString(CultureInfo.InvariantCulture)} is not a length; use seconds, such as 4.");

    private double TempoOfMix()
    {
        double tempo = MixTempo ?? NameHints.FromPath(Mix).Tempo
            ?? throw new UsageException(
                $"--tempo needs the tempo of the mix, and '{Mix}' does not tell it in its name; "
                + "give it with --mix-tempo, such as --mix-tempo 120.");
        return double.IsFinite(tempo) && tempo > 0
            ? tempo
            : throw new UsageException(
                $"--mix-tempo {tempo.ToString(CultureInfo.InvariantCulture)} is not a tempo; use beats per minute, such as 120.");
    }

    private IReadOnlyList<MusicalKey> Keys(string text) => text.ToLowerInvariant() switch
    {
        "compatible" => KeyOfMix().Compatible(),
        "same" => [KeyOfMix()],
        _ => [ParseKey("--key", text, "compatible, same, or a key such as 'A minor'")],
    };

    private MusicalKey KeyOfMix() => MixKey is null
        ? NameHints.FromPath(Mix).Key
            ?? throw new UsageException(
                $"--key {Key} needs the key of the mix, and '{Mix}' does not tell it in its name; "
                + "give it with --mix-key, such as --mix-key Am.")
        : ParseKey("--mix-key", MixKey, "a key such as 'A minor' or Am");

    private static MusicalKey ParseKey(string option, string text, string usable) => MusicalKey.TryParse(text, out MusicalKey key)
        ? key
        : throw new UsageException($"{option} '{text}' is not a key; use {usable}.");

    private static void Require(bool isKnown, ICatalog catalog, string what, string option, string example)
    {
        if (!isKnown)
        {
            throw new StemJepaException(
                $"{catalog.Place} knows the {what} of no recording, so {option} cannot be used: "
                + $"leave it out, or index recordings whose names tell it, such as {example}.");
        }
    }
}
