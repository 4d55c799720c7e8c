using System.Collections;
using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>What searches need to know of every row of the file of vectors, in memory. Immutable and thread-safe.</summary>
internal sealed class RowTable
{
    private RowTable(int rows) => (Numbers, Checksums, Live, Audible) = (new long[rows], new ulong[rows], new(rows), new(rows));

    /// <summary>The number of each row's entry.</summary>
    internal long[] Numbers { get; }

    internal ulong[] Checksums { get; }

    /// <summary>Rows that have an entry.</summary>
    internal BitArray Live { get; }

    /// <summary>Those of them that are not silent.</summary>
    internal BitArray Audible { get; }

    /// <summary>Reads all entries' rows.</summary>
    /// <param name="database">The database.</param>
    /// <param name="header">The header that the entries belong to.</param>
    /// <param name="isWriting">Whether entries have been deleted since the header was written.</param>
    /// <exception cref="StemJepaException">The database is damaged.</exception>
    internal static RowTable Load(CatalogDatabase database, CatalogHeader header, bool isWriting = false) => database.Guard(() =>
    {
        long live = database.Number("SELECT count(*) FROM entry");
        if (live > header.VectorRows || (!isWriting && header.VectorRows - live > CatalogHeader.ToleratedDead((int)live)))
            throw new FormatException($"it has {live} recordings and {header.VectorRows} vectors");
        var table = new RowTable(header.VectorRows);
        using SqliteCommand command = database.Command("SELECT number, vector, checksum, is_silent FROM entry");
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            long vector = row.GetInt64(1);
            if (vector < 0 || vector >= header.VectorRows || table.Live[(int)vector])
                throw new FormatException($"entry {row.GetInt64(0)} has vector {vector}, which does not exist or is another's");
            int index = (int)vector;
            (table.Numbers[index], table.Checksums[index]) = (row.GetInt64(0), (ulong)row.GetInt64(2));
            (table.Live[index], table.Audible[index]) = (true, row.GetInt64(3) == 0);
        }
        return table;
    });

    /// <summary>The rows of entries that meet a condition.</summary>
    /// <exception cref="StemJepaException">The database is damaged.</exception>
    internal BitArray Select(CatalogDatabase database, EntryCondition condition) => database.Guard(() =>
    {
        var rows = new BitArray(Live.Count);
        using SqliteCommand command = database.Command($"SELECT vector FROM entry WHERE {condition.Sql}", condition.Values);
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            long vector = row.GetInt64(0);
            if (vector >= 0 && vector < rows.Count)
                rows[(int)vector] = Live[(int)vector];
        }
        return rows;
    });
}
