using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>Sizes of the encoder, as <c>model.json</c> states them.</summary>
public sealed record ModelEncoder
{
    /// <summary>Patches in frequency: 80 mel bands / 16.</summary>
    public const int FrequencyPatches = 5;

    /// <summary>Bands and frames of one patch.</summary>
    public const int PatchSize = 16;

    /// <summary>Patches in time of one 8 s window: 800 frames / 16.</summary>
    public const int WindowPatches = 50;

    /// <summary>Channels of a patch embedding.</summary>
    public required int Width { get; init; }

    /// <summary>Transformer blocks.</summary>
    public required int Depth { get; init; }

    /// <summary>Attention heads of each block.</summary>
    public required int Heads { get; init; }

    /// <summary>How 16 x 16 patches become vectors.</summary>
    public PatchEmbedding PatchEmbedding { get; init; } = PatchEmbedding.Linear;

    /// <summary>How the encoder knows the order of the patches in time; absolute where <c>model.json</c> does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TimePositions TimePositions { get; init; } = TimePositions.Absolute;

    /// <summary>Bands and frames of one patch: always 16 and 16.</summary>
    public IReadOnlyList<int> Patch { get; init; } = [PatchSize, PatchSize];

    /// <summary>The most patches in time that the graph takes: always 50, one window.</summary>
    public int MaxTimePatches { get; init; } = WindowPatches;
}
