namespace StemJepa.Tests;

/// <summary>Says when it is first read, and waits there until it may go on.</summary>
internal sealed class GatedReader(AudioReader source, ManualResetEventSlim started, ManualResetEventSlim mayGoOn) : AudioReader
{
    public override int SampleRate => source.SampleRate;

    public override int Read(Span<float> buffer)
    {
        started.Set();
        Assert.True(mayGoOn.Wait(TimeSpan.FromSeconds(30)));
        return source.Read(buffer);
    }
}
