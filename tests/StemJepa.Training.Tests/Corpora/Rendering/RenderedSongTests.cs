using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the mixture is the sum of the stems, and its peak is known.</summary>
public sealed class RenderedSongTests
{
    private static float[] Sine(int length, double step, float level) =>
        [.. Enumerable.Range(0, length).Select(i => level * (float)Math.Sin(step * i))];

    private static Dictionary<Stem, float[]> Stems() => new()
    {
        [Stem.Bass] = Sine(16000, 0.02, 0.7f), [Stem.Drums] = Sine(12000, 1.3, 0.4f), [Stem.Other] = Sine(15000, 0.3, 0.2f),
        [Stem.Vocals] = Sine(16500, 0.11, 1.2f),
    };

    [Fact]
    public void TheMixtureIsTheSumOfEquallyLongStems()
    {
        RenderedSong song = RenderedSong.Mix(Stems(), 16200);
        Assert.All(song.Stems.Values, s => Assert.Equal(16200, s.Length));
        for (int i = 0; i < 16200; i++) Assert.Equal(song.Mixture[i], song.Stems.Values.Sum(s => s[i]));
        Assert.All(song.Stems[Stem.Drums][12000..], s => Assert.Equal(0, s));
    }

    [Fact]
    public void OneGainBringsThePeakToMinusOneDecibel()
    {
        RenderedSong song = RenderedSong.Mix(Stems(), 16200);
        int peak = song.Stems.Values.Append(song.Mixture).Max(s => s.Max(v => Math.Abs((int)v)));
        Assert.InRange(20 * Math.Log10(peak / 32768.0), -1.01, -0.99);
        Assert.Equal(song.Gain * 0.7 * 32768, song.Stems[Stem.Bass].Max(), 2.0);
    }

    [Fact]
    public void ASilentStemIsRejected()
    {
        Dictionary<Stem, float[]> stems = Stems();
        stems[Stem.Other] = Sine(15000, 0.3, 1e-4f);
        Assert.StartsWith("is nearly silent in the role other", RenderedSong.Mix(stems, 16200).Fault());
        Assert.Null(RenderedSong.Mix(Stems(), 16200).Fault());
    }
}
