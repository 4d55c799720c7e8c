namespace StemJepa;

/// <summary>Recordings that a writer was given and has not committed. Not thread-safe.</summary>
internal sealed class PendingRows(CatalogPrecision precision, int stride) : IRowSource
{
    private readonly List<PendingRow?> _rows = [];
    private readonly Dictionary<string, int> _rowOf = new(StringComparer.Ordinal);

    private sealed record PendingRow(byte[] Vector, byte[] Refinement, float Scale, EntryRecord Record, byte[] Text);

    internal int Count => _rowOf.Count;

    internal void Set(CatalogEntry entry, StemEmbedding embedding)
    {
        (EntryRecord record, byte[] text) = EntryCode.Encode(entry);
        var vector = new byte[stride];
        byte[] refinement = precision == CatalogPrecision.Int8 ? new byte[stride] : [];
        float scale = VectorCode.Encode(precision, embedding.Direction, vector, refinement);
        Remove(entry.Id);
        _rowOf.Add(entry.Id, _rows.Count);
        _rows.Add(new PendingRow(vector, refinement, scale, record, text));
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

    internal IEnumerable<RowReference> References() =>
        Enumerable.Range(0, _rows.Count).Where(row => _rows[row] is not null).Select(row => new RowReference(this, row));

    public ReadOnlySpan<byte> Vector(int row) => _rows[row]!.Vector;

    public ReadOnlySpan<byte> Refinement(int row) => _rows[row]!.Refinement;

    public float Scale(int row) => _rows[row]!.Scale;

    public EntryRecord Record(int row) => _rows[row]!.Record;

    public ReadOnlySpan<byte> Text(int row) => _rows[row]!.Text;
}
