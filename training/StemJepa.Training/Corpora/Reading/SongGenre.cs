using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>The kind of music of a song, where its <c>song.json</c> tells it.</summary>
internal static class SongGenre
{
    private const string Property = "genre_family";

    /// <summary>Returns the genre family of the song in a folder; null if it is not known.</summary>
    /// <exception cref="StemJepaException"><c>song.json</c> is damaged.</exception>
    public static string? Read(string folder) => SongFamilies.Read(folder, song =>
        song.TryGetProperty(Property, out JsonElement genre) ? genre.GetString() : null);
}
