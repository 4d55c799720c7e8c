using System.Text.Json;
using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>A task's figures for a model beside those of what it must beat: what <c>probe</c> writes.</summary>
internal sealed record ProbeReport
{
    /// <summary>Guessing.</summary>
    public const string ChanceMethod = "chance";

    /// <summary>The model's embedding.</summary>
    public const string ModelMethod = "model";

    /// <summary>Ends the name of a feature that heads look at column by column (<see cref="ProbeHead.Columns"/>), which is ours and not the paper's.</summary>
    public const string ColumnsSuffix = "_columns";

    /// <summary>Ends the name of a feature that tells the tempo by the beats that a head finds in it.</summary>
    public const string BeatsSuffix = "_beats";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    [JsonPropertyName("task")]
    public required string Task { get; init; }

    [JsonPropertyName("data_set")]
    public required string DataSet { get; init; }

    [JsonPropertyName("model_name")]
    public required string ModelName { get; init; }

    /// <summary>Clips by split.</summary>
    [JsonPropertyName("clips")]
    public required IReadOnlyDictionary<string, int> Clips { get; init; }

    /// <summary>Seconds of each clip that were used; null for all.</summary>
    [JsonPropertyName("seconds")]
    public double? Seconds { get; init; }

    /// <summary>Semitones up to which each clip of the training split was also played faster and higher, and slower and lower.</summary>
    [JsonPropertyName("semitones")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Semitones { get; init; }

    /// <summary>By method, chance first and the model last.</summary>
    [JsonPropertyName("methods")]
    public required IReadOnlyDictionary<string, ProbeResult> Methods { get; init; }

    [JsonPropertyName("measured")]
    public required Provenance Measured { get; init; }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <summary>Reads a results file.</summary>
    public static ProbeReport Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<ProbeReport>(stream, Json)!;
    }
}
