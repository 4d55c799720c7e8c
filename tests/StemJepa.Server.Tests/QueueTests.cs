using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace StemJepa.Server.Tests;

/// <summary>Many clients at once, and clients that go. Oracle: a model that says when it is called, and waits until it may go on.</summary>
public sealed class QueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Requests_beyond_the_queue_are_told_when_to_come_again()
    {
        using var model = new WaitingModel();
        await using RunningServer server = await RunningServer.StartAsync(
            services: services => services.AddSingleton<IStemAffinity>(model), options: options =>
            {
                options.Concurrency = 1;
                options.QueueLength = 1;
            });
        Task<HttpResponseMessage> first = Embed(server);
        await model.Entered.WaitAsync(Patience);
        // One waits, whichever comes first, and the others are refused.
        List<Task<HttpResponseMessage>> others = [.. Enumerable.Range(0, 4).Select(_ => Embed(server))];
        for (int i = 0; i < 3; i++)
        {
            Task<HttpResponseMessage> refused = await Task.WhenAny(others).WaitAsync(Patience);
            others.Remove(refused);
            Assert.InRange((await refused).Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 1, 60);
            await refused.Refused(HttpStatusCode.TooManyRequests);
        }

        model.Release();
        await first.Json();
        await Assert.Single(others).Json();
        Assert.Equal(1, model.MostAtOnce);
    }

    [Fact]
    public async Task A_client_that_goes_ends_its_work()
    {
        using var model = new WaitingModel();
        await using RunningServer server = await RunningServer.StartAsync(services: services =>
            services.AddSingleton<IStemAffinity>(model));
        using var leaving = new CancellationTokenSource();
        Task<HttpResponseMessage> asked = Embed(server, leaving.Token);
        await model.Entered.WaitAsync(Patience);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await model.Cancelled.WaitAsync(Patience);
    }

    private static Task<HttpResponseMessage> Embed(RunningServer server, CancellationToken cancellationToken = default) =>
        server.Client.PostAsync("api/embed", RunningServer.Form(("recording", RunningServer.GoldenFile("mix.wav"))), cancellationToken);

    /// <summary>A model whose calls wait.</summary>
    private sealed class WaitingModel : IStemAffinity
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _gate = new();
        private int _running;

        public Task Entered => _entered.Task;

        public Task Cancelled => _cancelled.Task;

        public int MostAtOnce { get; private set; }

        public ModelInfo Model { get; } = ModelInfo.Load(TestSupport.GoldenModel.Folder);

        public void Release() => _gate.Set();

        public StemEmbedding Embed(AudioReader recording, IPatchSink? patches = null, CancellationToken cancellationToken = default)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
            _entered.TrySetResult();
            try
            {
                _gate.Wait(cancellationToken);
                return new StemEmbedding(new float[Model.EmbeddingLength]);
            }
            catch (OperationCanceledException)
            {
                _cancelled.TrySetResult();
                throw;
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        public StemEmbedding Predict(AudioReader mix, Stem missing, IPatchSink? patches = null,
            CancellationToken cancellationToken = default) =>
            Embed(mix, patches, cancellationToken);

        public void Dispose() => _gate.Dispose();
    }
}
