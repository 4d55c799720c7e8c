namespace StemJepa.Tests;

/// <summary>Oracle: the documented contract of the class, apart from the values.</summary>
public sealed class LogMelSpectrogramTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(159, 1)]
    [InlineData(160, 2)]
    [InlineData(128000, 801)]
    [InlineData(172_800_000, 1_080_001)]
    public void FrameCountIsOneAndOnePerHop(long samples, int frames) => Assert.Equal(frames, LogMelSpectrogram.FrameCount(samples));

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void FrameCountRejects(long samples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LogMelSpectrogram.FrameCount(samples));

    [Fact]
    public void NoSamplesAreRejected() =>
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => new LogMelSpectrogram().Compute([])).Message);

    [Theory]
    [InlineData(80 * 11 - 1)]
    [InlineData(80 * 11 + 1)]
    public void DestinationOfAnotherLengthIsRejected(int length)
    {
        var error = Assert.Throws<ArgumentException>(() => new LogMelSpectrogram().Compute(new float[1600], new float[length]));
        Assert.Contains("80 x 11", error.Message);
    }

    [Theory]
    [InlineData(float.NaN, 1f)]
    [InlineData(float.NegativeInfinity, 1f)]
    [InlineData(0f, 0f)]
    [InlineData(0f, -1f)]
    [InlineData(0f, float.NaN)]
    public void SettingsThatCannotNormaliseAreRejected(float mean, float deviation) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrontEndSettings { Mean = mean, StandardDeviation = deviation });

    [Fact]
    public void SpanOverloadAllocatesNothing()
    {
        var logMel = new LogMelSpectrogram();
        float[] samples = Signals.Noise(20000, seed: 5);
        var destination = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(samples.Length)];

        Assert.Equal(0, Allocations.Of(() => logMel.Compute(samples, destination)));
    }

    [Fact]
    public void OneInstanceServesManyThreads()
    {
        var logMel = new LogMelSpectrogram();
        float[][] recordings = Enumerable.Range(0, 12).Select(seed => Signals.Noise(3000 + 517 * seed, seed)).ToArray();
        float[][] expected = recordings.Select(samples => logMel.Compute(samples)).ToArray();

        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            Assert.Equal(expected[i % recordings.Length], logMel.Compute(recordings[i % recordings.Length])));
    }
}
