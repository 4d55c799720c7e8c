using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Where a song's folder has the stems of instrument families: <c>families/guitar.wav</c>, and in <c>song.json</c> their roles.
/// </summary>
internal static class SongFamilies
{
    private const string Folder = "families";

    /// <summary>Returns the path of a family's file in a song's folder; a family that is all of its roles has none.</summary>
    public static string PathIn(string folder, string family) => Path.Combine(folder, Folder, family + ".wav");

    /// <summary>Returns the names of the roles whose parts each family of a song is, by family; empty where none are described.</summary>
    /// <exception cref="StemJepaException"><c>song.json</c> is damaged.</exception>
    public static IReadOnlyDictionary<string, string[]> Read(string folder) => SongProperties.Read(folder, song =>
        song.TryGetProperty(Folder, out JsonElement families) ? families.Deserialize<Dictionary<string, string[]>>() : null) ?? [];
}
