using System.Diagnostics;
using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>One writer and many readers of one folder.</summary>
public sealed class CatalogSharingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public CatalogSharingTests() => _path = _folder.PathOf("catalogue");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_reader_keeps_its_state_until_it_refreshes()
    {
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model());
        Set(writer, 0, 10, version: 1);
        writer.Commit();
        using StemCatalog reader = StemCatalog.Open(_path);

        Set(writer, 0, 5, version: 2);
        writer.Remove("9");
        writer.Commit();
        writer.Compact();

        Assert.Equal(Enumerable.Repeat(1.0, 10), reader.Entries().Select(entry => entry.Tempo!.Value));
        Assert.Equal(10, reader.Search(Samples.Embedding(-1), 100).Count);
        Assert.True(reader.Refresh());
        Assert.False(reader.Refresh());
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 2], reader.Entries().Select(entry => entry.Tempo!.Value));
        Assert.Equal(9, reader.Search(Samples.Embedding(-1), 100).Count);
    }

    /// <summary>Also where the reader first searches after that, or opens a state that the file has outgrown.</summary>
    [Fact]
    public void A_reader_searches_its_state_in_a_file_that_has_grown()
    {
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model());
        Set(writer, 0, 10, version: 1);
        writer.Commit();
        using StemCatalog reader = StemCatalog.Open(_path);
        Set(writer, 10, 10 + 2 * VectorLayout.RowsPerBlock, version: 1);
        writer.Commit();
        Assert.Equal(10, reader.Search(Samples.Embedding(-1), 2000).Count);
        Assert.True(reader.Refresh());
        using (FileStream file = File.Open(Path.Combine(_path, "vectors-1.bin"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(file.Length + 100_000);
        using StemCatalog other = StemCatalog.Open(_path);
        foreach (StemCatalog catalog in new[] { reader, other })
            Assert.Equal(10 + 2 * VectorLayout.RowsPerBlock, catalog.Search(Samples.Embedding(-1), 2000).Count);
    }

    [Fact]
    public async Task Readers_see_whole_commits_only_while_a_writer_commits_and_compacts()
    {
        const int recordings = 12, commits = 60;
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model());
        Set(writer, 0, recordings, version: 1);
        writer.Commit();
        using StemCatalog shared = StemCatalog.Open(_path);
        using var done = new CancellationTokenSource();
        Task<int>[] readers =
            [.. Enumerable.Range(0, 3).Select(number => Task.Run(() => Watch(number == 0 ? null : shared, recordings, done.Token)))];
        for (int version = 2; version <= commits; version++)
        {
            Set(writer, 0, recordings, version);
            if (version % 10 == 0)
                writer.Compact();
            else
                writer.Commit();
        }
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), seen => Assert.InRange(seen, 1, commits));
    }

    /// <summary>Reads until told to stop; returns how many states it saw.</summary>
    private int Watch(StemCatalog? shared, int recordings, CancellationToken stop)
    {
        var seen = new HashSet<double>();
        do
        {
            using StemCatalog? own = shared is null ? StemCatalog.Open(_path) : null;
            StemCatalog catalog = shared ?? own!;
            catalog.Refresh();
            double[] versions = [.. catalog.Entries().Select(entry => entry.Tempo!.Value)];
            Assert.Equal(recordings, versions.Length);
            Assert.Single(versions.Distinct());
            IReadOnlyList<CatalogMatch> found = catalog.Search(Samples.Embedding(3), 1);
            Assert.Equal("3", Assert.Single(found).Entry.Id);
            seen.Add(versions[0]);
        }
        while (!stop.IsCancellationRequested);
        return seen.Count;
    }

    [Fact]
    public async Task A_second_writer_is_refused_or_waits()
    {
        CatalogWriter first = CatalogWriter.Open(_path, Samples.Model());
        StemJepaException error = Assert.Throws<StemJepaException>(() => CatalogWriter.Open(_path, Samples.Model()));
        Assert.StartsWith($"{_path} is being written by another program", error.Message);
        Task<CatalogWriter> waiting = Task.Run(() => CatalogWriter.Open(_path, Samples.Model(), patience: TimeSpan.FromMinutes(1)));
        await Task.Delay(150);
        Assert.False(waiting.IsCompleted);
        first.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task Waiting_for_another_writer_is_cancelled_at_once()
    {
        using CatalogWriter first = CatalogWriter.Open(_path, Samples.Model());
        using var cancel = new CancellationTokenSource();
        Task<CatalogWriter> waiting =
            Task.Run(() => CatalogWriter.Open(_path, Samples.Model(), patience: TimeSpan.FromMinutes(10), cancellationToken: cancel.Token));
        await Task.Delay(200);
        Assert.False(waiting.IsCompleted);
        var watch = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        first.Dispose();
        CatalogWriter.Open(_path, Samples.Model(), cancellationToken: cancel.Token).Dispose();
    }

    [Fact]
    public void Uncommitted_changes_are_dropped_and_files_of_a_killed_writer_removed()
    {
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
        {
            Set(writer, 0, 3, version: 1);
            writer.Commit();
            Set(writer, 3, 6, version: 1);
            Assert.Equal((true, 3), (writer.HasChanges, writer.Catalog.Count));
        }
        string[] left =
            [.. new[] { "vectors-7.bin", "catalog.db.k3xq5rm1.abc", "catalog.db.k3xq5rm1.abc-journal" }
                .Select(name => Path.Combine(_path, name))];
        foreach (string file in left)
            File.WriteAllBytes(file, [1]);
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
            Assert.Equal(3, writer.Catalog.Count);
        Assert.All(left, file => Assert.False(File.Exists(file)));
        Assert.Equal(3, Directory.GetFiles(_path).Length);
    }

    [Fact]
    public void Copies_of_the_users_beside_the_database_stay()
    {
        string[] copies = [.. new[] { "catalog.db.bak", "catalog.db~", "vectors-old.bin" }.Select(name => Path.Combine(_path, name))];
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
        {
            foreach (string copy in copies)
                File.WriteAllBytes(copy, [1]);
            Set(writer, 0, 3, version: 1);
            writer.Commit();
        }
        Assert.True(CatalogWriter.Delete(_path));
        Assert.All(copies, copy => Assert.True(File.Exists(copy)));
        Assert.Contains("holds other files", Assert.Throws<StemJepaException>(() => CatalogWriter.Open(_path, Samples.Model())).Message);
    }

    [Fact]
    public void A_commit_that_fails_changes_nothing_and_can_be_tried_again()
    {
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model());
        Set(writer, 0, 3, version: 1);
        writer.Commit();
        Set(writer, 0, 2, version: 2);
        writer.Remove("2");
        string file = Path.Combine(_path, "vectors-1.bin"), aside = _folder.PathOf("aside");
        File.Move(file, aside);
        Directory.CreateDirectory(file);
        StemJepaException error = Assert.Throws<StemJepaException>(writer.Commit);
        Assert.StartsWith($"Cannot write {file}: ", error.Message);
        Assert.Equal(StemJepaErrorKind.Access, error.Kind);
        Directory.Delete(file);
        File.Move(aside, file);
        Assert.Equal((true, 3), (writer.HasChanges, writer.Catalog.Count));
        using (StemCatalog reader = StemCatalog.Open(_path))
            Assert.Equal([1, 1, 1], reader.Entries().Select(entry => entry.Tempo!.Value));
        writer.Commit();
        Assert.Equal([2, 2], writer.Catalog.Entries().Select(entry => entry.Tempo!.Value));
    }

    [Fact]
    public void Another_model_another_width_and_another_precision_are_refused()
    {
        ModelInfo model = Samples.Model();
        ModelInfo other = model with { Sha256 = model.Sha256.ToDictionary(pair => pair.Key, _ => new string('a', 64)) };
        using (CatalogWriter writer = CatalogWriter.Open(_path, model))
        {
            Assert.Throws<StemJepaException>(() => writer.Set(Samples.Entry("a", 1), Samples.Embedding(1, 65)));
            Assert.Throws<StemJepaException>(() => writer.Catalog.Search(Samples.Embedding(1, 65)));
        }
        foreach (ModelInfo wrong in new[] { other, Samples.Model(65) })
        {
            Assert.StartsWith($"{_path} holds embeddings of the model ",
                Assert.Throws<StemJepaException>(() => StemCatalog.Open(_path, wrong)).Message);
            Assert.StartsWith($"{_path} holds embeddings of the model ",
                Assert.Throws<StemJepaException>(() => CatalogWriter.Open(_path, wrong)).Message);
        }
        Assert.StartsWith($"{_path} keeps its values as Single",
            Assert.Throws<StemJepaException>(() => CatalogWriter.Open(_path, model, CatalogPrecision.Int8)).Message);
        StemCatalog.Open(_path, model).Dispose();
        CatalogWriter.Open(_path, model).Dispose();
    }

    [Fact]
    public void Wrong_entries_are_refused_and_leave_no_trace()
    {
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model());
        Set(writer, 0, 1, version: 1);
        writer.Commit();
        var entry = new CatalogEntry { Id = "0" };
        foreach (CatalogEntry wrong in new[]
        {
            entry with { Id = "" }, entry with { Id = "\uD800" }, entry with { Tempo = 0 }, entry with { Tempo = double.NaN },
                entry with { Seconds = -1 },
            entry with { Tags = [""] }, entry with { Tags = ["a\0b"] }, entry with { ContentHash = "abc" },
            entry with { Path = new string('x', 70_000) },
        })
            Assert.ThrowsAny<ArgumentException>(() => writer.Set(wrong, Samples.Embedding(1)));
        Assert.False(writer.HasChanges);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Catalog.Search(Samples.Embedding(1), 0));
        writer.Compact();
        Assert.Equal(1, Assert.Single(writer.Catalog.Entries()).Tempo);
    }

    [Fact]
    public void A_disposed_catalogue_lets_a_running_enumeration_finish_and_refuses_new_calls()
    {
        using CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model());
        Set(writer, 0, 4, version: 1);
        writer.Commit();
        StemCatalog catalog = StemCatalog.Open(_path);
        using IEnumerator<CatalogEntry> entries = catalog.Entries().GetEnumerator();
        Assert.True(entries.MoveNext());
        catalog.Dispose();
        for (int i = 1; i < 4; i++)
            Assert.True(entries.MoveNext());
        Assert.False(entries.MoveNext());
        Assert.Throws<ObjectDisposedException>(() => catalog.Search(Samples.Embedding(1)));
        Assert.Throws<ObjectDisposedException>(() => catalog.Refresh());
        Assert.Throws<ObjectDisposedException>(() => catalog.Count);
    }

    private static void Set(CatalogWriter writer, int from, int to, double version)
    {
        for (int i = from; i < to; i++)
            writer.Set(new CatalogEntry { Id = $"{i}", Tempo = version }, Samples.Embedding(i));
    }
}
