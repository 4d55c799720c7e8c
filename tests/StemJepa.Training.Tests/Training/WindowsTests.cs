using CsCheck;
using StemJepa.Training.Corpora;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

public sealed class WindowsTests
{
    private static readonly string[] Names = ["a", "a~nearby", "a~01", "b", "c", "c~nearby", "d"];

    /// <summary>
    /// The law: pairs are of one place in one song's music, in two renderings, or at two speeds where there is one only; other pairs are of
    /// other songs.
    /// </summary>
    [Fact]
    public void Pairs_are_the_same_music_in_another_key_or_tempo() => Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 8]).Sample((step, batch) =>
    {
        Windows.Choice[] choices = Choose(step, batch, twice: false);
        Assert.Equal(batch, choices.Length);
        string[][] pairs = [.. choices.Chunk(2).Select(pair => pair.Select(choice => Original(choice.Song)).Distinct().ToArray())];
        Assert.All(pairs, originals => Assert.Single(originals));
        Assert.Equal(pairs.Length, pairs.Select(originals => originals[0]).Distinct().Count());
        Assert.All(choices.Chunk(2).Where(pair => pair.Length == 2), pair =>
        {
            Assert.Equal(pair[0].Place, pair[1].Place);
            bool alone = Names.Count(name => name.Split('~')[0] == Original(pair[0].Song)) == 1;
            Assert.Equal(alone, pair[0].Song == pair[1].Song);
            Assert.Equal(alone, pair[0].Semitones != pair[1].Semitones);
        });
    }, iter: 50);

    [Fact]
    public void Same_window_twice_is_drawn_for_two_stems_of_it() =>
        Assert.All(Choose(step: 3, batch: 8, twice: true).Chunk(2), pair => Assert.Equal(pair[0], pair[1]));

    /// <summary>
    /// The law: a song's pairs are of one place each, at most as many as asked for, and two of them are at least a window apart.
    /// </summary>
    [Fact]
    public void Places_of_one_song_are_a_window_apart() => Gen.Select(Gen.Int[0, 1000], Gen.Int[2, 12], Gen.Bool, Gen.Int[0, 10])
        .Sample((step, batch, twice, shiftPatches) =>
    {
        using TempCorpus corpus = new(["a", "a~01", "b", "c"], samples: 60 * 16000);
        using var audio = new CorpusAudio(corpus.Songs);
        const int window = 2 * 16000, longest = 48000;
        TrainingSettings settings = TrainingSettings.Preset("small") with { PlacesPerSong = 3, ShiftPatches = shiftPatches };
        var windows = new Windows(audio, settings, seconds: 2);
        Windows.Choice[] choices = windows.Choose(step, batch, twice);
        Assert.Equal(batch, choices.Length);
        Assert.All(choices.Chunk(2).Where(pair => pair.Length == 2), pair => Assert.Equal(pair[0].Place, pair[1].Place));
        Windows.Choice[][] songs = [.. choices.Chunk(2).Select(pair => pair[0]).Chunk(3)];
        Assert.All(songs, song => Assert.Single(song.Select(choice => choice.Song).Distinct()));
        Assert.All(songs.Zip(songs.Skip(1)), pair => Assert.NotEqual(pair.First[0].Song, pair.Second[0].Song));
        var random = new Random(step);
        foreach (Windows.Choice[] song in songs)
        {
            double[] starts = [.. song.SelectMany(choice => new[] { choice.Place, Anywhere(choice, random) })
                .Select(place => place * (60 * 16000 - longest))];
            for (int i = 0; i < starts.Length; i++)
            for (int j = i + 1; j < starts.Length; j++)
                Assert.True(i / 2 == j / 2 || Math.Abs(starts[i] - starts[j]) >= 2 * window, $"{starts[i]} and {starts[j]}");
        }
    }, iter: 30);

    [Fact]
    public void Batches_of_one_genre_come_in_the_share_that_the_settings_give_from_genres_that_can_fill_them()
    {
        string[] names = [.. Enumerable.Range(0, 60).Select(song => $"song{song}")];
        using TempCorpus corpus = new(names);
        foreach (CorpusSong song in corpus.Songs)
        {
            int index = int.Parse(song.Name[4..]);
            string genre = index < 30 ? "dance" : index < 40 ? "jazz" : "";
            File.WriteAllText(Path.Combine(song.Folder, "song.json"), genre.Length > 0 ? $$"""{"genre_family":"{{genre}}"}""" : "{}");
        }
        using var audio = new CorpusAudio(corpus.Songs);
        var windows = new Windows(audio, TrainingSettings.Preset("small") with { GenreShare = 0.3 }, seconds: 4);
        const int steps = 400;
        int ofDance = Enumerable.Range(0, steps).Count(step => windows.Choose(step, batch: 16).All(choice => choice.Song < 30));
        Assert.InRange(ofDance, (int)(0.22 * steps), (int)(0.4 * steps)); // besides the share, one batch in 300 by chance
    }

    /// <summary>The law: at the speeds of a batch of one tempo, the songs' tempi agree within half a semitone, but for octaves.</summary>
    [Fact]
    public void Batches_of_one_tempo_come_in_the_share_that_the_settings_give_and_agree_in_it()
    {
        using TempCorpus corpus = new([.. Enumerable.Range(0, 80).Select(song => $"song{song:00}")]);
        double?[] tempos = [.. Enumerable.Range(0, 80).Select(song => song % 8 == 0 ? (double?)null : 70 + song)];
        foreach ((CorpusSong song, double? tempo) in corpus.Songs.Zip(tempos))
            File.WriteAllText(Path.Combine(song.Folder, "song.json"), tempo is { } bpm
                ? $$"""{"seconds":60,"tempo_map":[{"seconds":0,"bpm":20},{"seconds":5,"bpm":{{bpm}}}]}""" : "{}");
        using var audio = new CorpusAudio(corpus.Songs);
        var windows = new Windows(audio, TrainingSettings.Preset("small") with { TempoShare = 0.3, VarispeedSemitones = 3 }, seconds: 4);
        const int steps = 400;
        int ofOneTempo = Enumerable.Range(0, steps).Count(step => Spread(windows.Choose(step, batch: 16)) < 1.01);
        Assert.InRange(ofOneTempo, (int)(0.18 * steps), (int)(0.36 * steps)); // one draw in eight is of a song without tempo

        // The least arc of the octave, in semitones, that holds the tempi of the first of each pair.
        double Spread(Windows.Choice[] choices)
        {
            if (choices.Any(choice => tempos[choice.Song] is null))
                return 12;
            double[] at = [.. choices.Where((_, index) => index % 2 == 0)
                .Select(choice => (12 * Math.Log2(tempos[choice.Song]!.Value) + choice.Semitones) % 12).Order()];
            return 12 - at.Zip(at.Skip(1).Append(at[0] + 12), (low, high) => high - low).Max();
        }
    }

    /// <summary>The law: a window's stem is the song's, late or early by no more than the setting, each by its own amount.</summary>
    [Fact]
    public void Stems_are_late_or_early_by_at_most_the_offset() => Gen.OneOf(Gen.Const(1), Gen.Int[0, 1000]).Sample(seed =>
    {
        using TempCorpus corpus = new(["a"], samples: 60 * 16000, ramps: true);
        using var audio = new CorpusAudio(corpus.Songs);
        TrainingSettings settings = TrainingSettings.Preset("small") with { OffsetSeconds = 0.02, GainDecibels = 0 };
        var windows = new Windows(audio, settings, seconds: 2);
        Windows.Window window = windows.CreateBuffer();
        windows.Draw(window, new Windows.Choice(0, 0, 0.5), new Random(seed), required: null);
        int start = (int)(0.5 * (60 * 16000 - window.Length + 1));
        double[] late = [.. Stem.Roles.Select(stem => window.Stems[stem.Role][0] * 60 * 16000 - start)];
        Assert.All(late, samples => Assert.InRange(Math.Abs(samples), 0, 0.02 * 16000 + 32)); // 16 bits of a ramp of 60 s are 29 samples
        Assert.True(seed != 1 || late.Max() - late.Min() > 100);
    }, iter: 20);

    [Theory]
    [InlineData(null, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(0, false)]
    public void The_bass_may_be_part_of_other_or_all_of_it_unless_it_is_the_target(int? required, bool isMerged)
    {
        using TempCorpus corpus = new(["a"], samples: 60 * 16000, ramps: true);
        using var audio = new CorpusAudio(corpus.Songs);
        TrainingSettings settings = TrainingSettings.Preset("small") with { GainDecibels = 0 };
        (float[][] Stems, bool[] Active) Drawn(double mergedShare, double loneBassShare)
        {
            var windows = new Windows(audio, settings with { MergedShare = mergedShare, LoneBassShare = loneBassShare }, seconds: 2);
            Windows.Window window = windows.CreateBuffer();
            windows.Draw(window, new Windows.Choice(0, 0, 0.5), new Random(1), required);
            return ([.. window.Stems.Select(stem => stem[..window.Length])], window.Active);
        }
        (int bass, int other) = (Stem.Bass.Role, Stem.Other.Role);
        var (apart, active) = Drawn(0, 0);
        Assert.True(active[bass]);
        float[] sum = [.. apart[bass].Zip(apart[other], (a, b) => a + b)];
        foreach (var (drawn, expected) in new[] { (Drawn(1, 0), sum), (Drawn(0, 1), apart[bass]) })
        {
            Assert.NotEqual(isMerged, drawn.Active[bass]);
            Assert.Equal(isMerged ? expected : apart[other], drawn.Stems[other]);
            Assert.All(drawn.Stems[bass], sample => Assert.True(!isMerged || sample == 0));
        }
    }

    private static double Anywhere(Windows.Choice choice, Random random)
    {
        double place = choice.ZoneStart + choice.ZoneWidth * random.NextDouble();
        return place - Math.Floor(place);
    }

    private static string Original(int song) => Names[song].Split('~')[0];

    private static Windows.Choice[] Choose(int step, int batch, bool twice)
    {
        using TempCorpus corpus = new(Names);
        using var audio = new CorpusAudio(corpus.Songs);
        return new Windows(audio, TrainingSettings.Preset("small"), seconds: 4).Choose(step, batch, twice);
    }

    private sealed class TempCorpus : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("stemjepa-windows").FullName;

        /// <summary>Songs with a silent bass; or with four stems that rise from 0 to 1, so that a sample tells its place.</summary>
        public TempCorpus(string[] names, int samples = 1600, bool ramps = false)
        {
            float[] ramp = [.. Enumerable.Range(0, ramps ? samples : 0).Select(i => (float)i / samples)];
            foreach (string name in names)
            {
                Directory.CreateDirectory(Path.Combine(_folder, name));
                foreach (Stem stem in ramps ? Stem.Roles : [Stem.Bass])
                    new AudioClip(ramps ? ramp : new float[samples], 16000).Save(Path.Combine(_folder, name, stem.Name + ".wav"));
            }
            Songs = [.. names.Select(name => new CorpusSong(name, Path.Combine(_folder, name)))];
        }

        public IReadOnlyList<CorpusSong> Songs { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
