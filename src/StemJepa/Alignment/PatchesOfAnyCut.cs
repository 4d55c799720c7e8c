namespace StemJepa;

/// <summary>
/// A recording's patches in time, summed over several ways to cut it into windows of 8 s. A patch tells where in its window it is, besides what is heard
/// there: of recordings that are cut in one way each, those moments would fit best that lie at the same place of a window, so shifts by multiples of 8 s.
/// </summary>
internal static class PatchesOfAnyCut
{
    /// <summary>Ways to cut: the windows of each begin 0.8 s later than those of the one before.</summary>
    private const int Cuts = 10, ColumnsOfCut = ModelEncoder.WindowPatches / Cuts;

    /// <summary>Embeds a recording in all ways.</summary>
    /// <param name="samples">16 kHz mono.</param>
    /// <param name="width">The encoder's width.</param>
    /// <param name="embed">Embeds what a reader gives, and adds its patches to the sequence.</param>
    internal static PatchSequence Of(float[] samples, int width, Action<AudioReader, PatchSequence> embed)
    {
        var sums = new PatchSequence(width);
        for (int cut = 0; cut < Cuts; cut++)
        {
            int columns = cut * ColumnsOfCut;
            var patches = new PatchSequence(width);
            using var delayed = new DelayedReader(samples, columns * ModelEncoder.PatchSize * FrontEndSettings.Hop);
            embed(delayed, cut == 0 ? sums : patches);
            if (cut > 0)
                sums.AddTo(patches.Values[(columns * patches.ColumnLength)..]);
        }
        return sums;
    }
}
