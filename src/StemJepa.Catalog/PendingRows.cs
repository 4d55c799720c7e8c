namespace StemJepa;

/// <summary>Recordings that a writer was given and has not committed. Not thread-safe.</summary>
internal sealed class PendingRows(CatalogPrecision precision, VectorLayout layout)
{
    private readonly List<(CatalogEntry Entry, VectorRow Vector)?> _rows = [];
    private readonly Dictionary<string, int> _rowOf = new(StringComparer.Ordinal);

    internal int Count => _rowOf.Count;

    internal IEnumerable<(CatalogEntry Entry, VectorRow Vector)> Rows =>
        _rows.OfType<(CatalogEntry, VectorRow)>();

    internal void Set(CatalogEntry entry, StemEmbedding embedding)
    {
        EntryCheck.Require(entry);
        VectorRow vector = VectorRow.Of(precision, layout, embedding.Direction);
        Remove(entry.Id);
        _rowOf.Add(entry.Id, _rows.Count);
        _rows.Add((entry with { Tags = [.. entry.Tags] }, vector));
    }

    internal bool Remove(string id)
    {
        if (!_rowOf.Remove(id, out int row))
            return false;
        _rows[row] = null;
        return true;
    }

    internal void Clear()
    {
        _rows.Clear();
        _rowOf.Clear();
    }
}
