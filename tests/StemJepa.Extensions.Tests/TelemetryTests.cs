using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.VectorData;
using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;

namespace StemJepa.Extensions.Tests;

/// <summary>What is heard on the meter and on the source of activities, against what was called.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const int Second = GoldenModel.SampleRate;
    private readonly ServiceProvider _provider = ContainerTests.Golden().BuildServiceProvider();
    private readonly IStemAffinity _model;
    private readonly AudioClip _mix = GoldenModel.Music(3 * Second, 1), _bass = GoldenModel.Music(2 * Second, 2),
        _drums = GoldenModel.Music(Second, 3);

    public TelemetryTests() => _model = _provider.GetRequiredService<IStemAffinity>();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Clips_seconds_and_times_are_counted_by_operation()
    {
        using MetricCollector<long> clips = Collect<long>(StemJepaDiagnostics.Clips);
        using MetricCollector<double> audio = Collect<double>(StemJepaDiagnostics.AudioDuration),
            times = Collect<double>(StemJepaDiagnostics.OperationDuration);
        using MetricCollector<long> errors = Collect<long>(StemJepaDiagnostics.Errors);

        StemEmbedding embedding = _model.Embed(_mix);
        await _model.EmbedAsync(_bass);
        using (AudioReader reader = _bass.OpenReader())
            _model.Embed(reader);
        _model.Predict(_mix, Stem.Bass);
        using (AudioReader reader = _mix.OpenReader())
            _model.Predict(reader, Stem.Drums);
        await _model.PredictAsync(_mix, Stem.Bass);
        _model.Affinity(_mix, _bass, Stem.Bass);
        _model.Align(_mix, _bass, Stem.Bass);
        using (AudioReader first = _mix.OpenReader(), second = _drums.OpenReader())
            _model.Align(first, second, Stem.Drums);
        _model.Rank(_mix, [_bass, _drums], Stem.Bass);
        await _model.RankAsync(_mix, [_drums], Stem.Bass);
        _model.Rank(embedding, [embedding]);

        (string, long, double, int)[] expected = [("embed", 9, 16, 9), ("predict", 8, 24, 8)];
        Assert.Equal(expected, expected.Select(row =>
            (row.Item1, Of(clips, row.Item1).Sum(), Math.Round(Of(audio, row.Item1).Sum(), 9), Of(times, row.Item1).Length)));
        Assert.Equal(expected.Sum(row => row.Item4), times.GetMeasurementSnapshot().Count);
        Assert.All(times.GetMeasurementSnapshot(), measurement => Assert.InRange(measurement.Value, double.Epsilon, 600));
        Assert.Empty(errors.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Failures_are_counted_by_their_type_and_no_clips_with_them()
    {
        using MetricCollector<long> clips = Collect<long>(StemJepaDiagnostics.Clips), errors = Collect<long>(StemJepaDiagnostics.Errors);
        using MetricCollector<double> times = Collect<double>(StemJepaDiagnostics.OperationDuration);
        var empty = new AudioClip(ReadOnlyMemory<float>.Empty, Second);
        Assert.Throws<StemJepaException>(() => _model.Embed(empty));
        Assert.Throws<ArgumentNullException>(() => _model.Embed((AudioClip)null!));
        Assert.Throws<ArgumentNullException>(() => _model.Predict((AudioReader)null!, Stem.Bass));
        Assert.Throws<StemJepaException>(() => _model.Predict(empty, Stem.Bass));
        Assert.Throws<StemJepaException>(() => _model.Predict(_mix, Stem.Parse("guitar")));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => _model.Embed(_mix, new CancellationToken(canceled: true))));
        (string?, string?)[] seen = [.. errors.GetMeasurementSnapshot()
            .Select(one => (Tag(one, StemJepaDiagnostics.OperationTag), Tag(one, StemJepaDiagnostics.ErrorTag)))];
        Assert.Equal(
        [
            ("embed", "StemJepa.StemJepaException"), ("predict", "StemJepa.StemJepaException"),
                ("predict", "StemJepa.StemJepaException"),
            ("embed", "System.OperationCanceledException"),
        ], seen);
        Assert.Equal(seen, times.GetMeasurementSnapshot()
            .Select(one => (Tag(one, StemJepaDiagnostics.OperationTag), Tag(one, StemJepaDiagnostics.ErrorTag))));
        Assert.Empty(clips.GetMeasurementSnapshot());
    }

    [Fact]
    public void The_container_s_model_answers_as_the_plain_one_does()
    {
        using StemAffinity plain = StemAffinity.Load(GoldenModel.Folder);
        Assert.Equal((plain.Model.Name, plain.Model.Hash), (_model.Model.Name, _model.Model.Hash));
        Assert.Equal(plain.Embed(_mix).Vector.ToArray(), _model.Embed(_mix).Vector.ToArray());
        Assert.Equal(plain.Predict(_mix, Stem.Other).Vector.ToArray(), _model.Predict(_mix, Stem.Other).Vector.ToArray());
        Assert.Equal(plain.Affinity(_mix, _bass, Stem.Bass, AffinityComparison.InTime),
            _model.Affinity(_mix, _bass, Stem.Bass, AffinityComparison.InTime));
        Assert.Equal(plain.Align(_mix, _bass, Stem.Bass).Curve.ToArray(), _model.Align(_mix, _bass, Stem.Bass).Curve.ToArray());
        Assert.Equal(plain.Rank(_mix, [_bass, _drums], Stem.Drums), _model.Rank(_mix, [_bass, _drums], Stem.Drums));
        using AudioReader one = _mix.OpenReader(), other = _mix.OpenReader();
        Assert.Equal(plain.Embed(one).Duration, _model.Embed(other).Duration);
    }

    [Fact]
    public async Task Each_call_is_an_activity_with_its_stem_and_its_failure()
    {
        var heard = new ConcurrentQueue<Activity>();
        using var source = new ActivitySource("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name is StemJepaDiagnostics.ActivitySourceName or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = heard.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        ActivityTraceId trace;
        using (Activity root = source.StartActivity("request")!)
        {
            trace = root.TraceId;
            _model.Embed(_mix);
            await _model.PredictAsync(_mix, Stem.Bass);
            _model.Rank(_mix, [_bass], Stem.Drums);
            Assert.Throws<StemJepaException>(() => _model.Embed(new AudioClip(ReadOnlyMemory<float>.Empty, Second)));
        }
        Activity[] activities =
            [.. heard.Where(activity => activity.TraceId == trace && activity.Source.Name == StemJepaDiagnostics.ActivitySourceName)];
        Assert.Equal(["stemjepa embed", "stemjepa predict", "stemjepa predict", "stemjepa embed", "stemjepa embed"],
            activities.Select(activity => activity.DisplayName));
        Assert.Equal([null, "bass", "drums", null, null], activities.Select(activity => activity.GetTagItem("stemjepa.stem")));
        Assert.Equal([1, 1, 1, 1, null], activities.Select(activity => activity.GetTagItem("stemjepa.clips")));
        Assert.Equal([3.0, 3.0, 3.0, 2.0, null], activities.Select(activity => activity.GetTagItem("stemjepa.audio_seconds")));
        Assert.Equal(ActivityStatusCode.Error, activities[4].Status);
        Assert.Equal("exception", Assert.Single(activities[4].Events).Name);
        Assert.All(activities[..4], activity => Assert.Equal(ActivityStatusCode.Unset, activity.Status));
    }

    [Fact]
    public async Task Searches_of_catalogues_and_vector_stores_are_counted()
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("loops");
        using (CatalogWriter writer = CatalogWriter.Open(library, _model.Model))
        {
            writer.Set(new CatalogEntry { Id = "a" }, Samples.Embedding(1, _model.Model.EmbeddingLength));
            writer.Commit();
        }
        using ServiceProvider all = ContainerTests.Golden().AddStemCatalog(library).AddStemVectorStore(folder.Root).BuildServiceProvider();
        IMeterFactory factory = all.GetRequiredService<IMeterFactory>();
        using var searches = new MetricCollector<long>(factory, StemJepaDiagnostics.MeterName, StemJepaDiagnostics.CatalogSearches);
        using var errors = new MetricCollector<long>(factory, StemJepaDiagnostics.MeterName, StemJepaDiagnostics.Errors);
        IStemCatalog catalog = all.GetRequiredService<IStemCatalog>();
        await catalog.SearchAsync(Samples.Embedding(2, _model.Model.EmbeddingLength));
        await catalog.FindAsync("a");
        using VectorStoreCollection<string, StemRecord> collection = all.GetRequiredService<VectorStore>()
            .GetCollection<string, StemRecord>("loops");
        await foreach (VectorSearchResult<StemRecord> result in collection.SearchAsync(Samples.Embedding(2, _model.Model.EmbeddingLength),
            1))
            Assert.Equal("a", result.Record.Id);
        await Assert.ThrowsAsync<StemJepaException>(() => catalog.SearchAsync(Samples.Embedding(2, 65)));
        Assert.Equal(2, searches.GetMeasurementSnapshot().Sum(one => one.Value));
        Assert.Equal("search", Tag(Assert.Single(errors.GetMeasurementSnapshot()), StemJepaDiagnostics.OperationTag));
    }

    private MetricCollector<T> Collect<T>(string instrument) where T : struct =>
        new(_provider.GetRequiredService<IMeterFactory>(), StemJepaDiagnostics.MeterName, instrument);

    private static T[] Of<T>(MetricCollector<T> collector, string operation) where T : struct =>
        [.. collector.GetMeasurementSnapshot().Where(one => Tag(one, StemJepaDiagnostics.OperationTag) == operation)
        .Select(one => one.Value)];

    private static string? Tag<T>(CollectedMeasurement<T> measurement, string name) where T : struct =>
        measurement.Tags.GetValueOrDefault(name) as string;
}
