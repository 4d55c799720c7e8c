using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>The tempo of a song, where its <c>song.json</c> tells it.</summary>
internal static class SongTempo
{
    private const string Property = "tempo_map";

    /// <summary>Returns the tempo in quarter notes per minute that most of the song in a folder has; null if it is not known.</summary>
    /// <exception cref="StemJepaException"><c>song.json</c> is damaged.</exception>
    public static double? Read(string folder) => SongFamilies.Read<object>(folder, song =>
        song.TryGetProperty(Property, out JsonElement map) && map.GetArrayLength() > 0 ? Longest(map, song) : null) as double?;

    private static double Longest(JsonElement map, JsonElement song)
    {
        JsonElement[] changes = [.. map.EnumerateArray()];
        double[] starts = [.. changes.Select(change => change.GetProperty("seconds").GetDouble()), song.GetProperty("seconds").GetDouble()];
        return changes.Select((change, index) => (Bpm: change.GetProperty("bpm").GetDouble(), Seconds: starts[index + 1] - starts[index]))
            .GroupBy(part => part.Bpm).MaxBy(tempo => tempo.Sum(part => part.Seconds))!.Key;
    }
}
