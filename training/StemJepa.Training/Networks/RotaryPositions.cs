using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>
/// Rotary time positions (Su et al., "RoFormer", 2021): channels i and i + n/2 of the n of a head are rotated by time x 1000^(-2i/n), time
/// counted in patches of 0.16 s, so that products of queries and keys depend on differences of time only. Patches of all frequencies at
/// one time are rotated alike. Within a window of 50 patches about half of the pairs turn noticeably, and the others tell content.
/// </summary>
/// <param name="headWidth">Channels of a head; even.</param>
/// <param name="precision">Whether the rotation is computed in bfloat16.</param>
internal sealed class RotaryPositions(int headWidth, Precision precision)
{
    private const double Base = 1000;

    private readonly (float[] Cosines, float[] Sines) _tables = Tables(headWidth);

    /// <summary>
    /// Cosines and sines [50, <paramref name="headWidth"/>]; a rotation is x times the cosines plus x with its halves exchanged times the
    /// sines, whose first half is negative.
    /// </summary>
    public static (float[] Cosines, float[] Sines) Tables(int headWidth)
    {
        int pairs = headWidth / 2;
        var cosines = new float[PatchGrid.MaxTimePatches * headWidth];
        var sines = new float[cosines.Length];
        for (int time = 0; time < PatchGrid.MaxTimePatches; time++)
        for (int pair = 0; pair < pairs; pair++)
        {
            double angle = time * Math.Pow(Base, -(double)pair / pairs);
            int at = time * headWidth + pair;
            cosines[at] = cosines[at + pairs] = (float)Math.Cos(angle);
            sines[at + pairs] = (float)Math.Sin(angle);
            sines[at] = -sines[at + pairs];
        }
        return (cosines, sines);
    }

    /// <summary>The rotation of 5 x <paramref name="time"/> patches, frequency by frequency; until the dispose scope ends.</summary>
    public Rotation For(int time) => new(Of(_tables.Cosines, time), Of(_tables.Sines, time));

    /// <summary>A table [5 x time, 2, 1, channels]: for queries, divided by the root of the channels, and for keys.</summary>
    private Tensor Of(float[] table, int time)
    {
        Tensor keys = tensor(table[..(time * headWidth)], [time, headWidth]);
        Tensor both = stack([keys / Math.Sqrt(headWidth), keys], dim: 1).repeat(PatchGrid.FrequencyPatches, 1, 1).unsqueeze(2);
        return precision.UseBfloat16 ? both.to(ScalarType.BFloat16) : both;
    }
}

/// <summary>What rotates the queries and keys of some number of patches, and scales the queries.</summary>
internal sealed record Rotation(Tensor Cosines, Tensor Sines)
{
    /// <summary>
    /// Rotates queries and keys [batch, patches, 2, heads, channels], and divides the queries by the root of the channels.
    /// </summary>
    public Tensor Apply(Tensor queriesAndKeys)
    {
        Tensor exchanged = queriesAndKeys.roll(queriesAndKeys.shape[4] / 2, -1);
        return (queriesAndKeys * Cosines).addcmul(exchanged, Sines, 1);
    }
}
