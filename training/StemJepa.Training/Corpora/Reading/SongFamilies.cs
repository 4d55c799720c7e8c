using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Where a song's folder has the stems of instrument families: <c>families/guitar.wav</c>, and in <c>song.json</c> their roles.
/// </summary>
internal static class SongFamilies
{
    /// <summary>Name of the file that describes a song, in its folder.</summary>
    public const string RecordFile = "song.json";

    private const string Folder = "families";

    /// <summary>Returns the path of a family's file in a song's folder; a family that is all of its roles has none.</summary>
    public static string PathIn(string folder, string family) => Path.Combine(folder, Folder, family + ".wav");

    /// <summary>Returns the names of the roles whose parts each family of a song is, by family; empty where none are described.</summary>
    /// <exception cref="StemJepaException"><c>song.json</c> is damaged.</exception>
    public static IReadOnlyDictionary<string, string[]> Read(string folder) => Read(folder, song =>
        song.TryGetProperty(Folder, out JsonElement families) ? families.Deserialize<Dictionary<string, string[]>>() : null) ?? [];

    /// <summary>Returns something of <c>song.json</c>; null if a song has none.</summary>
    /// <exception cref="StemJepaException"><c>song.json</c> is damaged.</exception>
    public static T? Read<T>(string folder, Func<JsonElement, T?> property) where T : class
    {
        string path = Path.Combine(folder, RecordFile);
        if (!File.Exists(path))
            return null;
        try
        {
            using JsonDocument song = JsonDocument.Parse(File.ReadAllBytes(path));
            return property(song.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path}: cannot be read as a song's record ({error.Message.TrimEnd('.')}); write it again, or "
                + "delete it, which leaves the song without families.", error);
        }
    }
}
