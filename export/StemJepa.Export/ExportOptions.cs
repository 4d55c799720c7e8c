namespace StemJepa.Export;

/// <summary>Input, output and settings of an export.</summary>
internal sealed record ExportOptions
{
    /// <summary>The weights: a safetensors file, or a checkpoint of PyTorch.</summary>
    public required string From { get; init; }

    /// <summary>The model folder to write.</summary>
    public required string Out { get; init; }

    /// <summary>Values of <see cref="Precision"/>.</summary>
    public const string Float32 = "fp32", Float16 = "fp16", Int8 = "int8";

    /// <summary>Precision of products with weights: <see cref="Float32"/>, <see cref="Float16"/> or <see cref="Int8"/>.</summary>
    public string Precision { get; init; } = Float32;

    /// <summary>One encoder file or two.</summary>
    public EncoderSharing Encoders { get; init; }

    /// <summary>Attention heads, for a weights file without a configuration.</summary>
    public int? Heads { get; init; }

    /// <summary>The model's name; by default the one in the weights file, else the file's name.</summary>
    public string? Name { get; init; }

    /// <summary>SPDX expression of the licence; by default the one in the weights file, else <c>NOASSERTION</c>.</summary>
    public string? License { get; init; }

    /// <summary>
    /// A results file of <c>evaluate retrieval</c>, whose figures go into <c>model.json</c>; by default those in the weights file.
    /// </summary>
    public string? Metrics { get; init; }
}

/// <summary>Whether mixes and recordings go through the same encoder file.</summary>
internal enum EncoderSharing
{
    /// <summary>One file when the two encoders' weights are equal, else two.</summary>
    Automatic,

    /// <summary>Two files, even if their weights are equal.</summary>
    Separate,

    /// <summary>One file: the target encoder serves both.</summary>
    Shared,
}
