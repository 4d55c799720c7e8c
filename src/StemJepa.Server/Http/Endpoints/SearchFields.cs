using System.Text;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>The fields of a search, and the filter that they make.</summary>
internal static class SearchFields
{
    public static readonly FormField Top = new("top", FieldKind.Integer, "How many to show at most.") { Minimum = 1, Maximum = 1000 };

    private static readonly FormField AnyStem =
        new("any_stem", FieldKind.Flag, "Also recordings that are another stem by the catalogue.");

    private static readonly FormField Tempo =
        new("tempo", FieldKind.Text, "Only recordings whose tempo, half or double is this near to the mix's own, such as 6%.");

    private static readonly FormField ExactTempo = new("exact_tempo", FieldKind.Flag, "Half and double tempo do not count as equal.");

    private static readonly FormField KeepUnknown =
        new("keep_unknown", FieldKind.Flag, "Filters by key and tempo keep recordings of unknown key or tempo, such as drums.");

    private static readonly FormField Why =
        new("why", FieldKind.Flag, "Analyse the mix, so that results tell how key and tempo relate to its own.");

    private static readonly FormField MinimumTempo = new("min_tempo", FieldKind.Number, "The lowest tempo in BPM.") { Minimum = 0 };

    private static readonly FormField MaximumTempo = new("max_tempo", FieldKind.Number, "The highest tempo in BPM.") { Minimum = 0 };

    private static readonly FormField Key = new("key", FieldKind.Text,
        "Only recordings in a key that is compatible with the mix's own (compatible), in the same (same), or in this key (A minor).");

    private static readonly FormField MinimumSeconds =
        new("min_seconds", FieldKind.Number, "The shortest length in seconds.") { Minimum = 0 };

    private static readonly FormField MaximumSeconds =
        new("max_seconds", FieldKind.Number, "The greatest length in seconds.") { Minimum = 0 };

    private static readonly FormField Tags = new("tag", FieldKind.Text, "Only recordings with all of these tags.") { IsMany = true };

    private static readonly FormField Words =
        new("text", FieldKind.Text, "Only recordings whose path holds this text, in capitals or not.");

    public static readonly FormSchema Schema = new(FormField.Mix, FormField.MissingStem, Top, AnyStem, Tempo, ExactTempo,
        MinimumTempo, MaximumTempo, Key, KeepUnknown, MinimumSeconds, MaximumSeconds, Tags, Words, Why,
        FormField.Fit);

    /// <summary>Whether key and tempo of the mix are asked for.</summary>
    public static bool NeedsMix(RequestForm form) => form.Flag(Why) || form.Text(Tempo) is not null || IsOfMix(form.Text(Key));

    /// <param name="form">The request.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="mix">Key and tempo of the mix, where the request needs them.</param>
    /// <exception cref="RequestException">A field cannot be read, or key or tempo of the mix are needed and not known.</exception>
    public static CatalogFilter ToFilter(RequestForm form, Stem stem, MixFacts? mix)
    {
        double? tolerance = form.Text(Tempo) is { } text ? MixFacts.ParseTolerance(text)
            ?? throw RequestException.Bad($"tempo '{text}' is not a share; use a percentage, such as 6%.") : null;
        if (tolerance is not null && mix?.Tempo is null)
            throw RequestException.Bad("tempo needs the tempo of the mix, which is silent; use min_tempo and max_tempo.");
        return new CatalogFilter
        {
            Stem = form.Flag(AnyStem) ? null : stem,
            IncludeUnknownStem = true,
            MinimumTempo = Larger(form.Number(MinimumTempo), tolerance is null ? null : mix!.Tempo * (1 - tolerance)),
            MaximumTempo = Smaller(form.Number(MaximumTempo), tolerance is null ? null : mix!.Tempo * (1 + tolerance)),
            IncludeHalfAndDoubleTempo = tolerance is not null && !form.Flag(ExactTempo),
            IncludeUnknownTempo = form.Flag(KeepUnknown),
            Keys = Keys(form.Text(Key), mix),
            IncludeUnknownKey = form.Flag(KeepUnknown),
            MinimumSeconds = form.Number(MinimumSeconds),
            MaximumSeconds = form.Number(MaximumSeconds),
            Tags = form.Texts(Tags),
            Path = form.Text(Words) is { } words ? $"*{Pattern(words)}*" : null,
            IgnorePathCase = true,
        };
    }

    /// <summary>The filter of an MCP client.</summary>
    public static CatalogFilter ToFilter(Stem stem, MixFacts mix, string? key, double? percent, string? words, bool anyStem)
    {
        if (percent is < 0 or > 100)
            throw RequestException.Bad(FormattableString.Invariant($"tempo {percent} is out of range; use a percentage from 0 to 100."));
        return new CatalogFilter
        {
            Stem = anyStem ? null : stem,
            IncludeUnknownStem = true,
            MinimumTempo = mix.Tempo * (1 - percent / 100),
            MaximumTempo = mix.Tempo * (1 + percent / 100),
            IncludeHalfAndDoubleTempo = true,
            Keys = Keys(key, mix),
            Path = words is { Length: > 0 } ? $"*{Pattern(words)}*" : null,
            IgnorePathCase = true,
        };
    }

    private static bool IsOfMix(string? key) => key?.ToLowerInvariant() is "compatible" or "same";

    private static IReadOnlyCollection<MusicalKey> Keys(string? text, MixFacts? mix) => text?.ToLowerInvariant() switch
    {
        null => [],
        "compatible" or "same" when mix?.Key is null =>
            throw RequestException.Bad($"key {text} needs the key of the mix, which is silent; use a key such as 'A minor'."),
        "compatible" => [.. mix!.Key!.Value.Compatible()],
        "same" => [mix!.Key!.Value],
        _ => MusicalKey.TryParse(text, out MusicalKey key)
            ? [key]
            : throw RequestException.Bad($"key '{text}' is not a key; use compatible, same, or a key such as 'A minor'."),
    };

    private static string Pattern(string words)
    {
        var pattern = new StringBuilder();
        foreach (char c in words)
            pattern.Append(c is '*' ? '?' : c);
        return pattern.ToString();
    }

    private static double? Larger(double? left, double? right) => left is { } a && right is { } b ? Math.Max(a, b) : left ?? right;

    private static double? Smaller(double? left, double? right) => left is { } a && right is { } b ? Math.Min(a, b) : left ?? right;
}
