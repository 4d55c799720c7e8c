using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// When something begins in a recording, whatever it is: how much four bands of frequency rise together, 100 frames per second. A voice
/// that moves from one mel band to the next begins nothing. Immutable and thread-safe.
/// </summary>
internal sealed class OnsetCurve
{
    /// <summary>Frames, 20 ms, by which two recordings that are played together may differ.</summary>
    private const int Reach = 2;

    /// <summary>The first mel bands: up to about 0.2, 0.7, 1.9 and 8 kHz.</summary>
    private static readonly int[] FirstMelBands = [0, 4, 18, 42, FrontEndSettings.MelBands];

    /// <summary>A Hann window of 60 ms.</summary>
    private static readonly float[] Smoothing = [0.25f, 0.75f, 1, 0.75f, 0.25f];

    private readonly float[] _onsets;

    private OnsetCurve(float[] onsets) => _onsets = onsets;

    /// <summary>Onset strength, [frames].</summary>
    public ReadOnlyMemory<float> Values => _onsets;

    public static OnsetCurve FromDynamics(BandDynamics dynamics)
    {
        var onsets = new float[dynamics.Frames];
        for (int band = 0; band + 1 < FirstMelBands.Length; band++)
        {
            var level = new float[dynamics.Frames];
            int mels = FirstMelBands[band + 1] - FirstMelBands[band];
            for (int mel = FirstMelBands[band]; mel < FirstMelBands[band + 1]; mel++)
            {
                ReadOnlySpan<float> row = dynamics.LogMel.AsSpan(mel * dynamics.Frames, dynamics.Frames);
                for (int frame = 0; frame < level.Length; frame++)
                    level[frame] += (Math.Max(row[frame], dynamics.Floor) - dynamics.Floor) / mels;
            }
            for (int frame = 1; frame < level.Length; frame++)
                onsets[frame] += Math.Max(0, level[frame] - level[frame - 1]);
        }
        var smooth = new float[onsets.Length];
        for (int frame = 0; frame < onsets.Length; frame++)
            for (int offset = Math.Max(-Reach, -frame); offset <= Math.Min(Reach, onsets.Length - 1 - frame); offset++)
                smooth[frame + offset] += Smoothing[offset + Reach] * onsets[frame];
        return new OnsetCurve(smooth);
    }

    /// <summary>
    /// How well onsets coincide with those of a recording that begins with this one: their correlation over the time that both share, the
    /// highest within 20 ms. -1..1; 0 where nothing begins.
    /// </summary>
    public float Coincidence(OnsetCurve recording)
    {
        int shared = Math.Min(_onsets.Length, recording._onsets.Length);
        float[] own = Centred(_onsets.AsSpan(0, shared)), other = Centred(recording._onsets.AsSpan(0, shared));
        float norms = TensorPrimitives.Norm<float>(own) * TensorPrimitives.Norm<float>(other);
        if (shared <= 2 * Reach || !(norms > 0))
            return 0;
        return Enumerable.Range(-Reach, 2 * Reach + 1).Max(lag => TensorPrimitives.Dot<float>(
            own.AsSpan(Math.Max(0, lag), shared - Math.Abs(lag)), other.AsSpan(Math.Max(0, -lag), shared - Math.Abs(lag)))) / norms;
    }

    private static float[] Centred(ReadOnlySpan<float> values)
    {
        float[] centred = values.ToArray();
        TensorPrimitives.Subtract(centred, TensorPrimitives.Sum(values) / Math.Max(1, values.Length), centred);
        return centred;
    }
}
