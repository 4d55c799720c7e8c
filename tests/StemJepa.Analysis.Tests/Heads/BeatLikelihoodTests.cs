using CsCheck;

namespace StemJepa.Analysis.Tests;

/// <summary>The oracles are beats and periods that are put in.</summary>
public sealed class BeatLikelihoodTests
{
    [Fact]
    public void Marked_beats_are_found_at_any_tempo() => Gen.Double[70, 180].Sample(tempo =>
    {
        double[] beats = [.. Enumerable.Range(0, (int)(20 * tempo / 60)).Select(i => 0.3 + i * 60 / tempo)];
        double[] found = BeatLikelihood.Beats(Marked(beats, (int)(100 * beats[^1]) + 20));
        Assert.True(beats.Count(beat => found.Any(other => Math.Abs(other - beat) <= 0.07)) >= 0.93 * beats.Length);
        Assert.InRange(found.Length, 0.93 * beats.Length, 1.07 * beats.Length);
    }, iter: 20);

    [Fact]
    public void Tempo_is_that_of_the_beats_despite_a_gap() =>
        Gen.Select(Gen.Double[40, 240], Gen.Int[3, 60], Gen.Int[0, 1000]).Sample((tempo, count, seed) =>
    {
        List<double> beats = [.. Enumerable.Range(0, count).Select(i => 0.3 + i * 60 / tempo)];
        if (count > 6)
            beats.RemoveAt(1 + new Random(seed).Next(count - 2));
        Assert.Equal(tempo, BeatLikelihood.Tempo(beats.ToArray())!.Value, 1e-6 * tempo);
        Assert.Null(BeatLikelihood.Tempo(beats.Take(2).ToArray()));
    });

    [Fact]
    public void Periodicity_peaks_at_the_period() => Gen.Int[30, 190].Sample(period =>
    {
        float[] curve = Marked(Enumerable.Range(0, 3000 / period).Select(i => i * period / 100.0), 3000);
        float[] lags = Periodicity.Compute(curve);
        Assert.Equal(Periodicity.Lags, lags.Length);
        Assert.Equal(0, (Periodicity.ShortestLag + Array.IndexOf(lags, lags.Max())) % period);
    }, iter: 50);

    [Fact]
    public void Nothing_repeats_in_a_short_or_constant_curve()
    {
        Assert.All(Periodicity.Compute([]), value => Assert.Equal(0, value));
        Assert.All(Periodicity.Compute([1, 2, 3]), value => Assert.Equal(0, value));
        Assert.All(Periodicity.Compute(Enumerable.Repeat(2f, 500).ToArray()), value => Assert.Equal(0, value));
        Assert.Empty(BeatLikelihood.Beats([]));
    }

    /// <summary>Worked by hand: an octave is 36 classes, so 60 beats a minute are class 36.</summary>
    [Fact]
    public void Tempo_classes_are_of_equal_ratio()
    {
        Assert.Equal(36, TempoClasses.PlaceOf(60), 9);
        Assert.Equal((0, 0), (TempoClasses.PlaceOf(30), TempoClasses.PlaceOf(3)));
        var logits = new float[TempoClasses.Count];
        logits[36] = 50;
        Assert.Equal(60, TempoClasses.Estimate(logits), 6);
    }

    /// <summary>Worked by hand: e / (1 + e + e), however large the logits are.</summary>
    [Theory, InlineData(0), InlineData(1000), InlineData(-1000)]
    public void Probabilities_do_not_overflow(float offset)
    {
        float[] probabilities = AnalysisHeads.Probabilities([offset, offset + 1, offset + 1]);
        Assert.Equal(1 / (1 + 2 * Math.E), probabilities[0], 1e-4);
        Assert.Equal(Math.E / (1 + 2 * Math.E), probabilities[1], 1e-4);
    }

    /// <summary>One at each beat, and a half and a quarter about it.</summary>
    private static float[] Marked(IEnumerable<double> beats, int frames)
    {
        var curve = new float[frames];
        foreach (int beat in beats.Select(beat => (int)Math.Round(100 * beat)))
        {
            for (int off = 0; off < BeatLikelihood.Near.Length; off++)
            {
                foreach (int frame in new[] { beat - off, beat + off }.Where(frame => frame >= 0 && frame < frames))
                    curve[frame] = Math.Max(curve[frame], BeatLikelihood.Near[off]);
            }
        }
        return curve;
    }
}
