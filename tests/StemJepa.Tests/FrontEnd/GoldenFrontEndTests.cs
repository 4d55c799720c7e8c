using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>Oracle: the published PyTorch implementation's filters and log-mels.</summary>
public sealed class GoldenFrontEndTests
{
    [Fact]
    public void MelFiltersEqualTheReference()
    {
        (float[] expected, int[] shape) = Golden.Npy("mel_filters.npy");
        Assert.Equal([FrontEndSettings.MelBands, FrontEndSettings.Bins], shape);

        MelFilterBank bank = MelFilterBank.Default;
        var actual = new float[expected.Length];
        for (int band = 0; band < FrontEndSettings.MelBands; band++)
            bank.Weights[bank.Starts[band]..bank.Starts[band + 1]]
                .CopyTo(actual.AsSpan(band * FrontEndSettings.Bins + bank.FirstBins[band]));

        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    [Theory]
    [InlineData("mix.wav", 0)]
    [InlineData("vocals.wav", 1)]
    public void LogMelEqualsTheReference(string recording, int index)
    {
        (float[] all, int[] shape) = Golden.Npy("logmel.npy");
        ReadOnlySpan<float> expected = all.AsSpan(index * shape[1] * shape[2], shape[1] * shape[2]);

        float[] actual = new LogMelSpectrogram().Compute(Pcm16.Read(Golden.PathOf(recording)));

        (double worst, double mean) = Deviation.Of(expected, actual);
        Assert.True(worst < 1e-3 && mean < 1e-4, $"worst {worst:g3}, mean {mean:g3}");
    }
}
