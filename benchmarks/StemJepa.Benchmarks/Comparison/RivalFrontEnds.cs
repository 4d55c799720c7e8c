using NWaves.FeatureExtractors;
using NWaves.FeatureExtractors.Options;
using NWaves.Filters.Fda;
using NWaves.Windows;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>
/// The front end as one writes it with libtorch: its transform, a matrix product with the same mel bands, and a logarithm.
/// </summary>
internal sealed class TorchFrontEnd
{
    private readonly Tensor _window = hann_window(FrontEndSettings.FftSize, periodic: true), _filters = Filters();
    private readonly FrontEndSettings _settings = new();

    /// <summary>Computes [80, frames] from [samples].</summary>
    public Tensor Compute(Tensor samples)
    {
        Tensor spectrum =
            stft(samples, FrontEndSettings.FftSize, FrontEndSettings.Hop, FrontEndSettings.FftSize, _window, return_complex: true);
        Tensor power = spectrum.abs().pow_(2);
        return _filters.matmul(power).add_(FrontEndSettings.LogOffset).log_().sub_(_settings.Mean).div_(_settings.StandardDeviation);
    }

    /// <summary>Checks that both front ends do the same work.</summary>
    /// <exception cref="StemJepaException">A value differs by more than 1e-2.</exception>
    public void CheckAgainst(LogMelSpectrogram ours, float[] samples)
    {
        using var scope = NewDisposeScope();
        float[] theirs = Compute(tensor(samples)).data<float>().ToArray(), own = ours.Compute(samples);
        double worst = theirs.Zip(own, (a, b) => Math.Abs((double)a - b)).Max();
        if (own.Length != theirs.Length || worst > 1e-2)
            throw new StemJepaException($"libtorch's front end differs from ours by {worst}: they do not do the same work.");
    }

    private static Tensor Filters()
    {
        MelFilterBank bank = MelFilterBank.Default;
        var matrix = new float[FrontEndSettings.MelBands * FrontEndSettings.Bins];
        for (int band = 0; band < FrontEndSettings.MelBands; band++)
            bank.Weights[bank.Starts[band]..bank.Starts[band + 1]]
                .CopyTo(matrix.AsSpan(band * FrontEndSettings.Bins + bank.FirstBins[band]));
        return tensor(matrix, [FrontEndSettings.MelBands, FrontEndSettings.Bins]);
    }
}

/// <summary>
/// The front end as one writes it with NWaves: its extractor, with its Slaney mel bank. NWaves transforms powers of two only, so windows of
/// 400 samples are padded with zeros to 512. Its values are therefore close to ours, not equal.
/// </summary>
internal sealed class NWavesFrontEnd
{
    /// <summary>The rival's name in the results.</summary>
    public const string Name = "NWaves FilterbankExtractor, 512-point FFT";

    private const int FftSize = 512;
    private const double LeastCorrelation = 0.95;
    private readonly float[] _padded;
    private readonly FilterbankExtractor _extractor = new(new FilterbankOptions
    {
        SamplingRate = FrontEndSettings.SampleRate,
        FrameSize = FrontEndSettings.FftSize,
        HopSize = FrontEndSettings.Hop,
        FftSize = FftSize,
        Window = WindowType.Hann,
        SpectrumType = SpectrumType.Power,
        NonLinearity = NonLinearityType.LogE,
        LogFloor = FrontEndSettings.LogOffset,
        FilterBank = FilterBanks.MelBankSlaney(
            FrontEndSettings.MelBands, FftSize, FrontEndSettings.SampleRate, FrontEndSettings.MinFrequency, FrontEndSettings.MaxFrequency),
    });

    /// <summary>Prepares a recording; the reflection at both ends, which NWaves does not do, is not part of the measured time.</summary>
    public NWavesFrontEnd(float[] samples)
    {
        const int half = FrontEndSettings.FftSize / 2;
        _padded = [.. samples[1..(half + 1)].AsEnumerable().Reverse(), .. samples, .. samples[^(half + 1)..^1].AsEnumerable().Reverse()];
    }

    /// <summary>Computes frames of 80 bands.</summary>
    public List<float[]> Compute() => _extractor.ComputeFrom(_padded);

    /// <summary>Checks that both front ends have as many frames, and that their values correlate.</summary>
    /// <exception cref="StemJepaException">They do not.</exception>
    public void CheckAgainst(LogMelSpectrogram ours, float[] samples)
    {
        List<float[]> theirs = Compute();
        float[] own = ours.Compute(samples);
        int frames = own.Length / FrontEndSettings.MelBands;
        double[] own64 = [.. own],
            theirs64 = [.. Enumerable.Range(0, own.Length).Select(i => i % frames < theirs.Count ? theirs[i % frames][i / frames] : 0.0)];
        double correlation = MathNet.Numerics.Statistics.Correlation.Pearson(own64, theirs64);
        if (theirs.Count != frames || !(correlation >= LeastCorrelation))
            throw new StemJepaException(
                $"NWaves' front end has {theirs.Count} frames and ours {frames}, with a correlation of {correlation}: they do not do the "
                    + "same work.");
    }
}
