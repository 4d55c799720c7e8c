using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>A folder with recordings and their catalogue, as <c>stemjepa index</c> makes it: ids are paths.</summary>
internal sealed class TestLibrary : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Catalog => _folder.PathOf("catalogue");

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Adds recordings that exist already, under the entries given.</summary>
    public void Add(IStemAffinity model, params CatalogEntry[] entries)
    {
        using CatalogWriter writer = CatalogWriter.Open(Catalog, model.Model);
        foreach (CatalogEntry entry in entries)
        {
            using AudioReader reader = GoldenModel.Music(16000, entry.Id.Length).OpenReader();
            writer.Set(entry, entry.Path is { } path && File.Exists(path) && AudioFile.HasAudioExtension(path)
                ? Embed(model, path) ?? model.Embed(reader)
                : model.Embed(reader));
        }
        writer.Commit();
    }

    /// <summary>Copies a golden file into the library.</summary>
    public string Copy(string golden, string name)
    {
        File.Copy(Golden.PathOf(golden), PathOf(name));
        return PathOf(name);
    }

    public void Dispose() => _folder.Dispose();

    private static StemEmbedding? Embed(IStemAffinity model, string path)
    {
        if (RegularFile.TryGetLength(path) is null)
            return null;
        try
        {
            using AudioReader reader = AudioFile.Open(path);
            return model.Embed(reader);
        }
        catch (StemJepaException)
        {
            return null;
        }
    }
}
