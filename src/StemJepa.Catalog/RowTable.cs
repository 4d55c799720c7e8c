using SQLitePCL;

namespace StemJepa;

/// <summary>What searches need to know of every row of the file of vectors, in memory. Immutable and thread-safe.</summary>
internal sealed class RowTable
{
    /// <summary>Of a database: an entry takes more than twice as many, and up to half of the rows have none.</summary>
    private const int LeastBytesPerRow = 8;

    private RowTable(int rows) =>
        (Numbers, Checksums, Live, Audible) = (new long[rows], new ulong[rows], new bool[rows], new bool[rows]);

    /// <summary>The number of each row's entry.</summary>
    internal long[] Numbers { get; }

    internal ulong[] Checksums { get; }

    /// <summary>Whether a row has an entry.</summary>
    internal bool[] Live { get; }

    /// <summary>Whether a row has one that is not silent.</summary>
    internal bool[] Audible { get; }

    /// <summary>Reads all entries' rows.</summary>
    /// <exception cref="StemJepaException">The database is damaged.</exception>
    internal static RowTable Load(CatalogDatabase database, CatalogHeader header) => database.Guard(() =>
    {
        // No more than a database of its size can have, so that what it says takes no more memory than what it is.
        long bytes = database.Number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
        if (header.VectorRows > CatalogWriter.LeastDead + bytes / LeastBytesPerRow)
            throw new FormatException($"it is too small for {header.VectorRows} vectors");
        var table = new RowTable(header.VectorRows);
        database.ForEach("SELECT number, vector, checksum, is_silent FROM entry", [], row =>
        {
            long number = raw.sqlite3_column_int64(row, 0), vector = raw.sqlite3_column_int64(row, 1);
            if (vector < 0 || vector >= header.VectorRows || table.Live[vector])
                throw new FormatException($"entry {number} has vector {vector}, which does not exist or is another's");
            (table.Numbers[vector], table.Checksums[vector]) = (number, (ulong)raw.sqlite3_column_int64(row, 2));
            (table.Live[vector], table.Audible[vector]) = (true, raw.sqlite3_column_int64(row, 3) == 0);
        });
        return table;
    });

    /// <summary>The rows of entries that meet a condition.</summary>
    /// <exception cref="StemJepaException">The database is damaged.</exception>
    internal bool[] Select(CatalogDatabase database, EntryCondition condition) => database.Guard(() =>
    {
        var selected = new bool[Live.Length];
        database.ForEach($"SELECT vector FROM entry WHERE {condition.Sql}", condition.Values, row =>
        {
            long vector = raw.sqlite3_column_int64(row, 0);
            if (vector >= 0 && vector < selected.Length)
                selected[vector] = Live[vector];
        });
        return selected;
    });
}
