using System.Collections.Concurrent;
using System.Text;
using StemJepa.TestSupport;

namespace StemJepa.Tool.Tests;

/// <summary>The oracle is what is done to the folder; what the catalogue holds then is read from it.</summary>
public sealed class IndexWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly string _library, _catalogue;
    private readonly LineWriter _output = new(), _error = new();
    private readonly CancellationTokenSource _cancellation = new();

    public IndexWatchTests()
    {
        (_library, _catalogue) = (_folder.PathOf("library"), _folder.PathOf("catalogue"));
        Directory.CreateDirectory(Path.Combine(_library, "Drums"));
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_folder_is_followed_through_additions_changes_renames_and_removals()
    {
        Tone("old.wav", 100);
        Tone("gone.wav", 150);
        await ToolRun.WithModel("index", _library, "--to", _catalogue);
        File.Delete(In("gone.wav"));
        Task<int> watching = Watch();

        Assert.EndsWith("2 recordings: 0 indexed now, 1 unchanged, 0 skipped.", _output.Next());
        Assert.Equal($"removed {In("gone.wav")}", _output.Next());
        Tone("kick 98bpm.wav", 200);
        Assert.Equal($"added {In("kick 98bpm.wav")}", _output.Next());
        Tone("old.wav", 300);
        Assert.Equal($"changed {In("old.wav")}", _output.Next());
        StemEmbedding before = EmbeddingOf("old.wav");
        File.Move(In("old.wav"), In("Drums/new Am.wav"));
        Assert.Equal($"moved {In("old.wav")} to {In("Drums/new Am.wav")}", _output.Next());
        Directory.Move(In("Drums"), In("Bass"));
        Assert.Equal($"moved {In("Drums/new Am.wav")} to {In("Bass/new Am.wav")}", _output.Next());
        Assert.Equal(1, before.Similarity(EmbeddingOf("Bass/new Am.wav")), 1e-5f);
        File.Delete(In("kick 98bpm.wav"));
        Assert.Equal($"removed {In("kick 98bpm.wav")}", _output.Next());
        TestWav.Truncated(In("bad.wav"));
        Assert.StartsWith($"warning: skipped {In("bad.wav")}: ", _error.Next());

        await _cancellation.CancelAsync();
        Assert.Equal(130, await watching);
        using StemCatalog catalog = StemCatalog.Open(_catalogue);
        CatalogEntry left = Assert.Single(catalog.Entries());
        Assert.Equal((In("Bass/new Am.wav"), Stem.Bass, "A minor"), (left.Path, left.Stem, left.Key.ToString()));
    }

    /// <summary>A file that is still written, such as an export from a workstation, waits until it is whole.</summary>
    [Fact]
    public async Task A_file_that_grows_is_left_until_it_is_settled()
    {
        Task<int> watching = Watch("--json");
        Assert.Contains("\"recordings\":0", _output.Next());
        byte[] whole = File.ReadAllBytes(TestWav.Tone(_folder.PathOf("whole.wav"), 220));
        using (FileStream growing = File.Create(In("export.wav")))
        {
            for (int part = 0; part < 10; part++)
            {
                growing.Write(whole.AsSpan(part * whole.Length / 10, (part + 1) * whole.Length / 10 - part * whole.Length / 10));
                growing.Flush();
                await Task.Delay(400);
            }
        }
        Assert.Equal($$"""{"change":"added","file":"{{In("export.wav")}}"}""", _output.Next());
        await _cancellation.CancelAsync();
        Assert.Equal(130, await watching);
        Assert.Equal("stemjepa: Interrupted; no file was left half-written.", _error.Next());
    }

    private Task<int> Watch(params string[] more) => Task.Run(() => Application.RunAsync(
        ["index", _library, "--to", _catalogue, "--watch", "--model", ToolRun.Model, .. more], _output, _error, _cancellation.Token));

    private StemEmbedding EmbeddingOf(string name)
    {
        using StemCatalog catalog = StemCatalog.Open(_catalogue);
        Assert.True(catalog.TryGetEmbedding(In(name), out StemEmbedding? embedding));
        return embedding;
    }

    private string In(string name) => Path.Combine(_library, name);

    private void Tone(string name, double frequency) => TestWav.Tone(In(name), frequency);

    /// <summary>Hands lines over as they are written.</summary>
    private sealed class LineWriter : TextWriter
    {
        private readonly BlockingCollection<string> _lines = [];

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => _lines.Add(value ?? "");

        public string Next() => _lines.TryTake(out string? line, Patience) ? line : throw new TimeoutException("no line came");
    }
}
