using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>What a model folder's <c>model.json</c> says: sizes, stems, front-end constants, files, corpus and licence. Immutable and thread-safe.</summary>
public sealed record ModelInfo
{
    /// <summary>The name of the file in a model folder: <c>model.json</c>.</summary>
    public const string FileName = "model.json";

    /// <summary>The value of <see cref="Format"/>.</summary>
    public const string FormatName = "stemjepa";

    /// <summary>The newest <see cref="Version"/> that this library writes, and the only one it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The four stems in the order of the predictor's stem vectors, as <see cref="Stem"/> numbers them.</summary>
    public static IReadOnlyList<string> StemNames { get; } = ["bass", "drums", "other", "vocals"];

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Version of the folder's layout.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The model's name, such as <c>base</c> or <c>small</c>.</summary>
    public required string Name { get; init; }

    /// <summary>SPDX expression of the licence of the weights.</summary>
    public required string License { get; init; }

    /// <summary>The log-mel front end that the model was trained with.</summary>
    public required ModelFrontEnd FrontEnd { get; init; }

    /// <summary>Sizes of the encoder.</summary>
    public required ModelEncoder Encoder { get; init; }

    /// <summary>Sizes of the predictor.</summary>
    public required ModelPredictor Predictor { get; init; }

    /// <summary>Names of the stems, by number: always <see cref="StemNames"/>.</summary>
    public IReadOnlyList<string> Stems { get; init; } = StemNames;

    /// <summary>File names of the networks, inside the model folder.</summary>
    public required ModelFiles Files { get; init; }

    /// <summary>SHA-256 of each file that <see cref="Files"/> names, in lower-case hexadecimal.</summary>
    public required IReadOnlyDictionary<string, string> Sha256 { get; init; }

    /// <summary>Which operators the graphs use.</summary>
    public ModelOperators Operators { get; init; } = ModelOperators.Standard;

    /// <summary>Number format of the weights, such as <c>fp32</c>.</summary>
    public string Precision { get; init; } = "fp32";

    /// <summary>What the model was trained on, if that is known.</summary>
    public ModelCorpus? Corpus { get; init; }

    /// <summary>Measured quality, by name; may be empty. Fractions are 0..1.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Length of an embedding: 5 patches in frequency x the encoder's width.</summary>
    [JsonIgnore]
    public int EmbeddingLength => ModelEncoder.FrequencyPatches * Encoder.Width;

    /// <summary>Reads and checks <c>model.json</c> of a model folder. The files that it names are not opened.</summary>
    /// <exception cref="StemJepaException">The folder or the file is missing, or the file is not a model description of this version.</exception>
    public static ModelInfo Load(string folder) => new ModelFolder(folder).ReadInfo();

    /// <summary>Writes <c>model.json</c> into an existing folder, whole or not at all.</summary>
    /// <exception cref="StemJepaException">The description is not consistent, or the folder cannot be written.</exception>
    public void Save(string folder)
    {
        string path = Path.Combine(folder, FileName);
        ModelInfoRules.Check(this, path);
        ModelInfoRules.Format.Write(path, this);
    }

    /// <summary>Reads and checks a description; <paramref name="source"/> names it in errors.</summary>
    internal static ModelInfo Parse(ReadOnlySpan<byte> json, string source)
    {
        ModelInfo info = ModelInfoRules.Format.Parse(json, source);
        ModelInfoRules.Check(info, source);
        return info;
    }
}
