using System.Globalization;
using System.Text.RegularExpressions;

namespace StemJepa;

/// <summary>
/// What the name of a recording says about it, as sample libraries write it: <c>Drums/break 96bpm.wav</c>, <c>bass_120_BPM_F#min.wav</c>,
/// and what its tags say; and whether to believe that or an analysis. Immutable and thread-safe.
/// </summary>
public sealed partial record NameHints
{
    private const double SameTempo = 0.04;

    /// <summary>From this confidence on an analysis is right more often than names are: it wins over what a name says.</summary>
    internal const double SureStem = 0.95, SureTempo = 0.95, SureKey = 0.95;

    /// <summary>Below this confidence an analysis is wrong too often to go by, and where no name helps the value is unknown.</summary>
    internal const double LeastStem = 0.5, LeastTempo = 0.5, LeastKey = 0.5;

    /// <summary>The one stem that the file name names, or else the name of its folder; null if there is none, or more than one.</summary>
    public Stem? Stem { get; init; }

    /// <summary>BPM: a number from 30 to 300 before or after <c>bpm</c>.</summary>
    public double? Tempo { get; init; }

    /// <summary>A note with its mode, such as <c>Am</c>, <c>F#min</c> or <c>C major</c>.</summary>
    public MusicalKey? Key { get; init; }

    /// <summary>
    /// Words of sample libraries in the file name, such as <c>kick</c>, <c>pad</c> and <c>loop</c>; in lower case, each once.
    /// </summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Reads a path, which need not exist; no file is opened.</summary>
    public static NameHints FromPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = Path.GetFileNameWithoutExtension(path);
        return new NameHints
        {
            Stem = FindStem(name, Path.GetDirectoryName(path)), Tempo = FindTempo(name), Key = FindKey(name), Words = SampleWords.In(name),
        };
    }

    /// <summary>
    /// Adds what the tags of the recording say: their key and tempo win over those of its name, and it is of the words <c>loop</c> or
    /// <c>oneshot</c> unless its name has one of them.
    /// </summary>
    /// <param name="tags">From <c>AudioFile.ReadTags</c> of the package StemJepa.Formats, as a rule.</param>
    public NameHints With(AudioTags tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        const string loop = "loop", oneShot = "oneshot";
        return this with
        {
            Key = tags.Key ?? Key,
            Tempo = tags.Tempo ?? Tempo,
            Words = tags.IsLoop is not { } isLoop || Words.Contains(loop) || Words.Contains(oneShot)
                ? Words
                : [.. Words, isLoop ? loop : oneShot],
        };
    }

    /// <summary>The stem to go by: the analysis if it is sure, else the hint, else the analysis unless it guesses.</summary>
    /// <param name="detected">What an analysis found; null if nothing.</param>
    /// <param name="confidence">How sure it is, 0..1.</param>
    public Stem? ResolveStem(Stem? detected, double confidence) => Resolve(detected, confidence, Stem, SureStem, LeastStem);

    /// <summary>
    /// The key to go by, as <see cref="ResolveStem"/>. Drums have none, unless their name says so: what is found in them is chance.
    /// </summary>
    /// <param name="detected">What an analysis found; null if nothing.</param>
    /// <param name="confidence">How sure it is, 0..1.</param>
    /// <param name="stem">The recording's stem, where it is known.</param>
    public MusicalKey? ResolveKey(MusicalKey? detected, double confidence, Stem? stem) =>
        Resolve(stem == StemJepa.Stem.Drums ? null : detected, confidence, Key, SureKey, LeastKey);

    /// <summary>
    /// The tempo to go by, as <see cref="ResolveStem"/>. Where both agree within 4 %, or one is the double of the other, the name's is
    /// taken, which is exact.
    /// </summary>
    /// <param name="detected">What an analysis found; null if nothing.</param>
    /// <param name="confidence">How sure it is, 0..1.</param>
    public double? ResolveTempo(double? detected, double confidence) =>
        Tempo is { } named && detected is { } found
            && Array.Exists([0.5, 1, 2], octave => Math.Abs(octave * found / named - 1) <= SameTempo)
            ? named
            : Resolve(detected, confidence, Tempo, SureTempo, LeastTempo);

    private static T? Resolve<T>(T? detected, double confidence, T? named, double sure, double least) where T : struct =>
        detected is not null && confidence >= (named is null ? least : sure) ? detected : named;

    /// <summary>Folders whose names say only that there are loops in them, or their tempo, are passed over.</summary>
    private static Stem? FindStem(string name, string? folder)
    {
        Stem? found = SampleWords.StemOf(name);
        while (found is null && folder is not null && Path.GetFileName(folder) is { Length: > 0 } above)
        {
            found = SampleWords.StemOf(above);
            folder = SampleWords.IsNeutral(above) ? Path.GetDirectoryName(folder) : null;
        }
        return found;
    }

    private static double? FindTempo(string name)
    {
        Match match = TempoText().Match(name);
        return match.Success && double.TryParse(match.Groups["bpm"].ValueSpan, CultureInfo.InvariantCulture, out double tempo)
            && tempo is >= AudioTags.SlowestTempo and <= AudioTags.FastestTempo ? tempo : null;
    }

    private static MusicalKey? FindKey(string name)
    {
        Match match = KeyText().Match(name);
        return match.Success && MusicalKey.TryParse(match.Groups["note"].Value + match.Groups["mode"].Value, out MusicalKey key)
            ? key
            : null;
    }

    [GeneratedRegex(@"(?<![\d.])(?<bpm>\d{2,3}(?:\.\d{1,3})?)[ _-]?bpm(?![a-z])|(?<![a-z])bpm[ _-]?(?<bpm>\d{2,3}(?:\.\d{1,3})?)(?!\d)",
        RegexOptions.IgnoreCase)]
    private static partial Regex TempoText();

    [GeneratedRegex("(?<![A-Za-z#])(?<note>[A-G][#b]?)(?:[ _-]?(?<mode>[Mm]ajor|[Mm]inor|[Mm]aj|[Mm]in|MAJ|MIN)|(?<mode>m))(?![A-Za-z])")]
    private static partial Regex KeyText();
}
