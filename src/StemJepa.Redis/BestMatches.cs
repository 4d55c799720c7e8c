namespace StemJepa;

/// <summary>The best of many recordings: higher affinity first, at equal affinity in the ordinal order of their ids. Thread-safe.</summary>
internal sealed class BestMatches(int capacity)
{
    private readonly PriorityQueue<StoredEntry, Rank> _heap = new();
    private readonly Lock _lock = new();

    /// <summary>The worse one is the smaller one.</summary>
    private readonly record struct Rank(float Affinity, string Id) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            int order = Affinity.CompareTo(other.Affinity);
            return order != 0 ? order : string.CompareOrdinal(other.Id, Id);
        }
    }

    /// <summary>The affinity that a recording has to reach; none while there is space.</summary>
    internal float Threshold
    {
        get
        {
            lock (_lock)
                return _heap.Count < capacity ? float.NegativeInfinity : Worst.Affinity;
        }
    }

    private Rank Worst => _heap.TryPeek(out _, out Rank worst) ? worst : default;

    internal void Add(StoredEntry entry, float affinity)
    {
        lock (_lock)
        {
            if (_heap.Count == capacity && affinity < Worst.Affinity)
                return;
            var rank = new Rank(affinity, entry.ToEntry().Id);
            if (_heap.Count < capacity)
                _heap.Enqueue(entry, rank);
            else if (rank.CompareTo(Worst) > 0)
                _heap.DequeueEnqueue(entry, rank);
        }
    }

    internal IReadOnlyList<CatalogMatch> ToSorted()
    {
        lock (_lock)
        {
            return [.. _heap.UnorderedItems.OrderByDescending(item => item.Priority)
                .Select(item => new CatalogMatch(item.Element.ToEntry(), item.Priority.Affinity))];
        }
    }
}
