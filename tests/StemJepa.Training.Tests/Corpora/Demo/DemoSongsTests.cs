using CsCheck;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

public sealed class DemoSongsTests
{
    private const int Rate = 16000;

    [Fact]
    public void Excerpt_is_where_all_stems_play() => Gen.Int[0, 40].Sample(quarter =>
    {
        double begin = quarter * 0.25;
        AudioClip always = Noise(20, 0, 20), sometimes = Noise(20, begin, begin + 8);

        (int start, double activity) = ExcerptPicker.Pick([always, sometimes, always, always], 8)!.Value;

        Assert.Equal((int)(begin * Rate), start);
        Assert.InRange(activity, 30, 60);
    }, iter: 12);

    [Fact]
    public void Song_that_is_shorter_than_the_excerpt_gives_none() =>
        Assert.Null(ExcerptPicker.Pick([Noise(20, 0, 20), Noise(7.9, 0, 7.9)], 8));

    [Fact]
    public void Rounded_samples_are_twelve_bits_and_near_the_originals()
    {
        AudioClip clip = Noise(0.1, 0, 0.1);
        float[] rounded = DemoArchive.Round(clip).Samples.ToArray();
        Assert.All(rounded, sample => Assert.Equal(0, sample * 2048 % 1));
        Assert.All(rounded.Zip(clip.Samples.ToArray()), pair => Assert.InRange(pair.First - pair.Second, -1 / 4096f, 1 / 4096f));
        Assert.Equal(2047 / 2048f, DemoArchive.Round(new AudioClip(new[] { 1f }, Rate)).Samples.Span[0]);
    }

    [Theory]
    [InlineData("freedoom1_D_E1M4", "Freedoom 1 E1M4")]
    [InlineData("freedoom2_D_RUNNIN", "Freedoom 2 RUNNIN")]
    [InlineData("freedm_D_THE_DA", "FreeDM THE_DA")]
    public void Titles_name_the_game_and_the_lump(string song, string title) => Assert.Equal(title, DemoExcerpts.TitleOf(song));

    [Fact]
    public void Corpus_without_such_songs_is_refused_in_one_sentence()
    {
        string folder = Directory.CreateTempSubdirectory("stemjepa-demo-").FullName;
        try
        {
            Assert.Contains(folder, Assert.Throws<StemJepaException>(
                () => DemoExcerpts.Pick(folder, 12, 8, CancellationToken.None)).Message);
            Directory.CreateDirectory(Path.Combine(folder, "test", "nothing"));
            Assert.Contains("0 songs", Assert.Throws<StemJepaException>(
                () => DemoExcerpts.Pick(folder, 12, 8, CancellationToken.None)).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static AudioClip Noise(double seconds, double from, double to)
    {
        var random = new Random(1);
        var samples = new float[(int)(seconds * Rate)];
        for (int i = (int)(from * Rate); i < (int)(to * Rate) && i < samples.Length; i++)
            samples[i] = random.NextSingle() - 0.5f;
        return new AudioClip(samples, Rate);
    }
}
