using CsCheck;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

public sealed class EqualiserTests
{
    private const int Bands = FrontEndSettings.MelBands, Frames = 3;

    [Fact]
    public void No_tilt_changes_nothing()
    {
        float[] logMel = Enumerable.Range(0, Bands * Frames).Select(i => i / 100f).ToArray();
        float[] changed = [.. logMel];
        Of(decibels: 0).Apply(changed, new Random(1));
        Assert.Equal(logMel, changed);
    }

    /// <summary>
    /// The law: over its floor, a spectrum gains a straight line over the bands, the same in every frame, within the decibels allowed.
    /// </summary>
    [Fact]
    public void Line_over_the_bands_is_what_a_loud_spectrum_gains() => Gen.Int[0, 10_000].Sample(seed =>
    {
        var frontEnd = new FrontEndSettings();
        float[] logMel = [.. Enumerable.Range(0, Bands * Frames).Select(i => 5f + i % 7)];
        float[] changed = [.. logMel];
        Of(decibels: 6).Apply(changed, new Random(seed));
        double[] gain = [.. logMel.Zip(changed, (before, after) => (after - before) * frontEnd.StandardDeviation / (Math.Log(10) / 10))];
        int kept = Enumerable.Range(0, Bands).TakeWhile(band => gain[band * Frames] > -10).Count();
        double slope = (gain[(kept - 1) * Frames] - gain[0]) / (kept - 1);
        return kept >= Bands - 24 && Math.Abs(gain[0]) <= 6.001
            && Enumerable.Range(0, kept * Frames).All(i => Math.Abs(gain[i] - gain[0] - slope * (i / Frames)) < 1e-3)
            && Enumerable.Range(kept * Frames, (Bands - kept) * Frames).All(i => changed[i] == changed[^1] && changed[i] < 0);
    });

    private static Equaliser Of(double decibels) =>
        new(TrainingSettings.Preset("small") with { TiltDecibels = decibels }, new FrontEndSettings());
}
