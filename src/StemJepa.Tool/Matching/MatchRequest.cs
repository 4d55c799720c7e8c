using System.Globalization;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Matching;

/// <summary>How recordings must match a mix in key and tempo, as given on the command line.</summary>
/// <param name="Mix">Path of the mix.</param>
/// <param name="Tempo">The tolerance, such as <c>5%</c>; null: any tempo.</param>
/// <param name="MixTempo">The tempo of the mix, where it is given.</param>
/// <param name="ExactTempo">Whether half and double tempo differ.</param>
/// <param name="Key"><c>compatible</c>, <c>same</c> or a key; null: any key.</param>
/// <param name="MixKey">The key of the mix, where it is given.</param>
/// <param name="KeepUnknown">Whether unknown keys and tempi match.</param>
internal sealed record MatchRequest(
    string Mix, string? Tempo, double? MixTempo, bool ExactTempo, string? Key, string? MixKey, bool KeepUnknown)
{
    private const string Compatible = "compatible", Same = "same";

    /// <summary>Whether anything is asked for.</summary>
    public bool IsAny => Tempo is not null || Key is not null;

    /// <summary>Refuses what cannot be read, before any work is done.</summary>
    /// <exception cref="UsageException">An option is not what it should be.</exception>
    public void Check()
    {
        _ = Tolerance;
        if (MixTempo is { } tempo && !(double.IsFinite(tempo) && tempo > 0))
            throw new UsageException(
                $"--mix-tempo {tempo.ToString(CultureInfo.InvariantCulture)} is not a tempo; use beats per minute, such as 120.");
        _ = GivenMixKey;
        if (Key is not null && !IsOfMix)
            _ = ParseKey("--key", Key, "compatible, same, or a key such as 'A minor'");
    }

    /// <summary>Key and tempo of the mix: as given, or by its sound, or where that is unclear by its tags or its name.</summary>
    /// <param name="analysis">What its sound says; null if the model cannot tell.</param>
    /// <param name="warn">Takes a sentence about each value that is used and unsure.</param>
    public MixFacts FactsOf(StemAnalysis? analysis, Action<string> warn)
    {
        var facts = MixFacts.From(NameHints.FromPath(Mix).With(AudioFile.ReadTags(Mix)), analysis, GivenMixKey, MixTempo);
        if (facts.IsKeyUnsure && IsOfMix)
            warn(Unsure("key", $"{facts.Key}", analysis!.KeyConfidence, "--mix-key"));
        if (facts.IsTempoUnsure && Tempo is not null)
            warn(Unsure("tempo", string.Create(CultureInfo.InvariantCulture, $"{facts.Tempo:0.0} BPM"), analysis!.TempoConfidence,
                "--mix-tempo"));
        return facts;
    }

    /// <summary>Creates the condition.</summary>
    /// <exception cref="UsageException">The tempo or key of the mix is wanted and not known.</exception>
    public MatchFilter FilterFor(MixFacts mix)
    {
        if (Tempo is not null && mix.Tempo is null)
            throw new UsageException($"--tempo needs the tempo of the mix, and '{Mix}' does not tell it in its tags or name; "
                + "give it with --mix-tempo, such as --mix-tempo 120.");
        if (IsOfMix && mix.Key is null)
            throw new UsageException($"--key {Key} needs the key of the mix, and '{Mix}' does not tell it in its tags or name; "
                + "give it with --mix-key, such as --mix-key Am.");
        IReadOnlyList<MusicalKey> keys = Key?.ToLowerInvariant() switch
        {
            null => [],
            Compatible => mix.Key!.Value.Compatible(),
            Same => [mix.Key!.Value],
            _ => [ParseKey("--key", Key, "a key")],
        };
        return new MatchFilter(keys, mix.Tempo * (1 - Tolerance), mix.Tempo * (1 + Tolerance), !ExactTempo, KeepUnknown);
    }

    private bool IsOfMix => Key?.ToLowerInvariant() is Compatible or Same;

    private MusicalKey? GivenMixKey => MixKey is null ? null : ParseKey("--mix-key", MixKey, "a key such as 'A minor' or Am");

    private double? Tolerance => Tempo is null ? null
        : MixFacts.ParseTolerance(Tempo)
            ?? throw new UsageException($"--tempo '{Tempo}' is not a share; use a percentage, such as 5%.");

    private string Unsure(string what, string value, double confidence, string option) =>
        $"the {what} of {Mix} sounds like {value}, with a confidence of only {confidence.ToString("0%", CultureInfo.InvariantCulture)}; "
        + $"give it with {option} if you know it.";

    private static MusicalKey ParseKey(string option, string text, string usable) => MusicalKey.TryParse(text, out MusicalKey key)
        ? key
        : throw new UsageException($"{option} '{text}' is not a key; use {usable}.");
}

/// <summary>The keys and tempi that match. Immutable.</summary>
/// <param name="Keys">Keys; empty for any.</param>
/// <param name="MinimumTempo">BPM; null for any.</param>
/// <param name="MaximumTempo">BPM; null for any.</param>
/// <param name="HalfAndDouble">Whether half and double tempo match too.</param>
/// <param name="KeepUnknown">Whether unknown keys and tempi match.</param>
internal sealed record MatchFilter(
    IReadOnlyList<MusicalKey> Keys, double? MinimumTempo, double? MaximumTempo, bool HalfAndDouble, bool KeepUnknown)
{
    /// <summary>Adds the condition to a catalogue's filter.</summary>
    public CatalogFilter AddTo(CatalogFilter filter) => filter with
    {
        Keys = Keys,
        MinimumTempo = MinimumTempo,
        MaximumTempo = MaximumTempo,
        IncludeHalfAndDoubleTempo = HalfAndDouble,
        IncludeUnknownKey = KeepUnknown,
        IncludeUnknownTempo = KeepUnknown,
    };

    /// <summary>Whether a recording matches.</summary>
    public bool Passes(CatalogEntry entry) =>
        (Keys.Count == 0 || (entry.Key is { } key ? Keys.Contains(key) : KeepUnknown))
        && (MinimumTempo is null || (entry.Tempo is { } tempo
            ? IsWithin(tempo) || (HalfAndDouble && (IsWithin(tempo / 2) || IsWithin(2 * tempo)))
            : KeepUnknown));

    private bool IsWithin(double tempo) => tempo >= MinimumTempo && tempo <= MaximumTempo;
}
