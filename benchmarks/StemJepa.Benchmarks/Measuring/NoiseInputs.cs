using System.Buffers.Binary;

namespace StemJepa.Benchmarks.Measuring;

/// <summary>A WAV file of 16-bit noise of any length, generated while it is read, so that no disk is measured. Not thread-safe.</summary>
internal sealed class NoiseWavStream : Stream
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 44;

    private const int BlockBytes = 1 << 16, SampleBytes = 2;
    private readonly byte[] _header = new byte[HeaderBytes], _block = new byte[BlockBytes];
    private readonly long _length;
    private long _position;

    /// <summary>A recording of <paramref name="seconds"/>; its samples must fit into the 4 GB of a WAV file.</summary>
    public NoiseWavStream(double seconds, int sampleRate, int channels)
    {
        int frameBytes = channels * SampleBytes;
        uint dataBytes = checked((uint)(seconds * sampleRate) * (uint)frameBytes);
        _length = HeaderBytes + (long)dataBytes;
        new Random(1).NextBytes(_block);
        Span<byte> at = _header;
        "RIFF"u8.CopyTo(at);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], (uint)Math.Min(uint.MaxValue, _length - 8));
        "WAVEfmt "u8.CopyTo(at[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(at[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(at[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(at[22..], (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(at[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(at[28..], sampleRate * frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(at[32..], (short)frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(at[34..], 8 * SampleBytes);
        "data"u8.CopyTo(at[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(at[40..], dataBytes);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> next = _position < HeaderBytes
            ? _header.AsSpan((int)_position) : _block.AsSpan((int)((_position - HeaderBytes) % BlockBytes));
        int count = (int)Math.Min(Math.Min(buffer.Length, next.Length), _length - _position);
        next[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Synthetic embeddings.</summary>
internal static class NoiseEmbedding
{
    /// <summary>Creates uniform noise, as long as the embeddings of <paramref name="model"/>.</summary>
    public static StemEmbedding Create(ModelInfo model, int seed) => new(Noise.Samples(model.EmbeddingLength, seed));
}
