using System.Text.Json;
using CsCheck;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

/// <summary>Rooms and clipping, which recordings of a training may be put into.</summary>
public sealed class RecordingConditionsTests
{
    private const int Bands = FrontEndSettings.MelBands, Frames = 50;

    private static readonly TrainingSettings Always = TrainingSettings.Preset("small") with { ReverbShare = 1, ClippedShare = 1 };

    /// <summary>
    /// The oracle: the power of a recording convolved, in double precision, with an exponential decay that begins a frame later.
    /// </summary>
    [Fact]
    public void Reverb_agrees_with_a_convolution_of_powers() =>
        Gen.Select(Gen.Double[0.2, 2], Gen.Double[-18, 0], Gen.Float[-3, 3].Array[Bands * Frames]).Sample((seconds, decibels, logMel) =>
    {
        var frontEnd = new FrontEndSettings();
        float[] heard = [.. logMel];
        new Room(Always, frontEnd).Reverberate(heard, seconds, decibels);
        double PowerAt(int index) => Math.Exp(logMel[index] * (double)frontEnd.StandardDeviation + frontEnd.Mean);
        double kept = Math.Pow(10, -6 / (100 * seconds)), gain = Math.Pow(10, decibels / 10);
        for (int index = 0; index < logMel.Length; index += 7)
        {
            int frame = index % Frames;
            double reverb = Enumerable.Range(1, frame).Sum(delay => gain * (1 - kept) * Math.Pow(kept, delay - 1) * PowerAt(index - delay));
            double expected = (Math.Log(PowerAt(index) + reverb) - frontEnd.Mean) / frontEnd.StandardDeviation;
            Assert.Equal(expected, heard[index], 1e-4);
        }
    }, iter: 20);

    /// <summary>The law: samples up to a limit, at most 12 dB under the peak, stay as they are; all others are at the limit.</summary>
    [Fact]
    public void Clipping_cuts_what_is_over_a_limit() => Gen.Select(Gen.Float[-1, 1].Array[1, 500], Gen.Int[0, 1000])
        .Sample((samples, seed) =>
    {
        float[] clipped = new Clipping(Always).Apply(samples, new Random(seed)).ToArray();
        float limit = clipped.Max(Math.Abs), peak = samples.Max(Math.Abs);
        Assert.InRange(limit, peak * Math.Pow(10, -Clipping.MostDecibels / 20) - 1e-6, peak);
        Assert.Equal(samples.Select(sample => Math.Clamp(sample, -limit, limit)), clipped);
    });

    /// <summary>Runs from before there were rooms and clipping go on, and are recognised, as they were.</summary>
    [Fact]
    public void Without_them_nothing_is_drawn_or_written()
    {
        TrainingSettings never = TrainingSettings.Preset("small");
        var random = new Random(1);
        float[] samples = [0.5f, -1, 0.25f], logMel = new float[Bands];
        Assert.Equal(samples, new Clipping(never).Apply(samples, random).ToArray());
        new Room(never, new FrontEndSettings()).Apply(logMel, random);
        Assert.All(logMel, value => Assert.Equal(0, value));
        Assert.Equal(new Random(1).NextDouble(), random.NextDouble());
        Assert.DoesNotContain("reverb", JsonSerializer.Serialize(never, RunFolder.Json));
        Assert.DoesNotContain("clipped", JsonSerializer.Serialize(never, RunFolder.Json));
    }
}
