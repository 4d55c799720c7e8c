using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>
/// Oracle: whatever the bytes, a recording loads or fails with one sentence that names it. The campaign tries random bytes.
/// </summary>
public sealed class WavHostileInputTests
{
    private const string Name = "take 1.wav";
    private static readonly byte[] Data = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    public static TheoryData<string, byte[], string> Damaged => new()
    {
        { "empty", [], "is empty" },
        { "one byte", [82], "1 bytes long" },
        { "magic only", WavBytes.Ascii("RIFF"), "4 bytes long" },
        { "header only", WavBytes.Riff(), "ends before its WAV format chunk" },
        { "text", WavBytes.Ascii("hello, this is no audio at all"), "begins with 68656C6C" },
        { "FLAC", WavBytes.Ascii("fLaC0000000000000000"), "a FLAC file" },
        { "MP3", WavBytes.Ascii("ID3\u0003000000000000000000"), "an MP3 file" },
        { "Ogg", WavBytes.Ascii("OggS0000000000000000"), "an Ogg file" },
        { "AIFF", WavBytes.Ascii("FORM0000AIFF00000000"), "an AIFF file" },
        { "MP4", WavBytes.Ascii("0000ftypM4A 00000000"), "an MP4 file" },
        { "big-endian", WavBytes.Riff("RIFX", null), "a big-endian RIFX file" },
        { "short format", WavBytes.Riff(WavBytes.Chunk("fmt ", new byte[10]), WavBytes.Chunk("data", Data)), "10 bytes instead of 16" },
        { "cut in the format", WavBytes.File(1, 1, 16000, 16, Data)[..30], "10 bytes instead of 16" },
        { "short extensible", WavBytes.Riff(WavBytes.Format(0xFFFE, 1, 16000, 16), WavBytes.Chunk("data", Data)),
            "16 bytes instead of 40" },
        { "no data", WavBytes.Riff(WavBytes.Format(1, 1, 16000, 16)), "ends before its samples" },
        { "data first", WavBytes.Riff(WavBytes.Chunk("data", Data), WavBytes.Format(1, 1, 16000, 16)), "come before its format" },
        { "no samples", WavBytes.File(1, 1, 16000, 16, []), "holds no samples" },
        { "half a frame", WavBytes.File(1, 2, 16000, 16, [1, 2]), "holds no samples" },
        { "0 channels", WavBytes.File(1, 0, 16000, 16, Data), "0 channels" },
        { "65535 channels", WavBytes.File(1, 65535, 16000, 8, Data), "65535 channels" },
        { "0 Hz", WavBytes.File(1, 1, 0, 16, Data), "0 Hz" },
        { "4 GHz", WavBytes.Riff(WavBytes.Format(1, 1, uint.MaxValue, 16), WavBytes.Chunk("data", Data)), "4294967295 Hz" },
        { "0 bits", WavBytes.File(1, 1, 16000, 0, Data), "0-bit PCM" },
        { "40 bits", WavBytes.File(1, 1, 16000, 40, Data), "40-bit PCM" },
        { "16-bit float", WavBytes.File(3, 1, 16000, 16, Data), "16-bit float" },
        { "ADPCM", WavBytes.File(2, 1, 16000, 4, Data), "ADPCM" },
        { "block align 0", WavBytes.Riff(WavBytes.Format(1, 1, 16000, 16, 0), WavBytes.Chunk("data", Data)),
            "0 bytes a frame instead of 2" },
        { "block align 4", WavBytes.Riff(WavBytes.Format(1, 1, 16000, 16, 4), WavBytes.Chunk("data", Data)),
            "4 bytes a frame instead of 2" },
        { "chunk beyond the file", WavBytes.Riff(WavBytes.Chunk("JUNK", new byte[4], uint.MaxValue), WavBytes.Format(1, 1, 16000, 16),
            WavBytes.Chunk("data", Data)), "ends before its WAV format chunk" },
    };

    [Theory, MemberData(nameof(Damaged))]
    public void A_damaged_file_gives_one_sentence_that_names_it(string what, byte[] file, string expected)
    {
        foreach (Stream stream in (Stream[])[new MemoryStream(file), new OneWayStream(file)])
        {
            var error = Assert.Throws<StemJepaException>(() => AudioClip.Load(stream, Name));
            Assert.True(error.Message.Contains(expected), $"{what}: {error.Message}");
            AssertSentence(error.Message, Name);
        }
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_missing_folder_are_named()
    {
        using var folder = new TemporaryFolder();
        AssertNamed(folder.PathOf("none.wav"), "there is no such file");
        AssertNamed(folder.PathOf("none/none.wav"), "there is no such file");
        AssertNamed(folder.PathOf("."), "is a folder");
        AssertNamed(folder.Write("empty.wav", []), "is empty");
    }

    private static void AssertNamed(string path, string expected)
    {
        var error = Assert.Throws<StemJepaException>(() => AudioClip.Load(path));
        Assert.Contains(expected, error.Message);
        AssertSentence(error.Message, path);
    }

    private static void AssertSentence(string message, string name)
    {
        Assert.StartsWith(name + ": ", message);
        Assert.EndsWith(".", message);
        Assert.DoesNotContain(". ", message[name.Length..]);
        Assert.DoesNotContain('\n', message);
    }
}
