using CsCheck;

namespace StemJepa.Tests;

/// <summary>Oracle: what must hold for any recording, whatever the values are.</summary>
public sealed class LogMelLawTests
{
    private const int Bands = FrontEndSettings.MelBands;
    private static readonly LogMelSpectrogram LogMel = new();

    private static readonly Gen<float[]> Recordings =
        Gen.Select(Gen.Int[1, 6000], Gen.Int[0, 1_000_000], (length, seed) => Signals.Noise(length, seed));

    /// <summary>
    /// Powers of two, which round nothing: another gain rounds every sample, and bands in a null of the spectrum magnify that.
    /// </summary>
    [Fact]
    public void GainAddsAConstant() =>
        Gen.Select(Recordings, Gen.Int[1, 7]).Sample((samples, doublings) =>
        {
            float[] quiet = LogMel.Compute(Array.ConvertAll(samples, s => 1024 * s));
            float[] loud = LogMel.Compute(Array.ConvertAll(samples, s => float.ScaleB(1024 * s, doublings)));
            double expected = 2 * doublings * Math.Log(2) / LogMel.Settings.StandardDeviation;
            // Below 10 nepers above the offset the offset itself shows.
            for (int i = 0; i < quiet.Length; i++)
                if (quiet[i] > (10 + Math.Log(FrontEndSettings.LogOffset) - LogMel.Settings.Mean) / LogMel.Settings.StandardDeviation)
                    Assert.Equal(expected, loud[i] - quiet[i], 1e-4);
        }, iter: 20);

    [Fact]
    public void DelayByOneHopMovesFramesByOne() =>
        Gen.Select(Recordings, Gen.Int[0, 1_000_000]).Sample((samples, seed) =>
        {
            float[] delay = Signals.Noise(FrontEndSettings.Hop, seed);
            float[] early = LogMel.Compute(samples), late = LogMel.Compute([.. delay, .. samples]);
            int frames = LogMelSpectrogram.FrameCount(samples.Length);
            int firstInside = 2, lastInside = (samples.Length - 200) / FrontEndSettings.Hop;
            for (int band = 0; band < Bands; band++)
                for (int frame = firstInside; frame <= lastInside; frame++)
                    Assert.Equal(early[band * frames + frame], late[band * (frames + 1) + frame + 1]);
        }, iter: 20);

    [Fact]
    public void ReversedRecordingReversesFrames() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 1_000_000]).Sample((hops, seed) =>
        {
            float[] samples = Signals.Noise(FrontEndSettings.Hop * hops + 1, seed);
            float[] forward = LogMel.Compute(samples), backward = LogMel.Compute(samples.Reverse().ToArray());
            for (int band = 0; band < Bands; band++)
                for (int frame = 0; frame <= hops; frame++)
                    Assert.Equal(forward[band * (hops + 1) + frame], backward[band * (hops + 1) + hops - frame], 1e-4);
        }, iter: 20);

    [Fact]
    public void FramesFarFromAChangeKeepTheirBits() =>
        Gen.Select(Recordings, Gen.Double[0, 1]).Sample((samples, where) =>
        {
            int place = (int)(where * (samples.Length - 1));
            float[] changed = [.. samples];
            changed[place] += 1;
            float[] before = LogMel.Compute(samples), after = LogMel.Compute(changed);
            int frames = LogMelSpectrogram.FrameCount(samples.Length);
            int reach = samples.Length > FrontEndSettings.FftSize / 2 ? FrontEndSettings.FftSize / 2 : samples.Length;
            for (int i = 0; i < before.Length; i++)
                if (Math.Abs(i % frames * FrontEndSettings.Hop - place) > reach)
                    Assert.Equal(before[i], after[i]);
        }, iter: 20);

    [Fact]
    public void SettingsOnlyRescale() =>
        Gen.Select(Recordings, Gen.Float[-20f, 5f], Gen.Float[0.1f, 10f]).Sample((samples, mean, deviation) =>
        {
            var other = new LogMelSpectrogram(new FrontEndSettings { Mean = mean, StandardDeviation = deviation });
            float[] expected = LogMel.Compute(samples), actual = other.Compute(samples);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(
                    expected[i] * LogMel.Settings.StandardDeviation + LogMel.Settings.Mean, (double)actual[i] * deviation + mean, 1e-4);
        }, iter: 20);

    [Fact]
    public void SilenceIsTheOffsetEverywhere()
    {
        double expected = (Math.Log(FrontEndSettings.LogOffset) - LogMel.Settings.Mean) / LogMel.Settings.StandardDeviation;
        Assert.All(LogMel.Compute(new float[5000]), value => Assert.Equal(expected, value, 1e-6));
    }

    [Fact]
    public void WhatIsNotANumberStaysInItsFrames()
    {
        float[] samples = Signals.Noise(16000, seed: 1);
        float[] clean = LogMel.Compute(samples);
        samples[8000] = float.NaN;
        float[] dirty = LogMel.Compute(samples);
        for (int i = 0; i < clean.Length; i++)
            if (Math.Abs(i % 101 - 50) < 2)
                Assert.True(float.IsNaN(dirty[i]));
            else
                Assert.Equal(clean[i], dirty[i]);
    }
}
