using System.IO.Enumeration;
using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>Oracle: comparing with every recording in double precision, and filtering entries with LINQ.</summary>
public sealed class CatalogSearchTests : IDisposable
{
    private const double SingleTolerance = 2e-6, Int8Tolerance = 3e-5;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CatalogPrecision.Single, 60, 300, 1)]
    [InlineData(CatalogPrecision.Single, 60, 300, 1000)]
    [InlineData(CatalogPrecision.Single, 635, 3000, 20)]
    [InlineData(CatalogPrecision.Int8, 60, 300, 7)]
    [InlineData(CatalogPrecision.Int8, 635, 7000, 20)]
    public void Search_equals_the_formula(CatalogPrecision precision, int length, int count, int top)
    {
        StemEmbedding[] embeddings = [.. Enumerable.Range(0, count).Select(seed => Samples.Embedding(seed, length))];
        using StemCatalog catalog = Make(precision, embeddings, (id, _) => new CatalogEntry { Id = id });
        StemEmbedding query = Samples.Embedding(-1, length);

        IReadOnlyList<CatalogMatch> found = catalog.Search(query, top);

        double tolerance = precision == CatalogPrecision.Single ? SingleTolerance : Int8Tolerance;
        double[] all = Array.ConvertAll(embeddings, embedding => Samples.Affinity(query, embedding));
        Assert.Equal(Math.Min(top, count), found.Select(match => match.Entry.Id).Distinct().Count());
        Assert.All(found, match => Assert.Equal(all[int.Parse(match.Entry.Id)], match.Affinity, tolerance));
        Assert.All(found.Zip(all.OrderDescending()), pair => Assert.Equal(pair.Second, pair.First.Affinity, tolerance));
        Assert.Equal(found.Select(match => match.Affinity).OrderDescending(), found.Select(match => match.Affinity));
    }

    [Fact]
    public void Filters_return_what_LINQ_returns()
    {
        const int count = 200;
        CatalogEntry[] entries = [.. Enumerable.Range(0, count).Select(seed => Samples.Entry($"{seed}", seed))];
        using StemCatalog catalog = Make(CatalogPrecision.Single, [.. Enumerable.Range(0, count).Select(seed => Samples.Embedding(seed))],
            (_, seed) => entries[seed]);
        Gen<double?> bound = Gen.Double[0, 300].Select(value => value > 250 ? null : (double?)value);
        Gen.Select(Gen.Int[0, Samples.Stems.Length], Gen.Bool, bound, bound, Gen.Int[0, 23].Array[0, 4], Gen.Int[0, 5], Gen.Int[0, 6],
            Gen.Int[0, 31]).Sample((stem, orUnknown, from, to, keys, tag, path, more) =>
            {
                var filter = new CatalogFilter
                {
                    Stem = stem == Samples.Stems.Length ? null : Samples.Stems[stem],
                    IncludeUnknownStem = orUnknown,
                    MinimumSeconds = from,
                    MaximumTempo = to,
                    Keys = [.. keys.Select(MusicalKey.FromNumber)],
                    Tags = tag switch { 0 => ["loop"], 1 => ["one shot", "loop"], 2 => ["naïve"], 3 => ["one"], _ => [] },
                    Path = path switch { 0 => "/music/a/*", 1 => @"*\b\?? ♪.wav", 2 => "*7*", 3 => @"*/B\?? ♪.WaV", 4 => "/Music/*",
                        _ => null },
                    IgnorePathCase = (more & 16) != 0,
                    IncludeSilent = (more & 1) != 0,
                    IncludeHalfAndDoubleTempo = (more & 2) != 0,
                    IncludeUnknownTempo = (more & 4) != 0,
                    IncludeUnknownKey = (more & 8) != 0,
                    MinimumTempo = to / 1.5,
                };
                string[] expected = [.. entries.Where(entry => Passes(entry, filter)).Select(entry => entry.Id).Order()];
                Assert.Equal(expected, catalog.Search(Samples.Embedding(-1), count, filter).Select(match => match.Entry.Id).Order());
                Assert.Equal(expected, catalog.Entries(filter).Select(entry => entry.Id).Order());
            }, iter: 200);
    }

    [Fact]
    public void A_filtered_search_returns_the_best_of_those_that_pass()
    {
        const int count = 400;
        StemEmbedding[] embeddings = [.. Enumerable.Range(0, count).Select(seed => Samples.Embedding(seed))];
        using StemCatalog catalog =
            Make(CatalogPrecision.Int8, embeddings, (id, seed) => new CatalogEntry { Id = id, Tags = seed % 40 == 0 ? ["rare"] : [] });

        IReadOnlyList<CatalogMatch> found = catalog.Search(Samples.Embedding(-1), 3, new CatalogFilter { Tags = ["rare"] });

        int[] expected = [.. Enumerable.Range(0, count / 40).Select(i => 40 * i)
            .OrderByDescending(i => Samples.Affinity(Samples.Embedding(-1), embeddings[i])).Take(3)];
        Assert.Equal(expected.Select(i => $"{i}"), found.Select(match => match.Entry.Id));
    }

    [Theory]
    [InlineData(CatalogPrecision.Single)]
    [InlineData(CatalogPrecision.Int8)]
    public void Equal_recordings_come_in_the_order_in_which_they_were_added(CatalogPrecision precision)
    {
        StemEmbedding[] embeddings = [.. Enumerable.Range(0, 30).Select(i => Samples.Embedding(i % 3))];
        using StemCatalog catalog = Make(precision, embeddings, (id, _) => new CatalogEntry { Id = id });
        string[] expected =
            [.. Enumerable.Range(0, 30).OrderByDescending(i => Samples.Affinity(Samples.Embedding(0), embeddings[i])).Select(i => $"{i}")];
        Assert.Equal(expected, catalog.Search(Samples.Embedding(0), 30).Select(match => match.Entry.Id));
        Assert.Equal(expected[..4], catalog.Search(Samples.Embedding(0), 4).Select(match => match.Entry.Id));
    }

    /// <summary>Hard: all near one another, and with outlying channels that stretch the scale of 8-bit values.</summary>
    [Theory]
    [InlineData(0.25f, 0)]
    [InlineData(1, 3)]
    [InlineData(0.5f, 2)]
    public void Int8_finds_at_least_99_percent_of_the_exact_best_ten(float spread, int outliers)
    {
        const int count = 3000, queries = 20, top = 10, length = 640;
        StemEmbedding centre = Samples.Embedding(-1, length);
        StemEmbedding Near(int seed)
        {
            float[] noise = Samples.Embedding(seed, length).Vector.ToArray(), values = centre.Vector.ToArray();
            for (int i = 0; i < length; i++)
                values[i] += spread * noise[i] + (i < outliers ? 20 : 0);
            return new StemEmbedding(values);
        }
        StemEmbedding[] embeddings = [.. Enumerable.Range(0, count).Select(Near)];
        using StemCatalog catalog = Make(CatalogPrecision.Int8, embeddings, (id, _) => new CatalogEntry { Id = id });
        int hits = 0;
        for (int query = 0; query < queries; query++)
        {
            StemEmbedding prediction = Near(count + query);
            var exact = Enumerable.Range(0, count).OrderByDescending(i => prediction.Similarity(embeddings[i])).Take(top)
                .Select(i => $"{i}").ToHashSet();
            hits += catalog.Search(prediction, top).Count(match => exact.Contains(match.Entry.Id));
        }
        Assert.True(hits >= 0.99 * queries * top, $"recall@10 is {(double)hits / (queries * top)}");
    }

    [Theory]
    [InlineData(CatalogPrecision.Single, 1e-7)]
    [InlineData(CatalogPrecision.Int8, 2e-5)]
    public void Embeddings_come_back_as_directions(CatalogPrecision precision, double tolerance)
    {
        using StemCatalog catalog = Make(precision, [Samples.Embedding(1), new StemEmbedding(new float[Samples.Length])],
            (id, seed) => new CatalogEntry { Id = id, Seconds = seed == 0 ? 3.5 : null, IsSilent = seed == 1 });
        Assert.True(catalog.TryGetEmbedding("0", out StemEmbedding? music));
        Assert.Equal(1, Samples.Affinity(music, Samples.Embedding(1)), tolerance);
        Assert.Equal((TimeSpan.FromSeconds(3.5), false), (music.Duration, music.IsSilent));
        Assert.True(catalog.TryGetEmbedding("1", out StemEmbedding? silence));
        Assert.Equal(((TimeSpan?)null, true), (silence.Duration, silence.IsSilent));
        Assert.Equal(0, silence.Similarity(music));
        Assert.False(catalog.TryGetEmbedding("2", out _));
    }

    private static bool Passes(CatalogEntry entry, CatalogFilter filter) =>
        (filter.IncludeSilent || !entry.IsSilent)
        && (filter.Stem is null || entry.Stem == filter.Stem || (entry.Stem is null && filter.IncludeUnknownStem))
        && (filter.MinimumSeconds is null || entry.Seconds >= filter.MinimumSeconds)
        && HasTempo(entry.Tempo, filter)
        && (filter.Keys.Count == 0 || (entry.Key is { } key ? filter.Keys.Contains(key) : filter.IncludeUnknownKey))
        && filter.Tags.All(entry.Tags.Contains)
        && (filter.Path is null || (entry.Path is not null
        && FileSystemName.MatchesSimpleExpression(filter.Path.Replace('\\', '/'), entry.Path, filter.IgnorePathCase)));

    private static bool HasTempo(double? tempo, CatalogFilter filter)
    {
        if (filter.MinimumTempo is not { } minimum || filter.MaximumTempo is not { } maximum)
            return true;
        double[] counted = tempo is { } known ? filter.IncludeHalfAndDoubleTempo ? [known, 2 * known, known / 2] : [known] : [];
        return tempo is null ? filter.IncludeUnknownTempo : counted.Any(value => value >= minimum && value <= maximum);
    }

    private StemCatalog Make(CatalogPrecision precision, StemEmbedding[] embeddings, Func<string, int, CatalogEntry> entryOf)
    {
        using (CatalogWriter writer =
            CatalogWriter.Open(_folder.PathOf("catalogue"), Samples.Model(embeddings[0].Vector.Length), precision))
        {
            for (int i = 0; i < embeddings.Length; i++)
            {
                writer.Set(entryOf($"{i}", i), embeddings[i]);
                if (i % 1000 == 50)
                    writer.Commit();
            }
            writer.Commit();
        }
        return StemCatalog.Open(_folder.PathOf("catalogue"));
    }
}
