using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>
/// Oracle: the chunk rules of RIFF, RF64 (EBU 3306) and BW64 (ITU-R BS.2088), and the habits of programs that stream to a pipe.
/// </summary>
public sealed class WavChunkTests
{
    private static readonly byte[] Format = WavBytes.Format(WavBytes.Pcm, 1, 16000, 16);
    private static readonly byte[] Data = WavBytes.Concat(WavBytes.U16(0x4000), WavBytes.U16(0xC000), WavBytes.U16(0x2000));
    private static readonly float[] Samples = [0.5f, -0.5f, 0.25f];

    public static TheoryData<bool> Seekable => [true, false];

    [Theory, MemberData(nameof(Seekable))]
    public void Chunks_around_the_samples_are_skipped_with_their_padding(bool seekable)
        => AssertSamples(seekable, WavBytes.Riff(
            WavBytes.Chunk("JUNK", new byte[7]),
            WavBytes.Chunk("bext", new byte[5001]),
            Format,
            WavBytes.Chunk("LIST", [1, 2, 3]),
            WavBytes.Chunk("fact", WavBytes.U32(3)),
            WavBytes.Chunk("data", Data),
            WavBytes.Chunk("LIST", new byte[100])));

    [Theory, MemberData(nameof(Seekable))]
    public void An_odd_number_of_data_bytes_does_not_add_its_padding(bool seekable)
    {
        byte[] file = WavBytes.Riff(WavBytes.Format(WavBytes.Pcm, 1, 16000, 8), WavBytes.Chunk("data", [192, 64, 160]),
            WavBytes.Chunk("LIST", new byte[10]));
        AssertSamples(seekable, file);
    }

    [Theory, InlineData("RF64", true), InlineData("RF64", false), InlineData("BW64", true), InlineData("BW64", false)]
    public void Files_of_64_bits_take_their_size_from_ds64(string magic, bool seekable)
        => AssertSamples(seekable, WavBytes.Riff(magic, uint.MaxValue,
            WavBytes.Ds64(1000, (ulong)Data.Length, (ulong)Samples.Length),
            Format,
            WavBytes.Chunk("data", Data, uint.MaxValue),
            WavBytes.Chunk("LIST", new byte[100])));

    [Theory]
    [InlineData(0u, 0u, true), InlineData(0u, 0u, false)]
    [InlineData(uint.MaxValue, uint.MaxValue, true), InlineData(uint.MaxValue, uint.MaxValue, false)]
    [InlineData(0x7FFFF024u, 0x7FFFF000u, true), InlineData(0x7FFFF024u, 0x7FFFF000u, false)]
    [InlineData(36u, 0u, true), InlineData(36u, 1000u, false)]
    public void A_streamed_recording_is_read_to_the_end_of_the_file(uint riffSize, uint dataSize, bool seekable)
        => AssertSamples(seekable, WavBytes.Riff("RIFF", riffSize, Format, WavBytes.Chunk("data", Data, dataSize)));

    [Fact]
    public void An_rf64_header_never_completed_is_read_to_the_end_of_the_file()
        => AssertSamples(true,
        WavBytes.Riff("RF64", uint.MaxValue, WavBytes.Ds64(0, 0, 0), Format, WavBytes.Chunk("data", Data, uint.MaxValue)));

    [Fact]
    public void A_finished_file_without_samples_does_not_take_its_tags_for_samples()
    {
        byte[] file = WavBytes.Riff(Format, WavBytes.Chunk("data", []), WavBytes.Chunk("LIST", new byte[100]));
        using var reader = new WavReader(new MemoryStream(file), "test.wav");
        Assert.Equal(0, reader.Length);
        Assert.Equal(0, reader.Read(new float[10]));
    }

    [Theory, MemberData(nameof(Seekable))]
    public void An_incomplete_last_frame_is_dropped(bool seekable)
        => AssertSamples(seekable, WavBytes.Concat(WavBytes.Riff(Format, WavBytes.Chunk("data", Data, 10_000)), [0x55]));

    [Fact]
    public void A_longer_format_chunk_is_read_as_its_beginning()
        => AssertSamples(true, WavBytes.Riff(
            WavBytes.Chunk("fmt ", WavBytes.Concat(WavBytes.FormatContent(WavBytes.Pcm, 1, 16000, 16, null), new byte[101])),
            WavBytes.Chunk("data", Data)));

    [Fact]
    public void A_reader_in_small_pieces_gives_the_same_samples()
    {
        short[] samples = [.. Enumerable.Range(0, 100_000).Select(i => (short)(i * 7919))];
        byte[] file = WavBytes.Pcm16(44100, 2, samples);
        float[] whole = AudioClip.Load(new MemoryStream(file), "test.wav").Samples.ToArray();
        using var reader = new WavReader(new OneWayStream(file), "test.wav");
        Assert.Null(reader.Length);
        var pieces = new List<float>();
        var buffer = new float[997];
        for (int count = buffer.Length; count == buffer.Length;)
        {
            count = reader.Read(buffer);
            pieces.AddRange(buffer.AsSpan(0, count));
        }
        Assert.Equal(whole, pieces);
        Assert.Equal(0, reader.Read(buffer));
    }

    [Fact]
    public void Disposing_closes_the_stream_unless_it_is_left_open()
    {
        byte[] file = WavBytes.Riff(Format, WavBytes.Chunk("data", Data));
        var kept = new MemoryStream(file);
        new WavReader(kept, "test.wav", leaveOpen: true).Dispose();
        Assert.True(kept.CanRead);
        var closed = new MemoryStream(file);
        var reader = new WavReader(closed, "test.wav");
        reader.Dispose();
        Assert.False(closed.CanRead);
        Assert.Throws<ObjectDisposedException>(() => reader.Read(new float[1]));
    }

    private static void AssertSamples(bool seekable, byte[] file)
    {
        using Stream stream = seekable ? new MemoryStream(file) : new OneWayStream(file);
        Assert.Equal(Samples, AudioClip.Load(stream, "test.wav").Samples.ToArray());
    }
}
