using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>Oracle: a dictionary that is given the same changes.</summary>
public sealed class CatalogStateTests
{
    private enum Kind { Set, Remove, Commit, Reopen, Compact }

    private readonly record struct Change(Kind Kind, int Id, int Seed);

    private static readonly Gen<Change> Changes = Gen.Select(
        Gen.Frequency((12, Gen.Const(Kind.Set)), (4, Gen.Const(Kind.Remove)), (6, Gen.Const(Kind.Commit)), (1, Gen.Const(Kind.Reopen)),
        (1, Gen.Const(Kind.Compact))),
        Gen.Int[0, 20], Gen.Int[0, 100_000], (kind, id, seed) => new Change(kind, id, seed));

    [Theory]
    [InlineData(CatalogPrecision.Single)]
    [InlineData(CatalogPrecision.Int8)]
    public void Any_changes_leave_what_they_leave_in_a_dictionary(CatalogPrecision precision) =>
        Changes.Array[1, 80].Sample(changes =>
        {
            using var folder = new TemporaryFolder();
            string path = folder.PathOf("catalogue");
            var committed = new Dictionary<string, int>();
            var state = new Dictionary<string, int>();
            CatalogWriter writer = CatalogWriter.Open(path, Samples.Model(), precision);
            try
            {
                foreach (Change change in changes)
                {
                    Apply(change, writer, state);
                    if (change.Kind is Kind.Commit or Kind.Compact)
                        committed = new(state);
                    if (change.Kind == Kind.Reopen)
                    {
                        writer.Dispose();
                        writer = CatalogWriter.Open(path, Samples.Model());
                        state = new(committed);
                    }
                    if (change.Kind >= Kind.Commit)
                        Check(writer.Catalog, committed);
                }
                using StemCatalog reader = StemCatalog.Open(path);
                Check(reader, committed);
                CatalogStatistics statistics = reader.CountAll();
                Assert.Equal(Directory.GetFiles(path, "vectors-*.bin").Length, statistics.Segments);
                Assert.Equal(committed.Count, statistics.Recordings);
                Assert.Equal(committed.Sum(pair => Samples.Entry(pair.Key, pair.Value).Seconds ?? 0), statistics.Seconds, 1e-6);
            }
            finally
            {
                writer.Dispose();
            }
        }, iter: 12, threads: 1);

    [Fact]
    public void Many_small_commits_leave_few_files_and_all_recordings_in_their_order()
    {
        using var folder = new TemporaryFolder();
        using CatalogWriter writer = CatalogWriter.Open(folder.PathOf("c"), Samples.Model());
        for (int i = 0; i < 100; i++)
        {
            writer.Set(Samples.Entry($"{i}", i), Samples.Embedding(i));
            writer.Commit();
        }
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), writer.Catalog.Entries().Select(entry => entry.Id));
        Assert.Equal(["catalog.db", "catalog.db-shm", "catalog.db-wal", "lock", "vectors-1.bin"],
            Directory.GetFiles(folder.PathOf("c")).Select(Path.GetFileName).Order());
        Assert.InRange(new FileInfo(folder.PathOf("c/catalog.db-wal")).Length, 0, 200_000);
        writer.Compact();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), writer.Catalog.Entries().Select(entry => entry.Id));
        Assert.Single(Directory.GetFiles(folder.PathOf("c"), "vectors-*.bin"));
    }

    [Fact]
    public void Room_of_replaced_recordings_is_won_back()
    {
        using var folder = new TemporaryFolder();
        using CatalogWriter writer = CatalogWriter.Open(folder.PathOf("c"), Samples.Model());
        for (int round = 0; round < 12; round++)
        {
            for (int i = 0; i < 300; i++)
                writer.Set(new CatalogEntry { Id = $"{i}", Tempo = 100 + round }, Samples.Embedding(i));
            writer.Commit();
        }
        CatalogStatistics statistics = writer.Catalog.CountAll();
        Assert.Equal(300, statistics.Recordings);
        Assert.InRange(statistics.Dead, 0, 1024);
        Assert.All(writer.Catalog.Entries(), entry => Assert.Equal(111, entry.Tempo));
    }

    private static void Apply(Change change, CatalogWriter writer, Dictionary<string, int> state)
    {
        string id = $"recording {change.Id}";
        switch (change.Kind)
        {
            case Kind.Set:
                writer.Set(Samples.Entry(id, change.Seed), Samples.Embedding(change.Seed));
                state[id] = change.Seed;
                break;
            case Kind.Remove:
                Assert.Equal(state.Remove(id), writer.Remove(id));
                break;
            case Kind.Commit:
                writer.Commit();
                Assert.False(writer.HasChanges);
                break;
            case Kind.Compact:
                writer.Compact();
                Assert.InRange(writer.Catalog.CountAll().Segments, 0, 1);
                Assert.Equal(0, writer.Catalog.CountAll().Dead);
                break;
        }
    }

    private static void Check(StemCatalog catalog, Dictionary<string, int> expected)
    {
        Assert.Equal(expected.Count, catalog.Count);
        Assert.Equal(expected.Select(pair => Samples.Describe(Samples.Entry(pair.Key, pair.Value))).Order(),
            catalog.Entries().Select(Samples.Describe).Order());
        for (int i = 0; i <= 20; i++)
        {
            string id = $"recording {i}";
            Assert.Equal(expected.TryGetValue(id, out int seed), catalog.TryGet(id, out CatalogEntry? entry));
            if (entry is not null)
                Assert.Equal(Samples.Describe(Samples.Entry(id, seed)), Samples.Describe(entry));
        }
        IReadOnlyList<CatalogMatch> found = catalog.Search(Samples.Embedding(-1), 100, new CatalogFilter { IncludeSilent = true });
        Assert.Equal(expected.Keys.Order(), found.Select(match => match.Entry.Id).Order());
        Assert.All(found, match =>
            Assert.Equal(Samples.Affinity(Samples.Embedding(-1), Samples.Embedding(expected[match.Entry.Id])), match.Affinity, 3e-5));
    }

    [Fact]
    public void Embeddings_of_another_model_are_neither_added_nor_sought()
    {
        using var folder = new TemporaryFolder();
        float[] vector = Samples.Embedding(1).Vector.ToArray();
        StemEmbedding unknown = new(vector), own = new(vector, modelHash: Samples.Model().Hash),
            other = new(vector, modelHash: new string('0', 64));
        string path = folder.PathOf("library");
        using (CatalogWriter writer = CatalogWriter.Open(path, Samples.Model()))
        {
            writer.Set(new CatalogEntry { Id = "unknown" }, unknown);
            writer.Set(new CatalogEntry { Id = "own" }, own);
            var error = Assert.Throws<StemJepaException>(() => writer.Set(new CatalogEntry { Id = "other" }, other));
            Assert.Equal(StemJepaErrorKind.ModelMismatch, error.Kind);
            Assert.Contains("'other' is of the model 000000000000...", error.Message);
            writer.Commit();
        }
        using StemCatalog catalog = StemCatalog.Open(path);
        Assert.Equal(2, catalog.Search(own).Count);
        Assert.Throws<StemJepaException>(() => catalog.Search(other));
        Assert.True(catalog.TryGetEmbedding("own", out StemEmbedding? kept));
        Assert.Equal(Samples.Model().Hash, kept.ModelHash);
    }
}
