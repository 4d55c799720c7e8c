namespace StemJepa.Analysis.Tests;

/// <summary>Lengths of beats and of loops, worked by hand.</summary>
public sealed class WholeBeatsTests
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(0.5);

    /// <summary>120 BPM for a minute, told to 10 ms as the analysis does.</summary>
    [Fact]
    public void Beats_that_are_told_to_10_ms_give_a_length_to_a_hundredth_of_a_percent()
    {
        double[] beats = [.. Enumerable.Range(0, 120).Select(i => Math.Round(0.137 + i * 0.50017, 2))];
        Assert.Equal(0.50017, LoopLength.Beat(beats, Half, 0.02)!.Value.TotalSeconds, 5e-5);
    }

    /// <summary>The tempo of neighbouring beats is 0.8 % wrong: one beat too many near the end.</summary>
    [Fact]
    public void A_beat_too_many_does_not_count()
    {
        double[] beats =
            [.. Enumerable.Range(0, 110).Select(i => 0.5 * i), 54.9, 55.3, 55.7, 56, .. Enumerable.Range(113, 8).Select(i => 0.5 * i)];
        Assert.Equal(0.5, LoopLength.Beat(beats, TimeSpan.FromSeconds(0.4959), 0.02)!.Value.TotalSeconds, 1e-4);
    }

    /// <summary>14 hours, with a beat too many in each. To sum over all beats for each length that may be took ten minutes.</summary>
    [Fact]
    public async Task Beats_of_many_hours_give_their_length_exactly_and_soon()
    {
        double[] beats = [.. Enumerable.Range(0, 100_000).Select(i => Math.Round(0.137 + i * 0.50017, 2))
            .SelectMany(at => at % 3600 < 0.5 ? new[] { at, at + 0.25 } : [at])];
        TimeSpan? beat = await Task.Run(() => LoopLength.Beat(beats, TimeSpan.FromSeconds(0.497), 0.02)).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0.50017, beat!.Value.TotalSeconds, 2e-7);
    }

    [Fact]
    public void Beats_on_no_grid_and_few_beats_say_nothing()
    {
        var random = new Random(3);
        double[] strewn = [.. Enumerable.Range(0, 60).Select(_ => 30 * random.NextDouble()).Order()];
        Assert.Null(LoopLength.Beat(strewn, Half, 0.006));
        Assert.Null(LoopLength.Beat([0, 0.6, 1.2], Half, 0.02));
        Assert.Null(LoopLength.Beat([], Half, 0.02));
    }

    [Theory]
    [InlineData(2.01, true, 1.1055, 2.0, 2.0)]
    [InlineData(2.01, false, 1.1, 2.01, 2.0)]
    [InlineData(2.0003, true, 1.1, 2.0003, 2.0003)]
    [InlineData(2.03, true, 1.1, 2.03, 2.0)]
    [InlineData(1.97, true, 1.1, 1.97, 2.0)]
    public void A_loop_is_stretched_to_whole_beats_or_begins_again_after_them(
        double seconds, bool stretch, double ratio, double length, double period)
    {
        StemFit whole = Loop(seconds).InWholeBeats(Mix(), new StemFitOptions { Stretch = stretch });
        Assert.Equal(ratio, whole.TempoRatio, 1e-6);
        Assert.Equal(length, whole.Length.TotalSeconds, 1e-6);
        Assert.Equal(period, whole.Period!.Value.TotalSeconds, 1e-6);
        Assert.Equal(1 + seconds / 2, whole.Start.TotalSeconds + whole.Length.TotalSeconds / 2, 1e-6);
    }

    [Fact]
    public void What_is_no_loop_stays_as_it_is()
    {
        StemFit once = Loop(2.01) with { IsLoop = false };
        Assert.Equal(once, once.InWholeBeats(Mix(), new StemFitOptions()));
    }

    [Fact]
    public void A_loop_of_a_mix_without_a_grid_begins_again_at_its_end()
    {
        var random = new Random(3);
        FitMix strewn = Mix([.. Enumerable.Range(0, 60).Select(_ => 30 * random.NextDouble()).Order()]);
        Assert.Equal(Loop(2.03) with { Period = TimeSpan.FromSeconds(2.03) }, Loop(2.03).InWholeBeats(strewn, new StemFitOptions()));
    }

    /// <summary>At the largest stretch that is allowed nothing is left for the last bit.</summary>
    [Fact]
    public void No_more_is_stretched_than_is_allowed()
    {
        StemFit whole = Loop(2.01).InWholeBeats(Mix(), new StemFitOptions { MaximumStretch = 0.1 });
        Assert.Equal((1.1, Loop(2.01).Length), (whole.TempoRatio, whole.Length));
        Assert.Equal(2, whole.Period!.Value.TotalSeconds, 1e-6);
    }

    private static FitMix Mix() => Mix([.. Enumerable.Range(0, 60).Select(i => 0.5 * i)]);

    private static FitMix Mix(double[] beats) => new(Stem.Bass, new StemAnalysis
    {
        Embedding = new StemEmbedding(new float[10]), Key = default, KeyConfidence = 1, Tempo = 120, TempoConfidence = 1,
        Beats = beats, Instrument = "bass", InstrumentConfidence = 1, IsSilent = false,
    }, TimeSpan.FromSeconds(30), null!, [], 1);

    private static StemFit Loop(double seconds) => new()
    {
        Stem = Stem.Bass, Semitones = 0, TempoRatio = 1.1, Start = TimeSpan.FromSeconds(1), Length = TimeSpan.FromSeconds(seconds),
        AffinityBefore = 0, Affinity = 0, IsLoop = true, MixTempo = 120, CandidateTempo = 120, MixKey = default, CandidateKey = default,
    };
}
