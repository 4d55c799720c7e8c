using System.Text.Json;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>The figures of a model on a corpus: what the JSON of every <c>evaluate</c> command begins and ends with.</summary>
/// <typeparam name="T">The report itself.</typeparam>
internal abstract record EvaluationReport<T> where T : EvaluationReport<T>
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    [JsonPropertyName("corpus"), JsonPropertyOrder(-2)]
    public required string Corpus { get; init; }

    [JsonPropertyName("model_name"), JsonPropertyOrder(-1)]
    public required string ModelName { get; init; }

    [JsonPropertyName("measured"), JsonPropertyOrder(1)]
    public required Provenance Measured { get; init; }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, (T)this, Json);

    public JsonDocument ToJson() => JsonSerializer.SerializeToDocument((T)this, Json);

    /// <summary>Reads a results file.</summary>
    public static T Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<T>(stream, Json)!;
    }

    /// <summary>The sentence under a table.</summary>
    protected string Footer() => DocumentTable.Provenance(Measured.Date, Measured.Machine, Measured.Commit);

    /// <summary>A share, 0..1, as a cell of a table.</summary>
    protected static string Percent(double? share) => share is { } known ? Invariant($"{100 * known:0.0}") : "-";
}
