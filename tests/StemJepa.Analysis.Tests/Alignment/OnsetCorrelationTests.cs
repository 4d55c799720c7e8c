using CsCheck;

namespace StemJepa.Analysis.Tests;

/// <summary>The oracles are clicks whose distance is known, and the formula over all shifts.</summary>
public sealed class OnsetCorrelationTests
{
    [Fact]
    public void Clicks_are_found_to_10_ms() => Gen.Select(Gen.Int[-150, 150], Gen.Int[0, 1000]).Sample((frames, seed) =>
    {
        float[] mix = Clicks(seed, 0), candidate = Clicks(seed, frames * 160);
        double? found = OnsetCorrelation.FindBest(OnsetCorrelation.ComputeCurve(mix), OnsetCorrelation.ComputeCurve(candidate), -2, 2);
        Assert.Equal(frames / 100.0, found!.Value, 0.0101);
    }, iter: 30);

    [Fact]
    public void Range_is_kept_and_no_onsets_say_nothing()
    {
        float[] curve = OnsetCorrelation.ComputeCurve(Clicks(1, 0)), flat = OnsetCorrelation.ComputeCurve(new float[32000]);
        Assert.Equal(0, OnsetCorrelation.FindBest(curve, curve, 0, 0));
        Assert.InRange(OnsetCorrelation.FindBest(curve, curve, 0.16, 0.48) ?? 0.16, 0.16, 0.48);
        Assert.Null(OnsetCorrelation.FindBest(flat, flat, -1, 1));
        Assert.Null(OnsetCorrelation.FindBest(curve, curve, 100, 101));
    }

    /// <summary>The best whole step is 0; clicks say 50 ms more.</summary>
    [Fact]
    public void Onsets_settle_an_alignment_between_two_steps()
    {
        (float[], float[]) onsets = (OnsetCorrelation.ComputeCurve(Clicks(3, 0)), OnsetCorrelation.ComputeCurve(Clicks(3, 800)));
        ShiftCurve curve = StemAlignmentTests.Curve(0.16, -2, [0.1f, 0.2f, 0.5f, 0.2f, 0.1f]);
        Assert.Equal(TimeSpan.Zero, new StemAlignment(curve).BestShift);
        StemAlignment settled = new(curve, null, onsets);
        Assert.Equal((0.05, 0.5f), (settled.BestSeconds, settled.Affinity));
        Assert.Equal(0.05, settled.Within(TimeSpan.FromSeconds(0.2)).BestSeconds);
        Assert.Equal(0, settled.Within(TimeSpan.Zero).BestSeconds);
    }

    /// <summary>Seven seconds of clicks at random moments, of which the first samples are left out.</summary>
    private static float[] Clicks(int seed, int later)
    {
        const int length = 7 * 16000, margin = 2 * 16000;
        var random = new Random(seed);
        var samples = new float[length];
        for (int click = 0; click < 20; click++)
        {
            int start = margin + 160 * random.Next((length - 2 * margin) / 160);
            for (int i = 0; i < 400; i++)
                samples[start + i] += (random.NextSingle() - 0.5f) * MathF.Exp(-i / 80f);
        }
        return later >= 0 ? [.. samples.Skip(later), .. new float[later]] : [.. new float[-later], .. samples.SkipLast(-later)];
    }
}
