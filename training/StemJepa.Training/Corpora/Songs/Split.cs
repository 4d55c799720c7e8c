using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Which songs are never trained on: the songs of simutrans-data numbered 43 to 53, and one in eight of the others by a hash of the name.
/// Songs that share material stay together: a group is tested if one of its songs is numbered 43 to 53, else as the hash of its first name says.
/// Thread-safe.
/// </summary>
public static class Split
{
    private const int HashByte = 16, OneIn = 8, FirstTestNumber = 43, LastTestNumber = 53;
    private const string Simutrans = "simutrans_";

    /// <summary>Pairs known to share material that <see cref="SharedMaterial"/> does not hear (a riff of power chords).</summary>
    public static readonly IReadOnlyList<(string First, string Second)> KnownPairs = [("freedm_D_BETWEE", "freedoom1_D_INTROA")];

    /// <summary>The names of the test songs.</summary>
    public static IReadOnlySet<string> TestSongs(IReadOnlyList<MidiSong> songs)
    {
        List<List<string>> groups = [.. SharedMaterial.Group(songs).Select(g => g.Select(s => s.Name).ToList())];
        foreach ((string first, string second) in KnownPairs)
        {
            List<string>? a = groups.Find(g => g.Contains(first)), b = groups.Find(g => g.Contains(second));
            if (a is null || b is null || a == b) continue;
            a.AddRange(b);
            groups.Remove(b);
        }
        return groups.Where(g => g.Any(IsNumberedTest) || IsHashedTest(g.Min(StringComparer.Ordinal)!)).SelectMany(g => g).ToHashSet();
    }

    /// <summary>True for the songs of simutrans-data numbered 43 to 53.</summary>
    public static bool IsNumberedTest(string name) =>
        name.StartsWith(Simutrans, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Simutrans.Length, Math.Min(2, name.Length - Simutrans.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number is >= FirstTestNumber and <= LastTestNumber;

    /// <summary>True for one name in eight: byte 16 of the SHA-256 of its UTF-8 bytes is divisible by 8.</summary>
    public static bool IsHashedTest(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[HashByte] % OneIn == 0;
}
