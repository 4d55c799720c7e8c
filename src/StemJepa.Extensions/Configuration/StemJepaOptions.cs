namespace StemJepa.Extensions;

/// <summary>
/// How the container's <see cref="IStemAffinity"/> is loaded: set in code, or bound to configuration. Wrong values are an
/// <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> when the host starts, or when the model is first asked for.
/// </summary>
public sealed class StemJepaOptions
{
    /// <summary>A model folder, the output of StemJepa.Export; null: the model that the library carries.</summary>
    public string? ModelFolder { get; set; }

    /// <summary>Threads that one network uses, with the calling thread, 0..1024; 0 means all cores.</summary>
    public int Threads { get; set; }

    /// <summary>The GPU that <see cref="ExecutionProvider"/> means, from 0.</summary>
    public int DeviceId { get; set; }

    /// <summary>Where the networks run. <see cref="ExecutionProvider.Auto"/> logs a warning when it falls back to the processor.</summary>
    public ExecutionProvider ExecutionProvider { get; set; } = ExecutionProvider.Cpu;
}
