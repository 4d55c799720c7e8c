using System.Globalization;
using System.Text.RegularExpressions;

namespace StemJepa.Tool.Indexing;

/// <summary>
/// What the name of a recording says about it, as sample libraries write it: <c>Drums/break 96bpm.wav</c>, <c>bass_120_BPM_F#min.wav</c>.
/// </summary>
/// <param name="Stem">The one stem that the file name names, or else the name of its folder.</param>
/// <param name="Tempo">Beats per minute: a number from 30 to 300 before or after <c>bpm</c>.</param>
/// <param name="Key">A note with its mode, such as <c>Am</c>, <c>F#min</c> or <c>C major</c>.</param>
internal sealed partial record NameHints(Stem? Stem, double? Tempo, MusicalKey? Key)
{
    private const double SlowestTempo = 30, FastestTempo = 300;

    public static NameHints Of(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string folder = Path.GetFileName(Path.GetDirectoryName(path)) ?? "";
        return new NameHints(FindStem(name) ?? FindStem(folder), FindTempo(name), FindKey(name));
    }

    private static Stem? FindStem(string name)
    {
        StemJepa.Stem[] named = [.. Words().Matches(name).Select(word => StemOf(word.Value)).OfType<Stem>().Distinct()];
        return named.Length == 1 ? named[0] : null;
    }

    private static Stem? StemOf(string word) => word.ToLowerInvariant() switch
    {
        "bass" => StemJepa.Stem.Bass,
        "drum" or "drums" => StemJepa.Stem.Drums,
        "other" => StemJepa.Stem.Other,
        "vocal" or "vocals" or "vox" => StemJepa.Stem.Vocals,
        _ => null,
    };

    private static double? FindTempo(string name)
    {
        Match match = TempoText().Match(name);
        return match.Success && double.TryParse(match.Groups["bpm"].ValueSpan, CultureInfo.InvariantCulture, out double tempo)
            && tempo is >= SlowestTempo and <= FastestTempo ? tempo : null;
    }

    private static MusicalKey? FindKey(string name)
    {
        Match match = KeyText().Match(name);
        return match.Success && MusicalKey.TryParse(match.Groups["note"].Value + match.Groups["mode"].Value, out MusicalKey key)
            ? key
            : null;
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<![\d.])(?<bpm>\d{2,3}(?:\.\d{1,3})?)[ _-]?bpm(?![a-z])|(?<![a-z])bpm[ _-]?(?<bpm>\d{2,3}(?:\.\d{1,3})?)(?!\d)",
        RegexOptions.IgnoreCase)]
    private static partial Regex TempoText();

    [GeneratedRegex("(?<![A-Za-z#])(?<note>[A-G][#b]?)(?:[ _-]?(?<mode>[Mm]ajor|[Mm]inor|[Mm]aj|[Mm]in|MAJ|MIN)|(?<mode>m))(?![A-Za-z])")]
    private static partial Regex KeyText();
}
