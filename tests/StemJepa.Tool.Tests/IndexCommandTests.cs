using System.Text.Json;
using StemJepa.Reporting;
using StemJepa.TestSupport;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Indexing;

namespace StemJepa.Tool.Tests;

public sealed class IndexCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _library, _catalogue;

    public IndexCommandTests()
    {
        _library = _folder.PathOf("library");
        _catalogue = _folder.PathOf("my catalogue");
        Directory.CreateDirectory(Path.Combine(_library, "Drums"));
        Tone("song bass 98.5 bpm Am.wav", 55);
        Tone("Drums/break.wav", 400);
        Tone("lead.wav", 880);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_has_fixed_names_and_the_catalogue_holds_the_librarys_embeddings()
    {
        ToolResult result = await Index("--json");

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["catalogue", "indexed", "unchanged", "recordings", "skipped"], ToolResult.Names(result.Json));
        Assert.Equal((3, 0, 3), Counts(result.Json));
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        using StemCatalog catalog = StemCatalog.Open(_catalogue, model.Model);
        foreach (string name in new[] { "song bass 98.5 bpm Am.wav", "Drums/break.wav", "lead.wav" })
        {
            string path = Path.Combine(_library, name);
            Assert.True(catalog.TryGetEmbedding(path, out StemEmbedding? embedding));
            Assert.Equal(1, embedding.Similarity(model.Embed(AudioClip.Load(path))), 1e-5);
        }
        Assert.True(catalog.TryGet(Path.Combine(_library, "song bass 98.5 bpm Am.wav"), out CatalogEntry? bass));
        Assert.Equal((Stem.Bass, 98.5, "A minor", 1.0), (bass.Stem, bass.Tempo, bass.Key.ToString(), bass.Seconds));
        Assert.True(catalog.TryGet(Path.Combine(_library, "Drums/break.wav"), out CatalogEntry? drums));
        Assert.Equal((Stem.Drums, null, null), (drums.Stem, drums.Tempo, drums.Key?.ToString()));
    }

    /// <summary>A loop of ACID of 2 beats in a second.</summary>
    [Fact]
    public async Task Tags_of_a_file_win_over_its_name_and_are_kept()
    {
        string path = Path.Combine(_library, "bass 98bpm Am.wav");
        byte[] acid = WavBytes.Chunk("acid", [.. new byte[12], 2, 0, 0, 0, 4, 0, 4, 0, .. BitConverter.GetBytes(120f)]);
        byte[] key = [.. "ID3\u0003\0\0\0\0\0\u000D"u8, .. "TKEY\0\0\0\u0003\0\0\0Dm"u8];
        File.WriteAllBytes(path, WavBytes.Riff(WavBytes.Format(WavBytes.Pcm, 1, 16000, 16), acid,
            WavBytes.Chunk("data", [.. Enumerable.Range(0, 32000).Select(i => (byte)(i % 50))]), WavBytes.Chunk("id3 ", key)));
        await Index();
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        using (StemCatalog catalog = StemCatalog.Open(_catalogue, model.Model))
        {
            Assert.True(catalog.TryGet(path, out CatalogEntry? entry));
            Assert.Equal(new NamedMetadata(Stem.Bass, MusicalKey.Parse("Dm"), 120), entry.Named);
            Assert.Equal((MusicalKey.Parse("Dm"), 120), (entry.Key, entry.Tempo));
            Assert.Equal(["bass", "loop"], entry.Tags);
        }
        JsonElement found = (await ToolRun.WithModel("search", path, "--stem", "bass", "--in", _catalogue, "--json", "--key", "same",
            "--tempo", "1%")).Json;
        Assert.Equal(path, Assert.Single(found.GetProperty("results").EnumerateArray()).GetProperty("file").GetString());
        Assert.Equal("D minor", found.GetProperty("mix_key").GetString());
    }

    [Fact]
    public async Task A_second_run_listens_to_changed_and_new_files_only()
    {
        await Index();
        Tone("lead.wav", 990);
        Tone("new.wav", 220);
        ToolResult result = await Index("--json");
        Assert.Equal((2, 2, 4), Counts(result.Json));
        Assert.Equal((0, 4, 4), Counts((await Index("--json")).Json));
        using StemAffinity model = StemAffinity.Load(ToolRun.Model);
        using StemCatalog catalog = StemCatalog.Open(_catalogue, model.Model);
        Assert.True(catalog.TryGetEmbedding(Path.Combine(_library, "lead.wav"), out StemEmbedding? embedding));
        Assert.Equal(1, embedding.Similarity(model.Embed(AudioClip.Load(Path.Combine(_library, "lead.wav")))), 1e-5);
    }

    [Fact]
    public async Task A_given_stem_replaces_the_guessed_one_without_listening_again()
    {
        await Index();
        Assert.Equal((0, 3, 3), Counts((await Index("--stem", "vocals", "--json")).Json));
        using StemCatalog catalog = StemCatalog.Open(_catalogue);
        Assert.All(catalog.Entries(), entry => Assert.Equal((Stem.Vocals, 1.0), (entry.Stem, entry.Seconds)));
    }

    [Fact]
    public async Task Bad_files_are_listed_and_the_others_indexed()
    {
        string bad = TestWav.Truncated(Path.Combine(_library, "bad.wav"));
        ToolResult result = await Index("--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal((3, 0, 3), Counts(result.Json));
        Assert.Equal(bad, Assert.Single(result.Json.GetProperty("skipped").EnumerateArray()).GetProperty("file").GetString());
        Assert.Contains($"skipped {bad}: ", result.HasNoStackTrace().Error);
    }

    [Fact]
    public async Task Shards_fill_one_catalogue_with_every_file_once()
    {
        for (int i = 0; i < 6; i++)
            Tone($"{i}.wav", 100 + 50 * i);
        ToolResult[] results =
            await Task.WhenAll(Enumerable.Range(1, 3).Select(shard => Task.Run(() => Index("--shard", $"{shard}/3", "--json"))));
        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
        Assert.Equal(9, results.Sum(result => result.Json.GetProperty("indexed").GetInt32()));
        using StemCatalog catalog = StemCatalog.Open(_catalogue);
        Assert.Equal(Directory.GetFiles(_library, "*.wav", SearchOption.AllDirectories).Order(),
            catalog.Entries().Select(entry => entry.Path).Order());
    }

    /// <summary>Recordings are written in order, and as many as there are cores are under way when the interruption comes.</summary>
    [Fact]
    public async Task Interrupting_keeps_what_was_done_and_the_next_run_goes_on()
    {
        const int Before = 3, More = 60;
        int begun = Math.Min(More, Environment.ProcessorCount + 5);
        for (int i = 0; i < More; i++)
            Tone($"more {i:00}.wav", 100 + 10 * i);
        using var cancellation = new CancellationTokenSource();
        using (StemAffinity model = StemAffinity.Load(ToolRun.Model))
        {
            using FolderCatalog target = FolderCatalog.OpenOrCreate(_catalogue, model.Model, null, cancellation.Token);
            var indexer = new LibraryIndexer(new InterruptedModel(model, cancellation, begun), target, null, cancellation.Token);
            Assert.ThrowsAny<OperationCanceledException>(() => indexer.Run([.. RecordingFiles.In(_library)], new WorkProgress(null)));
        }
        (int indexed, int unchanged, int recordings) = Counts((await Index("--json")).Json);
        Assert.InRange(unchanged, 1, begun);
        Assert.Equal((Before + More, Before + More), (indexed + unchanged, recordings));
    }

    [Fact]
    public async Task Wrong_use_is_told_in_one_sentence()
    {
        string empty = _folder.PathOf("empty"), file = TestWav.Tone(_folder.PathOf("a.wav"), 55);
        Directory.CreateDirectory(empty);
        (await Index("--shard", "0/4")).IsRefused(2, "0/4");
        (await Index("--shard", "5/4")).IsRefused(2, "5/4");
        (await Index("--precision", "int4")).IsRefused(2, "int4");
        (await ToolRun.WithModel("index", empty, "--to", _catalogue)).IsRefused(2, empty);
        (await ToolRun.WithModel("index", file, "--to", _catalogue)).IsRefused(2, file);
        (await ToolRun.WithModel("index", _library, "--to", file)).IsRefused(2, file);
        (await ToolRun.WithModel("index", _library)).IsRefused(2, "--to");
        (await ToolRun.WithModel("index", _library, "--to", _library)).IsRefused(1, _library);
        Assert.False(Directory.Exists(_catalogue));
    }

    [Fact]
    public async Task Precision_of_a_catalogue_stays()
    {
        Assert.Equal(0, (await Index("--precision", "INT8")).ExitCode);
        Assert.Equal(0, (await Index()).ExitCode);
        (await Index("--precision", "single")).IsRefused(1, _catalogue);
    }

    private static (int Indexed, int Unchanged, int Recordings) Counts(JsonElement report) =>
        (report.GetProperty("indexed").GetInt32(), report.GetProperty("unchanged").GetInt32(), report.GetProperty("recordings").GetInt32());

    private void Tone(string name, double frequency) => TestWav.Tone(Path.Combine(_library, name), frequency);

    private Task<ToolResult> Index(params string[] more) => ToolRun.WithModel(["index", _library, "--to", _catalogue, .. more]);
}
