using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using StemJepa.Extensions;

namespace StemJepa.Server.Metrics;

/// <summary>
/// The instruments of the container's <see cref="StemJepaDiagnostics.MeterName"/> meter, in the text format of Prometheus (0.0.4).
/// Thread-safe.
/// </summary>
internal sealed class PrometheusMetrics : IDisposable
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    public PrometheusMetrics(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == StemJepaDiagnostics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public string Write()
    {
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach ((string name, Family family) in _families)
                family.Write(text, name);
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags), name = NameOf(instrument);
        lock (_lock)
        {
            if (!_families.TryGetValue(name, out Family? family))
                _families.Add(name, family = new Family(instrument.Description ?? "", Bounds(instrument)));
            family.Add(labels, value);
        }
    }

    /// <summary>The boundaries of a histogram; null for a counter.</summary>
    private static double[]? Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries?.ToArray() ?? UsualBounds,
        Histogram<long> => UsualBounds,
        _ => null,
    };

    /// <summary>As the OpenTelemetry exporters name them: <c>stemjepa_audio_duration_seconds_total</c>.</summary>
    private static string NameOf(Instrument instrument)
    {
        string name = Identifier(instrument.Name) + (instrument.Unit == "s" ? "_seconds" : "");
        return instrument is Histogram<double> or Histogram<long> ? name : name + "_total";
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>();
        foreach ((string key, object? value) in tags)
        {
            string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Add($"{Identifier(key)}=\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"");
        }
        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    private static string Identifier(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>One metric with all its labels.</summary>
    private sealed class Family(string description, double[]? bounds)
    {
        private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

        public void Add(string labels, double value)
        {
            if (!_series.TryGetValue(labels, out Series? series))
                _series.Add(labels, series = new Series { Buckets = new long[bounds?.Length ?? 0] });
            series.Sum += value;
            series.Count++;
            for (int i = 0; i < series.Buckets.Length; i++)
                series.Buckets[i] += value <= bounds![i] ? 1 : 0;
        }

        public void Write(StringBuilder text, string name)
        {
            text.Append($"# HELP {name} {description}\n# TYPE {name} {(bounds is null ? "counter" : "histogram")}\n");
            foreach ((string labels, Series series) in _series)
            {
                if (bounds is null)
                {
                    Line(text, name, labels, series.Sum);
                    continue;
                }
                string before = labels.Length == 0 ? "" : labels + ",";
                for (int i = 0; i < bounds.Length; i++)
                    Line(text, name + "_bucket", $"{before}le=\"{Number(bounds[i])}\"", series.Buckets[i]);
                Line(text, name + "_bucket", $"{before}le=\"+Inf\"", series.Count);
                Line(text, name + "_sum", labels, series.Sum);
                Line(text, name + "_count", labels, series.Count);
            }
        }

        private static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(Number(value)).Append('\n');
    }

    private sealed class Series
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        public required long[] Buckets { get; init; }
    }
}
