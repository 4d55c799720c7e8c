using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

public sealed class StemAffinityTests(GoldenModel model) : IClassFixture<GoldenModel>
{
    private const int Window = 8 * GoldenModel.SampleRate;

    private readonly StemAffinity _affinity = model.Affinity;

    [Fact]
    public void Ranking_is_by_affinity_and_then_by_index_whatever_the_order_of_candidates() =>
        Gen.Select(Gen.Int[0, 5].Array[1, 12], Gen.Int[0, 1_000_000]).Sample((kinds, seed) =>
        {
            StemEmbedding prediction = Embedding(1000);
            StemEmbedding[] candidates = [.. kinds.Select(Embedding)];
            IReadOnlyList<RankedStem> ranking = _affinity.Rank(prediction, candidates);

            Assert.Equal(Enumerable.Range(0, kinds.Length), ranking.Select(ranked => ranked.Index).Order());
            Assert.All(ranking, ranked => Assert.Equal(prediction.Similarity(candidates[ranked.Index]), ranked.Affinity));
            Assert.All(ranking.Zip(ranking.Skip(1)), pair => Assert.True(
                pair.First.Affinity > pair.Second.Affinity
                || (pair.First.Affinity == pair.Second.Affinity && pair.First.Index < pair.Second.Index)));

            StemEmbedding[] shuffled = [.. candidates];
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(ranking.Select(ranked => ranked.Affinity), _affinity.Rank(prediction, shuffled).Select(ranked => ranked.Affinity));
        });

    [Fact]
    public async Task Ranking_of_clips_equals_ranking_of_their_embeddings_and_reports_each()
    {
        AudioClip mix = GoldenModel.Music(9000, 1);
        AudioClip[] candidates = [.. Enumerable.Range(2, 5).Select(seed => GoldenModel.Music(4000 * seed, seed))];
        var done = new List<int>();

        IReadOnlyList<RankedStem> expected =
            _affinity.Rank(_affinity.Predict(mix, Stem.Drums), [.. candidates.Select(candidate => _affinity.Embed(candidate))]);

        Assert.Equal(expected, _affinity.Rank(mix, candidates, Stem.Drums));
        Assert.Equal(expected, await _affinity.RankAsync(mix, candidates, Stem.Drums, progress: new Collector(done)));
        Assert.Equal([1, 2, 3, 4, 5], done.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_batching_of_windows_does_not_change_the_result(int windows)
    {
        AudioClip clip = GoldenModel.Music(windows * Window + 5000, windows);
        var alone = new double[_affinity.Model.EmbeddingLength];
        var patches = 0;
        using var networks =
            new StemNetworks(new ModelFolder(GoldenModel.Folder), _affinity.Model, new StemAffinityOptions { Threads = 2 });
        using var run = new Microsoft.ML.OnnxRuntime.RunOptions();
        foreach (LogMelChunk chunk in LogMelChunk.Read(clip.OpenReader(), WindowBatch.WindowFrames))
        {
            using var batch = new WindowBatch(_affinity.Model.Encoder.Width);
            chunk.Values.CopyTo(batch.Add(chunk.PaddedFrames));
            networks.Encode(batch, run);
            var mean = new PatchMean(_affinity.Model.Encoder.Width);
            mean.Add(batch.PatchValues, batch.TimePatches);
            float[] vector = mean.ToVector();
            for (int i = 0; i < vector.Length; i++)
                alone[i] += vector[i] * batch.TimePatches;
            patches += batch.TimePatches;
        }

        float[] together = _affinity.Embed(clip).Vector.ToArray();

        for (int i = 0; i < together.Length; i++)
            Assert.Equal(alone[i] / patches, together[i], 1e-5);
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(44100)]
    public void Steady_calls_allocate_little_besides_the_embedding(int sampleRate)
    {
        const int embeddingObject = 100, allowance = 2048;
        AudioClip clip = GoldenModel.Music(8 * sampleRate, 1, sampleRate);
        int limit = _affinity.Model.EmbeddingLength * sizeof(float) + embeddingObject + allowance;
        Assert.InRange(Allocations.Of(() => _affinity.Embed(clip)), 1, limit);
        Assert.InRange(Allocations.Of(() => _affinity.Predict(clip, Stem.Drums)), 1, limit);
    }

    [Fact]
    public void A_call_leaves_no_trace_in_the_next()
    {
        AudioClip first = GoldenModel.Music(3 * 44100, 1, 44100), second = GoldenModel.Music(2 * Window + 5000, 2);
        float[] embedded = Fresh(first, null), predicted = Fresh(second, Stem.Bass);
        float[] spoilt = GoldenModel.Music(20 * 44100, 3, 44100).Samples.ToArray();
        spoilt[15 * 44100] = float.NaN;
        using StemAffinity model = StemAffinity.Load(GoldenModel.Folder, new StemAffinityOptions { Threads = 2 });
        for (int i = 0; i < 2; i++)
        {
            Assert.Throws<StemJepaException>(() => model.Embed(new AudioClip(spoilt, 44100)));
            Assert.Equal(embedded, model.Embed(first).Vector.ToArray());
            Assert.Equal(predicted, model.Predict(second, Stem.Bass).Vector.ToArray());
            using var cancellation = new CancellationTokenSource();
            using var endless = new EndlessReader(afterSamples: 5 * Window, cancellation.Cancel);
            Assert.Throws<OperationCanceledException>(() => model.Embed(endless, cancellationToken: cancellation.Token));
        }

        static float[] Fresh(AudioClip clip, Stem? missing)
        {
            using StemAffinity model = StemAffinity.Load(GoldenModel.Folder, new StemAffinityOptions { Threads = 2 });
            return (missing is { } stem ? model.Predict(clip, stem) : model.Embed(clip)).Vector.ToArray();
        }
    }

    [Fact]
    public void Eight_threads_on_one_instance_get_the_same_bits_as_one()
    {
        AudioClip[] clips = [.. Enumerable.Range(0, 8).Select(seed => GoldenModel.Music(30000 + 20000 * seed, seed))];
        float[][] embedded = [.. clips.Select(clip => _affinity.Embed(clip).Vector.ToArray())];
        float[][] predicted = [.. clips.Select(clip => _affinity.Predict(clip, Stem.Other).Vector.ToArray())];
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();

        Thread[] threads = [.. Enumerable.Range(0, 8).Select(first => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < clips.Length; i++)
                {
                    int clip = (first + i) % clips.Length;
                    Assert.Equal(embedded[clip], _affinity.Embed(clips[clip]).Vector.ToArray());
                    Assert.Equal(predicted[clip], _affinity.Predict(clips[clip], Stem.Other).Vector.ToArray());
                }
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Empty(failures);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void As_many_callers_as_threads_get_networks_of_one_thread(int threads, bool crowded)
    {
        using var networks =
            new SharedNetworks(new ModelFolder(GoldenModel.Folder), _affinity.Model, new StemAffinityOptions { Threads = threads });
        networks.Enter();
        StemNetworks alone = networks.ForNextRun();
        networks.Enter();
        Assert.Equal(crowded, !ReferenceEquals(alone, networks.ForNextRun()));
        networks.Leave();
        Assert.Same(alone, networks.ForNextRun());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_callers_get_the_bits_of_one(int threads)
    {
        using StemAffinity model = StemAffinity.Load(GoldenModel.Folder, new StemAffinityOptions { Threads = threads });
        AudioClip clip = GoldenModel.Music(20 * 16000, 7);
        float[] expected = model.Embed(clip).Vector.ToArray();
        Assert.All(EmbedTogether(model, clip), vector => Assert.Equal(expected, vector));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Many_recordings_are_embedded_in_their_order(int count)
    {
        AudioClip[] clips = [.. Enumerable.Range(0, count).Select(seed => GoldenModel.Music(60000 - 7000 * seed, seed))];
        List<StemEmbedding> embedded = await _affinity.EmbedManyAsync(clips).ToListAsync();
        Assert.Equal(clips.Select(clip => _affinity.Embed(clip).Vector.ToArray()),
            embedded.Select(embedding => embedding.Vector.ToArray()));
    }

    [Fact]
    public async Task Many_recordings_end_at_a_bad_one_or_a_cancelled_token()
    {
        AudioClip good = GoldenModel.Music(5000, 1), empty = new(ReadOnlyMemory<float>.Empty, 44100);
        await Assert.ThrowsAsync<StemJepaException>(async () => await _affinity.EmbedManyAsync([good, empty, good]).ToListAsync());
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StemEmbedding embedding in _affinity.EmbedManyAsync(Enumerable.Repeat(good, 1000), cancellation.Token))
                await cancellation.CancelAsync();
        });
    }

    /// <summary>The oracle is the mean cosine of time patches, layer-normed in double precision.</summary>
    [Fact]
    public void Affinity_in_time_is_the_mean_cosine_of_time_patches()
    {
        AudioClip mix = GoldenModel.Music(30000, 1), candidate = GoldenModel.Music(50000, 2);
        PatchSequence predicted = new(), own = new();
        _affinity.Predict(mix.OpenReader(), Stem.Bass, predicted);
        _affinity.Embed(candidate.OpenReader(), own);
        int shared = Math.Min(predicted.Count, own.Count);
        double expected = Enumerable.Range(0, shared).Average(i => Cosine(Centred(predicted, i), Centred(own, i)));
        Assert.Equal(expected, _affinity.Affinity(mix, candidate, Stem.Bass, AffinityComparison.InTime), 1e-5);
        RankedStem first = _affinity.Rank(mix, [candidate], Stem.Bass, AffinityComparison.InTime)[0];
        Assert.Equal(expected, first.Affinity, 1e-5);
        Assert.Throws<ArgumentOutOfRangeException>(() => _affinity.Affinity(mix, candidate, Stem.Bass, (AffinityComparison)2));

        static double[] Centred(PatchSequence sequence, int index)
        {
            double[] values =
                [.. sequence.Values.Slice(index * sequence.PatchLength, sequence.PatchLength).ToArray().Select(value => (double)value)];
            double mean = values.Average();
            return [.. values.Select(value => value - mean)];
        }

        static double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));
    }

    [Fact]
    public void Spans_and_signals_give_the_bits_of_clips()
    {
        AudioClip clip = GoldenModel.Music(30000, 5);
        float[] expected = _affinity.Embed(clip).Vector.ToArray();
        Assert.Equal(expected, _affinity.Embed(clip.Samples.Span, clip.SampleRate).Vector.ToArray());
        Assert.Equal(expected, _affinity.Embed(clip.ToSignal()).Vector.ToArray());
        Assert.Equal(_affinity.Predict(clip, Stem.Bass).Vector.ToArray(), _affinity.Predict(clip.ToSignal(), Stem.Bass).Vector.ToArray());
    }

    [Fact]
    public void Embeddings_state_their_model()
    {
        StemEmbedding embedding = _affinity.Embed(GoldenModel.Music(5000, 1));
        Assert.Equal(_affinity.Model.Hash, embedding.ModelHash);
        Assert.Matches("^[0-9a-f]{64}$", embedding.ModelHash);
    }

    /// <summary>Networks cannot be loaded again from a folder that is gone; the loaded ones serve all callers.</summary>
    [Fact]
    public void Callers_are_served_when_the_models_folder_is_gone()
    {
        using var temporary = new TemporaryFolder();
        string folder = Directory.CreateDirectory(temporary.PathOf("model")).FullName;
        foreach (string file in Directory.EnumerateFiles(GoldenModel.Folder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        using StemAffinity model = StemAffinity.Load(folder, new StemAffinityOptions { Threads = 2 });
        AudioClip clip = GoldenModel.Music(20 * 16000, 8);
        float[] expected = model.Embed(clip).Vector.ToArray();
        Directory.Delete(folder, recursive: true);
        Assert.All(EmbedTogether(model, clip), vector => Assert.Equal(expected, vector));
    }

    /// <summary>Two callers, who wait for each other before they read, so that they are there at once.</summary>
    private static IEnumerable<float[]> EmbedTogether(StemAffinity model, AudioClip clip)
    {
        using var together = new Barrier(2);
        Task<StemEmbedding>[] calls = [.. Enumerable.Range(0, 2)
            .Select(_ => Task.Factory.StartNew(() => model.Embed(new WaitingReader(clip, together)), TaskCreationOptions.LongRunning))];
        return [.. calls.Select(call => call.Result.Vector.ToArray())];
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(44100)]
    [InlineData(192000)]
    public void Any_sample_rate_is_embedded_as_its_resampled_audio_is(int sampleRate)
    {
        AudioClip clip = GoldenModel.Music(sampleRate, 3, sampleRate);
        StemEmbedding embedding = _affinity.Embed(clip);

        Assert.Equal(TimeSpan.FromSeconds(1), embedding.Duration);
        Assert.True(_affinity.Embed(clip.Resample(GoldenModel.SampleRate)).Similarity(embedding) > 0.9999f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(159)]
    [InlineData(201)]
    [InlineData(Window)]
    public void Silence_embeds_and_is_reported_as_silent(int samples)
    {
        StemEmbedding silence = _affinity.Embed(new AudioClip(new float[samples], GoldenModel.SampleRate));
        Assert.True(silence.IsSilent);
        Assert.Equal(TimeSpan.FromSeconds((double)samples / GoldenModel.SampleRate), silence.Duration);
        Assert.False(_affinity.Embed(GoldenModel.Music(samples, 1)).IsSilent);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_sample_that_is_not_finite_is_refused_and_located(float value)
    {
        foreach (int sampleRate in new[] { 16000, 44100 })
        {
            float[] samples = GoldenModel.Music(20 * sampleRate, 4, sampleRate).Samples.ToArray();
            samples[17 * sampleRate] = value;
            string message = Assert.Throws<StemJepaException>(() => _affinity.Embed(new AudioClip(samples, sampleRate))).Message;
            Assert.Equal("The recording has samples that are not finite numbers between 16.0 and 20.0 s: export the recording again.",
                message);
        }
    }

    [Fact]
    public void Errors_name_the_recording_that_is_at_fault()
    {
        AudioClip good = GoldenModel.Music(5000, 1), empty = new(ReadOnlyMemory<float>.Empty, 44100);

        Assert.StartsWith("The recording is empty", Refused(() => _affinity.Embed(empty)));
        Assert.StartsWith("The mix is empty", Refused(() => _affinity.Predict(empty, Stem.Bass)));
        Assert.StartsWith("The mix is empty", Refused(() => _affinity.Affinity(empty, good, Stem.Bass)));
        Assert.StartsWith("The candidate is empty", Refused(() => _affinity.Affinity(good, empty, Stem.Bass)));
        Assert.StartsWith("Candidate 1 is empty", Refused(() => _affinity.Rank(good, [good, empty], Stem.Bass)));

        static string Refused(Func<object> call) => Assert.Throws<StemJepaException>(call).Message;
    }

    [Fact]
    public async Task Wrong_arguments_are_refused()
    {
        AudioClip clip = GoldenModel.Music(5000, 1);
        Assert.Throws<ArgumentException>(() => _affinity.Rank(clip, [], Stem.Bass));
        Assert.Throws<ArgumentException>(() => _affinity.Rank(clip, [clip, null!], Stem.Bass));
        Assert.Throws<ArgumentException>(() => _affinity.Rank(Embedding(1), []));
        await Assert.ThrowsAsync<ArgumentException>(() => _affinity.RankAsync(clip, [], Stem.Bass));
        Assert.Throws<StemJepaException>(() => _affinity.Rank(Embedding(1), [new StemEmbedding(new float[10])]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    public void An_error_of_the_reader_reaches_the_caller_from_any_window(int window)
    {
        using var reader = new SyntheticReader(20L * Window, position => position < (window - 0.5) * Window ? 0.1f
            : throw new StemJepaException("the disk is gone"), []);
        Assert.Equal("the disk is gone", Assert.Throws<StemJepaException>(() => _affinity.Embed(reader)).Message);
    }

    [Fact]
    public async Task A_cancelled_call_stops_at_once_even_on_an_endless_recording()
    {
        using var cancellation = new CancellationTokenSource();
        using var endless = new EndlessReader(afterSamples: 30 * Window, cancellation.Cancel);

        Assert.Throws<OperationCanceledException>(() => _affinity.Embed(endless, cancellationToken: cancellation.Token));
        Assert.InRange(endless.Position, 30 * Window, 33 * Window);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _affinity.EmbedAsync(GoldenModel.Music(5000, 1), cancellation.Token));
        Assert.False(_affinity.Embed(GoldenModel.Music(5000, 1)).IsSilent);
    }

    [Fact]
    public async Task A_disposed_model_refuses_calls_and_lets_running_ones_finish()
    {
        StemAffinity affinity = StemAffinity.Load(GoldenModel.Folder);
        using var started = new ManualResetEventSlim();
        using var disposed = new ManualResetEventSlim();
        using var reader = new GatedReader(GoldenModel.Music(20 * GoldenModel.SampleRate, 1).OpenReader(), started, disposed);
        Task<StemEmbedding> running = Task.Run(() => affinity.Embed(reader));

        Assert.True(started.Wait(TimeSpan.FromSeconds(30)));
        affinity.Dispose();
        affinity.Dispose();
        disposed.Set();

        Assert.Equal(TimeSpan.FromSeconds(20), (await running).Duration);
        Assert.Throws<ObjectDisposedException>(() => affinity.Embed(GoldenModel.Music(5000, 1)));
        Assert.Throws<ObjectDisposedException>(() => affinity.Predict(GoldenModel.Music(5000, 1), Stem.Bass));
    }

    private StemEmbedding Embedding(int seed)
    {
        var random = new Random(seed);
        return new StemEmbedding([.. Enumerable.Range(0, _affinity.Model.EmbeddingLength).Select(_ => random.NextSingle() - 0.5f)]);
    }

    private sealed class Collector(List<int> values) : IProgress<int>
    {
        public void Report(int value)
        {
            lock (values)
                values.Add(value);
        }
    }
}
