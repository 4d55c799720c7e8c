namespace StemJepa.Tests;

/// <summary>A clip whose first block is read when all who take part in a barrier read theirs.</summary>
internal sealed class WaitingReader(AudioClip clip, Barrier together) : AudioReader
{
    private readonly AudioReader _reader = clip.OpenReader();
    private bool _waited;

    public override int SampleRate => clip.SampleRate;

    public override int Read(Span<float> buffer)
    {
        if (!_waited)
            together.SignalAndWait();
        _waited = true;
        return _reader.Read(buffer);
    }
}
