using NWaves.Filters.Fda;
using NWaves.Signals;
using NWaves.Transforms;
using NWaves.Windows;

namespace StemJepa.Tests;

/// <summary>Oracles: NWaves, and where NWaves supplies the values itself, the formulas in double precision.</summary>
public sealed class NWavesOracleTests
{
    [Fact]
    public void Window_is_the_periodic_Hann_window_of_the_formula()
    {
        for (int i = 0; i < FrontEndSettings.FftSize; i++)
        {
            double expected = 0.5 - 0.5 * Math.Cos(2 * Math.PI * TransformTables.Samples[i] / FrontEndSettings.FftSize);
            Assert.Equal(expected, TransformTables.HannWindow[i], 1e-7);
        }
    }

    [Fact]
    public void Filter_bank_is_Slaneys_by_the_formula()
    {
        double ToMel(double hz) => hz < 1000 ? hz * 3 / 200 : 15 + Math.Log(hz / 1000) / (Math.Log(6.4) / 27);
        double ToHz(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * (Math.Log(6.4) / 27));
        double low = ToMel(50), high = ToMel(8000);
        double[] edges = [.. Enumerable.Range(0, 82).Select(i => ToHz(low + (high - low) * i / 81))];
        MelFilterBank bank = MelFilterBank.Default;
        for (int band = 0; band < 80; band++)
        {
            ReadOnlySpan<float> weights = bank.Weights[bank.Starts[band]..bank.Starts[band + 1]];
            for (int bin = 0; bin <= 200; bin++)
            {
                double hz = 40.0 * bin;
                double height = Math.Min((hz - edges[band]) / (edges[band + 1] - edges[band]),
                    (edges[band + 2] - hz) / (edges[band + 2] - edges[band + 1]));
                double expected = Math.Max(0, height) * 2 / (edges[band + 2] - edges[band]);
                int index = bin - bank.FirstBins[band];
                Assert.Equal(expected, index >= 0 && index < weights.Length ? weights[index] : 0, 5e-8);
            }
        }
    }

    /// <summary>
    /// NWaves transforms powers of two only, so its extractor has 512 points: a sine is loudest in the same mel band, with the same power
    /// once the lengths of the windows are taken into account, within the width of a band.
    /// </summary>
    [Fact]
    public void Power_of_a_sine_agrees_with_the_transform_of_NWaves()
    {
        const int length = 512;
        float[] sine = [.. Enumerable.Range(0, 16000).Select(i => 0.5f * MathF.Sin(2 * MathF.PI * 1000 * i / 16000))];
        var signal = new DiscreteSignal(16000, sine);
        var fft = new RealFft(length);
        float[] window = Window.OfType(WindowType.Hann, length + 1)[..length];
        float[] block = [.. signal.Samples.Skip(4000).Take(length).Zip(window, (sample, weight) => sample * weight)];
        float[] power = new float[length / 2 + 1];
        fft.PowerSpectrum(block, power, normalize: false);
        float[][] bank = FilterBanks.MelBankSlaney(80, length, 16000, 50, 8000);
        double[] expected = [.. bank.Select(weights => weights.Zip(power, (weight, value) => (double)weight * value).Sum())];
        float[] logMel = new LogMelSpectrogram(new FrontEndSettings { Mean = 0, StandardDeviation = 1 }).Compute(sine);
        int frames = logMel.Length / 80, band = Array.IndexOf(expected, expected.Max());
        double ours = Math.Exp(logMel[band * frames + 50]);
        double ratio = Math.Pow(400.0 / length, 2);
        int best = Enumerable.Range(0, 80).MaxBy(i => logMel[i * frames + 50]);
        Assert.Equal(band, best);
        Assert.InRange(ours / (expected[band] * ratio), 0.5, 2);
    }
}
