namespace StemJepa;

/// <summary>File names of a model's networks, plain names inside the model folder. Both encoders may be one file.</summary>
public sealed record ModelFiles
{
    /// <summary>The encoder of mixes.</summary>
    public required string ContextEncoder { get; init; }

    /// <summary>The encoder of recordings: the moving average of the context encoder.</summary>
    public required string TargetEncoder { get; init; }

    /// <summary>From a mix's patches and a stem to the missing stem's patches.</summary>
    public required string Predictor { get; init; }
}
