namespace StemJepa;

/// <summary>A stream that is only read, forward: the base of those that pass another stream on. Not seekable, not thread-safe.</summary>
/// <param name="source">The stream that is passed on.</param>
/// <param name="leaveOpen">Whether <paramref name="source"/> stays open when this stream is disposed.</param>
internal abstract class ForwardStream(Stream source, bool leaveOpen = false) : Stream
{
    /// <summary>The stream that is passed on.</summary>
    protected Stream Source { get; } = source;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public abstract override int Read(Span<byte> buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
            Source.Dispose();
        base.Dispose(disposing);
    }
}
