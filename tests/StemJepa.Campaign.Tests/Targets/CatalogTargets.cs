using StemJepa.Catalog.Tests;

namespace StemJepa.Campaign.Tests;

/// <summary>
/// A catalogue with a damaged file, which is read and then written. Oracle: with damaged vectors, one sentence or what was written; never
/// something else.
/// </summary>
internal sealed class CatalogTargets
{
    private const string Database = "catalog.db", Vectors = "vectors-1.bin";
    private const int Recordings = 600;
    private readonly string _whole;
    private readonly string[] _expected;

    private CatalogTargets(string folder)
    {
        _whole = Path.Combine(folder, "whole");
        using CatalogWriter writer = CatalogWriter.Open(_whole, Samples.Model(), CatalogPrecision.Int8);
        foreach (int first in new[] { 0, Recordings })
        {
            for (int i = first; i < first + Recordings / (first + 1); i++)
                writer.Set(Samples.Entry($"{i}", i), Samples.Embedding(i));
            writer.Remove("5");
            writer.Commit();
        }
        _expected = ReadAll(writer.Catalog);
    }

    internal static IEnumerable<Target> Create(string folder)
    {
        var targets = new CatalogTargets(folder);
        return
        [
            targets.Damaging(Database, 1),
            targets.Damaging(Vectors, 1),
        ];
    }

    private Target Damaging(string name, double share) =>
        new($"a catalogue's {name}", share, [File.ReadAllBytes(Path.Combine(_whole, name))], (input, folder) => Read(name, input, folder))
        {
            MostBytes = 256 << 20,
        };

    private void Read(string name, byte[] input, string folder)
    {
        string copy = Path.Combine(folder, "copy");
        if (Directory.Exists(copy))
            Directory.Delete(copy, recursive: true);
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(_whole).Where(file => Path.GetFileName(file) != name))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        File.WriteAllBytes(Path.Combine(copy, name), input);
        StemJepaException? refusal = null;
        try
        {
            using StemCatalog catalog = StemCatalog.Open(copy);
            string[] found = ReadAll(catalog);
            if (name == Vectors)
                Assert.Equal(_expected, found);
        }
        catch (StemJepaException error)
        {
            refusal = error;
        }
        try
        {
            using CatalogWriter writer = CatalogWriter.Open(copy, Samples.Model());
            writer.Set(Samples.Entry("new", 1), Samples.Embedding(1));
            writer.Remove("7");
            writer.Commit();
            writer.Compact();
            Assert.True(writer.Catalog.TryGetEmbedding("new", out _));
        }
        catch (StemJepaException error)
        {
            refusal ??= error;
        }
        if (refusal is null)
            return;
        Assert.Contains(copy, refusal.Message);
        throw refusal;
    }

    private static string[] ReadAll(StemCatalog catalog) =>
    [
        .. catalog.Search(Samples.Embedding(-1), 2000, new CatalogFilter { IncludeSilent = true })
            .Select(match => $"{match.Entry.Id} {match.Affinity:R}"),
        .. catalog.Entries().Select(Samples.Describe),
        .. Enumerable.Range(0, Recordings).Where(i => i % 50 == 0)
            .Select(i => catalog.TryGet($"{i}", out CatalogEntry? entry) ? Samples.Describe(entry) : ""),
    ];
}
