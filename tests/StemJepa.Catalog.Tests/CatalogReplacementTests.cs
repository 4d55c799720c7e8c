using System.Diagnostics;
using Microsoft.Data.Sqlite;
using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>
/// Files that are deleted, replaced and restored while programs use them: what a writer has acknowledged is there for whoever opens the
/// folder next, or the writer said that it is not.
/// </summary>
public sealed class CatalogReplacementTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public CatalogReplacementTests() => _path = _folder.PathOf("catalogue");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("catalog.db")]
    [InlineData("catalog.db-wal")]
    [InlineData("catalog.db-shm")]
    [InlineData("vectors-1.bin")]
    [InlineData("lock")]
    [InlineData("catalog.db", "catalog.db-wal", "catalog.db-shm")]
    [InlineData("catalog.db", "catalog.db-wal", "catalog.db-shm", "vectors-1.bin", "lock")]
    public void Nothing_acknowledged_is_lost_when_a_file_is_deleted_under_a_writer(params string[] names)
    {
        Make(3);
        bool isAcknowledged;
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
        {
            foreach (string name in names)
                File.Delete(Path.Combine(_path, name));
            isAcknowledged = TryAdd(writer, "new", _path);
        }
        if (isAcknowledged)
            Assert.Equal(["0", "1", "2", "new"], Ids(_path));
        else if (!names.Contains("catalog.db") && !names.Contains("vectors-1.bin"))
            Assert.Equal(["0", "1", "2"], Ids(_path).Except(["new"]));
    }

    /// <summary>As after a change of the clock, or from another machine: only whether a time is another one matters.</summary>
    [Theory]
    [InlineData(-30)]
    [InlineData(30)]
    public void Times_of_files_that_lie_in_the_past_or_the_future_change_nothing(int years)
    {
        Make(3);
        using StemCatalog reader = StemCatalog.Open(_path);
        foreach (string file in Directory.GetFiles(_path))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddYears(years));
        Assert.False(reader.Refresh());
        Assert.Equal(3, reader.Search(Samples.Embedding(1), 10, new CatalogFilter { IncludeSilent = true }).Count);
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
            Assert.True(TryAdd(writer, "new", _path));
        Assert.True(reader.Refresh());
        Assert.Equal(4, reader.Count);
    }

    [Fact]
    public void A_deleted_lock_file_lets_no_second_writer_in()
    {
        Make(3);
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model());
        File.Delete(Path.Combine(_path, "lock"));
        Assert.Throws<StemJepaException>(() => CatalogWriter.Open(_path, Samples.Model()));
        Assert.True(TryAdd(writer, "new", _path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_that_is_replaced_under_a_writer_is_an_error_and_stays_as_it_is(bool isCopy)
    {
        Make(3);
        string aside = _folder.PathOf("aside"), other = _folder.PathOf("other");
        if (isCopy)
        {
            // The same catalogue at a later time: its vectors must not be written over.
            Directory.CreateDirectory(other);
            foreach (string file in Directory.GetFiles(_path))
                File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
            using CatalogWriter later = CatalogWriter.Open(other, Samples.Model());
            Assert.True(TryAdd(later, "later", other));
        }
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
        {
            Directory.Move(_path, aside);
            Assert.False(TryAdd(writer, "new", _path));
            if (isCopy)
                Directory.Move(other, _path);
            else
                Make(4);
            Assert.False(TryAdd(writer, "new", _path));
        }
        Assert.Equal(isCopy ? ["0", "1", "2", "later"] : ["0", "1", "2", "3"], Ids(_path));
        Assert.Equal(["0", "1", "2"], Ids(aside));
    }

    [Fact]
    public void A_reader_sees_a_database_that_was_restored_and_what_is_removed_after()
    {
        Make(3);
        string old = Path.Combine(_path, "catalog.db"), copy = _folder.PathOf("copy.db");
        File.Copy(old, copy);
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
            Assert.True(TryAdd(writer, "new", _path));
        using StemCatalog reader = StemCatalog.Open(_path);
        Assert.Equal(4, reader.Count);
        File.Delete(old + "-wal");
        File.Delete(old + "-shm");
        File.Move(copy, old, overwrite: true);
        Assert.True(reader.Refresh());
        Assert.Equal(["0", "1", "2"], reader.Entries().Select(entry => entry.Id));
        Assert.Equal(3, reader.Search(Samples.Embedding(1)).Count);
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
        {
            Assert.True(writer.Remove("1"));
            writer.Commit();
        }
        Assert.True(reader.Refresh());
        Assert.False(reader.Refresh());
        Assert.Equal(["0", "2"], reader.Search(Samples.Embedding(1)).Select(match => match.Entry.Id).Order());
    }

    /// <summary>Another writer that is ready to commit as soon as it can, and so right after each commit.</summary>
    [Fact]
    public async Task A_commit_right_after_ones_own_is_no_replacement()
    {
        Make(3);
        using var writer = CatalogWriter.Open(_path, Samples.Model(), patience: TimeSpan.FromMinutes(1));
        bool isDone = false;
        int others = 0;
        Task other = Task.Run(() =>
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(_path, "catalog.db")};Pooling=False");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 0; PRAGMA synchronous = OFF; BEGIN IMMEDIATE; "
                + "UPDATE catalog SET commit_id = lower(hex(randomblob(16))), generation = generation + 1; COMMIT";
            while (!Volatile.Read(ref isDone))
            {
                if (SQLitePCL.raw.sqlite3_exec(connection.Handle, command.CommandText) == SQLitePCL.raw.SQLITE_OK)
                {
                    Interlocked.Increment(ref others);
                    Thread.Sleep(1);
                }
            }
        });
        int own = 0;
        // On a busy machine the other one may get its turn late.
        var watch = Stopwatch.StartNew();
        for (; own < 60 || (Volatile.Read(ref others) <= 5 && watch.Elapsed < TimeSpan.FromMinutes(1)); own++)
        {
            writer.Set(new CatalogEntry { Id = $"own {own}" }, Samples.Embedding(own));
            writer.Commit();
        }
        Volatile.Write(ref isDone, true);
        await other;
        Assert.True(others > 5, $"{others}");
        Assert.Equal(3 + own, Ids(_path).Length);
    }

    [Fact]
    public async Task A_writer_that_lost_its_turn_waits_for_it_and_adds_to_what_others_wrote()
    {
        Make(3);
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model(), patience: TimeSpan.FromMinutes(1));
        Task other = Task.Run(() =>
        {
            for (int i = 0; i < 30; i++)
            {
                using CatalogWriter own = CatalogWriter.Open(_path, Samples.Model(), patience: TimeSpan.FromMinutes(1));
                own.Set(new CatalogEntry { Id = $"other {i}" }, Samples.Embedding(i));
                own.Commit();
            }
        });
        int commits = 0;
        for (; !other.IsCompleted; commits++)
        {
            writer.Set(new CatalogEntry { Id = $"own {commits}" }, Samples.Embedding(commits));
            writer.Commit();
        }
        await other;
        Assert.Equal(3 + 30 + commits, Ids(_path).Length);
    }

    [Fact]
    public void Any_tool_reads_the_tables_as_the_guide_describes_them()
    {
        CatalogEntry entry = new()
        {
            Id = "/music/a.wav", Path = "/music/a.wav", Stem = Stem.Drums, Key = MusicalKey.FromNumber(5), Tempo = 120, Seconds = 8.5,
            Tags = ["loop", "dry"], ContentHash = new string('a', 64),
        };
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model(), CatalogPrecision.Int8))
        {
            writer.Set(entry, Samples.Embedding(1));
            writer.Commit();
        }
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_path, "catalog.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, path, stem, key, tempo, seconds, is_silent, hex(content_hash), "
            + "(SELECT group_concat(tag, ', ') FROM tag WHERE entry = number), embedding_length, precision FROM entry, catalog";
        using SqliteDataReader row = command.ExecuteReader();
        Assert.True(row.Read());
        object[] found = new object[row.FieldCount];
        row.GetValues(found);
        Assert.Equal(
            [entry.Id, entry.Path!, "drums", 5L, 120.0, 8.5, 0L, new string('A', 64), "loop, dry", (long)Samples.Length, "int8"], found);
    }

    private static bool TryAdd(CatalogWriter writer, string id, string path)
    {
        writer.Set(new CatalogEntry { Id = id }, Samples.Embedding(77));
        try
        {
            writer.Commit();
            return true;
        }
        catch (StemJepaException error)
        {
            Assert.Contains(path, error.Message);
            Assert.EndsWith(".", error.Message);
            return false;
        }
    }

    private string[] Ids(string path)
    {
        using StemCatalog catalog = StemCatalog.Open(path);
        string[] ids = [.. catalog.Entries().Select(entry => entry.Id)];
        Assert.Equal(ids.Order(), catalog.Search(Samples.Embedding(-1), ids.Length + 1).Select(match => match.Entry.Id).Order());
        return ids;
    }

    private void Make(int count)
    {
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model());
        for (int i = 0; i < count; i++)
            writer.Set(new CatalogEntry { Id = $"{i}" }, Samples.Embedding(i));
        writer.Commit();
    }
}
