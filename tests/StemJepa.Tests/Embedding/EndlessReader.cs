using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>Noise without end, which says once how far it has been read.</summary>
internal sealed class EndlessReader(long afterSamples, Action passed) : AudioReader
{
    private readonly Random _random = new(5);

    public long Position { get; private set; }

    public override int SampleRate => GoldenModel.SampleRate;

    public override int Read(Span<float> buffer)
    {
        foreach (ref float sample in buffer)
            sample = _random.NextSingle() - 0.5f;
        bool before = Position < afterSamples;
        Position += buffer.Length;
        if (before && Position >= afterSamples)
            passed();
        return buffer.Length;
    }
}
