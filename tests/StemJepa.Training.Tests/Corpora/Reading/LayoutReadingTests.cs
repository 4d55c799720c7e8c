using System.Numerics.Tensors;
using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Reads each layout. Oracle: the tones that the files were made of.</summary>
public sealed class LayoutReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Corpus => _folder.PathOf("corpus");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Musdb_hq_at_44100_hz_is_resampled_stem_by_stem()
    {
        TinyDataSet.MusdbHq(Path.Combine(Corpus, "train", "Artist - Title"), 44100, Stem.Roles);
        TinyDataSet.MusdbHq(Path.Combine(Corpus, "test", "Other - Song"), 44100, Stem.Bass);
        CorpusSong song = Assert.Single(CorpusFolder.Songs(Corpus, "train"));
        Assert.Equal(("Artist - Title", "Artist - Title", "train"), (song.Name, song.Original, song.Split));
        foreach (Stem stem in Stem.Roles)
            Assert.True(Correlation(Read(song, stem), TinyDataSet.Tone(TinyDataSet.HertzOf(stem))) > 0.999);
        CorpusSong test = Assert.Single(CorpusFolder.Songs(Corpus, "test"));
        Assert.Equal(("Other - Song", "test"), (test.Name, test.Split));
        Assert.All([Stem.Drums, Stem.Other, Stem.Vocals], stem => Assert.False(Read(test, stem).AsSpan().ContainsAnyExcept(0f)));
    }

    [Fact]
    public void Rendered_corpus_is_mapped_where_it_is()
    {
        string path = Path.Combine(Corpus, "train", "song~01");
        TinyDataSet.MusdbHq(path, TinyDataSet.Rate, Stem.Bass, Stem.Drums);
        CorpusSong song = Assert.Single(CorpusFolder.Songs(Corpus, "train"));
        Assert.Equal((path, "song"), (song.Folder, song.Original));
        Assert.Equal(TinyDataSet.Tone(TinyDataSet.HertzOf(Stem.Drums)), Read(song, Stem.Drums));
        Assert.False(Directory.Exists(Corpus + ".16khz"));
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task Musdb_hq_takes_flac_and_songs_directly_inside_the_folder_are_one_split()
    {
        string song = Path.Combine(Corpus, "song");
        TinyDataSet.MusdbHq(song, TinyDataSet.Rate, Stem.Bass, Stem.Drums, Stem.Vocals);
        await TinyDataSet.ToFlac(Path.Combine(song, "drums.wav"));
        await TinyDataSet.ToFlac(Path.Combine(song, "vocals.wav"));
        File.WriteAllText(Path.Combine(Corpus, "README.md"), "about");
        File.WriteAllText(Path.Combine(song, "README.md"), "about");
        foreach (string split in (string[])["train", "test"])
        {
            CorpusSong read = Assert.Single(CorpusFolder.Songs(Corpus, split));
            Assert.Equal("song", read.Name);
            Assert.False(File.Exists(read.PathOf(Stem.Other)));
            Assert.All([Stem.Bass, Stem.Drums, Stem.Vocals], stem =>
                Assert.Equal(TinyDataSet.Tone(TinyDataSet.HertzOf(stem)), Read(read, stem)));
        }
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task Musdb_stem_mp4_gives_its_second_to_fifth_stream()
    {
        await TinyDataSet.MusdbStem(Path.Combine(Corpus, "train", "Artist - Title.stem.mp4"));
        CorpusSong song = Assert.Single(CorpusFolder.Songs(Corpus, "train"));
        Assert.Equal("Artist - Title", song.Name);
        foreach (Stem stem in Stem.Roles)
            Assert.True(Correlation(Read(song, stem), TinyDataSet.Tone(TinyDataSet.HertzOf(stem))) > 0.99, $"{stem}");
    }

    [Fact]
    public void Moisesdb_recordings_of_a_stem_are_summed_and_finer_stems_map_to_the_four()
    {
        TinyDataSet.Moises(Path.Combine(Corpus, "moisesdb_v0.1", TrainName),
            ("vocals", "lead female singer", TinyDataSet.Tone(200)), ("vocals", "background vocals", TinyDataSet.Tone(300)),
            ("drums", "kick drum", TinyDataSet.Tone(400)),
            ("percussion", "a-tonal percussion (claps, shakers, congas, cowbell etc)", TinyDataSet.Tone(500)),
            ("percussion", "pitched percussion (mallets, glockenspiel, ...)", TinyDataSet.Tone(600)),
            ("guitar", "acoustic guitar", TinyDataSet.Tone(700)), ("other_keys", "synth pad", TinyDataSet.Tone(800)));
        CorpusSong song = Assert.Single(CorpusFolder.Songs(Corpus, "train"));
        Assert.Equal(TrainName, song.Name);
        AssertSum(Read(song, Stem.Vocals), 200, 300);
        AssertSum(Read(song, Stem.Drums), 400, 500);
        AssertSum(Read(song, Stem.Other), 600, 700, 800);
        Assert.False(File.Exists(song.PathOf(Stem.Bass)));
    }

    [Fact]
    public void Moisesdb_gives_each_song_to_one_split_by_the_hash_of_its_name()
    {
        for (int i = 0; i < 60; i++)
            TinyDataSet.Moises(Path.Combine(Corpus, $"song-{i}"), ("bass", "bass guitar", [0.5f, -0.5f]));
        string[] train = [.. CorpusFolder.Songs(Corpus, "train").Select(song => song.Name)],
            test = [.. CorpusFolder.Songs(Corpus, "test").Select(song => song.Name)];
        Assert.Equal(60, train.Union(test).Count());
        Assert.Empty(train.Intersect(test));
        Assert.Equal(["song-18", "song-47", "song-55", "song-57", "song-58"], test);
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task Slakh_flac_stems_are_summed_by_class_or_drum_flag_and_the_validation_split_is_its_own()
    {
        await TinyDataSet.Slakh(Path.Combine(Corpus, "train", "Track00001"), ".flac",
            ("Drums", TinyDataSet.Tone(200)), ("Bass", TinyDataSet.Tone(300)), ("Piano", TinyDataSet.Tone(400)),
            ("Strings (continued)", TinyDataSet.Tone(500)), ("Synth Lead", TinyDataSet.Tone(600)), ("Guitar", null));
        string metadata = Path.Combine(Corpus, "train", "Track00001", "metadata.yaml");
        File.WriteAllText(metadata, File.ReadAllText(metadata).Replace("inst_class: Drums", "inst_class: Sound Effects"));
        await TinyDataSet.Slakh(
            Path.Combine(Corpus, "validation", "Track01501"), ".wav", ("Bass", TinyDataSet.Tone(300)), ("Organ", TinyDataSet.Tone(400)));
        await TinyDataSet.Slakh(Path.Combine(Corpus, "test", "Track01876"), ".wav", ("Bass", TinyDataSet.Tone(300)));
        await TinyDataSet.Slakh(Path.Combine(Corpus, "omitted", "Track00003"), ".wav", ("Bass", TinyDataSet.Tone(300)));
        IReadOnlyList<CorpusSong> songs = CorpusFolder.Songs(Corpus, "train");
        Assert.Equal([("Track00001", "train"), ("Track01501", "validation")], songs.Select(song => (song.Name, song.Split)));
        AssertSum(Read(songs[0], Stem.Drums), 200);
        AssertSum(Read(songs[0], Stem.Bass), 300);
        AssertSum(Read(songs[0], Stem.Other), 400, 500);
        AssertSum(Read(songs[0], Stem.Vocals), 600);
        Assert.False(File.Exists(songs[1].PathOf(Stem.Vocals)));
        var (train, validation) = ValidationSplit.Create(songs);
        Assert.Equal(("Track00001", "Track01501"), (Assert.Single(train).Name, Assert.Single(validation).Name));
        Assert.Equal("Track01876", Assert.Single(CorpusFolder.Songs(Corpus, "test")).Name);
    }

    [Fact]
    public void Sum_over_full_scale_lowers_all_stems_of_the_song_alike()
    {
        TinyDataSet.Moises(Path.Combine(Corpus, TrainName),
            ("bass", "bass guitar", TinyDataSet.Tone(100, 0.8)), ("bass", "bass synthesizer (moog etc)", TinyDataSet.Tone(100, 0.8)),
            ("drums", "toms", TinyDataSet.Tone(100, 0.4)));
        CorpusSong song = Assert.Single(CorpusFolder.Songs(Corpus, "train"));
        float[] bass = Read(song, Stem.Bass), drums = Read(song, Stem.Drums);
        Assert.Equal(1f, bass.Max(Math.Abs), 1e-4f);
        Assert.All(bass.Zip(drums), pair => Assert.Equal(pair.First / 4, pair.Second, 1e-4f));
    }

    /// <summary>
    /// MoisesDB's taxonomy with its own mix of four (percussion apart), and the instrument classes of Slakh's General MIDI table.
    /// </summary>
    [Theory]
    [InlineData("MoisesDB", "vocals", "vocals")]
    [InlineData("MoisesDB", "bass", "bass")]
    [InlineData("MoisesDB", "drums", "drums", "percussion")]
    [InlineData("MoisesDB", "other", "other", "guitar", "other_plucked", "piano", "other_keys", "bowed_strings", "wind")]
    [InlineData("Slakh2100", "vocals", "Synth Lead")]
    [InlineData("Slakh2100", "bass", "Bass")]
    [InlineData("Slakh2100", "drums", "Drums", "Percussive")]
    [InlineData("Slakh2100", "other", "Piano", "Chromatic Percussion", "Organ", "Guitar", "Strings", "Strings (continued)", "Brass",
        "Reed", "Pipe", "Synth Pad", "Sound Effects", "Sound effects", "Ethnic")]
    public void Classes_of_the_data_set_are_all_in_the_table(string dataSet, string expected, params string[] classes)
    {
        var warnings = new ReadingWarnings();
        StemTaxonomy taxonomy = dataSet == "MoisesDB" ? StemTaxonomy.MoisesDb : StemTaxonomy.Slakh2100;
        Assert.All(classes, name => Assert.Equal(expected, taxonomy.StemOf(name, warnings).Name));
        Assert.Empty(warnings.Sentences());
    }

    /// <summary>A name that the hash puts into the train split.</summary>
    internal const string TrainName = "0a1b2c3d";

    private static float[] Read(CorpusSong song, Stem stem)
    {
        using var audio = new CorpusAudio([song]);
        var samples = new float[audio.Length(0)];
        audio.Read(0, stem.Role, 0, samples);
        return samples;
    }

    private static void AssertSum(float[] actual, params double[] hertz)
    {
        var expected = new float[TinyDataSet.Rate];
        foreach (double tone in hertz)
            TensorPrimitives.Add(expected, TinyDataSet.Tone(tone), expected);
        Assert.Equal(expected, actual);
    }

    private static double Correlation(float[] a, float[] b)
    {
        int count = Math.Min(a.Length, b.Length);
        Assert.InRange(count, 0.95 * TinyDataSet.Rate, TinyDataSet.Rate);
        return TensorPrimitives.CosineSimilarity<float>(a.AsSpan(0, count), b.AsSpan(0, count));
    }
}
