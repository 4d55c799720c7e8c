using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>
/// What training reads of the <c>song.json</c> in a song's folder; a song without one, or without the property, has null.
/// </summary>
internal static class SongProperties
{
    /// <summary>Name of the file that describes a song, in its folder.</summary>
    public const string RecordFile = "song.json";

    private const string GenreFamily = "genre_family", TempoMap = "tempo_map";

    /// <summary>Returns the kind of music.</summary>
    /// <exception cref="StemJepaException"><c>song.json</c> is damaged.</exception>
    public static string? Genre(string folder) => Read(folder, song =>
        song.TryGetProperty(GenreFamily, out JsonElement genre) ? genre.GetString() : null);

    /// <summary>Returns the tempo in quarter notes per minute that most of the song has.</summary>
    /// <exception cref="StemJepaException"><c>song.json</c> is damaged.</exception>
    public static double? Tempo(string folder) => Read<double?>(folder, song =>
        song.TryGetProperty(TempoMap, out JsonElement map) && map.GetArrayLength() > 0 ? Longest(map, song) : null);

    /// <summary>Returns something of <c>song.json</c>.</summary>
    /// <exception cref="StemJepaException"><c>song.json</c> is damaged.</exception>
    public static T? Read<T>(string folder, Func<JsonElement, T?> property)
    {
        string path = Path.Combine(folder, RecordFile);
        if (!File.Exists(path))
            return default;
        try
        {
            using JsonDocument song = JsonDocument.Parse(File.ReadAllBytes(path));
            return property(song.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException
            or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path}: cannot be read as a song's record ({error.Message.TrimEnd('.')}); write it again, or "
                + "delete it, which leaves the song without families, genre and tempo.", error);
        }
    }

    private static double Longest(JsonElement map, JsonElement song)
    {
        JsonElement[] changes = [.. map.EnumerateArray()];
        double[] starts = [.. changes.Select(change => change.GetProperty("seconds").GetDouble()), song.GetProperty("seconds").GetDouble()];
        return changes.Select((change, index) => (Bpm: change.GetProperty("bpm").GetDouble(), Seconds: starts[index + 1] - starts[index]))
            .GroupBy(part => part.Bpm).MaxBy(tempo => tempo.Sum(part => part.Seconds))!.Key;
    }
}
