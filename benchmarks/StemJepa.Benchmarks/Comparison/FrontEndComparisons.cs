using MathNet.Numerics;
using MathNet.Numerics.IntegralTransforms;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>The log-mel spectrogram on one thread.</summary>
internal static class FrontEndComparisons
{
    private const int Clip = 8 * FrontEndSettings.SampleRate, File = 300 * FrontEndSettings.SampleRate;

    /// <summary>Lists the comparisons.</summary>
    public static IEnumerable<ComparisonPlan> All()
    {
        yield return new ComparisonPlan("front-end 8 s", "libtorch", () => AgainstLibtorch(Clip));
        yield return new ComparisonPlan("front-end 5 min", "libtorch", () => AgainstLibtorch(File));
        yield return new ComparisonPlan("front-end 8 s", NWavesFrontEnd.Name, () => AgainstNWaves(Clip));
        yield return new ComparisonPlan("front-end 5 min", NWavesFrontEnd.Name, () => AgainstNWaves(File));
        yield return new ComparisonPlan("front-end 8 s", "MathNet.Numerics", AgainstMathNet);
        yield return new ComparisonPlan("front-end 8 s", "ours without vector registers", AgainstScalar);
    }

    private static PreparedComparison AgainstLibtorch(int length)
    {
        float[] samples = Noise.Samples(length);
        Tensor audio = tensor(samples);
        var rival = new TorchFrontEnd();
        rival.CheckAgainst(new LogMelSpectrogram(), samples);
        return Against(samples, () =>
        {
            using var scope = NewDisposeScope();
            rival.Compute(audio);
        });
    }

    private static PreparedComparison AgainstNWaves(int length)
    {
        float[] samples = Noise.Samples(length);
        var rival = new NWavesFrontEnd(samples);
        rival.CheckAgainst(new LogMelSpectrogram(), samples);
        return Against(samples, () => rival.Compute());
    }

    /// <summary>The transform of Math.NET Numerics between our windowing, mel bands and logarithm.</summary>
    private static PreparedComparison AgainstMathNet()
    {
        float[] samples = Noise.Samples(Clip);
        float[] window = [.. Window.HannPeriodic(FrontEndSettings.FftSize).Select(value => (float)value)];
        var frame = new Complex32[FrontEndSettings.FftSize];
        var power = new float[FrontEndSettings.Bins];
        var output = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(Clip)];
        return Against(samples, () =>
        {
            int frames = LogMelSpectrogram.FrameCount(Clip);
            for (int index = 0; index < frames; index++)
            {
                int start = index * FrontEndSettings.Hop - FrontEndSettings.FftSize / 2;
                for (int i = 0; i < frame.Length; i++)
                    frame[i] = samples[Reflected(start + i)] * window[i];
                Fourier.Forward(frame, FourierOptions.NoScaling);
                for (int bin = 0; bin < power.Length; bin++)
                    power[bin] = frame[bin].MagnitudeSquared;
                StoreBands(power, output, index, frames);
            }
        });
    }

    private static void StoreBands(float[] power, float[] output, int frame, int frames)
    {
        MelFilterBank bank = MelFilterBank.Default;
        for (int band = 0; band < FrontEndSettings.MelBands; band++)
        {
            ReadOnlySpan<float> weights = bank.Weights[bank.Starts[band]..bank.Starts[band + 1]];
            float sum = TensorPrimitives.Dot(weights, power.AsSpan(bank.FirstBins[band], weights.Length));
            output[band * frames + frame] = MathF.Log(sum + FrontEndSettings.LogOffset);
        }
    }

    private static int Reflected(int index) => index < 0 ? -index : index >= Clip ? 2 * (Clip - 1) - index : index;

    private static PreparedComparison AgainstScalar()
    {
        float[] samples = Noise.Samples(Clip);
        var scalar = new LogMelSpectrogram(new LogMelKernel<LanesScalar>(new FrontEndSettings()));
        var output = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(Clip)];
        return Against(samples, () => scalar.Compute(samples, output));
    }

    private static PreparedComparison Against(float[] samples, Action theirs)
    {
        var frontEnd = new LogMelSpectrogram();
        var output = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(samples.Length)];
        return new PreparedComparison(() => frontEnd.Compute(samples, output), theirs) { Threads = 1 };
    }
}
