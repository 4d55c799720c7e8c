namespace StemJepa;

/// <summary>The best of many candidates, kept in a heap whose head is the worst of them. Not thread-safe.</summary>
internal sealed class BestCandidates(int capacity)
{
    private readonly PriorityQueue<Candidate, Candidate> _heap = new();

    /// <summary>Whether this candidate would be kept.</summary>
    internal bool Takes(Candidate candidate) => _heap.Count < capacity || (capacity > 0 && candidate.CompareTo(_heap.Peek()) > 0);

    /// <summary>Keeps a candidate if it is among the best so far.</summary>
    internal void Add(Candidate candidate)
    {
        if (_heap.Count < capacity)
            _heap.Enqueue(candidate, candidate);
        else if (Takes(candidate))
            _heap.DequeueEnqueue(candidate, candidate);
    }

    internal void Add(BestCandidates others)
    {
        foreach ((Candidate candidate, _) in others._heap.UnorderedItems)
            Add(candidate);
    }

    /// <summary>The candidates, best first.</summary>
    internal Candidate[] ToSorted()
    {
        Candidate[] candidates = [.. _heap.UnorderedItems.Select(item => item.Element)];
        Array.Sort(candidates, (left, right) => right.CompareTo(left));
        return candidates;
    }
}
