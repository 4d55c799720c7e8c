using System.Diagnostics;
using StemJepa.TestSupport;
using StemJepa.Tests;

namespace StemJepa.Campaign.Tests;

/// <summary>Recordings of every format.</summary>
internal static class AudioTargets
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    internal static IEnumerable<Target> Create(string folder) =>
    [
        // Oracle: within memory of the file's order, whether one can seek or not.
        new("WAV", 300, Wavs(), ReadWav) { MostBytes = 2 * 600_000, BytesPerByte = 32 },
        new("WAV with all channels", 40, Wavs(),
            (input, _) => Named(Target.Input, () => AudioFile.LoadChannels(new MemoryStream(input), Target.Input))),
        new("MP3", 20, Encoded(folder, ["-c:a", "libmp3lame", "-b:a", "64k"], "mp3"), ReadStream),
        new("Ogg Vorbis", 20, Encoded(folder, ["-c:a", "libvorbis"], "ogg"), ReadStream),
        new("FLAC, M4A, AIFF and Opus through ffmpeg", 0.2,
            [
                .. Encoded(folder, [], "flac"), .. Encoded(folder, [], "m4a"), .. Encoded(folder, [], "aiff"),
                .. Encoded(folder, ["-c:a", "libopus"], "opus"),
            ], ReadFile),
        new("tags", 20,
            [
                WavBytes.Riff(WavBytes.Format(WavBytes.Pcm, 1, 8000, 16), WavBytes.Chunk("acid", new byte[24]),
                    WavBytes.Chunk("data", Data)),
                .. Tagged(folder, "TKEY", "TBPM", "mp3"), .. Tagged(folder, "KEY", "BPM", "flac"),
                .. Tagged(folder, "INITIALKEY", "BPM", "ogg"), .. Tagged(folder, "TKEY", "TBPM", "aiff"),
            ], ReadTags) { MostBytes = 1 << 20, BytesPerByte = 32 },
    ];

    private static byte[][] Tagged(string folder, string key, string tempo, string extension) =>
        Encoded(folder, ["-write_id3v2", "1", "-metadata", $"{key}=F#m", "-metadata", $"{tempo}=123.5"], extension);

    private static byte[][] Wavs() =>
    [
        WavBytes.File(WavBytes.Pcm, 2, 44100, 16, Data),
        WavBytes.Riff(WavBytes.ExtensibleFormat(WavBytes.Float, 1, 48000, 32, 32), WavBytes.Chunk("data", Data)),
        WavBytes.Riff("RF64", uint.MaxValue, WavBytes.Ds64(400, 256, 128), WavBytes.Format(WavBytes.Pcm, 1, 16000, 16),
            WavBytes.Chunk("data", Data, uint.MaxValue)),
        WavBytes.Riff(WavBytes.Chunk("LIST", [1, 2, 3]), WavBytes.Format(WavBytes.Pcm, 3, 96000, 24), WavBytes.Chunk("data", Data)),
    ];

    private static void ReadWav(byte[] input, string folder)
    {
        StemJepaException? refusal = null;
        foreach (bool isSeekable in (bool[])[true, false])
        {
            try
            {
                using Stream stream = isSeekable ? new MemoryStream(input) : new OneWayStream(input);
                AudioClip.Load(stream, Target.Input);
            }
            catch (StemJepaException error)
            {
                Assert.StartsWith(Target.Input + ": ", error.Message);
                refusal = error;
            }
        }
        if (refusal is not null)
            throw refusal;
    }

    private static void ReadStream(byte[] input, string folder) => Named(Target.Input, () =>
        AudioFile.Load(new MemoryStream(input), Target.Input));

    private static void ReadFile(byte[] input, string folder)
    {
        string path = Path.Combine(folder, Target.Input);
        File.WriteAllBytes(path, input);
        Named(path, () => AudioFile.Load(path));
    }

    private static void ReadTags(byte[] input, string folder)
    {
        string path = Path.Combine(folder, Target.Input);
        File.WriteAllBytes(path, input);
        AudioFile.ReadTags(path);
    }

    private static void Named(string name, Action read)
    {
        try
        {
            read();
        }
        catch (StemJepaException error)
        {
            Assert.Contains(name, error.Message);
            throw;
        }
    }

    /// <summary>A fifth of a second as <c>ffmpeg</c> encodes it; nothing where there is no <c>ffmpeg</c>.</summary>
    private static byte[][] Encoded(string folder, string[] options, string extension)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "seed." + extension);
        string[] arguments =
            ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=frequency=440:duration=0.2:sample_rate=16000",
                "-fflags", "+bitexact", "-flags:a", "+bitexact", .. options, path];
        try
        {
            using Process process = Process.Start("ffmpeg", arguments);
            process.WaitForExit();
            return process.ExitCode == 0 ? [File.ReadAllBytes(path)] : [];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }
}
