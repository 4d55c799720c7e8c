using StemJepa.TestSupport;

namespace StemJepa.Analysis.Tests;

/// <summary>The fitter with the shipped model; how well it finds what was moved is measured on real songs by the tool's tests.</summary>
public sealed class StemFitterTests
{
    private const int Rate = 16000;

    [ShippedHeadsFact]
    public void What_is_not_allowed_is_not_done()
    {
        using StemAffinity model = StemAffinity.Create();
        using var fitter = StemFitter.Create(model);
        FitMix mix = fitter.Prepare(Beats(2.0, 0), Stem.Drums);
        StemFit fit = fitter.Fit(mix, Beats(2.2, 5), new StemFitOptions { Stretch = false });
        Assert.Equal((1, 0), (fit.TempoRatio, fit.Semitones));
        StemFit little = fitter.Fit(mix, Beats(2.2, 5), new StemFitOptions { MaximumStretch = 0.05 });
        Assert.InRange(little.TempoRatio, 0.95, 1.05);
        Assert.InRange(fit.Affinity, -1f, 1f);
        Assert.Throws<ArgumentOutOfRangeException>(() => fitter.Fit(mix, Beats(2, 0), new StemFitOptions { MaximumStretch = 0.6 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => fitter.Fit(mix, Beats(2, 0), new StemFitOptions { MaximumSemitones = 13 }));
    }

    /// <summary>Clicks that are 8 % slower, and a third of a second late.</summary>
    [ShippedHeadsFact]
    public void Drums_come_back_to_tempo_and_beat()
    {
        using StemAffinity model = StemAffinity.Create();
        using var fitter = StemFitter.Create(model);
        AudioClip mix = Beats(2.0, 0), candidate = Beats(2.0 / 1.08, 1.0 / 3);
        StemFit fit = fitter.Fit(mix, candidate, Stem.Drums);
        Assert.Equal(1.08, fit.TempoRatio, 0.006);
        Assert.Equal(0, Math.IEEERemainder(fit.Start.TotalSeconds + 1.0 / 3 / 1.08, 0.5), 0.03);
        Assert.Equal(0, fit.Semitones);
        Assert.Equal(fit, fitter.Fit(fitter.Prepare(mix, Stem.Drums), candidate));
    }

    [ShippedHeadsFact]
    public async Task Silence_short_sounds_and_cancelled_calls_end_well()
    {
        using StemAffinity model = StemAffinity.Create();
        var fitter = StemFitter.Create(model);
        AudioClip music = Beats(2, 0), silence = new(new float[Rate], Rate), sample = new(new float[] { 0.5f }, Rate);
        foreach (AudioClip odd in new[] { silence, sample })
        {
            Assert.InRange((await fitter.FitAsync(music, odd, Stem.Bass)).TempoRatio, 0.75, 1.25);
            Assert.InRange((await fitter.FitAsync(odd, music, Stem.Vocals)).TempoRatio, 0.75, 1.25);
        }
        var empty = new AudioClip(Array.Empty<float>(), Rate);
        Assert.StartsWith("The candidate", Assert.Throws<StemJepaException>(() => fitter.Fit(music, empty, Stem.Bass)).Message);
        Assert.StartsWith("The mix", Assert.Throws<StemJepaException>(() => fitter.Fit(empty, music, Stem.Bass)).Message);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fitter.FitAsync(music, music, Stem.Bass, null, cancelled.Token));
        fitter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => fitter.Prepare(music, Stem.Bass));
    }

    /// <summary>Kicks on the beat and hats between, 8 s from some silence on.</summary>
    private static AudioClip Beats(double beatsPerSecond, double silence)
    {
        var samples = new float[(int)((8 + silence) * Rate)];
        for (int hit = 0; hit < 8 * beatsPerSecond * 2; hit++)
        {
            int at = (int)((silence + hit / beatsPerSecond / 2) * Rate);
            double hertz = hit % 2 == 0 ? 80 : 5000, decay = hit % 2 == 0 ? 1200 : 250;
            for (int i = 0; i < 3000 && at + i < samples.Length; i++)
                samples[at + i] += (float)(0.5 * Math.Exp(-i / decay) * Math.Sin(2 * Math.PI * hertz * i / Rate));
        }
        return new AudioClip(samples, Rate);
    }
}
