using System.Linq.Expressions;
using CsCheck;
using StemJepa.Catalog.Tests;
using StemJepa.TestSupport;

namespace StemJepa.Extensions.Tests;

/// <summary>Filters over records. Oracle: the same expression, compiled and run over the records with LINQ.</summary>
public sealed class RecordFilterTests : IDisposable
{
    private const int Count = 200;
    private static readonly string[] TwoKeys = ["A minor", "Eb major"];
    private static readonly double Limit = 120;
    private readonly TemporaryFolder _folder = new();
    private readonly StemVectorStore _store;
    private readonly StemRecordCollection _collection;
    private readonly StemRecord[] _records =
        [.. Enumerable.Range(0, Count).Select(seed => StemRecord.From(Samples.Entry($"{seed}", seed), Samples.Embedding(seed)))];

    public RecordFilterTests()
    {
        _store = new StemVectorStore(_folder.Root, Samples.Model());
        _collection = (StemRecordCollection)(object)_store.GetCollection<string, StemRecord>("records");
        _collection.EnsureCollectionExistsAsync().Wait();
        _collection.UpsertAsync(_records).Wait();
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<Expression<Func<StemRecord, bool>>> Taken
    {
        get
        {
            string stem = "bass", tag = "one shot";
            var keys = new List<string> { "C major", "F# minor", "G major" };
            double? slowest = 90;
            return new()
            {
                record => true,
                record => record.Stem == "drums",
                record => record.Stem == "guitar" || record.Stem == null,
                record => "drums" == record.Stem && record.Seconds < 200,
                record => record.Stem == stem || record.Stem == null,
                record => null == record.Stem || record.Stem == stem,
                record => record.Tempo >= slowest && record.Tempo <= Limit + 20,
                record => 90 < record.Tempo && 150 > record.Tempo,
                record => record.Tempo.HasValue && record.Tempo.Value > 90.5,
                record => (record.Tempo >= 90 && record.Tempo < 100) || (record.Tempo >= 45 && record.Tempo < 50)
                    || (record.Tempo >= 180 && record.Tempo < 200),
                record => record.Tempo > 2 * slowest || record.Tempo > slowest || record.Tempo == null || slowest / 2 < record.Tempo,
                record => record.Tempo == null || (record.Tempo > slowest && record.Tempo <= Limit),
                record => record.Seconds >= 50 && record.Seconds > 60 && record.Seconds <= 250 && record.Seconds < 240
                    && 241 >= record.Seconds,
                record => record.Seconds.HasValue,
                record => record.Tempo != null && record.Seconds != null,
                record => record.Key == "A minor",
                record => record.Key == "A minor" || record.Key == "Bb major" || record.Key == "C# minor",
                record => TwoKeys.Contains(record.Key),
                record => Enumerable.Contains(TwoKeys, record.Key),
                record => keys.Contains(record.Key!),
                record => new[] { "D minor", "E minor" }.Contains(record.Key),
                record => keys.Contains(record.Key!) && record.Key == "G major",
                record => keys.Contains(record.Key!) && record.Key == "A minor",
                record => record.Tags.Contains("loop"),
                record => record.Tags.Contains("loop") && record.Tags.Contains(tag),
                record => record.Tags.Contains("lo"),
                record => !record.IsSilent,
                record => record.IsSilent == false,
                record => record.IsSilent != true && (record.Stem == "other"),
                record => record.Path != null,
                record => record.Path == "/music/a/17 ♪.wav",
                record => record.Path != null && record.Path.StartsWith("/music/a/"),
                record => record.Path != null && record.Path.StartsWith("/music/b", StringComparison.Ordinal) && record.Path != null,
                record => record.Path != null && record.Path.EndsWith("7 ♪.wav"),
                record => record.Path != null && record.Path.Contains("/c/1"),
                record => record.Stem == "bass" & record.Tempo > 0,
                record => slowest == null,
                record => slowest == 90 && record.Stem == "vocals",
            };
        }
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public async Task What_is_taken_passes_the_records_that_LINQ_passes(Expression<Func<StemRecord, bool>> filter)
    {
        string[] expected = [.. _records.Where(filter.Compile()).Select(record => record.Id)];
        Assert.Equal(expected, await _collection.GetAsync(filter, Count).Select(record => record.Id).ToArrayAsync());
        string[] found = await _collection.SearchAsync(Samples.Embedding(-1), Count, new() { Filter = filter })
            .Select(result => result.Record.Id).ToArrayAsync();
        Assert.Equal(expected.Order(), found.Order());
    }

    public static TheoryData<Expression<Func<StemRecord, bool>>, string> Refused => new()
    {
        { record => record.IsSilent, "record.IsSilent" },
        { record => record.IsSilent == true, "record.IsSilent" },
        { record => record.Stem != "bass", "record.Stem != " },
        { record => record.Stem == null, "record.Stem == null" },
        { record => record.Stem == "low brass", "'low brass'" },
        { record => record.Stem == "Bass", "'Bass'" },
        { record => record.Stem == "bass" && record.Stem == "drums", "second condition on the stem" },
        { record => record.Stem == "bass" || record.Stem == "drums", "record.Stem" },
        { record => record.Stem == "bass" || record.Tempo > 100, "OrElse" },
        { record => record.Key == null, "record.Key == null" },
        { record => record.Key == "H minor", "'H minor'" },
        { record => record.Key == "Am", "write 'A minor'" },
        { record => record.Id == "7", "record.Id" },
        { record => record.ContentHash == "7", "record.ContentHash" },
        { record => record.Tempo == null, "record.Tempo == null" },
        { record => record.Tempo > double.NaN, "NaN" },
        { record => record.Tempo != 100, "record.Tempo != " },
        { record => record.Tempo > 100 || record.Tempo < 60, "OrElse" },
        { record => record.Tempo > 100 || record.Tempo > 50 || record.Tempo > 201, "OrElse" },
        { record => (record.Tempo > 100 || record.Tempo == null) && record.Tempo < 150, "second condition on the tempo" },
        { record => record.Tempo < 150 && (record.Tempo > 100 || record.Tempo == null), "second condition on the tempo" },
        { record => record.Tempo > record.Seconds, "record.Tempo > record.Seconds" },
        { record => record.Tempo * 2 > 100, "record.Tempo * " },
        { record => !(record.Tempo > 100), "Not(" },
        { record => record.Tags.Count > 1, "record.Tags.Count" },
        { record => record.Tags.Any(), "record.Tags.Any()" },
        { record => record.Tags.Contains(""), "record.Tags.Contains" },
        { record => record.Tags[0] == "loop", "record.Tags" },
        { record => record.Path!.StartsWith("/MUSIC", StringComparison.OrdinalIgnoreCase), "StartsWith" },
        { record => record.Path!.StartsWith("/music/*"), "wildcards" },
        { record => record.Path == "what?", "wildcards" },
        { record => record.Path!.StartsWith("/a") && record.Path.EndsWith("b"), "second condition on the path" },
        { record => record.Path!.ToUpperInvariant() == "A", "ToUpperInvariant" },
        { record => record.Path!.Length > 4, "record.Path.Length" },
        { record => record.Vector.Length > 4, "record.Vector.Length" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_taken_is_named(Expression<Func<StemRecord, bool>> filter, string named)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => RecordFilter.Translate(filter));
        Assert.True(error is NotSupportedException or ArgumentException, error.ToString());
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void A_catalogue_s_filter_comes_back_from_its_expression()
    {
        using StemCatalog catalog = StemCatalog.Open(_folder.PathOf("records"));
        Gen<double?> bound = Gen.Double[0, 300].Select(value => value > 250 ? null : (double?)value);
        Gen.Select(Gen.Int[0, 5], Gen.Bool, bound, bound, Gen.Int[0, 23].Array[0, 4], Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[0, 15])
            .Sample((stem, orUnknown, from, to, keys, tag, path, more) =>
        {
            var filter = new CatalogFilter
            {
                Stem = stem == 4 ? null : stem == 5 ? Stem.Parse("guitar") : Stem.Roles[stem],
                IncludeUnknownStem = orUnknown && stem != 4,
                MinimumSeconds = from,
                MinimumTempo = (more & 8) != 0 ? to / 1.5 : null,
                MaximumTempo = to,
                IncludeHalfAndDoubleTempo = (more & 2) != 0,
                IncludeUnknownTempo = (more & 4) != 0,
                Keys = [.. keys.Select(number => new MusicalKey(number % 12, number >= 12)).Distinct()],
                Tags = tag switch { 0 => ["loop"], 1 => ["one shot", "loop"], 2 => ["naïve"], _ => [] },
                Path = path switch { 0 => "/music/a/*", 1 => "*1 ♪.wav", 2 => "*7*", 3 => "*", _ => null },
                IncludeSilent = (more & 1) != 0,
            };
            string[] expected = [.. catalog.Entries(filter).Select(entry => entry.Id)];
            Expression<Func<StemRecord, bool>>? expression = FilterExpression.Of(filter);
            Assert.Equal(expected, _records.Where(expression?.Compile() ?? (_ => true)).Select(record => record.Id));
            Assert.Equal(expected, catalog.Entries(RecordFilter.Translate(expression)).Select(entry => entry.Id));
        }, iter: 100);
    }
}
