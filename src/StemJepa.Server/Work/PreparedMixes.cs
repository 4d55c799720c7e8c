namespace StemJepa.Server.Work;

/// <summary>The mixes that candidates were fitted to last: each takes megabytes, and is prepared in a second. Thread-safe.</summary>
internal sealed class PreparedMixes
{
    private const int Most = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Upload, Stem Stem, Lazy<FitMix> Mix)> _latestFirst = new();

    /// <param name="upload">The id of the upload; null for a mix that is asked for once.</param>
    /// <param name="stem">The stem that it lacks.</param>
    /// <param name="prepare">Prepares it; called once for two that ask at the same time.</param>
    /// <param name="cancellationToken">That of <paramref name="prepare"/>.</param>
    public FitMix GetOrAdd(string? upload, Stem stem, Func<FitMix> prepare, CancellationToken cancellationToken)
    {
        if (upload is null)
            return prepare();
        while (true)
        {
            Lazy<FitMix> mix = Find(upload, stem, prepare);
            try
            {
                return mix.Value;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another client began to prepare it, and has gone.
                Forget(mix);
            }
            catch
            {
                Forget(mix);
                throw;
            }
        }
    }

    private Lazy<FitMix> Find(string upload, Stem stem, Func<FitMix> prepare)
    {
        lock (_lock)
        {
            LinkedListNode<(string Upload, Stem Stem, Lazy<FitMix> Mix)>? node = _latestFirst.First;
            while (node is not null && (node.Value.Upload != upload || node.Value.Stem != stem))
                node = node.Next;
            Lazy<FitMix> mix = node?.Value.Mix ?? new Lazy<FitMix>(prepare);
            Remove(node);
            _latestFirst.AddFirst((upload, stem, mix));
            if (_latestFirst.Count > Most)
                _latestFirst.RemoveLast();
            return mix;
        }
    }

    /// <summary>A failure, such as a client that has gone, is not kept for the next one.</summary>
    private void Forget(Lazy<FitMix> mix)
    {
        lock (_lock)
        {
            LinkedListNode<(string Upload, Stem Stem, Lazy<FitMix> Mix)>? node = _latestFirst.First;
            while (node is not null && node.Value.Mix != mix)
                node = node.Next;
            Remove(node);
        }
    }

    private void Remove(LinkedListNode<(string Upload, Stem Stem, Lazy<FitMix> Mix)>? node)
    {
        if (node is not null)
            _latestFirst.Remove(node);
    }
}
