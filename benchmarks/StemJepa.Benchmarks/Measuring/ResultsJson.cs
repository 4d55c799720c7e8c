using System.Text;
using System.Text.Json;

namespace StemJepa.Benchmarks.Measuring;

/// <summary>Results files of measurements: JSON with names in snake case.</summary>
internal static class ResultsJson
{
    private static readonly JsonSerializerOptions Json =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Serialises results.</summary>
    public static string Text<T>(T results) => JsonSerializer.Serialize(results, Json);

    /// <summary>Writes results, whole or not at all.</summary>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    public static void Write<T>(string path, T results) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Text(results) + "\n")));

    /// <summary>Reads a results file.</summary>
    /// <exception cref="StemJepaException">The file cannot be read, or is not JSON of such results.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return Parse<T>(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path} cannot be read ({error.Message.TrimEnd('.')}): name a results file.", error);
        }
    }

    /// <summary>Parses results; <paramref name="source"/> names them in errors.</summary>
    /// <exception cref="StemJepaException">The text is not JSON of such results.</exception>
    public static T Parse<T>(string text, string source)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new StemJepaException($"{source}: holds no such results ({error.Message.TrimEnd('.')}); measure again.", error);
        }
    }
}
