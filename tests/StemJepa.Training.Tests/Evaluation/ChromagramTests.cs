using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The oracles are libtorch's transform of the same frames, and chords whose pitch classes are known.</summary>
public sealed class ChromagramTests
{
    private const int FftSize = 4096;

    [Fact]
    public void Libtorch_gives_the_same_values() => Gen.Select(Gen.Int[1, 12_000], Gen.Int[1, 4096], Gen.Int[0, 1000])
        .Sample((length, hop, seed) =>
    {
        var random = new Random(seed);
        float[] samples = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
        hop = Math.Max(hop, length / 20);
        float[] expected = ByLibtorch(samples, hop), actual = Chromagram.Compute(samples, hop);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Max(1, pair.First)));
    }, iter: 30);

    [Fact]
    public void Blocks_of_any_length_give_the_same_bits() =>
        Gen.Select(Gen.Int[1, 9000].Array[1, 6], Gen.Int[0, 1000]).Sample((lengths, seed) =>
    {
        var random = new Random(seed);
        float[] samples = [.. Enumerable.Range(0, lengths.Sum()).Select(_ => random.NextSingle() - 0.5f)];
        var chromagram = new Chromagram(Chromagram.Hop);
        int start = 0;
        foreach (int length in lengths)
        {
            chromagram.Add(samples.AsSpan(start, length));
            start += length;
        }
        Assert.Equal(Chromagram.Compute(samples, Chromagram.Hop), chromagram.End());
    }, iter: 30);

    [Theory]
    [InlineData(new[] { 261.63, 329.63, 392.00 }, new[] { 0, 4, 7 })]
    [InlineData(new[] { 220.00, 261.63, 329.63 }, new[] { 9, 0, 4 })]
    [InlineData(new[] { 466.16, 587.33, 698.46 }, new[] { 10, 2, 5 })]
    public void A_chord_is_its_pitch_classes(double[] frequencies, int[] classes)
    {
        float[] chord =
            [.. Enumerable.Range(0, 32000).Select(i => (float)(0.2 * frequencies.Sum(hz => Math.Sin(2 * Math.PI * hz * i / 16000))))];
        float[] middle = Chromagram.Compute(chord, Chromagram.Hop).Chunk(Chromagram.Classes).ElementAt(10);
        Assert.Equal(classes.Order(), Enumerable.Range(0, Chromagram.Classes).OrderByDescending(pitch => middle[pitch]).Take(3).Order());
        Assert.True(classes.Min(pitch => middle[pitch]) > 4 * Enumerable.Range(0, Chromagram.Classes).Except(classes)
            .Max(pitch => middle[pitch]));
    }

    /// <summary>Peaks are at the chord's frequencies, whatever bins they fall between and however much noise there is.</summary>
    [Fact]
    public void Peaks_of_a_chord_in_noise_are_its_pitch_classes() => Gen.Select(Gen.Int[40, 80], Gen.Int[0, 1000]).Sample((root, seed) =>
    {
        var random = new Random(seed);
        int[] pitches = [root, root + 4, root + 7];
        float[] samples = [.. Enumerable.Range(0, 32000).Select(i => (float)(0.2 * pitches.Sum(pitch =>
            Math.Sin(2 * Math.PI * 440 * Math.Pow(2, (pitch - 69) / 12.0) * i / 16000)) + 0.3 * (random.NextDouble() - 0.5)))];
        float[] middle = Chromagram.ComputePeaks(samples, Chromagram.Hop).Chunk(Chromagram.Classes).ElementAt(10);
        int[] classes = [.. pitches.Select(pitch => pitch % 12)];
        float others = Enumerable.Range(0, Chromagram.Classes).Except(classes).Max(pitch => middle[pitch]);
        Assert.True(classes.Min(pitch => middle[pitch]) > 4 * others, $"{string.Join(' ', middle)}");
    }, iter: 40);

    [Fact]
    public void Peaks_of_silence_are_none_and_those_of_noise_are_less_than_its_bins()
    {
        Assert.All(Chromagram.ComputePeaks(new float[32000], Chromagram.Hop), value => Assert.Equal(0, value));
        var random = new Random(5);
        float[] noise = [.. Enumerable.Range(0, 32000).Select(_ => random.NextSingle() - 0.5f)];
        Assert.True(Chromagram.ComputePeaks(noise, Chromagram.Hop).Sum() < 0.5 * Chromagram.Compute(noise, Chromagram.Hop).Sum());
    }

    /// <summary>Two frames share a transform, whose rounding errors are no sound.</summary>
    [Theory, InlineData(1600), InlineData(640)]
    public void Silence_beside_a_chord_stays_silent(int hop)
    {
        float[] samples = [.. Enumerable.Range(0, 32000).Select(i => i < 16000 ? 0 : (float)Math.Sin(2 * Math.PI * 440 * i / 16000))];
        float[][] frames = [.. Chromagram.Compute(samples, hop).Chunk(Chromagram.Classes)];
        int sounding = (16000 - FftSize / 2) / hop + 1;
        Assert.All(frames[..sounding], frame => Assert.All(frame, value => Assert.Equal(0, value)));
        Assert.All(frames[(sounding + 1)..], frame => Assert.Equal(9, Array.IndexOf(frame, frame.Max())));
    }

    [Fact]
    public void Frames_are_as_many_as_begin_in_the_recording()
    {
        Assert.Empty(Chromagram.Compute([], Chromagram.Hop));
        Assert.Equal(1 * Chromagram.Classes, Chromagram.Compute(new float[1], Chromagram.Hop).Length);
        Assert.Equal(10 * Chromagram.Classes, Chromagram.Compute(new float[16000], Chromagram.Hop).Length);
        Assert.Equal(11 * Chromagram.Classes, Chromagram.Compute(new float[16001], Chromagram.Hop).Length);
    }

    /// <summary>Worked by hand: frames (3, 4, 0 ...) and (0, 0, 2, 0 ...) of length 1, and a silent one.</summary>
    [Fact]
    public void Moments_are_of_frames_as_loud_as_one_another()
    {
        var chroma = new float[3 * Chromagram.Classes];
        (chroma[0], chroma[1], chroma[Chromagram.Classes + 2]) = (3, 4, 2);
        float[] moments = Chromagram.MeanAndDeviation(chroma);
        Assert.Equal(Chromagram.Moments, moments.Length);
        Assert.Equal([0.2f, 0.8f / 3, 1f / 3, 0], moments[..4], Near);
        Assert.Equal([MathF.Sqrt(0.36f / 3 - 0.04f), MathF.Sqrt(0.64f / 3 - 0.64f / 9), MathF.Sqrt(1f / 3 - 1f / 9), 0], moments[12..16],
            Near);
    }

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) < 1e-6;

    private static float[] ByLibtorch(float[] samples, int hop)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        const int bins = FftSize / 2 + 1;
        var classes = new float[bins * 12];
        for (int bin = 1; bin < bins; bin++)
        {
            double hz = bin * 16000.0 / FftSize, semitones = 9 + 12 * Math.Log2(hz / 440), nearest = Math.Round(semitones);
            if (hz is >= 110 and <= 3520)
                classes[bin * 12 + (int)((nearest + 120) % 12)] = (float)Math.Pow(Math.Cos(Math.PI * (semitones - nearest)), 2);
        }
        int frames = 1 + (samples.Length - 1) / hop;
        var padded = new float[Math.Max((frames - 1) * hop + FftSize, FftSize / 2 + samples.Length)];
        samples.CopyTo(padded, FftSize / 2);
        torch.Tensor spectra = fft.rfft(tensor(padded).unfold(0, FftSize, hop).narrow(0, 0, frames).mul(hann_window(FftSize)));
        return mm(spectra.abs(), tensor(classes, [bins, 12])).data<float>().ToArray();
    }
}
