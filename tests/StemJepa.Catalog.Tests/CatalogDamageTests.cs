using Microsoft.Data.Sqlite;
using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>
/// Whatever happens to the files: one sentence, or what was written; never something else. The campaign damages them at random.
/// </summary>
public sealed class CatalogDamageTests : IDisposable
{
    private const string Database = "catalog.db", Vectors = "vectors-1.bin";
    private const int Large = 900, Small = 20;
    private readonly TemporaryFolder _folder = new();
    private readonly string _whole;
    private readonly string[] _expected;

    public CatalogDamageTests()
    {
        _whole = _folder.PathOf("whole");
        using CatalogWriter writer = CatalogWriter.Open(_whole, Samples.Model(), CatalogPrecision.Int8);
        foreach (int count in new[] { Large, Small, Small + 1 })
        {
            int first = writer.Catalog.Count;
            for (int i = first; i < first + count; i++)
                writer.Set(Samples.Entry($"{i}", i), Samples.Embedding(i));
            writer.Remove($"{first - 5}");
            writer.Commit();
        }
        _expected = ReadAll(writer.Catalog);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_undamaged_catalogue_has_several_blocks_and_dead_rows()
    {
        using StemCatalog catalog = StemCatalog.Open(_whole);
        Assert.True(catalog.Count > VectorLayout.RowsPerBlock);
        Assert.Equal((1, 3), (catalog.CountAll().Segments, catalog.CountAll().Dead));
        Assert.Equal(_expected, ReadAll(catalog));
    }

    [Fact]
    public void Missing_and_exchanged_vectors_are_found()
    {
        string missing = Copy(), exchanged = Copy(), other = _folder.PathOf("other");
        File.Delete(Path.Combine(missing, Vectors));
        IsOneSentence(Assert.Throws<StemJepaException>(() => StemCatalog.Open(missing)), Vectors);
        using (CatalogWriter writer = CatalogWriter.Open(other, Samples.Model(), CatalogPrecision.Int8))
        {
            for (int i = 0; i < Large + Small + Small; i++)
                writer.Set(Samples.Entry($"{i}", i), Samples.Embedding(i));
            writer.Commit();
        }
        File.Copy(Path.Combine(other, Vectors), Path.Combine(exchanged, Vectors), overwrite: true);
        IsOneSentence(Assert.Throws<StemJepaException>(() => StemCatalog.Open(exchanged)), Vectors);
    }

    [Fact]
    public void Compacting_does_not_carry_damage_on()
    {
        foreach (int row in new[] { 0, 400, Large - 1, Large + Small })
        {
            string copy = Copy();
            Flip(copy, Layout.Place(row, part: 1) + 7);
            using CatalogWriter writer = CatalogWriter.Open(copy, Samples.Model());
            IsOneSentence(Assert.Throws<StemJepaException>(writer.Compact), Vectors);
            writer.Catalog.CountAll();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Vectors_that_are_changed_in_place_under_a_reader_are_found(bool hasSearched)
    {
        string copy = Copy();
        using StemCatalog reader = StemCatalog.Open(copy);
        StemEmbedding query = Samples.Embedding(7);
        if (hasSearched)
            Assert.NotEmpty(reader.Search(query, 3));
        CatalogMatch best = reader.Search(query, 1, new CatalogFilter { IncludeSilent = true })[0];
        int row = int.Parse(best.Entry.Id);
        Flip(copy, Layout.Place(row, part: 0) + 11);
        Assert.Contains($"row {row} ",
            Assert.Throws<StemJepaException>(() => reader.Search(query, 1, new CatalogFilter { IncludeSilent = true })).Message);
        IsOneSentence(Assert.Throws<StemJepaException>(() => reader.TryGetEmbedding(best.Entry.Id, out _)), Vectors);
    }

    [Fact]
    public void Rows_added_since_a_search_are_verified_after_a_refresh()
    {
        const int row = Large + Small + Small + 1;
        string copy = Copy();
        using StemCatalog reader = StemCatalog.Open(copy);
        StemEmbedding query = Samples.Embedding(7);
        Assert.NotEmpty(reader.Search(query, 1));
        using (CatalogWriter writer = CatalogWriter.Open(copy, Samples.Model()))
        {
            writer.Set(new CatalogEntry { Id = "new" }, Samples.Embedding(-9));
            writer.Commit();
        }
        Flip(copy, Layout.Place(row, part: 0) + 3);
        Assert.NotEmpty(reader.Search(query, 1));
        Assert.True(reader.Refresh());
        Assert.Contains($"row {row} ", Assert.Throws<StemJepaException>(() => reader.Search(query, 1)).Message);
    }

    [Fact]
    public void Vectors_that_are_cut_off_under_a_reader_are_found_before_they_are_read()
    {
        string copy = Copy();
        using StemCatalog reader = StemCatalog.Open(copy);
        Assert.Equal(_expected, ReadAll(reader));
        using (FileStream file = File.Open(Path.Combine(copy, Vectors), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(VectorLayout.HeaderBytes);
        IsOneSentence(Assert.Throws<StemJepaException>(() => reader.Search(Samples.Embedding(1))), Vectors);
        IsOneSentence(Assert.Throws<StemJepaException>(() => reader.TryGetEmbedding("1", out _)), Vectors);
    }

    /// <summary>As long as the database says, and nearly all of it a hole: what it says must not decide about memory.</summary>
    [Fact]
    public void A_sparse_file_of_two_thousand_million_vectors_is_one_sentence()
    {
        const int rows = 2_000_000_000;
        if (!OperatingSystem.IsLinux())
            return;
        string copy = Copy();
        Run(copy, $"UPDATE catalog SET vector_rows = {rows}");
        using (FileStream file = File.OpenWrite(Path.Combine(copy, Vectors)))
            file.SetLength(Layout.FileBytes(rows));
        using StemCatalog reader = StemCatalog.Open(copy);
        IsOneSentence(Assert.Throws<StemJepaException>(() => reader.Search(Samples.Embedding(1))), copy);
        using CatalogWriter writer = CatalogWriter.Open(copy, Samples.Model());
        IsOneSentence(Assert.Throws<StemJepaException>(writer.Compact), copy);
    }

    /// <summary>What a hostile database may say.</summary>
    [Theory]
    [InlineData("UPDATE entry SET vector = -1 WHERE number = 3")]
    [InlineData("UPDATE entry SET vector = 9223372036854775807 WHERE number = 3")]
    [InlineData("UPDATE entry SET vector = -9223372036854775808 WHERE number = 3")]
    [InlineData("UPDATE entry SET vector = 2147483648 WHERE number = 3")]
    [InlineData("UPDATE entry SET vector = 5 WHERE number = 3")]
    [InlineData("UPDATE entry SET checksum = 5 WHERE number = 3")]
    [InlineData("UPDATE entry SET stem = 'lead guitar' WHERE number = 3")]
    [InlineData("UPDATE entry SET stem = 'Bass' WHERE number = 3")]
    [InlineData("UPDATE entry SET named_stem = '' WHERE number = 3")]
    [InlineData("UPDATE entry SET stem = CAST(zeroblob(4) AS TEXT) WHERE number = 3")]
    [InlineData("UPDATE entry SET key = -1 WHERE number = 3")]
    [InlineData("UPDATE entry SET tempo = 9e999 WHERE number = 3")]
    [InlineData("UPDATE entry SET id = CAST(x'FF41' AS TEXT) WHERE number = 3")]
    [InlineData("UPDATE entry SET id = CAST(zeroblob(90000) AS TEXT) WHERE number = 3")]
    [InlineData("UPDATE entry SET content_hash = x'00' WHERE number = 3")]
    [InlineData("UPDATE tag SET tag = ''")]
    [InlineData("UPDATE catalog SET vector_rows = -1")]
    [InlineData("UPDATE catalog SET vector_rows = 0")]
    [InlineData("UPDATE catalog SET vector_rows = 7")]
    [InlineData("UPDATE catalog SET vector_rows = 2000000000")]
    [InlineData("UPDATE catalog SET vector_rows = 9223372036854775807")]
    [InlineData("UPDATE catalog SET vector_file = 99")]
    [InlineData("UPDATE catalog SET vector_file = -9223372036854775808")]
    [InlineData("UPDATE catalog SET embedding_length = 65536")]
    [InlineData("UPDATE catalog SET embedding_length = 9223372036854775807")]
    [InlineData("UPDATE catalog SET embedding_length = 0")]
    [InlineData("UPDATE catalog SET precision = 'single'")]
    [InlineData("UPDATE catalog SET precision = 'half'")]
    [InlineData("UPDATE catalog SET model_hash = 'short'")]
    [InlineData("UPDATE catalog SET catalog_id = 'ffffffffffffffffffffffffffffffff'")]
    [InlineData("DELETE FROM catalog")]
    [InlineData("DROP TABLE tag")]
    [InlineData("ALTER TABLE entry ADD COLUMN more INTEGER")]
    [InlineData("DROP TABLE tag; CREATE VIEW tag AS WITH RECURSIVE t(entry) AS (SELECT 1 UNION ALL SELECT 1 FROM t) "
        + "SELECT entry, 1 AS position, 'x' AS tag FROM t")]
    [InlineData("PRAGMA user_version = 3")]
    [InlineData("PRAGMA user_version = 5")]
    [InlineData("PRAGMA application_id = 0")]
    public void A_database_that_says_what_cannot_be_is_one_sentence(string sql)
    {
        string copy = Copy();
        Run(copy, sql);
        StemJepaException error = Assert.Throws<StemJepaException>(() =>
        {
            using StemCatalog catalog = StemCatalog.Open(copy);
            ReadAll(catalog);
            foreach (string id in _expected.Where(line => line.Contains('|')).Select(line => line.Split('|')[0]))
                catalog.TryGetEmbedding(id, out _);
        });
        IsOneSentence(error, copy);
        Assert.Equal(StemJepaErrorKind.Data, error.Kind);
        try
        {
            using CatalogWriter writer = CatalogWriter.Open(copy, Samples.Model());
            writer.Set(Samples.Entry("new", 1), Samples.Embedding(1));
            writer.Compact();
        }
        catch (StemJepaException wrong)
        {
            IsOneSentence(wrong, copy);
        }
    }

    [Fact]
    public void Tables_of_ones_own_do_no_harm()
    {
        string copy = Copy();
        Run(copy, "CREATE TABLE likes (entry INTEGER, stars INTEGER); INSERT INTO likes VALUES (3, 5); "
            + "CREATE VIEW best AS SELECT id FROM entry JOIN likes ON entry = number; CREATE INDEX by_tempo ON entry (tempo)");
        using CatalogWriter writer = CatalogWriter.Open(copy, Samples.Model());
        Assert.Equal(_expected, ReadAll(writer.Catalog));
        writer.Remove("0");
        writer.Compact();
        Assert.Equal("5", Run(copy, "SELECT stars FROM likes"));
    }

    [Fact]
    public void What_is_no_catalogue_is_refused_in_one_sentence()
    {
        string empty = _folder.PathOf("empty"), file = _folder.Write("file", [1, 2, 3]), foreign = _folder.PathOf("foreign");
        Directory.CreateDirectory(empty);
        Directory.CreateDirectory(foreign);
        File.WriteAllText(Path.Combine(foreign, "catalog.db"), "shoes, hats and other goods");
        foreach (string path in new[] { empty, file, foreign, _folder.PathOf("missing") })
            IsOneSentence(Assert.Throws<StemJepaException>(() => StemCatalog.Open(path)), path);
        File.WriteAllText(Path.Combine(empty, "holiday.wav"), "");
        foreach (string path in new[] { empty, file, foreign })
            IsOneSentence(Assert.Throws<StemJepaException>(() => CatalogWriter.Open(path, Samples.Model())), path);
        Assert.Equal(["holiday.wav"], Directory.GetFiles(empty).Select(Path.GetFileName));
    }

    [RequiresProgramTheory("mkfifo")]
    [InlineData(Database, false)]
    [InlineData(Database, true)]
    [InlineData(Vectors, false)]
    [InlineData(Vectors, true)]
    public async Task A_pipe_or_a_device_in_the_place_of_a_file_is_one_sentence_and_nobody_waits(string name, bool isDevice)
    {
        string copy = Copy(), path = Path.Combine(copy, name);
        File.Delete(path);
        if (isDevice)
            File.CreateSymbolicLink(path, "/dev/zero");
        else
            System.Diagnostics.Process.Start("mkfifo", [path]).WaitForExit();
        foreach (Action open in new Action[] { () => StemCatalog.Open(copy), () => CatalogWriter.Open(copy, Samples.Model()) })
        {
            IsOneSentence(
                await Assert.ThrowsAsync<StemJepaException>(() => Task.Run(open).WaitAsync(TimeSpan.FromSeconds(30))), path);
        }
        Assert.True(CatalogWriter.Delete(copy));
        Assert.Empty(Directory.GetFiles(copy).Select(Path.GetFileName).Except(["lock"]));
    }

    [Fact]
    public void Newer_and_former_formats_are_named()
    {
        string copy = Copy(), former = _folder.PathOf("former");
        foreach (int version in new[] { 3, 5 })
        {
            Run(copy, $"PRAGMA user_version = {version}");
            StemJepaException error = Assert.Throws<StemJepaException>(() => StemCatalog.Open(copy));
            IsOneSentence(error, copy);
            Assert.Contains($"format version {version}", error.Message);
            Assert.Contains("index the recordings again", error.Message);
        }
        Directory.CreateDirectory(former);
        File.WriteAllText(Path.Combine(former, "catalog"), "SJCATLOG");
        foreach (Action open in new Action[] { () => StemCatalog.Open(former), () => CatalogWriter.Open(former, Samples.Model()) })
        {
            StemJepaException error = Assert.Throws<StemJepaException>(open);
            IsOneSentence(error, former);
            Assert.Contains("index the recordings again", error.Message);
        }
    }

    private static VectorLayout Layout => new(CatalogPrecision.Int8, Samples.Length);

    /// <summary>With any SQLite library, as others would; returns the first value, if there is one.</summary>
    private static string? Run(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, Database)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }

    private static void Flip(string folder, long place)
    {
        using FileStream file = File.Open(Path.Combine(folder, Vectors), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = place;
        int value = file.ReadByte();
        file.Position = place;
        file.WriteByte((byte)(value ^ 64));
    }

    private static void IsOneSentence(StemJepaException error, string named)
    {
        Assert.Contains(named, error.Message);
        Assert.EndsWith(".", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }

    private string Copy()
    {
        string copy = _folder.PathOf($"copy-{Guid.NewGuid():N}");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(_whole))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private static string[] ReadAll(StemCatalog catalog)
    {
        string[] found = [.. catalog.Search(Samples.Embedding(-1), 2000, new CatalogFilter { IncludeSilent = true })
            .Select(match => $"{match.Entry.Id} {match.Affinity:R}")];
        string[] entries = [.. catalog.Entries().Select(Samples.Describe)];
        string[] looked = [.. Enumerable.Range(0, Large).Where(i => i % 50 == 0)
            .Select(i => catalog.TryGet($"{i}", out CatalogEntry? entry) ? Samples.Describe(entry) : "")];
        return [.. found, .. entries, .. looked];
    }
}
