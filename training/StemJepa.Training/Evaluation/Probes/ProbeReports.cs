using System.Text.Json;
using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>The reports of several tasks: what <c>probe all</c> writes.</summary>
/// <param name="Tasks">By the name of the task.</param>
internal sealed record ProbeReports([property: JsonPropertyName("tasks")] IReadOnlyDictionary<string, ProbeReport> Tasks)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <summary>Reads a results file.</summary>
    public static ProbeReports Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<ProbeReports>(stream, Json)!;
    }
}
