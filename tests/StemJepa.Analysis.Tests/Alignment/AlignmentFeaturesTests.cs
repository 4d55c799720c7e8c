using CsCheck;

namespace StemJepa.Analysis.Tests;

/// <summary>
/// The features against their definition in double precision, from the chromagram and the log-mel, which have oracles of their own.
/// </summary>
public sealed class AlignmentFeaturesTests
{
    private const int Count = AlignmentFeatures.Count, Mels = 80;

    private static readonly (int Lag, int First)[] Novelties = [(8, 35), (32, 37), (128, 39)];

    [Fact]
    public void Definition_in_double_precision_gives_the_same_values() =>
        Gen.Select(Gen.Int[1, 120_000], Gen.Int[0, 1000]).Sample((samples, seed) =>
    {
        float[] recording = Bursts(samples, seed), features = AlignmentFeatures.Compute(recording);
        double[][] expected = Defined(recording);
        Assert.Equal(expected.Length * Count, features.Length);
        for (int i = 0; i < features.Length; i++)
            Assert.Equal(expected[i / Count][i % Count], features[i], 2e-3);
    }, iter: 20);

    /// <summary>The law: how loud a recording is does not matter, but for what is near the floor of its front end.</summary>
    [Fact]
    public void Loudness_does_not_matter()
    {
        var random = new Random(5);
        float[] recording = [.. Enumerable.Range(0, 60_000).Select(i => (float)((random.NextDouble() - 0.5) * (0.3
            + 0.2 * Math.Sin(i / 3000.0))))], louder = [.. recording.Select(sample => 2 * sample)];
        Assert.All(AlignmentFeatures.Compute(recording).Zip(AlignmentFeatures.Compute(louder)), pair =>
            Assert.Equal(pair.First, pair.Second, 0.02));
    }

    /// <summary>The law: what is new is not known of a recording's start, and so says nothing there, however loud it begins.</summary>
    [Fact]
    public void Starts_have_no_novelty()
    {
        float[] features = AlignmentFeatures.Compute(Bursts(200_000, 3));
        foreach ((int lag, int first) in Novelties)
        {
            Assert.All(Enumerable.Range(0, lag - 1), frame =>
                Assert.Equal((0, 0), (features[frame * Count + first], features[frame * Count + first + 1])));
            Assert.Contains(Enumerable.Range(lag + 1, 50), frame => features[frame * Count + first] != 0);
        }
    }

    [Fact]
    public void Silence_has_no_features() => Assert.All(AlignmentFeatures.Compute(new float[9999]), value => Assert.Equal(0, value, 1e-5));

    private static double[][] Defined(float[] recording)
    {
        float[] chroma = Chromagram.Compute(recording, 640),
            logMel = new LogMelSpectrogram(new FrontEndSettings { Mean = 0, StandardDeviation = 1 }).Compute(recording);
        int frames = chroma.Length / 12, melFrames = logMel.Length / Mels;
        double floor = logMel.Max() - 18.42;
        double Mel(int mel, int frame) => Math.Max(floor, logMel[mel * melFrames + frame]) - floor;
        double Rise(int mel, int frame) => frame == 0 ? 0 : Math.Max(0, Mel(mel, frame) - Mel(mel, frame - 1));
        double Mean(int firstMel, int endMel, int frame, Func<int, int, double> of) =>
            Enumerable.Range(firstMel, endMel - firstMel)
            .Average(mel => Enumerable.Range(4 * frame, 4).Where(at => at < melFrames).Average(at => of(mel, at)));
        int[] onsetBands = [0, 4, 40, 80];
        double[][] rows = [.. Enumerable.Range(0, frames).Select(frame =>
        {
            double[] pitches = [.. Enumerable.Range(frame * 12, 12).Select(i => (double)chroma[i])];
            double norm = Math.Sqrt(pitches.Sum(value => value * value));
            return (double[])
            [
                .. pitches.Select(value => norm > 0 ? Math.Sqrt(value / norm) : 0),
                .. Enumerable.Range(0, 20).Select(band => Mean(4 * band, 4 * band + 4, frame, Mel)),
                .. Enumerable.Range(0, 3).Select(band => Math.Log(1 + 4 * Mean(onsetBands[band], onsetBands[band + 1], frame, Rise))),
                0, 0, 0, 0, 0, 0,
            ];
        })];
        foreach ((int lag, int at) in Novelties)
        {
            for (int frame = lag; frame < frames; frame++)
            {
                rows[frame][at] = Enumerable.Range(0, 12).Sum(i => Math.Abs(rows[frame][i] - rows[frame - lag][i]));
                rows[frame][at + 1] = Enumerable.Range(12, 20).Sum(i => Math.Abs(rows[frame][i] - rows[frame - lag][i]));
            }
        }
        int First(int i) =>
            Novelties.Where(novelty => i == novelty.First || i == novelty.First + 1).Select(novelty => novelty.Lag).SingleOrDefault();
        double[] means = [.. Enumerable.Range(0, Count).Select(i => rows.Skip(First(i)).Select(row => row[i]).DefaultIfEmpty().Average())];
        double Centred(int frame, int i) => frame < First(i) || frame >= frames ? 0 : rows[frame][i] - means[i];
        return [.. Enumerable.Range(0, frames).Select(frame =>
            Enumerable.Range(0, Count).Select(i => (Centred(frame - 1, i) + Centred(frame, i) + Centred(frame + 1, i)) / 3).ToArray())];
    }

    private static float[] Bursts(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => (float)(0.3 * Math.Sin(i * (0.05 + 0.02 * (i / 5000 % 7)))
            + 0.3 * (random.NextDouble() - 0.5) * Math.Exp(-(i % 4000) / 600.0)))];
    }
}
