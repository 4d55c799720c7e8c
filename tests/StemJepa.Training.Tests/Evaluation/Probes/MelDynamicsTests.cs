using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

public sealed class MelDynamicsTests
{
    /// <summary>
    /// The oracle is the log-mel of the whole recording, cut into columns, and their moments by LINQ; the library goes window by window.
    /// </summary>
    [Theory, InlineData(1000), InlineData(128_000), InlineData(420_123)]
    public void Windows_give_the_moments_of_the_whole_recording(int length)
    {
        var random = new Random(length);
        float[] samples = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
        using StemAffinity model = StemAffinity.Create();
        var frontEnd = new LogMelSpectrogram(new FrontEndSettings { Mean = model.Model.FrontEnd.Mean,
            StandardDeviation = model.Model.FrontEnd.StandardDeviation });
        float[] logMel = frontEnd.Compute(samples);
        int frames = logMel.Length / FrontEndSettings.MelBands;
        (float[] rows, int columnLength) = FrameFeatures.TimePatches(
            [.. Enumerable.Range(0, FrontEndSettings.MelBands)
                .Select(band => (ReadOnlyMemory<float>)logMel.AsMemory(band * frames, frames))]);
        float[] actual = HeadFeatures.Extract(model, new AudioClip(samples, 16000).OpenReader(), default).MelDynamics;
        float[] expected = [.. rows.Chunk(columnLength).SelectMany(column =>
        {
            float[][] bands = [.. column.Chunk(16)];
            return bands.Select(band => band.Average()).Concat(bands.Select(band => band.Max()))
                .Concat(bands.Select(band => Math.Max(0, band.Skip(1).Zip(band, (next, value) => next - value).Max())));
        })];
        Assert.Equal(rows.Length / columnLength * MelDynamics.PatchLength, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }
}
