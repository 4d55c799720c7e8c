using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>Whatever happens to the files: one sentence, or what was written; never something else.</summary>
public sealed class CatalogDamageTests : IDisposable
{
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
    public void The_undamaged_catalogue_has_segments_of_several_blocks_and_dead_rows()
    {
        Assert.Contains(Directory.GetFiles(_whole, "*.segment"), path => new FileInfo(path).Length > 2 * BlockChecksum.BlockBytes);
        using StemCatalog catalog = StemCatalog.Open(_whole);
        Assert.Equal((3, 3), (catalog.CountAll().Segments, catalog.CountAll().Dead));
        Assert.Equal(_expected, ReadAll(catalog));
    }

    [Fact]
    public void Flipped_bits_are_found() =>
        Gen.Select(Files, Gen.Int[1, 4], Gen.Int[0, int.MaxValue]).Sample((name, flips, seed) => CheckDamage(name, bytes =>
        {
            var random = new Random(seed);
            for (int i = 0; i < flips; i++)
                bytes[random.Next(i == 0 ? bytes.Length : Math.Min(bytes.Length, 100))] ^= (byte)(1 << random.Next(8));
            return bytes;
        }), iter: 150, threads: 1);

    [Fact]
    public void Cut_and_lengthened_files_are_found() =>
        Gen.Select(Files, Gen.Double[0, 1.2]).Sample((name, part) => CheckDamage(name, bytes =>
        {
            Array.Resize(ref bytes, (int)(part * bytes.Length));
            return bytes;
        }), iter: 100, threads: 1);

    [Fact]
    public void A_manifest_is_found_out_at_every_length_and_at_a_flipped_bit_of_every_byte()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(_whole, "catalog"));
        string path = _folder.PathOf("manifest/catalog");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] flipped = (byte[])bytes.Clone();
            flipped[i] ^= (byte)(1 << i % 8);
            foreach (byte[] damaged in new[] { flipped, bytes[..i] })
            {
                File.WriteAllBytes(path, damaged);
                IsOneSentence(Assert.Throws<StemJepaException>(() => StemCatalog.Open(Path.GetDirectoryName(path)!)), path);
            }
        }
    }

    [Fact]
    public void Missing_and_exchanged_segments_are_found()
    {
        string[] segments = [.. Directory.GetFiles(_whole, "*.segment").Order()];
        foreach (string segment in segments)
        {
            string copy = Copy();
            File.Delete(Path.Combine(copy, Path.GetFileName(segment)));
            IsOneSentence(Assert.Throws<StemJepaException>(() => StemCatalog.Open(copy)), Path.GetFileName(segment));
        }
        string exchanged = Copy();
        File.Copy(segments[1], Path.Combine(exchanged, Path.GetFileName(segments[2])), overwrite: true);
        IsOneSentence(Assert.Throws<StemJepaException>(() => StemCatalog.Open(exchanged)), Path.GetFileName(segments[2]));
    }

    [Fact]
    public void Compacting_does_not_carry_damage_on()
    {
        foreach (double place in new[] { 0.1, 0.4, 0.6, 0.9 })
        {
            string copy = Copy(), segment = Directory.GetFiles(copy, "*.segment").Order().First();
            byte[] bytes = File.ReadAllBytes(segment);
            bytes[(int)(place * bytes.Length)] ^= 4;
            File.WriteAllBytes(segment, bytes);
            using CatalogWriter writer = CatalogWriter.Open(copy, Samples.Model());
            IsOneSentence(Assert.Throws<StemJepaException>(writer.Compact), Path.GetFileName(segment));
        }
    }

    [Fact]
    public void What_is_no_catalogue_is_refused_in_one_sentence()
    {
        string empty = _folder.PathOf("empty"), file = _folder.Write("file", [1, 2, 3]), foreign = _folder.PathOf("foreign");
        Directory.CreateDirectory(empty);
        Directory.CreateDirectory(foreign);
        File.WriteAllText(Path.Combine(foreign, "catalog"), "shoes, hats and other goods");
        foreach (string path in new[] { empty, file, foreign, _folder.PathOf("missing") })
            IsOneSentence(Assert.Throws<StemJepaException>(() => StemCatalog.Open(path)), path);
        File.WriteAllText(Path.Combine(empty, "holiday.wav"), "");
        foreach (string path in new[] { empty, file, foreign })
            IsOneSentence(Assert.Throws<StemJepaException>(() => CatalogWriter.Open(path, Samples.Model())), path);
        Assert.Equal(["holiday.wav"], Directory.GetFiles(empty).Select(Path.GetFileName));
    }

    [Fact]
    public void A_newer_format_is_named()
    {
        string copy = Copy(), manifest = Path.Combine(copy, "catalog");
        byte[] bytes = File.ReadAllBytes(manifest);
        bytes[8] = 2;
        File.WriteAllBytes(manifest, bytes);
        Assert.Contains("format version 2", Assert.Throws<StemJepaException>(() => StemCatalog.Open(copy)).Message);
    }

    private Gen<string> Files => Gen.Int[0, 3].Select(index => index == 0 ? "catalog" : $"00000{index}.segment");

    private void CheckDamage(string name, Func<byte[], byte[]> damage)
    {
        string copy = Copy(), path = Path.Combine(copy, name);
        File.WriteAllBytes(path, damage(File.ReadAllBytes(path)));
        try
        {
            using StemCatalog catalog = StemCatalog.Open(copy);
            Assert.Equal(_expected, ReadAll(catalog));
        }
        catch (StemJepaException error)
        {
            IsOneSentence(error, name);
        }
        Directory.Delete(copy, recursive: true);
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
