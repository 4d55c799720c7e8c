using Microsoft.Data.Sqlite;

namespace StemJepa;

/// <summary>The one row of the table <c>catalog</c>: what a catalogue is at one time. Immutable.</summary>
/// <param name="CatalogId">32 hexadecimal digits, drawn when the catalogue was made.</param>
/// <param name="CommitId">32 hexadecimal digits, drawn for each commit.</param>
/// <param name="Generation">Counts commits.</param>
/// <param name="Model">Whose embeddings it holds.</param>
/// <param name="Precision">How values are kept.</param>
/// <param name="VectorFile">The number of the file of vectors.</param>
/// <param name="VectorRows">Rows in that file, dead ones too; what follows them is not part of the catalogue.</param>
internal sealed record CatalogHeader(string CatalogId, string CommitId, long Generation, ModelIdentity Model, CatalogPrecision Precision,
    long VectorFile, int VectorRows)
{
    internal const string Columns =
        "catalog_id, commit_id, generation, model_name, model_hash, embedding_length, precision, vector_file, vector_rows";

    internal const string Parameters = "@catalog_id, @commit_id, @generation, @model_name, @model_hash, @length, @precision, @file, @rows";

    internal VectorLayout Layout => new(Precision, Model.Length);

    internal static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>Dead rows that are left: more than these, and the next commit clears them out.</summary>
    internal static int ToleratedDead(int live) => Math.Max(1024, live);

    /// <exception cref="FormatException">It says what cannot be.</exception>
    internal static CatalogHeader Read(SqliteDataReader row)
    {
        long length = row.GetInt64(5), rows = row.GetInt64(8);
        var header = new CatalogHeader(row.GetString(0), row.GetString(1), row.GetInt64(2),
            new ModelIdentity(row.GetString(3), row.GetString(4), (int)Math.Clamp(length, 0, int.MaxValue)),
            row.GetString(6) switch
            {
                "single" => CatalogPrecision.Single,
                "int8" => CatalogPrecision.Int8,
                _ => throw new FormatException("its precision is not one"),
            },
            row.GetInt64(7), (int)Math.Clamp(rows, -1, int.MaxValue));
        bool isPossible = IsHex(header.CatalogId, 32) && IsHex(header.CommitId, 32) && IsHex(header.Model.Hash, 64)
            && length is >= 1 and <= VectorLayout.MaximumLength && header.VectorRows is >= 0 and < int.MaxValue && header.VectorFile >= 0;
        return isPossible ? header : throw new FormatException("its table 'catalog' says what cannot be");
    }

    internal IEnumerable<(string Name, object? Value)> Values() =>
    [
        ("@catalog_id", CatalogId), ("@commit_id", CommitId), ("@generation", Generation), ("@model_name", Model.Name),
        ("@model_hash", Model.Hash), ("@length", Model.Length), ("@precision", Precision == CatalogPrecision.Int8 ? "int8" : "single"),
        ("@file", VectorFile), ("@rows", VectorRows),
    ];

    private static bool IsHex(string text, int digits) => text.Length == digits && text.All(char.IsAsciiHexDigit);
}
