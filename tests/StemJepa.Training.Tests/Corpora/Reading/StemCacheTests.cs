using StemJepa.TestSupport;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>The cache of converted audio: entries are kept while their sources are unchanged, and are always complete.</summary>
public sealed class StemCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _song;

    public StemCacheTests()
    {
        _song = Path.Combine(Corpus, "train", "song");
        TinyDataSet.MusdbHq(_song, 44100, Stem.Bass, Stem.Drums);
    }

    private string Corpus => _folder.PathOf("corpus");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Unchanged_song_is_not_converted_again_even_after_a_move()
    {
        string converted = Songs()[0].PathOf(Stem.Bass);
        File.Copy(Path.Combine(_song, "drums.wav"), converted, overwrite: true);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_song, "drums.wav")), File.ReadAllBytes(Songs()[0].PathOf(Stem.Bass)));
        Directory.Move(Corpus, _folder.PathOf("moved"));
        Directory.Move(Corpus + ".16khz", _folder.PathOf("moved.16khz"));
        CorpusSong moved = Assert.Single(CorpusFolder.Songs(_folder.PathOf("moved"), "train"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.PathOf("moved/train/song"), "drums.wav")),
            File.ReadAllBytes(moved.PathOf(Stem.Bass)));
    }

    [Fact]
    public void Changed_recording_is_converted_again()
    {
        byte[] before = File.ReadAllBytes(Songs()[0].PathOf(Stem.Bass));
        string source = Path.Combine(_song, "bass.wav");
        DateTime changed = File.GetLastWriteTimeUtc(source).AddSeconds(1);
        new AudioClip(TinyDataSet.Tone(999, rate: 44100), 44100).Save(source);
        File.SetLastWriteTimeUtc(source, changed);
        Assert.NotEqual(before, File.ReadAllBytes(Songs()[0].PathOf(Stem.Bass)));
    }

    [Fact]
    public void Half_written_song_of_a_killed_run_is_not_taken()
    {
        CorpusSong whole = Songs()[0];
        byte[] drums = File.ReadAllBytes(whole.PathOf(Stem.Drums));
        string left = whole.Folder + ".partial-killed";
        Directory.Move(whole.Folder, left);
        File.WriteAllBytes(Path.Combine(left, "drums.wav"), drums[..100]);
        CorpusSong again = Songs()[0];
        Assert.Equal(whole.Folder, again.Folder);
        Assert.Equal(drums, File.ReadAllBytes(again.PathOf(Stem.Drums)));
    }

    [Fact]
    public void Failed_song_leaves_the_finished_ones_and_nothing_else()
    {
        string bad = Path.Combine(Corpus, "train", "worse");
        TinyDataSet.MusdbHq(bad, 44100, Stem.Bass);
        File.WriteAllText(Path.Combine(bad, "bass.wav"), "no audio at all");
        Assert.StartsWith(Path.Combine(bad, "bass.wav"), Assert.Throws<StemJepaException>(() => Songs()).Message);
        Directory.Delete(bad, recursive: true);
        Assert.Equal([Songs()[0].Folder], Directory.EnumerateFileSystemEntries(Corpus + ".16khz"));
    }

    [Fact]
    public void Runs_side_by_side_share_one_cache()
    {
        string[] folders = new string[4];
        Parallel.For(0, folders.Length, i => folders[i] = Songs()[0].Folder);
        Assert.Single(folders.Distinct());
        Assert.Equal(folders[..1], Directory.EnumerateFileSystemEntries(Corpus + ".16khz"));
    }

    [Fact]
    public void Cache_folder_may_be_chosen_and_must_be_writable()
    {
        CorpusSong read = Assert.Single(CorpusFolder.Songs(Corpus, "train", _folder.PathOf("elsewhere")));
        Assert.Equal(_folder.PathOf("elsewhere"), Path.GetDirectoryName(read.Folder));
        Assert.False(Directory.Exists(Corpus + ".16khz"));
        string file = _folder.Write("file", [1]);
        Assert.Contains("--cache", Assert.Throws<StemJepaException>(() => CorpusFolder.Songs(Corpus, "train", file)).Message);
    }

    [Fact]
    public void Without_a_choice_the_cache_is_beside_the_corpus_or_a_temporary_folder_where_nothing_can_be_written()
    {
        Assert.Equal(Corpus + ".16khz", StemCache.DefaultFolder(Corpus + "/", _ => true));
        string temporary = StemCache.DefaultFolder(Corpus, _ => false);
        Assert.Equal(Path.TrimEndingDirectorySeparator(Path.GetTempPath()), Path.GetDirectoryName(temporary));
        Assert.Equal(temporary, StemCache.DefaultFolder(Corpus, _ => false));
        Assert.NotEqual(temporary, StemCache.DefaultFolder(_folder.PathOf("other/corpus"), _ => false));
        Directory.CreateDirectory(Corpus + ".16khz");
        Assert.Equal(Corpus + ".16khz", StemCache.DefaultFolder(Corpus, _ => false));
    }

    [Fact]
    public void Cancelled_conversion_stops() =>
        Assert.ThrowsAny<OperationCanceledException>(
            () => CorpusFolder.Songs(Corpus, "train", cancellationToken: new CancellationToken(canceled: true)));

    private IReadOnlyList<CorpusSong> Songs() => CorpusFolder.Songs(Corpus, "train");
}
