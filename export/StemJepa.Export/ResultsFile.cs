using System.Text.Json;

namespace StemJepa.Export;

/// <summary>Reads the results that <c>evaluate retrieval</c> writes.</summary>
internal static class ResultsFile
{
    /// <summary>The model's own figures, by name.</summary>
    /// <exception cref="StemJepaException">The file cannot be read or is not such a results file.</exception>
    public static IReadOnlyDictionary<string, double> ReadFigures(string path)
    {
        try
        {
            using JsonDocument results = JsonDocument.Parse(File.ReadAllBytes(path));
            return results.RootElement.GetProperty("model").EnumerateObject().ToDictionary(figure => figure.Name, figure => figure.Value.GetDouble());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path}: not a results file ({error.Message.TrimEnd('.')}); name one that 'evaluate retrieval --json' wrote.", error);
        }
    }
}
