using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>The first downbeat of a recording in bars of four beats.</summary>
/// <param name="Seconds">Its time.</param>
/// <param name="Confidence">How much more onset energy its beats have than those of the next best phase, 0..1.</param>
internal readonly record struct Downbeat(double Seconds, double Confidence)
{
    private const int BeatsOfBar = 4;

    /// <summary>40 dB in nepers of power: low sounds that are weaker than the loudest by more do not count.</summary>
    private const float Range = 9.21f;

    /// <summary>Frames of 10 ms about a beat whose onsets belong to it.</summary>
    private const int Reach = 5;

    /// <summary>
    /// Finds it: of the four beats that could be the first downbeat, the one whose bars have the strongest low onsets. Null for fewer than
    /// four beats, or without any low onset.
    /// </summary>
    /// <param name="beats">Seconds, ascending.</param>
    /// <param name="lowBand">Logarithms of the power, from <see cref="LowBandPower"/>.</param>
    internal static Downbeat? Find(IReadOnlyList<double> beats, float[] lowBand)
    {
        if (beats.Count < BeatsOfBar)
            return null;
        float[] onsets = Onsets(lowBand);
        var strength = new double[BeatsOfBar];
        for (int i = 0; i < beats.Count; i++)
        {
            int frame = (int)Math.Round(beats[i] * FrontEndSettings.FramesPerSecond);
            int first = Math.Clamp(frame - Reach, 0, onsets.Length), end = Math.Clamp(frame + Reach + 1, first, onsets.Length);
            strength[i % BeatsOfBar] += TensorPrimitives.Sum<float>(onsets.AsSpan(first, end - first));
        }
        for (int phase = 0; phase < BeatsOfBar; phase++)
            strength[phase] /= (beats.Count - phase + BeatsOfBar - 1) / BeatsOfBar;
        double best = strength.Max(), next = strength.OrderDescending().ElementAt(1);
        return best > 0 ? new Downbeat(beats[Array.IndexOf(strength, best)], (best - next) / best) : null;
    }

    private static float[] Onsets(float[] lowBand)
    {
        float floor = lowBand.Length == 0 ? 0 : TensorPrimitives.Max<float>(lowBand) - Range;
        var onsets = new float[lowBand.Length];
        for (int frame = 0; frame < lowBand.Length; frame++)
            onsets[frame] = Math.Max(0, Math.Max(lowBand[frame], floor) - (frame == 0 ? floor : Math.Max(lowBand[frame - 1], floor)));
        return onsets;
    }
}
