namespace StemJepa;

/// <summary>Reads a clip's samples in order.</summary>
internal sealed class ClipReader(AudioClip clip) : AudioReader
{
    private ReadOnlyMemory<float> rest = clip.Samples;

    public override int SampleRate => clip.SampleRate;

    public override int Read(Span<float> buffer)
    {
        int count = Math.Min(buffer.Length, rest.Length);
        rest.Span[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }
}
