using System.Buffers.Binary;
using System.Text;
using StemJepa.TestSupport;
using static StemJepa.TestSupport.WavBytes;

namespace StemJepa.Formats.Tests;

/// <summary>What the tags of files say. Oracles: <c>ffmpeg</c>, which writes them, and the specifications, followed by hand.</summary>
public sealed class TagTests : IDisposable
{
    private static readonly MusicalKey FSharpMinor = MusicalKey.Parse("F#m");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RequiresProgramTheory("ffmpeg")]
    [InlineData("a.mp3", "TKEY", "TBPM", "-id3v2_version", "3")]
    [InlineData("a.mp3", "TKEY", "TBPM", "-id3v2_version", "4")]
    [InlineData("a.aiff", "TKEY", "TBPM", "-write_id3v2", "1")]
    [InlineData("a.flac", "INITIALKEY", "BPM")]
    [InlineData("a.flac", "key", "bpm")]
    [InlineData("a.ogg", "INITIALKEY", "BPM", "-c:a", "libvorbis")]
    [InlineData("a.opus", "KEY", "BPM")]
    public async Task Key_and_tempo_are_read_as_ffmpeg_writes_them(string name, string key, string tempo, params string[] options)
    {
        string wav = Encoded.Wav(_folder.PathOf("a.wav"), 48000, 0.5), comment = new('x', 3000);
        string path = await Encoded.Encode(wav, _folder.PathOf(name),
            ["-metadata", $"comment={comment}", "-metadata", $"{key}=F#m", "-metadata", $"{tempo}=123.5", .. options]);
        Assert.Equal(new AudioTags { Key = FSharpMinor, Tempo = 123.5 }, AudioFile.ReadTags(path));
    }

    [Theory]
    [InlineData(0u, 8u, 120f, 4.0, 120.0, true)]
    [InlineData(0u, 8u, 140f, 4.0, null, true)]
    [InlineData(0u, 8u, 0f, 4.0, 120.0, true)]
    [InlineData(0u, 8u, float.NaN, 4.0, 120.0, true)]
    [InlineData(0u, 0u, 97f, 4.0, 97.0, null)]
    [InlineData(0u, uint.MaxValue, 120f, 4.0, null, true)]
    [InlineData(0u, 8u, 120f, 0.0, null, true)]
    [InlineData(1u, 8u, 120f, 4.0, null, false)]
    public void A_loop_of_ACID_states_its_tempo_unless_its_beats_contradict_it(
        uint flags, uint beats, float tempo, double seconds, double? expected, bool? isLoop)
    {
        byte[] wav = Riff(Format(Pcm, 1, 8000, 16), Chunk("data", new byte[(int)(seconds * 16000)]), Acid(flags, beats, tempo));
        Assert.Equal(new AudioTags { Tempo = expected, IsLoop = isLoop }, Read(wav));
    }

    [Theory]
    [InlineData(57, 1, "A minor")]
    [InlineData(48, 2, "C major")]
    [InlineData(48, 3, null)]
    [InlineData(0, 1, null)]
    [InlineData(60000, 1, null)]
    public void An_Apple_loop_states_its_key_and_as_many_beats_as_it_has(int root, int scale, string? key)
    {
        byte[] common = [0, 1, .. Big(44100), 0, 16, 0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]; // 44,100 frames at 44,100 Hz
        byte[] basc = [.. Big(1), .. Big(2), (byte)(root >> 8), (byte)root, 0, (byte)scale, .. new byte[72]];
        byte[] content = [.. Ascii("AIFC"), .. BigChunk("COMM", common), .. BigChunk("basc", basc)];
        Assert.Equal(new AudioTags { Key = key is null ? null : MusicalKey.Parse(key), Tempo = 120 },
            Read([.. Ascii("FORM"), .. Big((uint)content.Length), .. content]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_version_and_encoding_of_ID3_is_read(int version)
    {
        foreach ((int encoding, byte[] text) in new (int, byte[])[]
        {
            (0, Encoding.Latin1.GetBytes("F#m")), (1, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("F#m\0x")]),
            (1, [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("F#m")]), (2, Encoding.BigEndianUnicode.GetBytes("F#m")),
            (3, "F#m\0"u8.ToArray()),
        })
        {
            byte[] tag = Id3(version, Frame(version, "TXXX", [0, .. Ascii("KEY=C")]), Frame(version, "TKEY", [(byte)encoding, .. text]),
                Frame(version, "TBPM", [0, .. Ascii("98,25")]));
            var expected = new AudioTags { Key = FSharpMinor, Tempo = 98.25 };
            Assert.Equal(expected, Read(tag));
            Assert.Equal(expected, Read(Riff(Format(Pcm, 1, 8000, 16), Chunk("data", new byte[8]), Chunk("id3 ", tag))));
        }
    }

    [Fact]
    public void A_second_tag_adds_what_the_first_does_not_say()
    {
        byte[] key = Id3(4, Frame(4, "TKEY", [0, .. Ascii("F#m")])), both = Id3(3, Frame(3, "TKEY", [0, .. Ascii("Am")]),
            Frame(3, "TBPM", [0, .. Ascii("98")]));
        Assert.Equal(new AudioTags { Key = FSharpMinor, Tempo = 98 }, Read([.. key, .. both]));
        Assert.Equal(new AudioTags { Key = MusicalKey.Parse("Am"), Tempo = 98 }, Read([.. Id3(3), .. both, .. new byte[20]]));
    }

    [Fact]
    public void Tags_whose_ones_are_kept_apart_are_read()
    {
        byte[] whole = Id3(3, Frame(3, "TKEY", [1, 0xFF, 0xFE, .. Encoding.Unicode.GetBytes("F#m")]));
        byte[] apart = [.. whole[..22], 0, .. whole[22..]];
        (apart[5], apart[9]) = (0x80, (byte)(apart[9] + 1));
        Assert.Equal([0xFF, 0x00, 0xFE], apart[21..24]);
        Assert.Equal(FSharpMinor, Read(apart).Key);
    }

    [Theory]
    [InlineData("8A", "A minor")]
    [InlineData("8B", "C major")]
    [InlineData("12b", "E major")]
    [InlineData("1A", "Ab minor")]
    [InlineData("1m", "A minor")]
    [InlineData("2d", "G major")]
    [InlineData("Dbm", "C# minor")]
    [InlineData("13A", null)]
    [InlineData("0B", null)]
    [InlineData("o", null)]
    [InlineData("A\u0001m", null)]
    [InlineData("", null)]
    public void Keys_are_notes_or_hours_of_the_wheel(string text, string? key) =>
        Assert.Equal(key, Read(Id3(3, Frame(3, "TKEY", [3, .. Encoding.UTF8.GetBytes(text)]))).Key?.ToString());

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-120")]
    [InlineData("0")]
    [InlineData("1e300")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("12\u0007")]
    [InlineData("")]
    public void What_is_no_tempo_says_nothing(string text) =>
        Assert.Null(Read(Id3(3, Frame(3, "TBPM", [3, .. Encoding.UTF8.GetBytes(text)]))).Tempo);

    [Fact]
    public void Sizes_beyond_the_file_neither_throw_nor_take_memory()
    {
        byte[] key = [0, .. Ascii("Am")];
        byte[][] files =
        [
            [.. Ascii("ID3"), 3, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F, .. Ascii("TKEY"), 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, .. key],
            [.. Ascii("ID3"), 4, 0, 0x40, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F],
            [.. Ascii("ID3"), 3, 0, 0x40, 0, 0, 0, 20, 0xFF, 0xFF, 0xFF, 0xFF],
            [.. Ascii("fLaC"), 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [.. Ascii("fLaC"), 4, 0, 0, 12, .. U32(0), .. U32(uint.MaxValue), .. U32(uint.MaxValue)],
            Riff(Chunk("acid", [1], uint.MaxValue)), Riff(Chunk("id3 ", [], uint.MaxValue)), Riff(Chunk("fmt ", [1], 1), Chunk("data", [])),
            [.. Ascii("FORM"), .. Big(uint.MaxValue), .. Ascii("AIFFbasc"), .. Big(uint.MaxValue), 1],
            [.. Ascii("OggS"), .. new byte[22], 255, .. Enumerable.Repeat((byte)255, 255)],
        ];
        foreach (byte[] file in files)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(new AudioTags(), TagReader.Read(new MemoryStream(file)) with { Key = null });
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    /// <summary>Files with bytes changed and cut off, 4,000 of each kind: nothing is thrown.</summary>
    [Fact]
    public void Damaged_tags_never_throw()
    {
        byte[] comments = [.. U32(1), (byte)'x', .. U32(2), .. Comment("BPM=120"), .. Comment("KEY=Am")];
        byte[] first = Page(7), second = Page([3, .. Ascii("vorbis"), .. comments]);
        byte[][] files =
        [
            Id3(2, Frame(2, "TKEY", [0, .. Ascii("Am")]), Frame(2, "TBPM", [0, .. Ascii("120")])),
            Id3(3, Frame(3, "TKEY", [1, 0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Am")]), Frame(3, "TBPM", [0, .. Ascii("120")])),
            Id3(4, Frame(4, "TKEY", [3, .. Ascii("Am")]), Frame(4, "TBPM", [0, .. Ascii("120")])),
            [.. Ascii("fLaC"), 0, 0, 0, 2, 1, 1, 0x84, 0, 0, (byte)comments.Length, .. comments],
            [.. first, .. second],
            Riff(Format(Pcm, 1, 8000, 16), Acid(0, 4, 120), Chunk("data", new byte[32000]),
                Chunk("id3 ", Id3(3, Frame(3, "TKEY", [0, .. Ascii("Am")])))),
        ];
        var random = new Random(5);
        Assert.All(files, file =>
        {
            Assert.Equal((MusicalKey.Parse("Am"), 120.0), (Read(file).Key, Read(file).Tempo));
            for (int i = 0; i < 4000; i++)
            {
                byte[] damaged = file[..random.Next(file.Length + 1)];
                for (int j = random.Next(4); j > 0 && damaged.Length > 0; j--)
                    damaged[random.Next(Math.Min(damaged.Length, 120))] = (byte)random.Next(256);
                TagReader.Read(new MemoryStream(damaged));
            }
        });
    }

    [RequiresProgramFact("mkfifo")]
    public async Task Of_what_is_no_file_nothing_is_known()
    {
        string pipe = _folder.PathOf("pipe.wav");
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([pipe]).ExecuteAsync();
        Assert.All((string[])[pipe, _folder.Root, _folder.PathOf("none.wav"), _folder.Write("empty.wav", []), "/dev/zero"],
            path => Assert.Equal(new AudioTags(), AudioFile.ReadTags(path)));
    }

    private AudioTags Read(byte[] file) => AudioFile.ReadTags(_folder.Write("file", file));

    private static byte[] Acid(uint flags, uint beats, float tempo) => Chunk("acid",
        Concat(U32(flags), U16(60), U16(0x8000), U32(0), U32(beats), U16(4), U16(4), BitConverter.GetBytes(tempo)));

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] BigChunk(string id, byte[] content) => [.. Ascii(id), .. Big((uint)content.Length), .. content];

    /// <summary>A tag of at most 16,383 bytes.</summary>
    private static byte[] Id3(int version, params byte[][] frames)
    {
        byte[] content = Concat(frames);
        return [.. Ascii("ID3"), (byte)version, 0, 0, 0, 0, (byte)(content.Length >> 7), (byte)(content.Length & 0x7F), .. content];
    }

    /// <summary>A frame of at most 127 bytes.</summary>
    private static byte[] Frame(int version, string id, byte[] content) => version == 2
        ? [.. Ascii(id switch { "TKEY" => "TKE", "TBPM" => "TBP", _ => "TXX" }), 0, 0, (byte)content.Length, .. content]
        : [.. Ascii(id), .. Big((uint)content.Length), 0, 0, .. content];

    private static byte[] Comment(string text) => [.. U32((uint)text.Length), .. Ascii(text)];

    /// <summary>A page of Ogg with one packet of at most 254 bytes.</summary>
    private static byte[] Page(params byte[] packet) => [.. Ascii("OggS"), .. new byte[22], 1, (byte)packet.Length, .. packet];
}
