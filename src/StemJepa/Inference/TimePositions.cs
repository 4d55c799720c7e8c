using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>How the encoder knows the order of the patches in time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TimePositions>))]
public enum TimePositions
{
    /// <summary>Fixed sine-cosine positions, counted from the start of the window, as the paper has them.</summary>
    [JsonStringEnumMemberName("absolute")]
    Absolute,

    /// <summary>Rotary positions: attention depends on differences of time only, so that a patch does not depend on where a window begins.</summary>
    [JsonStringEnumMemberName("rotary")]
    Rotary,
}
