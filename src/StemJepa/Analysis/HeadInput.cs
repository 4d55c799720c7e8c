using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>What a head is shown of a recording.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HeadInput>))]
internal enum HeadInput
{
    /// <summary>The target encoder's columns of patches, [columns, 5 x width].</summary>
    [JsonStringEnumMemberName("columns")]
    Columns,

    /// <summary>The <see cref="StemJepa.Periodicity"/> of the likelihood of beats that the head for beats gives, [1, lags].</summary>
    [JsonStringEnumMemberName("beat_periodicity")]
    BeatPeriodicity,

    /// <summary><see cref="Chromagram.MeanAndDeviation"/> of the recording, [1, 24].</summary>
    [JsonStringEnumMemberName("chroma")]
    Chroma,

    /// <summary>The <see cref="StemJepa.MelDynamics"/> of the recording, [columns, 240].</summary>
    [JsonStringEnumMemberName("mel_dynamics")]
    MelDynamics,
}
