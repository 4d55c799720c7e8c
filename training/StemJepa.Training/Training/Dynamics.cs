using System.Numerics.Tensors;

namespace StemJepa.Training.Training;

/// <summary>Effects on the level of mono samples at 16 kHz, in place. Thread-safe.</summary>
internal static class Dynamics
{
    /// <summary>
    /// Compresses: the level follows the magnitude with one pole, faster up than down, and what is over the threshold is lowered to
    /// 1/ratio of that, in decibels. A high ratio is a limiter.
    /// </summary>
    /// <param name="samples">The samples.</param>
    /// <param name="thresholdDb">Decibels over the peak, negative.</param>
    /// <param name="ratio">At least 1.</param>
    /// <param name="attack">Seconds.</param>
    /// <param name="release">Seconds.</param>
    public static void Compress(Span<float> samples, double thresholdDb, double ratio, double attack, double release)
    {
        double threshold = Math.Abs(TensorPrimitives.MaxMagnitude<float>(samples)) * Math.Pow(10, thresholdDb / 20);
        if (threshold == 0) return;
        double rise = Pole(attack), fall = Pole(release), power = 1 / ratio - 1, level = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            double magnitude = Math.Abs(samples[i]);
            level += (magnitude > level ? rise : fall) * (magnitude - level);
            if (level > threshold) samples[i] *= (float)Math.Pow(level / threshold, power);
        }
    }

    /// <summary>Saturates as an amplifier does, x -> tanh(drive x) / tanh(drive) of the peak, which stays.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="drive">Greater than 0; large values approach clipping.</param>
    public static void Saturate(Span<float> samples, double drive)
    {
        float peak = Math.Abs(TensorPrimitives.MaxMagnitude<float>(samples));
        if (peak == 0) return;
        TensorPrimitives.Multiply(samples, (float)(drive / peak), samples);
        TensorPrimitives.Tanh(samples, samples);
        TensorPrimitives.Multiply(samples, (float)(peak / Math.Tanh(drive)), samples);
    }

    private static double Pole(double seconds) => 1 - Math.Exp(-1 / (seconds * FrontEndSettings.SampleRate));
}
