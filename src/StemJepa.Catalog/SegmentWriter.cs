using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>Writes segments, whole or not at all.</summary>
internal static class SegmentWriter
{
    /// <summary>Writes rows of any sources, in their order, and flushes them to the disk.</summary>
    /// <returns>How the manifest names the segment.</returns>
    /// <exception cref="StemJepaException">The file cannot be written, or a source is damaged.</exception>
    internal static ManifestSegment Write(string folder, long number, CatalogPrecision precision, int length,
        IReadOnlyList<RowReference> rows)
    {
        long textBytes = 0;
        foreach (RowReference row in rows)
            textBytes += row.Source.Record(row.Row).TextBytes;
        var layout = new SegmentLayout(precision, length, rows.Count, textBytes);
        var header = new SegmentHeader
        {
            Magic = SegmentHeader.MagicNumber,
            Version = CatalogManifest.CurrentVersion,
            Precision = (int)precision,
            Length = length,
            Rows = rows.Count,
            TextBytes = textBytes,
            Number = number,
        };
        AtomicFile.Write(CatalogFiles.Segment(folder, number), stream =>
        {
            stream.Write(new byte[SegmentHeader.Bytes]);
            var content = new BlockWriter(stream);
            WriteColumns(content, layout, precision, rows);
            header.TableChecksum = content.Finish();
            header.Checksum = header.ComputeChecksum();
            stream.Position = 0;
            stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<SegmentHeader>(in header)));
        });
        return new ManifestSegment(number, rows.Count, header.Checksum, []);
    }

    private static void WriteColumns(BlockWriter content, SegmentLayout layout, CatalogPrecision precision,
        IReadOnlyList<RowReference> rows)
    {
        foreach (RowReference row in rows)
            content.Write(row.Source.Vector(row.Row));
        if (precision == CatalogPrecision.Int8)
        {
            foreach (RowReference row in rows)
                content.Write(row.Source.Refinement(row.Row));
            foreach (RowReference row in rows)
                content.Write(MemoryMarshal.AsBytes([row.Source.Scale(row.Row)]));
        }
        content.PadTo(layout.Records);
        var ids = new ulong[rows.Count];
        long textStart = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            EntryRecord record = rows[i].Source.Record(rows[i].Row);
            ids[i] = IdColumn.Key(EntryCode.Id(record, rows[i].Source.Text(rows[i].Row)), i);
            record.TextStart = textStart;
            textStart += record.TextBytes;
            content.Write(MemoryMarshal.AsBytes([record]));
        }
        content.PadTo(layout.Ids);
        Array.Sort(ids);
        content.Write(MemoryMarshal.AsBytes<ulong>(ids));
        content.PadTo(layout.Texts);
        foreach (RowReference row in rows)
            content.Write(row.Source.Text(row.Row));
    }
}
