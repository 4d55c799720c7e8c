using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The parts of the AutoMashUpper-like baseline against music whose chord, tempo and beats are known.</summary>
public sealed class MashabilityTests
{
    private const int Rate = FrontEndSettings.SampleRate;

    [Theory]
    [InlineData(90)]
    [InlineData(120)]
    [InlineData(150)]
    public void Tempo_of_a_click_track_within_4_percent(double tempo)
    {
        float[] onsets = BandDynamics.Compute(Clicks(tempo, seconds: 20, first: 0.3)).Onsets;
        Assert.InRange(60 * BandDynamics.FramesPerSecond / BeatTracker.Period(onsets), tempo * 0.96, tempo * 1.04);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(120)]
    [InlineData(150)]
    public void Beats_of_a_click_track_within_70_ms(double tempo)
    {
        const double seconds = 20, first = 0.3;
        float[] onsets = BandDynamics.Compute(Clicks(tempo, seconds, first)).Onsets;
        double[] beats = [.. BeatTracker.Beats(onsets, BeatTracker.Period(onsets)).Select(frame => frame / BandDynamics.FramesPerSecond)];
        double[] clicks = ClickTimes(tempo, seconds, first);
        Assert.InRange(beats.Length, clicks.Length - 2, clicks.Length + 1);
        Assert.All(clicks.Skip(1).SkipLast(1), click => Assert.Contains(beats, beat => Math.Abs(beat - click) < 0.07));
    }

    [Fact]
    public void Silence_has_the_preferred_tempo_and_fits_nothing()
    {
        BeatFeatures silence = BeatFeatures.Compute(new float[5 * Rate]), song = BeatFeatures.Compute(Song(120, seed: 1));
        Assert.Equal(120, silence.Tempo, 1e-9);
        Assert.All(silence.Chroma.Concat(silence.Rhythm), value => Assert.Equal(0, value));
        Assert.True(MashabilityScore.Compute(song, silence) < MashabilityScore.Compute(song, song));
    }

    [Theory]
    [InlineData(120, 120, true)]
    [InlineData(120, 60, true)]
    [InlineData(63, 120, true)]
    [InlineData(120, 132, false)]
    [InlineData(120, 90, false)]
    public void Tempos_fit_up_to_8_percent_and_powers_of_two(double tempo, double other, bool fits) =>
        Assert.Equal(fits, MashabilityScore.TemposFit(tempo, other));

    [Fact]
    public void A_song_goes_best_with_itself_and_a_shift_by_beats_is_found()
    {
        BeatFeatures[] songs = [.. Enumerable.Range(0, 5).Select(seed => BeatFeatures.Compute(Song(120, seed)))];
        foreach (BeatFeatures song in songs)
        {
            float own = MashabilityScore.Compute(song, song);
            Assert.InRange(own, 0.5f, 1.0001f);
            Assert.All(songs.Where(other => other != song), other => Assert.True(MashabilityScore.Compute(song, other) < own));
        }
        float[] audio = Song(120, seed: 1);
        float[] shifted = [.. audio.Skip(2 * Rate), .. audio.Take(2 * Rate)];
        Assert.True(MashabilityScore.Compute(songs[1], BeatFeatures.Compute(shifted)) > songs.Where((_, seed) => seed != 1)
            .Max(other => MashabilityScore.Compute(songs[1], other)));
    }

    [Fact]
    public void Another_tempo_comes_after_every_compatible_candidate()
    {
        BeatFeatures slow = BeatFeatures.Compute(Song(100, seed: 1)), fast = BeatFeatures.Compute(Song(135, seed: 1)),
            other = BeatFeatures.Compute(Song(100, seed: 2));
        Assert.True(MashabilityScore.Compute(slow, fast) < MashabilityScore.Compute(slow, other));
    }

    [Fact]
    public void Matrix_is_in_the_order_of_the_queries()
    {
        var method = new AutoMashUpperLike();
        AudioClip[] songs = [.. Enumerable.Range(0, 3).Select(seed => new AudioClip(Song(120, seed), Rate))];
        foreach (AudioClip song in songs)
            method.Add(song, Stem.Other, song);
        Assert.Equal([1, 1, 1], method.Affinities().Ranks());
    }

    private static float[] Chord(double[] frequencies, double seconds) =>
        [.. Enumerable.Range(0, (int)(seconds * Rate))
            .Select(i => (float)(0.2 * frequencies.Sum(hz => Math.Sin(2 * Math.PI * hz * i / Rate))))];

    private static double[] ClickTimes(double tempo, double seconds, double first) =>
        [.. Enumerable.Range(0, 1000).Select(i => first + i * 60 / tempo).TakeWhile(time => time < seconds - 0.1)];

    private static float[] Clicks(double tempo, double seconds, double first)
    {
        var random = new Random(1);
        var samples = new float[(int)(seconds * Rate)];
        foreach (double time in ClickTimes(tempo, seconds, first))
        {
            for (int i = 0; i < 400; i++)
                samples[(int)(time * Rate) + i] += (random.NextSingle() - 0.5f) * MathF.Exp(-i / 80f);
        }
        return samples;
    }

    /// <summary>8 s of clicks and of a random major or minor chord a beat, softly struck.</summary>
    private static float[] Song(double tempo, int seed)
    {
        var random = new Random(seed + 100);
        float[] samples = Clicks(tempo, seconds: 8, first: 0);
        int beatLength = (int)(60 / tempo * Rate);
        for (int start = 0; start + beatLength <= samples.Length; start += beatLength)
        {
            double root = 220 * Math.Pow(2, random.Next(12) / 12.0), third = root * Math.Pow(2, random.Next(3, 5) / 12.0),
                fifth = root * Math.Pow(2, 7 / 12.0);
            float[] chord = Chord([root, third, fifth], seconds: (double)beatLength / Rate);
            for (int i = 0; i < Math.Min(chord.Length, beatLength); i++)
                samples[start + i] += 0.3f * chord[i] * MathF.Sin(MathF.PI * i / beatLength);
        }
        return samples;
    }
}
