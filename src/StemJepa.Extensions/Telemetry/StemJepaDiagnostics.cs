namespace StemJepa.Extensions;

/// <summary>
/// Names by which metrics and activities are listened to: <c>AddMeter</c> and <c>AddSource</c> of OpenTelemetry take them.
/// </summary>
public static class StemJepaDiagnostics
{
    /// <summary>The meter, made by the container's <see cref="System.Diagnostics.Metrics.IMeterFactory"/>.</summary>
    public const string MeterName = "StemJepa";

    /// <summary>
    /// The source of activities, one around each call, such as <c>stemjepa embed</c>. Tags: <see cref="OperationTag"/>,
    /// <c>stemjepa.stem</c>,
    /// <c>stemjepa.clips</c>, <c>stemjepa.audio_seconds</c>, and on failure the status, <see cref="ErrorTag"/> and the exception.
    /// </summary>
    public const string ActivitySourceName = "StemJepa";

    /// <summary>Counter of recordings that went through the networks, in <c>{clip}</c>, by <see cref="OperationTag"/>.</summary>
    public const string Clips = "stemjepa.clips";

    /// <summary>Counter of the seconds of audio that these recordings have, in <c>s</c>, by <see cref="OperationTag"/>.</summary>
    public const string AudioDuration = "stemjepa.audio.duration";

    /// <summary>
    /// Histogram of the time of a call, in <c>s</c>, by <see cref="OperationTag"/>, and <see cref="ErrorTag"/> where it failed.
    /// </summary>
    public const string OperationDuration = "stemjepa.operation.duration";

    /// <summary>
    /// Counter of calls that threw, cancelled ones among them, in <c>{error}</c>, by <see cref="OperationTag"/> and <see cref="ErrorTag"/>.
    /// </summary>
    public const string Errors = "stemjepa.errors";

    /// <summary>Counter of searches through catalogues that were answered, in <c>{search}</c>.</summary>
    public const string CatalogSearches = "stemjepa.catalog.searches";

    /// <summary>Tag: <c>embed</c>, <c>predict</c> or <c>search</c>.</summary>
    public const string OperationTag = "stemjepa.operation";

    /// <summary>Tag: the full name of the exception's type.</summary>
    public const string ErrorTag = "error.type";
}
