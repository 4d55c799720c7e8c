using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>
/// The one row of the table <c>catalog</c>, what a catalogue is at one time; docs/guide/catalog.md explains its columns. What follows
/// <paramref name="VectorRows"/> in the file of vectors is not part of the catalogue.
/// </summary>
internal sealed record CatalogHeader(string CatalogId, string CommitId, long Generation, ModelIdentity Model, CatalogPrecision Precision,
    long VectorFile, int VectorRows)
{
    internal VectorLayout Layout => new(Precision, Model.Length);

    /// <summary>Reads the header; in a transaction, the state that it stays with.</summary>
    /// <exception cref="StemJepaException">The database is damaged.</exception>
    internal static CatalogHeader Read(CatalogDatabase database) => database.Guard(() =>
    {
        using SqliteCommand command = database.Command("SELECT catalog_id, commit_id, generation, model_name, model_hash, "
            + "embedding_length, precision, vector_file, vector_rows FROM catalog");
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read())
            throw new FormatException("its table 'catalog' is empty");
        bool isInt8 = row.GetString(6) == CatalogSchema.Int8;
        var header = new CatalogHeader(row.GetString(0), row.GetString(1), row.GetInt64(2),
            new ModelIdentity(row.GetString(3), row.GetString(4), checked((int)row.GetInt64(5))),
            isInt8 ? CatalogPrecision.Int8 : CatalogPrecision.Single, row.GetInt64(7), checked((int)row.GetInt64(8)));
        bool isPossible = IsHex(header.CatalogId, 32) && IsHex(header.CommitId, 32) && IsHex(header.Model.Hash, 64)
            && header.Model.Length is >= 1 and <= VectorLayout.MaximumLength && (isInt8 || row.GetString(6) == CatalogSchema.Single)
            && header.VectorRows is >= 0 and < int.MaxValue && header.VectorFile >= 0;
        return isPossible ? header : throw new FormatException("its table 'catalog' says what cannot be");
    });

    private static bool IsHex(string text, int digits) => text.Length == digits && text.All(char.IsAsciiHexDigit);
}
