namespace StemJepa.Analysis.Tests;

/// <summary>The oracle is the accent that is put in.</summary>
public sealed class DownbeatTests
{
    private const double Beat = 0.5;

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void The_accented_beat_of_four_is_the_downbeat(int accented)
    {
        double[] beats = [.. Enumerable.Range(0, 19).Select(i => 0.3 + i * Beat)];
        Downbeat found = Downbeat.Find(beats, LowBand(beats, i => i % 4 == accented ? 0 : -6))!.Value;
        Assert.Equal(beats[accented], found.Seconds);
        Assert.InRange(found.Confidence, 0.3, 1);
    }

    [Fact]
    public void Equal_beats_say_nothing()
    {
        double[] beats = [.. Enumerable.Range(0, 16).Select(i => 0.3 + i * Beat)];
        Assert.InRange(Downbeat.Find(beats, LowBand(beats, _ => 0))!.Value.Confidence, 0, 1e-4);
    }

    [Fact]
    public void There_is_none_in_three_beats_or_without_low_sounds()
    {
        double[] beats = [.. Enumerable.Range(0, 16).Select(i => 0.3 + i * Beat)];
        Assert.Null(Downbeat.Find(beats[..3], LowBand(beats, _ => 0)));
        Assert.Null(Downbeat.Find(beats, Enumerable.Repeat(-3f, 1000).ToArray()));
        Assert.Null(Downbeat.Find(beats, []));
    }

    [Theory]
    [InlineData(8, 120.0, 16, true)]
    [InlineData(8.01, 120.0, 16, true)]
    [InlineData(8, 120.6, 16, true)]
    [InlineData(8.2, 120.0, 16, false)]
    [InlineData(8.25, 120.0, 16, false)]
    [InlineData(1, 120.0, 2, false)]
    [InlineData(64, 120.0, 128, false)]
    [InlineData(8, 120.0, 3, false)]
    public void Loops_are_whole_beats_long(double seconds, double tempo, int beats, bool expected) =>
        Assert.Equal(expected, LoopLength.IsLoop(seconds, tempo, beats));

    /// <summary>Worked by hand: 36 classes an octave, so 120 BPM is class 72; its neighbours up to two count.</summary>
    [Fact]
    public void The_probability_of_a_tempo_is_that_of_its_neighbourhood()
    {
        var probabilities = new float[TempoClasses.Count];
        (probabilities[70], probabilities[72], probabilities[75], probabilities[0]) = (0.2f, 0.4f, 0.3f, 0.1f);
        Assert.Equal(0.6, TempoClasses.ProbabilityNear(120, probabilities), 1e-6);
        Assert.Equal(0.1, TempoClasses.ProbabilityNear(30, probabilities), 1e-6);
        Assert.Equal(0, TempoClasses.ProbabilityNear(60, probabilities), 1e-6);
    }

    /// <summary>Power that rises at each beat and falls until the next.</summary>
    private static float[] LowBand(double[] beats, Func<int, float> level)
    {
        var power = new float[(int)(100 * beats[^1]) + 100];
        Array.Fill(power, -20);
        for (int i = 0; i < beats.Length; i++)
        {
            for (int frame = 0; frame < 40; frame++)
                power[(int)Math.Round(100 * beats[i]) + frame] = level(i) - 0.2f * frame;
        }
        return power;
    }
}
