namespace StemJepa.Formats.Tests;

/// <summary>A stream like a slow pipe: not seekable, a few bytes at a time.</summary>
internal sealed class Drip(Stream stream) : Stream
{
    private readonly Random _random = new(11);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, Math.Min(count, _random.Next(1, 700)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
