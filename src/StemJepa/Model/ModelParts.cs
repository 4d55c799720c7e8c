using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>
/// The constants of the log-mel front end, as <c>model.json</c> states them. All but the last two are fixed facts of Stem-JEPA.
/// </summary>
internal sealed record ModelFrontEnd
{
    /// <summary>The published configuration.</summary>
    public static ModelFrontEnd Reference { get; } = new()
    {
        SampleRate = FrontEndSettings.SampleRate,
        FftSize = FrontEndSettings.FftSize,
        Hop = FrontEndSettings.Hop,
        MelBands = FrontEndSettings.MelBands,
        MinimumFrequency = FrontEndSettings.MinFrequency,
        MaximumFrequency = FrontEndSettings.MaxFrequency,
        LogOffset = FrontEndSettings.LogOffset,
        Mean = new FrontEndSettings().Mean,
        StandardDeviation = new FrontEndSettings().StandardDeviation,
    };

    /// <summary>Samples per second.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Length of the transform and of its window, in samples.</summary>
    [JsonPropertyName("n_fft")]
    public required int FftSize { get; init; }

    /// <summary>Samples from one frame to the next.</summary>
    public required int Hop { get; init; }

    /// <summary>Number of mel bands.</summary>
    public required int MelBands { get; init; }

    /// <summary>Lower edge of the lowest band, in Hz.</summary>
    [JsonPropertyName("f_min")]
    public required float MinimumFrequency { get; init; }

    /// <summary>Upper edge of the highest band, in Hz.</summary>
    [JsonPropertyName("f_max")]
    public required float MaximumFrequency { get; init; }

    /// <summary>What is added to the mel power before the natural logarithm.</summary>
    public required float LogOffset { get; init; }

    /// <summary>Mean of the training corpus's log-mels, subtracted.</summary>
    public required float Mean { get; init; }

    /// <summary>Standard deviation of the training corpus's log-mels, divided by.</summary>
    [JsonPropertyName("std")]
    public required float StandardDeviation { get; init; }
}

/// <summary>Sizes of the encoder, as <c>model.json</c> states them.</summary>
internal sealed record ModelEncoder
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

/// <summary>How the encoder turns the log-mel into patch vectors.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PatchEmbedding>))]
internal enum PatchEmbedding
{
    /// <summary>One linear layer on each 16 x 16 patch, as the paper does.</summary>
    [JsonStringEnumMemberName("linear")]
    Linear,

    /// <summary>Four 3 x 3 convolutions of stride 2.</summary>
    [JsonStringEnumMemberName("convolutional")]
    Convolutional,
}

/// <summary>Sizes of the predictor, as <c>model.json</c> states them.</summary>
internal sealed record ModelPredictor
{
    /// <summary>Width of each hidden layer, input side first.</summary>
    public required IReadOnlyList<int> Hidden { get; init; }
}

/// <summary>File names of a model's networks, plain names inside the model folder. Both encoders may be one file.</summary>
internal sealed record ModelFiles
{
    /// <summary>The encoder of mixes.</summary>
    public required string ContextEncoder { get; init; }

    /// <summary>The encoder of recordings: the moving average of the context encoder.</summary>
    public required string TargetEncoder { get; init; }

    /// <summary>From a mix's patches and a stem to the missing stem's patches.</summary>
    public required string Predictor { get; init; }
}

/// <summary>How the encoder knows the order of the patches in time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TimePositions>))]
internal enum TimePositions
{
    /// <summary>Fixed sine-cosine positions, counted from the start of the window, as in the paper.</summary>
    [JsonStringEnumMemberName("absolute")]
    Absolute,

    /// <summary>
    /// Rotary positions: attention depends on differences of time only, so that a patch does not depend on where a window begins.
    /// </summary>
    [JsonStringEnumMemberName("rotary")]
    Rotary,
}
