using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>Deleting a catalogue, and what readers and writers of it then see.</summary>
public sealed class CatalogDeletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public CatalogDeletionTests() => _path = _folder.PathOf("catalogue");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_deleted_catalogue_is_gone_and_its_folder_takes_another()
    {
        Assert.False(StemCatalog.Exists(_path));
        Assert.False(CatalogWriter.Delete(_path));
        Assert.False(Directory.Exists(_path));
        Make(Samples.Model());
        File.WriteAllText(Path.Combine(_path, "mine.txt"), "stays");
        Assert.True(StemCatalog.Exists(_path));
        using StemCatalog reader = StemCatalog.Open(_path);

        Assert.True(CatalogWriter.Delete(_path));

        Assert.False(StemCatalog.Exists(_path));
        Assert.False(CatalogWriter.Delete(_path));
        Assert.Equal(["lock", "mine.txt"], Directory.GetFiles(_path).Select(Path.GetFileName).Order());
        Assert.Equal(["0", "1", "2"], reader.Search(Samples.Embedding(0), 10).Select(match => match.Entry.Id).Order());
        Assert.Throws<StemJepaException>(() => reader.Refresh());
        Assert.Throws<StemJepaException>(() => StemCatalog.Open(_path));
        File.Delete(Path.Combine(_path, "mine.txt"));
        Make(Samples.Model(65), 65);
        Assert.Equal(3, StemCatalog.Open(_path, Samples.Model(65)).Count);
    }

    [Fact]
    public void A_catalogue_that_is_being_written_is_not_deleted()
    {
        Make(Samples.Model());
        using (CatalogWriter.Open(_path, Samples.Model()))
            Assert.StartsWith($"{_path} is being written by another program",
                Assert.Throws<StemJepaException>(() => CatalogWriter.Delete(_path)).Message);
        Assert.Equal(3, StemCatalog.Open(_path).Count);
    }

    [Fact]
    public void A_damaged_catalogue_can_be_deleted()
    {
        Make(Samples.Model());
        File.WriteAllText(Path.Combine(_path, "catalog.db"), "SJCATLOG, cut off");
        Assert.True(CatalogWriter.Delete(_path));
        Assert.Equal(["lock"], Directory.GetFiles(_path).Select(Path.GetFileName));
    }

    [Fact]
    public void Every_commit_adds_one_to_the_generation_that_a_reader_sees_after_refreshing()
    {
        Make(Samples.Model());
        using StemCatalog reader = StemCatalog.Open(_path);
        long first = reader.Generation;
        using (CatalogWriter writer = CatalogWriter.Open(_path, Samples.Model()))
        {
            writer.Remove("1");
            writer.Commit();
            writer.Commit();
            writer.Compact();
            Assert.Equal(first + 2, writer.Catalog.Generation);
        }
        Assert.Equal(first, reader.Generation);
        reader.Refresh();
        Assert.Equal(first + 2, reader.Generation);
    }

    private void Make(ModelInfo model, int length = Samples.Length)
    {
        using CatalogWriter writer = CatalogWriter.Open(_path, model);
        for (int i = 0; i < 3; i++)
            writer.Set(new CatalogEntry { Id = $"{i}" }, Samples.Embedding(i, length));
        writer.Commit();
    }
}
