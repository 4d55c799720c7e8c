namespace StemJepa;

/// <summary>What alignment compares of a recording.</summary>
/// <param name="Patches">Its patches in time: predicted ones of a mix, its own of a candidate.</param>
/// <param name="Features">Its <see cref="AlignmentFeatures"/>.</param>
/// <param name="Onsets">Its onsets, <see cref="OnsetCorrelation.ComputeCurve(BandDynamics)"/>.</param>
internal sealed record AlignmentInput(PatchSequence Patches, float[] Features, float[] Onsets)
{
    private const int BlockSamples = 1 << 16;

    /// <summary>Extracts the features of a recording.</summary>
    /// <param name="recording">Read to its end, into memory; not disposed.</param>
    /// <param name="embed">Embeds what a reader gives, and adds its patches to the sequence.</param>
    /// <param name="cancellationToken">Checked between blocks and features.</param>
    /// <exception cref="StemJepaException">The audio cannot be used, says <paramref name="embed"/>.</exception>
    public static AlignmentInput Extract(AudioReader recording, Action<AudioReader, PatchSequence> embed,
        CancellationToken cancellationToken)
    {
        float[] samples = ReadAll(new ResamplingReader(recording, FrontEndSettings.SampleRate), cancellationToken);
        var patches = new PatchSequence();
        embed(new AudioClip(samples, FrontEndSettings.SampleRate).OpenReader(), patches);
        cancellationToken.ThrowIfCancellationRequested();
        BandDynamics dynamics = BandDynamics.Compute(samples, cancellationToken);
        return new AlignmentInput(patches, AlignmentFeatures.Compute(
            Chromagram.Compute(samples, AlignmentFeatures.Hop, cancellationToken), dynamics, cancellationToken),
            OnsetCorrelation.ComputeCurve(dynamics));
    }

    /// <summary>
    /// In blocks, that are put together at the end: to fill memory takes seconds per gigabyte, and nothing stops a longer copy.
    /// </summary>
    private static float[] ReadAll(ResamplingReader recording, CancellationToken cancellationToken)
    {
        var blocks = new List<(float[] Samples, int Count)>();
        for (int read = 1; read > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = new float[BlockSamples];
            read = recording.Read(block);
            blocks.Add((block, read));
        }
        float[] samples = GC.AllocateUninitializedArray<float>(blocks.Sum(block => block.Count));
        int start = 0;
        foreach ((float[] block, int count) in blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            block.AsSpan(0, count).CopyTo(samples.AsSpan(start));
            start += count;
        }
        return samples;
    }
}
