using System.Globalization;
using System.Text.Json.Serialization;
using StemJepa.Tool.Matching;

namespace StemJepa.Tool.Matching;

/// <summary>One candidate of <c>stemjepa rank</c> or <c>search</c>; what is not known is left out of the JSON.</summary>
/// <param name="File">Its path, as given or as found under the folder that was given.</param>
/// <param name="Affinity">Cosine, -1..1.</param>
internal sealed record RankedFile(string File, float Affinity)
{
    private const int Decimals = 4;

    /// <summary>
    /// Compared in time: the affinity at three speeds, and up to 0.2 each for onsets that coincide and for pitch classes that both have,
    /// -1.4..1.4; the results are in its order unless they were fitted.
    /// </summary>
    public float? Coherence { get; init; }

    /// <summary>The share of recordings of that stem which do not belong to the mix and fit less, 0..1.</summary>
    public double? Percentile { get; init; }

    /// <summary>The candidate's key.</summary>
    public string? Key { get; init; }

    /// <summary>Its tempo in BPM.</summary>
    public double? Tempo { get; init; }

    /// <summary>Its length.</summary>
    public double? Seconds { get; init; }

    /// <summary>How its key relates to the mix's: same, relative, fifth, parallel or far.</summary>
    public string? KeyRelation { get; init; }

    /// <summary>The smallest transposition that makes its key compatible with the mix's, -6..6; 0 if it is compatible.</summary>
    public int? KeySemitones { get; init; }

    /// <summary>How its tempo relates to the mix's: same, half or double.</summary>
    public string? TempoRelation { get; init; }

    /// <summary>New tempo / old tempo when it is brought to the mix's, or to half or double of it.</summary>
    public double? TempoRatio { get; init; }

    /// <summary>How it fits, if that was asked for.</summary>
    public FileFit? Fit { get; init; }

    /// <summary>Adds what is known of the candidate, and how it relates to the mix.</summary>
    public RankedFile With(CatalogEntry? entry, MixFacts mix, AffinityScale? scale)
    {
        KeyMatch? key = mix.Match(entry?.Key);
        TempoMatch? tempo = mix.Match(entry?.Tempo);
        return this with
        {
            Percentile = scale is null ? null : Math.Round(scale.Percentile(Affinity), Decimals),
            Key = entry?.Key?.ToString(),
            Tempo = Rounded(entry?.Tempo),
            Seconds = Rounded(entry?.Seconds),
            KeyRelation = key?.Relation.ToString().ToLowerInvariant(),
            KeySemitones = key?.Semitones,
            TempoRelation = tempo?.Relation.ToString().ToLowerInvariant(),
            TempoRatio = Rounded(tempo?.Ratio),
        };
    }

    /// <summary>Key and tempo relation, and after fitting the rhythm, in a few words.</summary>
    [JsonIgnore]
    public string Why => string.Join(", ", new[]
    {
        KeyRelation is null ? null : KeySemitones == 0 ? $"{KeyRelation} key"
            : string.Create(CultureInfo.InvariantCulture, $"{KeyRelation} key ({KeySemitones:+0;-0})"),
        TempoRelation is null ? null : string.Create(CultureInfo.InvariantCulture, $"{TempoRelation} tempo (x {TempoRatio:0.###})"),
        Fit is null ? null : string.Create(CultureInfo.InvariantCulture, $"{Fit.RhythmRelation} rhythm ({Fit.Rhythm:0.00})"),
    }.OfType<string>());

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, Decimals) : null;
}
