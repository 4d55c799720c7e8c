using StemJepa.TestSupport;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Unreadable data gives an error of one sentence that names it; irregular data gives a warning and is read.</summary>
public sealed class LayoutErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Corpus => _folder.PathOf("corpus");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folder_of_no_known_layout_is_told_what_was_looked_for()
    {
        Directory.CreateDirectory(Path.Combine(Corpus, "train", "something"));
        string message = Refusal(Corpus);
        Assert.All(["MUSDB18-HQ", "bass.wav", "SONG.stem.mp4", "MoisesDB", "data.json", "Slakh2100", "metadata.yaml"],
            word => Assert.Contains(word, message));
        Assert.Contains("there is no such corpus folder", Refusal(_folder.PathOf("nothing")));
    }

    [Fact]
    public void Empty_split_folder_is_refused()
    {
        TinyDataSet.MusdbHq(Path.Combine(Corpus, "test", "song"), TinyDataSet.Rate, Stem.Bass);
        Directory.CreateDirectory(Path.Combine(Corpus, "train"));
        Assert.Contains("train split", Refusal(Corpus));
    }

    [Fact]
    public void Two_data_sets_in_one_folder_are_refused()
    {
        TinyDataSet.MusdbHq(Path.Combine(Corpus, "song"), TinyDataSet.Rate, Stem.Bass);
        TinyDataSet.Moises(Path.Combine(Corpus, LayoutReadingTests.TrainName), ("bass", "bass guitar", [0.5f]));
        string message = Refusal(Corpus);
        Assert.Contains("MUSDB18-HQ", message);
        Assert.Contains("MoisesDB", message);
    }

    [Theory]
    [InlineData("data.json", "{\"stems\": [")]
    [InlineData("data.json", "null")]
    [InlineData("metadata.yaml", "stems:\n  S00: [1, 2")]
    [InlineData("metadata.yaml", "stems: just text")]
    [InlineData("metadata.yaml", "")]
    [InlineData("metadata.yaml", "stems:\n  S00: {inst_class: Bass}\n...\nstems: {\n")]
    [InlineData("metadata.yaml", "stems:\n  ? [1, 2]\n  : {inst_class: Bass}\n")]
    [InlineData("metadata.yaml", "stems:\n  S00: {is_drum: 7}\n")]
    [InlineData("metadata.yaml", "stems: *nobody\n")]
    public void Damaged_description_is_named(string name, string content)
    {
        string path = Path.Combine(Corpus, "song", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        Assert.StartsWith(path + ":", Refusal(Corpus));
    }

    [Theory]
    [InlineData("stems:\n  S00:\n")]
    [InlineData("---\n---\nstems:\n")]
    [InlineData("...\n")]
    [InlineData("stems: {S00: ~, S01: {inst_class: ~}}\n---\n...\n")]
    public void An_empty_stem_or_a_stray_document_end_is_read_or_named(string content)
    {
        string path = Path.Combine(Corpus, "song", "metadata.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        Exception? error = Record.Exception(() => new Slakh2100Layout().Read(Path.GetDirectoryName(path)!, new ReadingWarnings()));
        Assert.True(error is null || (error is StemJepaException && error.Message.StartsWith(path)), $"{error}");
    }

    [Fact]
    public void Cut_off_wav_file_is_named()
    {
        TinyDataSet.MusdbHq(Path.Combine(Corpus, "song"), TinyDataSet.Rate, Stem.Bass, Stem.Drums);
        string path = Path.Combine(Corpus, "song", "drums.wav");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1000]);
        Assert.StartsWith(path + ": is cut off", Refusal(Corpus));
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task Damaged_mp4_is_named_whatever_the_damage()
    {
        string path = Path.Combine(Corpus, "song.stem.mp4");
        await TinyDataSet.MusdbStem(path);
        byte[] whole = File.ReadAllBytes(path);
        foreach (byte[] damaged in (byte[][])[whole[..(whole.Length / 2)], whole[..100], new byte[whole.Length], []])
        {
            File.WriteAllBytes(path, damaged);
            Assert.StartsWith(path + ":", Refusal(Corpus));
        }
        await TinyDataSet.MusdbStem(path, streams: 2);
        Assert.Contains("audio stream number 3", Refusal(Corpus));
        Assert.False(Directory.Exists(Corpus + ".16khz") && Directory.EnumerateFileSystemEntries(Corpus + ".16khz").Any());
    }

    [Fact]
    public void Unknown_classes_and_missing_files_are_told_once_each()
    {
        var warnings = new ReadingWarnings();
        Assert.Equal(Stem.Other, StemTaxonomy.MoisesDb.StemOf("theremin", warnings));
        Assert.Equal(Stem.Other, StemTaxonomy.MoisesDb.StemOf("Theremin", warnings));
        Assert.Equal(Stem.Other, StemTaxonomy.MoisesDb.StemOf("bowed_strings", warnings));
        warnings.MissingFile("a.wav");
        warnings.MissingFile("b.wav");
        string[] sentences = [.. warnings.Sentences()];
        Assert.Equal(2, sentences.Length);
        Assert.EndsWith(": theremin.", sentences[0]);
        Assert.EndsWith(": a.wav and 1 more.", sentences[1]);
    }

    [Fact]
    public void Listed_recording_that_is_missing_and_unknown_class_are_still_read()
    {
        string song = Path.Combine(Corpus, LayoutReadingTests.TrainName);
        TinyDataSet.Moises(
            song, ("bass", "bass guitar", TinyDataSet.Tone(100)), ("drums", "toms", TinyDataSet.Tone(200)),
            ("theremin", "theremin", TinyDataSet.Tone(300)));
        File.Delete(Path.Combine(song, "drums", "track-1.wav"));
        CorpusSong read = Assert.Single(CorpusFolder.Songs(Corpus, "train"));
        Assert.Equal([Stem.Bass, Stem.Other], Stem.Roles.Where(stem => File.Exists(read.PathOf(stem))));
    }

    private static string Refusal(string corpus)
    {
        string message = Assert.Throws<StemJepaException>(() => CorpusFolder.Songs(corpus, "train")).Message;
        Assert.DoesNotContain('\n', message);
        Assert.EndsWith(".", message);
        return message;
    }
}
