namespace StemJepa.Tests;

/// <summary>Oracle: the DFT formula in double precision.</summary>
public sealed class PlainDftTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(150)]
    [InlineData(159)]
    [InlineData(160)]
    [InlineData(199)]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(399)]
    [InlineData(400)]
    [InlineData(2559)]
    [InlineData(2760)]
    [InlineData(12345)]
    [InlineData(16000)]
    public void NoiseOfAnyLength(int length)
    {
        float[] samples = Signals.Noise(length, seed: length);

        (double worst, double mean) = Deviation.Of(PlainDft.LogMel(samples), new LogMelSpectrogram().Compute(samples));

        Assert.True(worst < 1e-4 && mean < 2e-6, $"worst {worst:g3}, mean {mean:g3}");
    }

    [Theory]
    [InlineData(1e-6f)]
    [InlineData(1e-3f)]
    [InlineData(1f)]
    [InlineData(30f)]
    public void NoiseOfAnyLoudness(float amplitude)
    {
        float[] samples = Signals.Noise(4000, seed: 7, amplitude);

        (double worst, double mean) = Deviation.Of(PlainDft.LogMel(samples), new LogMelSpectrogram().Compute(samples));

        Assert.True(worst < 1e-4 && mean < 2e-6, $"worst {worst:g3}, mean {mean:g3}");
    }

    [Theory]
    [InlineData(40)]
    [InlineData(997)]
    [InlineData(7990)]
    public void SineBesideEmptyBands(double hz)
    {
        var samples = new float[4000];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (float)(0.9 * Math.Sin(2 * Math.PI * hz * i / FrontEndSettings.SampleRate));

        (double worst, double mean) = Deviation.Of(PlainDft.LogMel(samples), new LogMelSpectrogram().Compute(samples));

        Assert.True(worst < 1e-3 && mean < 1e-4, $"worst {worst:g3}, mean {mean:g3}");
    }

    [Fact]
    public void EveryRegisterWidth()
    {
        var settings = new FrontEndSettings();
        float[] samples = Signals.Noise(160 * 37 + 11, seed: 3);
        float[] expected = PlainDft.LogMel(samples);
        LogMelKernel[] kernels =
        [
            new LogMelKernel<LanesScalar>(settings), new LogMelKernel<Lanes128>(settings),
            new LogMelKernel<Lanes256>(settings), new LogMelKernel<Lanes512>(settings),
        ];

        Assert.Equal([1, 4, 8, 16], kernels.Select(kernel => kernel.BlockFrames));
        foreach (LogMelKernel kernel in kernels)
        {
            (double worst, double mean) = Deviation.Of(expected, new LogMelSpectrogram(kernel).Compute(samples));
            Assert.True(worst < 1e-4 && mean < 2e-6, $"{kernel.BlockFrames} lanes: worst {worst:g3}, mean {mean:g3}");
        }
    }
}
