using System.Buffers;

namespace StemJepa;

/// <summary>What alignment compares of a recording.</summary>
/// <param name="Patches">Its patches in time, <see cref="PatchesOfAnyCut"/>.</param>
/// <param name="Features">Its <see cref="AlignmentFeatures"/>.</param>
/// <param name="Onsets">Its onsets, <see cref="OnsetCorrelation.CurveOf(BandDynamics)"/>.</param>
internal sealed record HeardRecording(PatchSequence Patches, float[] Features, float[] Onsets)
{
    private const int BlockSamples = 1 << 16;

    /// <summary>Hears a recording.</summary>
    /// <param name="recording">Read to its end, into memory; it stays its owner's.</param>
    /// <param name="width">The encoder's width.</param>
    /// <param name="embed">Embeds what a reader gives, and adds its patches to the sequence.</param>
    /// <exception cref="StemJepaException">The audio cannot be used, says <paramref name="embed"/>.</exception>
    public static HeardRecording Of(AudioReader recording, int width, Action<AudioReader, PatchSequence> embed)
    {
        float[] samples = ReadAll(new ResamplingReader(recording, FrontEndSettings.SampleRate));
        PatchSequence patches = PatchesOfAnyCut.Of(samples, width, embed);
        BandDynamics dynamics = BandDynamics.Of(samples);
        return new HeardRecording(patches, AlignmentFeatures.Of(samples, dynamics), OnsetCorrelation.CurveOf(dynamics));
    }

    private static float[] ReadAll(ResamplingReader recording)
    {
        var samples = new ArrayBufferWriter<float>();
        for (int read = 1; read > 0; samples.Advance(read))
            read = recording.Read(samples.GetSpan(BlockSamples)[..BlockSamples]);
        return samples.WrittenSpan.ToArray();
    }
}
