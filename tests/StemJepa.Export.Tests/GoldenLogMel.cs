using StemJepa.TestSupport;

namespace StemJepa.Export.Tests;

/// <summary>
/// The golden normalised log-mels of the mix and of the vocals, 801 frames each, cut as the retrieval protocol cuts them.
/// </summary>
internal static class GoldenLogMel
{
    public const int Clips = 2;
    private const int Bands = 80, Frames = 801;

    /// <summary>Frames 0..799 of both clips: [2, 80, 800].</summary>
    public static float[] Window() => Cut(first: 0, count: 800, padded: 800);

    /// <summary>The last frame of both clips, zero-padded: [2, 80, 16].</summary>
    public static float[] Tail() => Cut(first: 800, count: 1, padded: 16);

    /// <summary>One clip of a batch.</summary>
    public static float[] Clip(float[] batch, int clip) => batch[(clip * batch.Length / Clips)..((clip + 1) * batch.Length / Clips)];

    private static float[] Cut(int first, int count, int padded)
    {
        float[] all = Golden.Npy("logmel.npy").Values;
        var cut = new float[Clips * Bands * padded];
        for (int row = 0; row < Clips * Bands; row++)
            Array.Copy(all, row * Frames + first, cut, row * padded, count);
        return cut;
    }
}
