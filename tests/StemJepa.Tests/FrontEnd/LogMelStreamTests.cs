using CsCheck;

namespace StemJepa.Tests;

/// <summary>Oracle: the spectrogram of the whole recording computed at once.</summary>
public sealed class LogMelStreamTests
{
    private const int Bands = FrontEndSettings.MelBands;
    private static readonly LogMelSpectrogram LogMel = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(150)]
    [InlineData(201)]
    [InlineData(2559)]
    [InlineData(2560)]
    [InlineData(2561)]
    [InlineData(2759)]
    [InlineData(2760)]
    [InlineData(2761)]
    [InlineData(5120)]
    [InlineData(128000)]
    public void ChunksAreTheWholeSpectrogram(int length)
    {
        AssertSameAsWhole(Signals.Noise(length, seed: length), framesPerChunk: 16, blockSizes: [997, 1, 313]);
        AssertSameAsWhole(Signals.Noise(length, seed: length), framesPerChunk: 800, blockSizes: []);
    }

    [Fact]
    public void AnyLengthChunkAndBlockSize() =>
        Gen.Select(Gen.Int[1, 20000], Gen.Int[1, 6], Gen.Int[1, 4000].Array[1, 4], Gen.Int[0, 1_000_000])
            .Sample(
                (length, patches, blockSizes, seed) => AssertSameAsWhole(Signals.Noise(length, seed), 16 * patches, blockSizes), iter: 30);

    [Fact]
    public void EightSecondsAreOneFullChunkAndATailOfOneFrame()
    {
        LogMelChunk[] chunks = LogMelChunk.Read(new SyntheticReader(Signals.Noise(128000, seed: 1))).ToArray();
        Assert.Equal([(0L, 800, 800), (800L, 1, 16)], chunks.Select(chunk => (chunk.FirstFrame, chunk.Frames, chunk.PaddedFrames)));
    }

    [Fact]
    public void EmptyRecordingGivesNoChunks() => Assert.Empty(LogMelChunk.Read(new SyntheticReader([])));

    [Fact]
    public void LongRecordingStaysInOneWindow()
    {
        // Repeats every hop, so all frames away from the ends are equal.
        const long Length = 10 * 60 * 16000L;
        float[] hop = Signals.Noise(160, seed: 2);
        var reader = new SyntheticReader(Length, i => hop[i % 160], []);
        float[] reference = LogMel.Compute([.. hop, .. hop, .. hop, .. hop, .. hop, .. hop]);

        long frames = 0, allocated = 0, allocatedByStream = 0;
        var chunks = new List<WeakReference>();
        foreach (LogMelChunk chunk in LogMelChunk.Read(reader))
        {
            if (frames > 0)
                allocatedByStream += GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.Equal(frames, chunk.FirstFrame);
            frames += chunk.Frames;
            for (int band = 0; band < Bands && chunk.Frames == 800; band++)
                Assert.Equal(reference[7 * band + 3], chunk.Values[800 * band + 400]);
            chunks.Add(new WeakReference(chunk));
            allocated = GC.GetAllocatedBytesForCurrentThread();
        }
        GC.Collect();
        Assert.Equal(LogMelSpectrogram.FrameCount(Length), frames);
        Assert.InRange(allocatedByStream, 1, (chunks.Count - 1) * (sizeof(float) * Bands * 800 + 4096));
        Assert.InRange(reader.LargestRequest, 1, 800 * 160 + 240);
        Assert.InRange(chunks.Count(chunk => chunk.IsAlive), 0, 2);
    }

    [Fact]
    public void PeakIsTheLoudestSampleOfTheChunk()
    {
        var samples = new float[16 * 160 * 3];
        samples[1000] = -0.25f;
        samples[^1] = 0.5f;
        Assert.Equal([0.25f, 0f, 0.5f, 0.5f], LogMelChunk.Read(new SyntheticReader(samples), 16).Select(chunk => chunk.Peak));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void WhatIsNotFiniteIsReported(float value) =>
        Gen.Int[0, 16 * 160 * 3 - 1].Sample(place =>
        {
            float[] samples = Signals.Noise(16 * 160 * 3, seed: 4);
            samples[place] = value;
            LogMelChunk[] chunks = LogMelChunk.Read(new SyntheticReader(samples), 16).ToArray();
            Assert.Contains(chunks, chunk => !chunk.IsFinite);
            Assert.All(chunks, chunk => Assert.Equal(chunk.IsFinite, float.IsFinite(chunk.Peak)));
            Assert.Contains(chunks, chunk => chunk.IsFinite);
        }, iter: 20);

    private static void AssertSameAsWhole(float[] samples, int framesPerChunk, int[] blockSizes)
    {
        float[] whole = LogMel.Compute(samples);
        int frames = LogMelSpectrogram.FrameCount(samples.Length);
        int next = 0;
        foreach (LogMelChunk chunk in LogMelChunk.Read(new SyntheticReader(samples, blockSizes), framesPerChunk))
        {
            Assert.Equal(next, chunk.FirstFrame);
            Assert.Equal(Math.Min(framesPerChunk, frames - next), chunk.Frames);
            Assert.Equal((chunk.Frames + 15) / 16 * 16, chunk.PaddedFrames);
            Assert.Equal(Bands * chunk.PaddedFrames, chunk.Values.Length);
            for (int band = 0; band < Bands; band++)
            {
                ReadOnlySpan<float> row = chunk.Values.AsSpan(band * chunk.PaddedFrames, chunk.PaddedFrames);
                ReadOnlySpan<float> expected = whole.AsSpan(band * frames + next, chunk.Frames);
                Assert.True(row[..chunk.Frames].SequenceEqual(expected), $"chunk at {next}, band {band}");
                Assert.True(row[chunk.Frames..].IndexOfAnyExcept(0f) < 0, $"padding of the chunk at {next} is not zero");
            }
            next += chunk.Frames;
        }
        Assert.Equal(frames, next);
    }
}
