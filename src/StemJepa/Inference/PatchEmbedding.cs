using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>How the encoder turns the log-mel into patch vectors.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PatchEmbedding>))]
public enum PatchEmbedding
{
    /// <summary>One linear layer on each 16 x 16 patch, as the paper does.</summary>
    [JsonStringEnumMemberName("linear")]
    Linear,

    /// <summary>Four 3 x 3 convolutions of stride 2.</summary>
    [JsonStringEnumMemberName("convolutional")]
    Convolutional,
}
