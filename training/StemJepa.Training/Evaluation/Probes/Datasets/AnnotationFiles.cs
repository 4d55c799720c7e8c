using System.Globalization;
using System.Text.Json;

namespace StemJepa.Training.Evaluation;

/// <summary>Reads beats and tempo from JAMS annotations: of each kind, the first annotation.</summary>
internal static class JamsFile
{
    /// <summary>Seconds of the beats, ascending; null if there are none.</summary>
    /// <exception cref="StemJepaException">The file is damaged.</exception>
    public static IReadOnlyList<double>? Beats(string path) => Read(path, "beat", "time") is { } times ? [.. times.Order()] : null;

    /// <summary>Reads the tempo in BPM; null if it is unknown.</summary>
    /// <exception cref="StemJepaException">The file is damaged.</exception>
    public static double? Tempo(string path) => Read(path, "tempo", "value") is [double tempo, ..] && tempo > 0 ? tempo : null;

    private static List<double>? Read(string path, string kind, string field)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            JsonElement annotation = document.RootElement.GetProperty("annotations").EnumerateArray()
                .FirstOrDefault(annotation => annotation.GetProperty("namespace").GetString() == kind);
            if (annotation.ValueKind == JsonValueKind.Undefined)
                return null;
            JsonElement data = annotation.GetProperty("data");
            return data.ValueKind == JsonValueKind.Array
                ? [.. data.EnumerateArray().Select(observation => observation.GetProperty(field).GetDouble())]
                : [.. data.GetProperty(field).EnumerateArray().Select(value => value.GetDouble())];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new StemJepaException(
                $"{path}: is not a JAMS annotation of version 0.2 or newer ({error.Message.ReplaceLineEndings(" ")
                .TrimEnd('.')}); take it from the data set again.", error);
        }
    }
}

/// <summary>Annotations of beats as lines of text: seconds first, then whatever else.</summary>
internal static class BeatFile
{
    /// <summary>The beats in seconds, ascending.</summary>
    /// <exception cref="StemJepaException">A line does not begin with a time.</exception>
    public static IReadOnlyList<double> Read(string path)
    {
        var beats = new List<double>();
        foreach (string line in File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (!double.TryParse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture,
                out double seconds) || !(seconds >= 0))
                throw new StemJepaException(
                    $"{path}: line {beats.Count + 1} does not begin with a time in seconds; take the annotation from the data set again.");
            beats.Add(seconds);
        }
        beats.Sort();
        return beats;
    }
}
