using StemJepa.Training.Networks;
using StemJepa.Training.Training;
using Tensor = TorchSharp.torch.Tensor;
using static TorchSharp.torch;

namespace StemJepa.Training.Tests.Training;

/// <summary>What the cosines of patches are taught, against its formulas in double precision and sounds whose features are known.</summary>
public sealed class TimeFeaturesTests
{
    private const int Time = 10, Patch = 2560;

    /// <summary>Tones in every second patch, and clicks in every fourth.</summary>
    private static readonly float[] Tones = Tone(440, 0.3), OtherTones = Tone(880, 0.1), FarTones = Tone(622.25, 0.3),
        Clicks = Window((sample, patch) => sample % (4 * Patch) < 100 ? 0.5 : 0),
        LaterClicks = Window((sample, patch) => sample % (4 * Patch) - 2 * Patch is >= 0 and < 100 ? 0.5 : 0);

    private static float[] Tone(double hertz, double amplitude) =>
        Window((sample, patch) => patch % 2 == 1 ? amplitude * Math.Sin(2 * Math.PI * hertz * sample / 16000) : 0);

    private static float[] Window(Func<int, int, double> value) =>
        [.. Enumerable.Range(0, Time * Patch).Select(sample => (float)value(sample, sample / Patch))];

    private static TimeFeatures Of(params float[][] windows)
    {
        var features = new TimeFeatures(windows.Length, Time);
        for (int row = 0; row < windows.Length; row++)
            features.Put(row, windows[row]);
        return features;
    }

    /// <summary>Of 1,030 patches every second one is compared.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(103, 2)]
    public void Loss_is_one_minus_the_correlation_in_double(int windows, int every)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        TimeFeatures features = Of([.. Enumerable.Range(0, windows).Select(row => new[] { Tones, Clicks, FarTones }[row % 3])]);
        Tensor predictions = nn.functional.normalize(randn(windows, Time, 6), dim: 2);
        Tensor recordings = nn.functional.normalize(randn(windows, Time, 6), dim: 2);
        float[][] p = Some(predictions.data<float>().ToArray(), 6), r = Some(recordings.data<float>().ToArray(), 6);
        float[][] Some(float[] values, int length) => [.. Rows(values, length).Where((_, row) => row % every == 0)];
        double[] cosines = Products(p, r);
        double Distance(ReadOnlySpan<float> values, int length)
        {
            float[][] rows = Some(values.ToArray(), length);
            return 1 - Correlation(cosines, Products(rows, rows));
        }
        var settings = new TrainingSettings { Sizes = NetworkSizes.Small, PitchClassWeight = 2, OnsetWeight = 0.5 };
        Assert.Equal(2 * Distance(features.PitchClasses, 12) + 0.5 * Distance(features.Onsets, 16),
            features.Loss(predictions, recordings, settings).item<float>(), 1e-4);
    }

    [Fact]
    public void Onsets_of_two_windows_have_their_correlation_in_double()
    {
        TimeFeatures features = Of(Clicks, Tones);
        double[][] curves = [.. new[] { Clicks, Tones }.Select(window => OnsetCurve.FromDynamics(BandDynamics.Compute(window, default))
            .Values[..(Time * 16)].ToArray().Select(value => (double)value).ToArray())];
        float[][] rows = Rows(features.Onsets.ToArray(), Time * 16);
        Assert.Equal(Correlation(curves[0], curves[1]), Products(rows[..1], rows[1..])[0] / Time, 1e-4);
        Assert.Equal(1, Products(rows[..1], rows[..1])[0] / Time, 1e-4);
    }

    /// <summary>An octave is one pitch class, six semitones are far; what is silent in a patch is like nothing there.</summary>
    [Fact]
    public void Patches_are_alike_where_pitch_classes_sound_together()
    {
        float[][] rows = Rows(Of(Tones, OtherTones, FarTones, new float[Time * Patch]).PitchClasses.ToArray(), 12);
        for (int patch = 1; patch < Time; patch += 2)
        {
            double[] alike = Products(rows[patch..(patch + 1)], [rows[Time + patch], rows[2 * Time + patch], rows[3 * Time + patch]]);
            Assert.InRange(alike[0], 0.8, 1.0001);
            Assert.InRange(alike[1], -1, 0.2);
            Assert.Equal(0, alike[2]);
        }
    }

    [Fact]
    public void The_first_patch_is_like_the_same_sound_later()
    {
        float[] steady = Window((sample, _) => 0.3 * Math.Sin(2 * Math.PI * 440 * sample / 16000));
        float[][] rows = Rows(Of(steady).PitchClasses.ToArray(), 12);
        Assert.InRange(Products(rows[..1], rows[5..6])[0], 0.99, 1.0001);
    }

    [Fact]
    public void Onsets_at_other_times_are_unlike()
    {
        float[][] rows = Rows(Of(Clicks, LaterClicks).Onsets.ToArray(), Time * 16);
        Assert.InRange(Products(rows[..1], rows[1..])[0] / Time, -1, 0.2);
    }

    private static float[][] Rows(float[] values, int length) => [.. values.Chunk(length)];

    private static double[] Products(float[][] rows, float[][] others) =>
        [.. rows.SelectMany(row => others.Select(other => row.Zip(other, (x, y) => (double)x * y).Sum()))];

    private static double Correlation(double[] x, double[] y)
    {
        double meanX = x.Average(), meanY = y.Average();
        double Sum(Func<int, double> term) => Enumerable.Range(0, x.Length).Sum(term);
        return Sum(i => (x[i] - meanX) * (y[i] - meanY))
            / Math.Sqrt(Sum(i => (x[i] - meanX) * (x[i] - meanX)) * Sum(i => (y[i] - meanY) * (y[i] - meanY)));
    }
}
