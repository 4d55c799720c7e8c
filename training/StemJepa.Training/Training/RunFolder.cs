using System.Globalization;
using System.Text.Json;
using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>
/// The files of one run: <c>config.json</c>, <c>checkpoint.safetensors</c> (weights, moments, step), <c>log.csv</c>, and at the end
/// <c>weights.safetensors</c>. A checkpoint is replaced whole, so that a run that is killed resumes from the last one.
/// </summary>
internal sealed class RunFolder(string path)
{
    /// <summary>The form of a training configuration.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public string Path { get; } = path;

    public string LogPath => File("log.csv");

    public string PlotPath => File("log.png");

    public string WeightsPath => File("weights.safetensors");

    public bool IsFinished => System.IO.File.Exists(WeightsPath);

    public bool HasCheckpoint => System.IO.File.Exists(File("checkpoint.safetensors"));

    /// <summary>The state of a run besides its tensors.</summary>
    public sealed record State(long Step, FrontEndSettings FrontEnd, string[] Songs);

    public static TrainingSettings ReadSettings(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingSettings>(System.IO.File.ReadAllText(file), Json)!;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{file}: not a training configuration ({error.Message.TrimEnd('.')}); start from the config.json of another run.", error);
        }
    }

    public TrainingSettings ReadSettings() => ReadSettings(File("config.json"));

    /// <summary>Whether the run in this folder has these settings.</summary>
    public bool IsOf(TrainingSettings settings) =>
        JsonSerializer.Serialize(ReadSettings(), Json) == JsonSerializer.Serialize(settings, Json);

    public void WriteSettings(TrainingSettings settings)
    {
        Directory.CreateDirectory(Path);
        AtomicFile.Write(File("config.json"), stream => JsonSerializer.Serialize(stream, settings, Json));
    }

    public void SaveCheckpoint(StemJepaNetwork network, AdamW optimiser, State state) => WeightsFile.Save(
        File("checkpoint.safetensors"),
        Tensors(network).Concat(optimiser.State),
        new Dictionary<string, string>
        {
            ["step"] = state.Step.ToString(CultureInfo.InvariantCulture),
            ["front_end"] = JsonSerializer.Serialize(state.FrontEnd, Json),
            ["songs"] = JsonSerializer.Serialize(state.Songs),
        });

    public State LoadCheckpoint(StemJepaNetwork network, AdamW optimiser)
    {
        using SafetensorsFile file = SafetensorsFile.Open(File("checkpoint.safetensors"));
        WeightsFile.Load(file, Tensors(network).Concat(optimiser.State));
        try
        {
            return new State(
                long.Parse(file.Metadata["step"], CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize<FrontEndSettings>(file.Metadata["front_end"], Json)!,
                JsonSerializer.Deserialize<string[]>(file.Metadata["songs"])!);
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException or JsonException)
        {
            throw new StemJepaException(
                $"{file.FilePath}: its metadata is not that of a checkpoint; resume from the folder that the train command wrote.", error);
        }
    }

    /// <summary>Writes the weights alone, with the sizes and training facts that the exporter reads.</summary>
    public void SaveWeights(StemJepaNetwork network, WeightsConfig config) =>
        WeightsFile.Save(WeightsPath, Tensors(network), config.ToMetadata());

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(StemJepaNetwork network) => network.state_dict();

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
