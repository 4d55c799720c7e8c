namespace StemJepa.Server.Work;

/// <summary>Indexes one folder at a time in the background, and says how far it is. Thread-safe.</summary>
internal sealed class IndexJob(IStemIndexer? indexer = null) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private CancellationTokenSource? _running;
    private IndexState _state = new("idle", null, 0, 0, null, null);

    public bool IsOffered => indexer is not null;

    public IndexState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    /// <summary>Starts to index a folder.</summary>
    /// <exception cref="RequestException">Indexing is not offered (404), the folder is none (400), or one is indexed already
    /// (409).</exception>
    public IndexState Start(string folder)
    {
        CancellationToken cancellationToken;
        lock (_lock)
        {
            Require(folder);
            _running = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            cancellationToken = _running.Token;
            _state = new IndexState("running", folder, 0, 0, null, null);
        }
        _ = Task.Run(() => IndexAsync(folder, null, cancellationToken), CancellationToken.None);
        return State;
    }

    /// <summary>Indexes a folder, and waits for its end.</summary>
    /// <inheritdoc cref="Start" path="/exception"/>
    public async Task<StemIndexReport> RunAsync(string folder, IProgress<StemIndexProgress> progress, CancellationToken cancellationToken)
    {
        CancellationTokenSource running;
        lock (_lock)
        {
            Require(folder);
            _running = running = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
            _state = new IndexState("running", folder, 0, 0, null, null);
        }
        IndexState state = await IndexAsync(folder, progress, running.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return state.Report ?? throw new StemJepaException(state.Error ?? $"Indexing {folder} was cancelled.");
    }

    /// <summary>Ends what is running; what was done is kept.</summary>
    public IndexState Cancel()
    {
        lock (_lock)
        {
            _running?.Cancel();
            return _state;
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Require(string folder)
    {
        if (indexer is null)
            throw RequestException.NotFound("This server indexes no folders; use 'stemjepa index' where its catalogue is.");
        if (_state.State == "running")
            throw new RequestException(409, $"{_state.Folder} is being indexed; wait for its end, or cancel it.");
        if (!Directory.Exists(folder))
            throw RequestException.Bad($"folder '{folder}' is not a folder; give one that holds recordings.");
    }

    private async Task<IndexState> IndexAsync(string folder, IProgress<StemIndexProgress>? progress, CancellationToken cancellationToken)
    {
        var relay = new Relay(this, folder, progress);
        try
        {
            StemIndexReport report = await indexer!.IndexAsync(folder, relay, cancellationToken).ConfigureAwait(false);
            return Finish(state => state with { State = "done", Report = report });
        }
        catch (OperationCanceledException)
        {
            return Finish(state => state with { State = "cancelled" });
        }
        catch (Exception error)
        {
            return Finish(state => state with { State = "failed", Error = error.Message });
        }
    }

    private IndexState Finish(Func<IndexState, IndexState> change)
    {
        lock (_lock)
        {
            _running?.Dispose();
            _running = null;
            return _state = change(_state);
        }
    }

    /// <summary>Reports at once, on the thread of the indexer: <see cref="Progress{T}"/> would post reports out of order.</summary>
    private sealed class Relay(IndexJob job, string folder, IProgress<StemIndexProgress>? next) : IProgress<StemIndexProgress>
    {
        public void Report(StemIndexProgress value)
        {
            lock (job._lock)
            {
                if (job._state.State == "running")
                    job._state = new IndexState("running", folder, value.Done, value.Total, null, null);
            }
            next?.Report(value);
        }
    }
}

/// <summary>How far the indexing of a folder is.</summary>
/// <param name="State"><c>idle</c>, <c>running</c>, <c>done</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Folder">The folder, as given; of the last one, once it has ended.</param>
/// <param name="Done">Recordings that are done.</param>
/// <param name="Total">All recordings of the folder.</param>
/// <param name="Report">What was done, at the end.</param>
/// <param name="Error">One sentence, where it failed.</param>
internal sealed record IndexState(string State, string? Folder, int Done, int Total, StemIndexReport? Report, string? Error);
