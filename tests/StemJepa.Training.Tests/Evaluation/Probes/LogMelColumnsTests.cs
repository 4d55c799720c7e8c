using StemJepa.Training.Evaluation.Probes.Features;

namespace StemJepa.Training.Tests.Evaluation.Probes;

public sealed class LogMelColumnsTests
{
    /// <summary>The oracle is the log-mel of the whole recording, cut into columns: what heads are shown goes window by window.</summary>
    [Theory, InlineData(1000), InlineData(128_000), InlineData(420_123)]
    public void Windows_give_the_columns_of_the_whole_recording(int length)
    {
        var random = new Random(length);
        float[] samples = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
        using StemAffinity model = StemAffinity.Create();
        var frontEnd = new LogMelSpectrogram(new FrontEndSettings { Mean = model.Model.FrontEnd.Mean, StandardDeviation = model.Model.FrontEnd.StandardDeviation });
        float[] logMel = frontEnd.Compute(samples);
        int frames = logMel.Length / FrontEndSettings.MelBands;
        (float[] expected, int columnLength) = FrameFeatures.Columns(
            [.. Enumerable.Range(0, FrontEndSettings.MelBands).Select(band => (ReadOnlyMemory<float>)logMel.AsMemory(band * frames, frames))]);
        Assert.Equal(LogMelColumns.ColumnLength, columnLength);
        float[] actual = model.Hear(new AudioClip(samples, 16000)).LogMel;
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }
}
