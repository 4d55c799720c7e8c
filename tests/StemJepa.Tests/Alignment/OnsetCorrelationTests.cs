using CsCheck;

namespace StemJepa.Tests.Alignment;

/// <summary>The oracles are clicks whose distance is known, and the formula over all shifts.</summary>
public sealed class OnsetCorrelationTests
{
    [Fact]
    public void Clicks_are_found_to_10_ms() => Gen.Select(Gen.Int[-150, 150], Gen.Int[0, 1000]).Sample((frames, seed) =>
    {
        float[] mix = Clicks(seed, 0), candidate = Clicks(seed, frames * 160);
        double? found = OnsetCorrelation.Best(OnsetCorrelation.CurveOf(mix), OnsetCorrelation.CurveOf(candidate), -2, 2);
        Assert.Equal(frames / 100.0, found!.Value, 0.0101);
    }, iter: 30);

    [Fact]
    public void Range_is_kept_and_no_onsets_say_nothing()
    {
        float[] curve = OnsetCorrelation.CurveOf(Clicks(1, 0)), flat = OnsetCorrelation.CurveOf(new float[32000]);
        Assert.Equal(0, OnsetCorrelation.Best(curve, curve, 0, 0));
        Assert.InRange(OnsetCorrelation.Best(curve, curve, 0.16, 0.48) ?? 0.16, 0.16, 0.48);
        Assert.Null(OnsetCorrelation.Best(flat, flat, -1, 1));
        Assert.Null(OnsetCorrelation.Best(curve, curve, 100, 101));
    }

    /// <summary>The best whole step is 0; clicks say 50 ms more.</summary>
    [Fact]
    public void Onsets_settle_an_alignment_between_two_steps()
    {
        (float[], float[]) onsets = (OnsetCorrelation.CurveOf(Clicks(3, 0)), OnsetCorrelation.CurveOf(Clicks(3, 800)));
        ShiftCurve curve = StemAlignmentTests.Curve(0.16, -2, [0.1f, 0.2f, 0.5f, 0.2f, 0.1f]);
        Assert.Equal(0, new StemAlignment(curve).BestShift);
        StemAlignment settled = new(curve, null, onsets);
        Assert.Equal((0.05, 0.5f), (settled.BestShift, settled.Affinity));
        Assert.Equal(0.05, settled.Within(0.2).BestShift);
        Assert.Equal(0, settled.Within(0).BestShift);
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
