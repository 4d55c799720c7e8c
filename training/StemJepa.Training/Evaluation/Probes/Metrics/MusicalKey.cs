using StemJepa.Training.Corpus.Composed;

namespace StemJepa.Training.Evaluation.Probes.Metrics;

/// <summary>The 24 keys as classes: 0 to 11 are the major keys from C upwards, 12 to 23 the minor ones.</summary>
internal static class MusicalKey
{
    public const int Count = 24, PitchClasses = 12;

    /// <summary>Names of the classes, such as "Eb major".</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enumerable.Range(0, Count).Select(key => new Key(key % PitchClasses, key >= PitchClasses).Name)];

    /// <summary>The class of one plain key: "Eb major", "D# minor", "C:min", "F# m"; null for anything else.</summary>
    public static int? Parse(string text)
    {
        string[] words = text.Trim().Split([' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || words[0].Length is 0 or > 2)
            return null;
        int letter = "C D EF G A B".IndexOf(char.ToUpperInvariant(words[0][0]));
        int? accidental = words[0].Length == 1 ? 0 : words[0][1] switch { '#' or '♯' => 1, 'b' or '♭' => -1, _ => null };
        int? mode = words[1].ToLowerInvariant() switch { "major" or "maj" => 0, "minor" or "min" or "m" => PitchClasses, _ => null };
        return letter < 0 ? null : (letter + accidental + PitchClasses) % PitchClasses + mode;
    }
}
