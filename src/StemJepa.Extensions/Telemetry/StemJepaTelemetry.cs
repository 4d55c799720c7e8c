using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StemJepa.Extensions;

/// <summary>Measures calls. Thread-safe.</summary>
internal sealed class StemJepaTelemetry
{
    internal const string Search = "search";

    private static readonly ActivitySource Source = new(StemJepaDiagnostics.ActivitySourceName);
    private static readonly InstrumentAdvice<double> Buckets =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };

    private readonly Counter<long> _clips;
    private readonly Counter<double> _audio;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _searches;

    public StemJepaTelemetry(IMeterFactory factory)
    {
        Meter meter = factory.Create(StemJepaDiagnostics.MeterName);
        _clips = meter.CreateCounter<long>(StemJepaDiagnostics.Clips, "{clip}", "Recordings that went through the networks.");
        _audio = meter.CreateCounter<double>(StemJepaDiagnostics.AudioDuration, "s", "Seconds of audio that these recordings have.");
        _duration = meter.CreateHistogram(StemJepaDiagnostics.OperationDuration, "s", "Time of a call.", advice: Buckets);
        _errors = meter.CreateCounter<long>(StemJepaDiagnostics.Errors, "{error}", "Calls that threw.");
        _searches =
            meter.CreateCounter<long>(StemJepaDiagnostics.CatalogSearches, "{search}", "Searches through catalogues that were answered.");
    }

    /// <summary>Measures a call.</summary>
    /// <param name="operation">Its name, as <see cref="StemJepaDiagnostics.OperationTag"/> lists them.</param>
    /// <param name="stem">The stem that is missing, if one is.</param>
    /// <param name="audio">Recordings and their seconds; asked after the call, and only if it did not throw.</param>
    /// <param name="call">The call.</param>
    internal T Observe<T>(string operation, Stem? stem, Func<(int Clips, double Seconds)> audio, Func<T> call)
    {
        using Activity? activity = Start(operation, stem);
        long started = Stopwatch.GetTimestamp();
        try
        {
            T result = call();
            Succeed(operation, activity, started, audio());
            return result;
        }
        catch (Exception error)
        {
            Fail(operation, activity, started, error);
            throw;
        }
    }

    /// <summary>As <see cref="Observe"/>, for a call that goes on elsewhere.</summary>
    internal async Task<T> ObserveAsync<T>(string operation, Stem? stem, Func<(int Clips, double Seconds)> audio, Func<Task<T>> call)
    {
        using Activity? activity = Start(operation, stem);
        long started = Stopwatch.GetTimestamp();
        try
        {
            T result = await call().ConfigureAwait(false);
            Succeed(operation, activity, started, audio());
            return result;
        }
        catch (Exception error)
        {
            Fail(operation, activity, started, error);
            throw;
        }
    }

    private static Activity? Start(string operation, Stem? stem)
    {
        Activity? activity = Source.StartActivity($"stemjepa {operation}");
        activity?.SetTag(StemJepaDiagnostics.OperationTag, operation);
        if (stem is { } missing)
            activity?.SetTag("stemjepa.stem", missing.Name);
        return activity;
    }

    private void Succeed(string operation, Activity? activity, long started, (int Clips, double Seconds) audio)
    {
        var tag = new KeyValuePair<string, object?>(StemJepaDiagnostics.OperationTag, operation);
        _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tag);
        if (operation == Search)
            _searches.Add(1);
        if (audio.Clips == 0)
            return;
        _clips.Add(audio.Clips, tag);
        _audio.Add(audio.Seconds, tag);
        activity?.SetTag("stemjepa.clips", audio.Clips).SetTag("stemjepa.audio_seconds", audio.Seconds);
    }

    private void Fail(string operation, Activity? activity, long started, Exception error)
    {
        string? type = error.GetType().FullName;
        var tags = new TagList { { StemJepaDiagnostics.OperationTag, operation }, { StemJepaDiagnostics.ErrorTag, type } };
        _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
        _errors.Add(1, tags);
        activity?.SetTag(StemJepaDiagnostics.ErrorTag, type).SetStatus(ActivityStatusCode.Error, error.Message).AddException(error);
    }
}
