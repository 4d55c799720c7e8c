using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StemJepa.Extensions;

/// <summary>Loads the container's model.</summary>
internal static partial class ModelLoader
{
    /// <exception cref="OptionsValidationException">An option is wrong.</exception>
    /// <exception cref="StemJepaException">The model cannot be loaded.</exception>
    internal static IStemAffinity Load(IServiceProvider provider)
    {
        StemJepaOptions options = provider.GetRequiredService<IOptions<StemJepaOptions>>().Value;
        ILogger logger = provider.GetRequiredService<ILogger<IStemAffinity>>();
        var settings = new StemAffinityOptions
        {
            Threads = options.Threads,
            ExecutionProvider = options.ExecutionProvider,
            DeviceId = options.DeviceId,
            Log = line => LogFallback(logger, line),
        };
        var watch = Stopwatch.StartNew();
        StemAffinity model = options.ModelFolder is { } folder ? StemAffinity.Load(folder, settings) : StemAffinity.Create(settings);
        LogLoaded(logger, model.Model.Name, options.ModelFolder ?? "the library", model.ExecutionProvider, watch.ElapsedMilliseconds);
        return new ObservedStemAffinity(model, provider.GetRequiredService<StemJepaTelemetry>());
    }

    [LoggerMessage(1, LogLevel.Information, "Loaded the model {Model} from {Source}, which runs on {Provider}, in {Milliseconds} ms")]
    private static partial void LogLoaded(ILogger logger, string model, string source, ExecutionProvider provider, long milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "{Line}")]
    private static partial void LogFallback(ILogger logger, string line);
}
