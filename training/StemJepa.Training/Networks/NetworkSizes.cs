namespace StemJepa.Training.Networks;

/// <summary>The sizes of the encoder and the predictor.</summary>
/// <param name="Name">Name of the preset, or <c>custom</c>.</param>
/// <param name="Width">Channels of a patch embedding; a multiple of 4 and of <paramref name="Heads"/>.</param>
/// <param name="Depth">Transformer blocks of the encoder.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="PredictorHidden">Hidden widths of the predictor.</param>
/// <param name="PatchEmbedding">How patches are embedded.</param>
public sealed record NetworkSizes(
    string Name, int Width, int Depth, int Heads, int[] PredictorHidden, PatchEmbedding PatchEmbedding)
{
    /// <summary>The paper's configuration (section 3.2).</summary>
    public static NetworkSizes Base { get; } = new("base", 768, 12, 12, [1024, 1024, 1024, 1024, 1024], PatchEmbedding.Linear);

    /// <summary>The configuration that the package ships.</summary>
    public static NetworkSizes Small { get; } = new("small", 128, 4, 4, [256, 256, 256], PatchEmbedding.Convolutional);

    /// <summary>The preset of that name.</summary>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static NetworkSizes Preset(string name) => name switch
    {
        "base" => Base,
        "small" => Small,
        _ => throw new ArgumentException($"There is no preset '{name}': use base or small."),
    };
}
