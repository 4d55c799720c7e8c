namespace StemJepa.Export;

/// <summary>What to export, whereto and how.</summary>
internal sealed record ExportOptions
{
    /// <summary>The weights: a safetensors file, or a checkpoint of PyTorch.</summary>
    public required string From { get; init; }

    /// <summary>The model folder to write.</summary>
    public required string Out { get; init; }

    /// <summary>Which operators the graphs use.</summary>
    public ModelOperators Operators { get; init; } = ModelOperators.Standard;

    /// <summary>Values of <see cref="Precision"/>.</summary>
    public const string Float32 = "fp32", Float16 = "fp16", Int8 = "int8";

    /// <summary>How products with weights are computed: <see cref="Float32"/>, <see cref="Float16"/> or <see cref="Int8"/>.</summary>
    public string Precision { get; init; } = Float32;

    /// <summary>One encoder file or two.</summary>
    public EncoderSharing Encoders { get; init; }

    /// <summary>Attention heads, when the weights do not say.</summary>
    public int? Heads { get; init; }

    /// <summary>The model's name; by default what the weights say, else their file name.</summary>
    public string? Name { get; init; }

    /// <summary>SPDX expression of the licence; by default what the weights say, else <c>NOASSERTION</c>.</summary>
    public string? License { get; init; }

    /// <summary>A results file of <c>evaluate retrieval</c>, whose figures go into <c>model.json</c>; by default what the weights say.</summary>
    public string? Metrics { get; init; }
}
