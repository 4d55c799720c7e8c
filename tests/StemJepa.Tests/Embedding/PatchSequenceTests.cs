using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>The patches in time against the published PyTorch implementation's, and against the mean that the library gives.</summary>
public sealed class PatchSequenceTests(GoldenModel model) : IClassFixture<GoldenModel>
{
    private const float Tolerance = 1e-4f;

    private readonly StemAffinity _affinity = model.Affinity;

    [Fact]
    public void Predicted_patches_of_the_first_window_equal_the_reference()
    {
        (float[] expected, int[] shape) = Golden.Npy("predictor_800.npy");
        var patches = new PatchSequence();
        _affinity.Predict(GoldenModel.Clip("mix.wav").OpenReader(), Stem.Other, patches);

        Assert.Equal(51, patches.Count);
        int frequencies = shape[1], times = shape[2], width = shape[3];
        for (int frequency = 0; frequency < frequencies; frequency++)
        for (int time = 0; time < times; time++)
        for (int channel = 0; channel < width; channel++)
        {
            float reference = expected[((Stem.Other.Role * frequencies + frequency) * times + time) * width + channel];
            Assert.Equal(reference, patches.Values[time * patches.PatchLength + frequency * width + channel], Tolerance);
        }
    }

    [Theory]
    [InlineData(3000)]
    [InlineData(128_000)]
    [InlineData(700_001)]
    public void Mean_of_the_time_patches_is_the_embedding(int samples)
    {
        AudioClip clip = GoldenModel.Music(samples, seed: samples);
        PatchSequence own = new(), predicted = new();
        AssertMean(_affinity.Embed(clip.OpenReader(), own), own, _affinity.Embed(clip), samples);
        AssertMean(_affinity.Predict(clip.OpenReader(), Stem.Drums, predicted), predicted, _affinity.Predict(clip, Stem.Drums), samples);
    }

    private static void AssertMean(StemEmbedding mean, PatchSequence patches, StemEmbedding expected, int samples)
    {
        Assert.Equal(expected.Vector.ToArray(), mean.Vector.ToArray());
        Assert.Equal((LogMelSpectrogram.FrameCount(samples) + 15) / 16, patches.Count);
        for (int i = 0; i < patches.PatchLength; i++)
        {
            double sum = 0;
            for (int column = 0; column < patches.Count; column++)
                sum += patches.Values[column * patches.PatchLength + i];
            Assert.Equal(expected.Vector.Span[i], sum / patches.Count, 1e-5);
        }
    }
}
