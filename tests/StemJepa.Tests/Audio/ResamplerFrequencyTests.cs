namespace StemJepa.Tests;

/// <summary>
/// Oracle: a band-limited converter returns the same sine, sampled at the other rate, and nothing above the lower Nyquist frequency.
/// </summary>
public sealed class ResamplerFrequencyTests
{
    private const int Model = 16000;
    private const double PassBandRipple = 0.0116;
    private const double Rejected = -80;

    public static TheoryData<int> Rates => [8000, 11025, 12345, 16000, 22050, 22255, 32000, 44100, 48000, 96000, 191999, 192000];

    public static TheoryData<int> RatesAboveModel => [22050, 22255, 32000, 44100, 48000, 96000, 191999, 192000];

    [Theory, MemberData(nameof(Rates))]
    public void A_sine_in_the_pass_band_keeps_its_level_and_its_phase(int rate)
    {
        double top = Math.Min(7000, rate * 0.47);
        foreach (double frequency in (double[])[30, 440, 1000, 0.5 * top, 0.8 * top, top])
        {
            float[] output = Resampler.Resample(Tone.Sine(frequency, rate, rate / 4), rate, Model);
            double error = Tone.LargestError(output, 800..^800,
                n => 0.5 * Math.Sin(2 * Math.PI * frequency * n / Model + 0.7));
            Assert.True(error < 0.5 * 1e-4, $"{frequency} Hz at {rate} Hz is off by {error}.");
        }
    }

    [Theory, MemberData(nameof(RatesAboveModel))]
    public void A_sine_above_the_new_Nyquist_frequency_is_80_dB_down(int rate)
    {
        double top = rate / 2.0;
        foreach (double part in (double[])[0.0001, 0.02, 0.1, 0.3, 0.5, 0.8, 0.99])
        {
            double frequency = 8000 + part * (top - 8000);
            float[] input = Tone.Sine(frequency, rate, rate / 4);
            double level = Tone.Decibels(Tone.Rms(Resampler.Resample(input, rate, Model).AsSpan()[800..^800]) / Tone.Rms(input));
            Assert.True(level < Rejected, $"{frequency} Hz at {rate} Hz leaves {level} dB.");
        }
    }

    [Theory, MemberData(nameof(RatesAboveModel))]
    public void A_sweep_above_the_new_Nyquist_frequency_is_80_dB_down(int rate)
    {
        float[] input = Tone.Sweep(8005, rate / 2.0, rate, rate);
        ReadOnlySpan<float> output = Resampler.Resample(input, rate, Model).AsSpan()[800..^800];
        for (int n = 0; n + 256 <= output.Length; n += 256)
        {
            double level = Tone.Decibels(Tone.Rms(output.Slice(n, 256)) / Tone.Rms(input));
            Assert.True(level < Rejected, $"{level} dB at output {n} of {rate} Hz.");
        }
    }

    [Theory, MemberData(nameof(Rates))]
    public void A_sweep_in_the_pass_band_ripples_less_than_a_tenth_of_a_decibel(int rate)
    {
        double top = Math.Min(7000, rate * 0.47);
        const int seconds = 1;
        float[] output = Resampler.Resample(Tone.Sweep(50, top, rate, seconds * rate), rate, Model);
        float[] expected = Tone.Sweep(50, top, Model, seconds * Model);
        double error = Tone.LargestError(output, 800..^800, n => expected[n]);
        Assert.True(error < 0.5 * PassBandRipple, $"The sweep at {rate} Hz is off by {error}.");
    }

    [Theory, InlineData(8000), InlineData(11025), InlineData(12345)]
    public void Images_of_an_upsampled_sine_are_80_dB_down(int rate)
    {
        foreach (double frequency in (double[])[100, 0.2 * rate, 0.4 * rate, 0.47 * rate])
        {
            float[] output = Resampler.Resample(Tone.Sine(frequency, rate, rate), rate, Model);
            double residue = Tone.LargestError(output, 800..^800, n => 0.5 * Math.Sin(2 * Math.PI * frequency * n / Model + 0.7));
            Assert.True(Tone.Decibels(residue / 0.5) < Rejected, $"{frequency} Hz at {rate} Hz leaves {Tone.Decibels(residue / 0.5)} dB.");
        }
    }

    [Theory, MemberData(nameof(Rates))]
    public void A_constant_comes_through_unchanged(int rate)
    {
        var input = new float[rate / 4];
        Array.Fill(input, 0.25f);
        float[] output = Resampler.Resample(input, rate, Model);
        Assert.True(Tone.LargestError(output, 800..^800, _ => 0.25) < 1e-6);
    }

    [Theory, InlineData(16000, 44100), InlineData(44100, 48000), InlineData(48000, 8000), InlineData(192000, 8000),
        InlineData(8000, 192000)]
    public void Rates_other_than_the_models_work_too(int from, int to)
    {
        float[] output = Resampler.Resample(Tone.Sine(1234, from, from / 2), from, to);
        int edge = to / 20;
        double error = Tone.LargestError(output, edge..^edge, n => 0.5 * Math.Sin(2 * Math.PI * 1234 * n / to + 0.7));
        Assert.True(error < 0.5 * 1e-4, $"Off by {error}.");
    }
}
