using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// Onset strength and power of a recording in three bands of frequency, 100 frames per second, from our log-mel front end.
/// </summary>
internal sealed class BandDynamics
{
    /// <summary>Low (up to about 220 Hz), middle (up to about 1.76 kHz) and high.</summary>
    public const int Bands = 3;

    public const double FramesPerSecond = FrontEndSettings.FramesPerSecond;

    /// <summary>80 dB in nepers of power: what is further below the loudest value does not count.</summary>
    private const float Range = 18.42f;

    private static readonly int[] FirstMelBands = [0, 4, 40, FrontEndSettings.MelBands];

    private static readonly LogMelSpectrogram FrontEnd = new(new FrontEndSettings { Mean = 0, StandardDeviation = 1 });

    private BandDynamics(float[] logMel, CancellationToken cancellationToken)
    {
        (LogMel, Floor) = (logMel, TensorPrimitives.Max<float>(logMel) - Range);
        int frames = logMel.Length / FrontEndSettings.MelBands;
        (Onsets, BandOnsets, BandPower) = (new float[frames], Rows(frames), Rows(frames));
        for (int band = 0; band < Bands; band++)
        {
            for (int mel = FirstMelBands[band]; mel < FirstMelBands[band + 1]; mel++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(logMel.AsSpan(mel * frames, frames), Floor, BandOnsets[band], BandPower[band]);
            }
            TensorPrimitives.Add(Onsets, BandOnsets[band], Onsets);
        }
    }

    /// <summary>The log-mel that all of it follows from, [80, frames].</summary>
    public float[] LogMel { get; }

    /// <summary>What the log-mel's values count from.</summary>
    public float Floor { get; }

    /// <summary>Onset strength over all mel bands: the mean rise of the log-mel since the frame before (Ellis 2007, section 3).</summary>
    public float[] Onsets { get; }

    /// <summary>The same by band, [<see cref="Bands"/>][frames].</summary>
    public float[][] BandOnsets { get; }

    /// <summary>Mel power by band, [<see cref="Bands"/>][frames].</summary>
    public float[][] BandPower { get; }

    public int Frames => Onsets.Length;

    /// <summary>Mel bands of a band.</summary>
    public static int MelsOf(int band) => FirstMelBands[band + 1] - FirstMelBands[band];

    /// <param name="samples">16 kHz mono; at least one sample.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static BandDynamics Compute(ReadOnlySpan<float> samples, CancellationToken cancellationToken = default) =>
        new(FrontEnd.Compute(samples, cancellationToken), cancellationToken);

    private static float[][] Rows(int frames) => [.. Enumerable.Range(0, Bands).Select(_ => new float[frames])];

    private static void Add(ReadOnlySpan<float> logMel, float floor, Span<float> onsets, Span<float> power)
    {
        for (int frame = 0; frame < logMel.Length; frame++)
        {
            power[frame] += MathF.Exp(logMel[frame]);
            if (frame > 0)
                onsets[frame] += Math.Max(0, Math.Max(logMel[frame], floor) - Math.Max(logMel[frame - 1], floor));
        }
    }
}
