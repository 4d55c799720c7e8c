using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>Which operators the graphs of a model use.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelOperators>))]
public enum ModelOperators
{
    /// <summary>Standard ONNX only: any runtime takes them.</summary>
    [JsonStringEnumMemberName("standard")]
    Standard,

    /// <summary>Also operators of ONNX Runtime's own domain, <c>com.microsoft</c>.</summary>
    [JsonStringEnumMemberName("onnxruntime")]
    OnnxRuntime,
}
