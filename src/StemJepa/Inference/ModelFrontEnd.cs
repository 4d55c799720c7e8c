using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>The constants of the log-mel front end, as <c>model.json</c> states them. All but the last two are fixed facts of Stem-JEPA.</summary>
public sealed record ModelFrontEnd
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
