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

        public TempCorpus(string[] names)
        {
            foreach (string name in names)
            {
                Directory.CreateDirectory(Path.Combine(_folder, name));
                new AudioClip(new float[1600], 16000).Save(Path.Combine(_folder, name, "bass.wav"));
            }
            Songs = [.. names.Select(name => new CorpusSong(name, Path.Combine(_folder, name)))];
        }

        public IReadOnlyList<CorpusSong> Songs { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
