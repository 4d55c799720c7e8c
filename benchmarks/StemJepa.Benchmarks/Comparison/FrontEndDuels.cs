using MathNet.Numerics;
using MathNet.Numerics.IntegralTransforms;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>The log-mel spectrogram on one thread.</summary>
internal static class FrontEndDuels
{
    private const int Clip = 8 * FrontEndSettings.SampleRate, File = 300 * FrontEndSettings.SampleRate;

    public static IEnumerable<DuelPlan> All()
    {
        yield return new DuelPlan("front-end 8 s", () => AgainstLibtorch(Clip));
        yield return new DuelPlan("front-end 5 min", () => AgainstLibtorch(File));
        yield return new DuelPlan("front-end 8 s", AgainstMathNet);
        yield return new DuelPlan("front-end 8 s", AgainstScalar);
    }

    private static Duel AgainstLibtorch(int length)
    {
        float[] samples = Noise.Samples(length);
        Tensor audio = tensor(samples);
        var rival = new TorchFrontEnd();
        rival.CheckAgainst(new LogMelSpectrogram(), samples);
        return Of("libtorch", samples, () =>
        {
            using var scope = NewDisposeScope();
            rival.Compute(audio);
        });
    }

    /// <summary>The transform of Math.NET Numerics between our windowing, mel bands and logarithm.</summary>
    private static Duel AgainstMathNet()
    {
        float[] samples = Noise.Samples(Clip);
        float[] window = [.. Window.HannPeriodic(FrontEndSettings.FftSize).Select(value => (float)value)];
        var frame = new Complex32[FrontEndSettings.FftSize];
        var power = new float[FrontEndSettings.Bins];
        var output = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(Clip)];
        return Of("MathNet.Numerics", samples, () =>
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

    private static Duel AgainstScalar()
    {
        float[] samples = Noise.Samples(Clip);
        var scalar = new LogMelSpectrogram(new LogMelKernel<LanesScalar>(new FrontEndSettings()));
        var output = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(Clip)];
        return Of("ours without vector registers", samples, () => scalar.Compute(samples, output));
    }

    private static Duel Of(string rival, float[] samples, Action theirs)
    {
        var frontEnd = new LogMelSpectrogram();
        var output = new float[FrontEndSettings.MelBands * LogMelSpectrogram.FrameCount(samples.Length)];
        return new Duel(rival, () => frontEnd.Compute(samples, output), theirs) { Threads = 1 };
    }
}
