using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace StemJepa;

/// <summary>
/// The words of sample libraries, and the stems that they stand for. To teach it a word, add it to <see cref="Table"/>. Thread-safe.
/// </summary>
internal static partial class SampleWords
{
    /// <summary>
    /// Stem, rank, words in the singular. Where words of several stems meet, those of the lowest rank decide: 1 names an instrument, 2 a
    /// sound that others are described by too (an 808 kick is a kick), 3 describes anything (a synth bass is a bass). Those of
    /// rank 4 and 0 name no stem: folders of such words are passed over, and those of rank 0 are no tags either.
    /// </summary>
    private const string Table = """
        bass    1 bass basses bassline basslines contrabass
        bass    2 808 reese sub wobble upright
        drums   1 drum drumkit drumloop kick kik bd snare snr rim rimshot hat hihat hh ohh chh clap perc percussion percs tom cymbal crash
        drums   1 ride shaker tambourine tamb conga bongo cowbell clave djembe cajon timbale woodblock breakbeat
        drums   2 break beat top 909 707 snap fill groove kit
        other   1 other pad keys piano rhodes epiano wurli wurlitzer clav clavinet organ harmonica accordion gtr guitar strings string
        other   1 violin viola cello harp brass horn trumpet trombone sax saxophone flute clarinet oboe bell mallet marimba vibraphone
        other   1 kalimba xylophone glockenspiel koto sitar banjo mandolin ukulele
        other   2 pluck stab chord arp arpeggio fx sfx riser downlifter uplifter sweep impact atmo atmosphere ambience drone texture
        other   3 synth noise
        vocals  1 vocal vox voc voice choir acapella acappella adlib singer rap chant
        vocals  2 lead hook verse chorus
        -       4 loop oneshot wet dry
        -       0 one shot wav flac stem sample audio bpm
        """;

    private static readonly FrozenDictionary<string, (Stem? Stem, int Rank)> Known = Read();

    /// <summary>The words in a name that say something, as the table has them, each once.</summary>
    internal static IReadOnlyList<string> In(string name) =>
        [.. Words().Matches(name).Select(word => Singular(word.Value)).Where(word => Known.GetValueOrDefault(word).Rank > 0).Distinct()];

    /// <summary>The stem that a name stands for; null if it has none of the words, or those of several stems.</summary>
    internal static Stem? StemOf(string name)
    {
        (Stem? Stem, int Rank)[] found = [.. In(name).Select(word => Known[word]).Where(word => word.Stem is not null)];
        Stem?[] best = [.. found.Where(word => word.Rank == found.Min(other => other.Rank)).Select(word => word.Stem).Distinct()];
        return best.Length == 1 ? best[0] : null;
    }

    /// <summary>Whether a name consists of words that name no stem, and numbers.</summary>
    internal static bool IsNeutral(string name) => Words().Matches(name).All(word =>
        int.TryParse(word.Value, out _) || (Known.TryGetValue(Singular(word.Value), out var known) && known.Stem is null));

    private static string Singular(string word)
    {
        string lower = word.ToLowerInvariant();
        return !Known.ContainsKey(lower) && lower.EndsWith('s') && Known.ContainsKey(lower[..^1]) ? lower[..^1] : lower;
    }

    private static FrozenDictionary<string, (Stem?, int)> Read()
    {
        var known = new Dictionary<string, (Stem?, int)>();
        foreach (string line in Table.Split('\n'))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Stem? stem = parts[0] == "-" ? null : Stem.Parse(parts[0]);
            foreach (string word in parts.Skip(2))
                known.Add(word, (stem, int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)));
        }
        return known.ToFrozenDictionary();
    }

    /// <summary>Words as their writers separate them: by anything that is no letter, and by capitals. Numbers are words.</summary>
    [GeneratedRegex(@"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")]
    private static partial Regex Words();
}
