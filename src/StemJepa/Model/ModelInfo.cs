using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>What a model is: its name, licence, stems, embedding length, corpus and measured quality. Immutable and thread-safe.</summary>
/// <remarks>
/// It is read from <c>model.json</c> in the model folder, which also states sizes, front end and files, for the library alone.
/// </remarks>
public sealed record ModelInfo
{
    internal const string FileName = "model.json", FormatName = "stemjepa", StandardOperators = "standard";

    internal const int CurrentVersion = 1;

    private readonly int? _embeddingLength;
    private readonly string? _hash;

    [JsonInclude]
    internal string Format { get; init; } = FormatName;

    [JsonInclude]
    internal int Version { get; init; } = CurrentVersion;

    /// <summary>The model's name, such as <c>base</c> or <c>small</c>.</summary>
    public required string Name { get; init; }

    /// <summary>SPDX expression of the licence of the weights.</summary>
    public required string License { get; init; }

    [JsonInclude]
    internal ModelFrontEnd FrontEnd { get; init; } = null!;

    [JsonInclude]
    internal ModelEncoder Encoder { get; init; } = null!;

    [JsonInclude]
    internal ModelPredictor Predictor { get; init; } = null!;

    /// <summary>
    /// The stems that the model knows, in the order of the predictor's stem vectors: first <see cref="Stem.Roles"/>, then up to 60 others,
    /// each once.
    /// </summary>
    public IReadOnlyList<Stem> Stems { get; init; } = Stem.Roles;

    [JsonInclude]
    internal ModelFiles Files { get; init; } = null!;

    /// <summary>SHA-256 of each file that <see cref="Files"/> names, in lower-case hexadecimal.</summary>
    [JsonInclude]
    internal IReadOnlyDictionary<string, string> Sha256 { get; init; } = null!;

    [JsonInclude]
    internal string Operators { get; init; } = StandardOperators;

    /// <summary>Number format of the weights, such as <c>fp32</c>.</summary>
    public string Precision { get; init; } = "fp32";

    /// <summary>What the model was trained on, if that is known.</summary>
    public ModelCorpus? Corpus { get; init; }

    /// <summary>Measured quality, by name; may be empty. Fractions are 0..1.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Length of an embedding: 5 patches in frequency x the encoder's width.</summary>
    [JsonIgnore]
    public int EmbeddingLength
    {
        get => _embeddingLength ?? (Encoder is null ? 0 : ModelEncoder.FrequencyPatches * Encoder.Width);
        init => _embeddingLength = value;
    }

    /// <summary>
    /// Identifies the model's embeddings: SHA-256 over the SHA-256 of its networks, 64 lower-case hexadecimal digits; empty if the networks
    /// are not known. Embeddings of models with different hashes cannot be compared.
    /// </summary>
    [JsonIgnore]
    public string Hash
    {
        get => _hash ?? ComputeHash();
        init => _hash = value;
    }

    /// <summary>Reads and checks <c>model.json</c> of a model folder. The files that it names are not opened.</summary>
    /// <exception cref="StemJepaException">
    /// The folder or the file is missing, or the file is not a model description of this version.
    /// </exception>
    public static ModelInfo Load(string folder) => new ModelFolder(folder).ReadInfo();

    /// <summary>The predictor's label of a stem: its position in <see cref="Stems"/>.</summary>
    /// <exception cref="StemJepaException">The model does not know the stem.</exception>
    internal int LabelOf(Stem stem)
    {
        for (int label = 0; label < Stems.Count; label++)
        {
            if (Stems[label] == stem)
                return label;
        }
        throw new StemJepaException(
            $"'{stem}' is not a stem that the model '{Name}' knows; use one of {string.Join(", ", Stems)}.", StemJepaErrorKind.UnknownStem);
    }

    /// <summary>Writes <c>model.json</c> into an existing folder, whole or not at all.</summary>
    /// <exception cref="StemJepaException">The description is not consistent, or the folder cannot be written.</exception>
    internal void Save(string folder)
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

    private string ComputeHash()
    {
        if (Files is null || Sha256 is null)
            return "";
        string[] files = [Files.ContextEncoder, Files.TargetEncoder, Files.Predictor];
        string networks = string.Join('\n', files.Select(file => Sha256[file]));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(networks)));
    }
}

/// <summary>What a model was trained on.</summary>
public sealed record ModelCorpus
{
    /// <summary>The corpus's name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of songs.</summary>
    public int Songs { get; init; }

    /// <summary>Their length together, in hours.</summary>
    public double Hours { get; init; }

    /// <summary>Training steps.</summary>
    public long Steps { get; init; }
}
