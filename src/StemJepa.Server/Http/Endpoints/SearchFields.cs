using System.Globalization;
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
        new("tempo", FieldKind.Text, "Only recordings whose tempo is this near to the mix's own, such as 6%.");

    private static readonly FormField MinimumTempo = new("min_tempo", FieldKind.Number, "The lowest tempo in BPM.") { Minimum = 0 };

    private static readonly FormField MaximumTempo = new("max_tempo", FieldKind.Number, "The highest tempo in BPM.") { Minimum = 0 };

    private static readonly FormField Key = new("key", FieldKind.Text,
        "Only recordings in a key that is compatible with the mix's own (compatible), in the same (same), or in this key (A minor).");

    private static readonly FormField MinimumSeconds =
        new("min_seconds", FieldKind.Number, "The shortest length in seconds.") { Minimum = 0 };

    private static readonly FormField MaximumSeconds =
        new("max_seconds", FieldKind.Number, "The greatest length in seconds.") { Minimum = 0 };

    private static readonly FormField Tags = new("tag", FieldKind.Text, "Only recordings with all of these tags.") { IsMany = true };

    private static readonly FormField Words = new("text", FieldKind.Text, "Only recordings whose path holds this text.");

    public static readonly FormSchema Schema = new(FormField.Mix, FormField.MissingStem, Top, AnyStem, Tempo, MinimumTempo, MaximumTempo, Key,
        MinimumSeconds, MaximumSeconds, Tags, Words);

    /// <param name="form">The request.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="analyze">Estimates key and tempo of the mix; called where the request wants them.</param>
    public static async Task<CatalogFilter> ToFilterAsync(RequestForm form, Stem stem, Func<Task<StemAnalysis>> analyze)
    {
        double? tolerance = form.Text(Tempo) is { } text ? ParseTolerance(text) : null;
        string? key = form.Text(Key);
        bool wantsKey = key?.ToLowerInvariant() is "compatible" or "same";
        StemAnalysis? mix = tolerance is not null || wantsKey ? await analyze().ConfigureAwait(false) : null;
        return new CatalogFilter
        {
            Stem = form.Flag(AnyStem) ? null : stem,
            IncludeUnknownStem = true,
            MinimumTempo = Larger(form.Number(MinimumTempo), mix?.Tempo * (1 - tolerance)),
            MaximumTempo = Smaller(form.Number(MaximumTempo), mix?.Tempo * (1 + tolerance)),
            Keys = Keys(key, mix),
            MinimumSeconds = form.Number(MinimumSeconds),
            MaximumSeconds = form.Number(MaximumSeconds),
            Tags = form.Texts(Tags),
            Path = form.Text(Words) is { } words ? $"*{Pattern(words)}*" : null,
        };
    }

    private static IReadOnlyCollection<MusicalKey> Keys(string? text, StemAnalysis? mix) => text?.ToLowerInvariant() switch
    {
        null => [],
        "compatible" => [.. mix!.Key.Compatible()],
        "same" => [mix!.Key],
        _ => MusicalKey.TryParse(text, out MusicalKey key)
            ? [key]
            : throw RequestException.Bad($"key '{text}' is not a key; use compatible, same, or a key such as 'A minor'."),
    };

    private static double ParseTolerance(string text)
    {
        if (text.EndsWith('%') && double.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out double percent)
            && percent is >= 0 and <= 100)
            return percent / 100;
        throw RequestException.Bad($"tempo '{text}' is not a share; use a percentage, such as 6%.");
    }

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
