namespace StemJepa.Training.Evaluation;

/// <summary>The 24 keys as classes: 0 to 11 are the major keys from C upwards, 12 to 23 the minor ones.</summary>
internal static class KeyClasses
{
    public const int Count = MusicalKey.Count, PitchClasses = Count / 2;

    /// <summary>Names of the classes, such as "Eb major".</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, Count).Select(key => MusicalKey.FromNumber(key).ToString())];

    /// <summary>The class of one plain key, such as "D# minor"; null for anything else.</summary>
    public static int? Parse(string text) => MusicalKey.TryParse(text, out MusicalKey key) ? key.Number : null;
}
