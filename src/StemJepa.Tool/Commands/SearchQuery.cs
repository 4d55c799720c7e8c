using System.Globalization;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Matching;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary>The options of a search, as given on the command line.</summary>
internal sealed record SearchQuery(
    string Mix, Stem Stem, bool AnyStem, MatchRequest Match, IReadOnlyList<string> Tags, string? Path, double? MinimumSeconds,
    double? MaximumSeconds)
{
    /// <summary>Refuses what cannot be read, before any work is done.</summary>
    /// <exception cref="UsageException">An option is not what it should be.</exception>
    public void Check()
    {
        Match.Check();
        CheckLength("--min-seconds", MinimumSeconds);
        CheckLength("--max-seconds", MaximumSeconds);
    }

    /// <summary>Creates the filter, after a check that the catalogue has the tempos and keys that it needs.</summary>
    /// <exception cref="UsageException">The tempo or key of the mix is wanted and not known.</exception>
    /// <exception cref="StemJepaException">No recording of the catalogue has a tempo, or none has a key.</exception>
    public CatalogFilter ToFilter(ICatalog catalog, MixFacts mix)
    {
        MatchFilter match = Match.FilterFor(mix);
        if (Match is { IsAny: true, KeepUnknown: false })
        {
            CatalogStatistics known = catalog.CountAll();
            Require(Match.Tempo is null || known.KnownTempo > 0, catalog, "tempo", "--tempo", "'loop 120bpm.wav'");
            Require(Match.Key is null || known.KnownKey > 0, catalog, "key", "--key", "'loop Am.wav'");
        }
        return match.AddTo(new CatalogFilter
        {
            Stem = AnyStem ? null : Stem,
            IncludeUnknownStem = true,
            Tags = Tags,
            Path = Path,
            MinimumSeconds = MinimumSeconds,
            MaximumSeconds = MaximumSeconds,
        });
    }

    private static void CheckLength(string option, double? seconds)
    {
        if (seconds is not (null or (>= 0 and < double.PositiveInfinity)))
            throw new UsageException(
                $"{option} {seconds.Value.ToString(CultureInfo.InvariantCulture)} is not a length; use seconds, such as 4.");
    }

    private static void Require(bool isKnown, ICatalog catalog, string what, string option, string example)
    {
        if (!isKnown)
        {
            throw new StemJepaException(
                $"{catalog.Place} knows the {what} of no recording, so {option} cannot be used: "
                + $"leave it out, or index recordings whose sound or names tell it, such as {example}.");
        }
    }
}
