using MathNet.Numerics.Statistics;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Reliable facts from <c>song.json</c>. Key, beats, tempo and genre are known for composed songs; for songs that people wrote they are
/// not, since MIDI files seldom state their key and notate the same tempo in several ways.
/// </summary>
internal static class SongFacts
{
    /// <summary>The instrument class of the stem of drums; the other families are General MIDI's, eight programs each.</summary>
    public const string Drums = "drums";

    private const int ProgramsOfFamily = 8;

    private static readonly string[] Families =
    [
        "piano", "chromatic percussion", "organ", "guitar", "bass", "strings", "ensemble", "brass", "reed", "pipe", "synth lead",
            "synth pad",
        "synth effects", "ethnic", "percussive", "sound effects",
    ];

    public static IReadOnlyList<string> Instruments { get; } = [.. Families, Drums];

    public static IReadOnlyList<string> Genres { get; } = [.. Enum.GetNames<GenreFamily>().Select(name => name.ToLowerInvariant())];

    /// <summary>The key that the song is in for the longest time, as a class; null if it is unknown.</summary>
    public static int? Key(SongRecord song) => song.Keys is not { Count: > 0 } keys
        ? null
        : keys.Select((key, i) =>
            (Key: KeyClasses.Parse(key.Name), Seconds: (i + 1 < keys.Count ? keys[i + 1].Seconds : song.Seconds) - key.Seconds))
            .GroupBy(key => key.Key).MaxBy(key => key.Sum(part => part.Seconds))!.Key;

    /// <summary>Computes the median tempo of the beats in BPM; null if they are unknown.</summary>
    public static double? Tempo(IReadOnlyList<double>? beats) =>
        beats is { Count: > 1 } ? 60 / beats.Zip(beats.Skip(1), (beat, next) => next - beat).Median() : null;

    /// <summary>The index of the kind of music among <see cref="Genres"/>; null if it is unknown.</summary>
    public static int? Genre(SongRecord song) => song.GenreFamily is { } family && Genres.Index().Any(genre => genre.Item == family)
        ? Genres.Index().First(genre => genre.Item == family).Index
        : null;

    /// <summary>The index of a stem's family among <see cref="Instruments"/>; null if it has parts of several.</summary>
    public static int? Instrument(SongRecord song, Stem stem)
    {
        if (stem == Stem.Drums)
            return Families.Length;
        int[] families = [.. PartsOf(song, stem).Select(FamilyOf).Distinct()];
        return families is [int only] ? only : null;
    }

    /// <summary>Lists the tags of a composed song: its genre, mode, metre and instrument families; null for other songs.</summary>
    public static IReadOnlySet<string>? Tags(SongRecord song)
    {
        if (song.GenreFamily is null || Key(song) is not { } key)
            return null;
        IEnumerable<string> families = song.Parts.Values.SelectMany(parts => parts).Select(part => Families[FamilyOf(part)]);
        return new HashSet<string>([song.GenreFamily, key < KeyClasses.PitchClasses ? "major" : "minor", .. song.Metre is { } metre
            ? [metre] : Array.Empty<string>(), .. families]);
    }

    private static IEnumerable<PartRecord> PartsOf(SongRecord song, Stem stem) =>
        song.Parts.TryGetValue(stem.Name, out IReadOnlyList<PartRecord>? parts) ? parts : [];

    private static int FamilyOf(PartRecord part) => Math.Clamp(part.PlayedWith / ProgramsOfFamily, 0, Families.Length - 1);
}

/// <summary>The 24 keys as classes: 0 to 11 are the major keys from C upwards, 12 to 23 the minor ones.</summary>
internal static class KeyClasses
{
    public const int Count = MusicalKey.Count, PitchClasses = Count / 2;

    /// <summary>Names of the classes, such as "Eb major".</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enumerable.Range(0, Count).Select(key => MusicalKey.FromNumber(key).ToString())];

    /// <summary>The class of one plain key, such as "D# minor"; null for anything else.</summary>
    public static int? Parse(string text) => MusicalKey.TryParse(text, out MusicalKey key) ? key.Number : null;
}
