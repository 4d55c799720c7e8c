using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>The front end as one writes it with libtorch: its transform, a matrix product with the same mel bands, and a logarithm.</summary>
internal sealed class TorchFrontEnd
{
    private readonly Tensor window = hann_window(FrontEndSettings.FftSize, periodic: true), filters = Filters();
    private readonly FrontEndSettings settings = new();

    /// <summary>[80, frames] of [samples].</summary>
    public Tensor Compute(Tensor samples)
    {
        Tensor spectrum = stft(samples, FrontEndSettings.FftSize, FrontEndSettings.Hop, FrontEndSettings.FftSize, window, return_complex: true);
        Tensor power = spectrum.abs().pow_(2);
        return filters.matmul(power).add_(FrontEndSettings.LogOffset).log_().sub_(settings.Mean).div_(settings.StandardDeviation);
    }

    /// <summary>Makes sure that both front ends do the same work.</summary>
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
            bank.Weights[bank.Starts[band]..bank.Starts[band + 1]].CopyTo(matrix.AsSpan(band * FrontEndSettings.Bins + bank.FirstBins[band]));
        return tensor(matrix, [FrontEndSettings.MelBands, FrontEndSettings.Bins]);
    }
}
