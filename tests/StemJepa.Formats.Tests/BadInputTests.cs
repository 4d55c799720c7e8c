using StemJepa.TestSupport;

namespace StemJepa.Formats.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [RequiresProgramTheory("ffmpeg")]
    [InlineData("a.mp3", "-b:a 128k")]
    [InlineData("b.ogg", "-c:a libvorbis")]
    [InlineData("c.wav", "-c:a pcm_s16le")]
    [InlineData("d.flac", "-c:a flac")]
    public async Task Truncated_recording_is_an_error_that_names_the_file(string name, string options)
    {
        byte[] whole = File.ReadAllBytes(await Encode(name, options));
        foreach (double share in (double[])[0.3, 0.5, 0.9])
        {
            string cut = _folder.Write("cut-" + name, whole[..(int)(share * whole.Length)]);
            string message = Assert.Throws<StemJepaException>(() => AudioFile.Load(cut)).Message;
            Assert.Contains(cut, message);
        }
    }

    [RequiresProgramTheory("ffmpeg")]
    [InlineData("a.mp3", "-b:a 128k")]
    [InlineData("b.ogg", "-c:a libvorbis")]
    public async Task Damaged_bytes_give_a_recording_or_an_error_that_names_the_file(string name, string options)
    {
        byte[] whole = File.ReadAllBytes(await Encode(name, options));
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = [.. whole];
            for (int i = 0; i < 1 + seed; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                AudioFile.Load(new MemoryStream(damaged), name);
            }
            catch (Exception error)
            {
                Assert.True(error is StemJepaException && error.Message.Contains(name, StringComparison.Ordinal), $"seed {seed}: {error}");
            }
        }
    }

    [Theory]
    [InlineData("noise.mp3")]
    [InlineData("noise.ogg")]
    [InlineData("noise.wav")]
    public void Garbage_is_an_error_that_names_the_file_or_the_stream(string name)
    {
        var noise = new byte[20_000];
        new Random(5).NextBytes(noise);
        noise[0] = 0;
        string path = _folder.Write(name, noise);
        Assert.Contains(path, Assert.Throws<StemJepaException>(() => AudioFile.Load(path)).Message);
        Assert.Contains("the stream",
            Assert.Throws<StemJepaException>(() => AudioFile.Load(new Drip(new MemoryStream(noise)), "the stream")).Message);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFB, 0x90, 0x00 })]
    [InlineData(new byte[] { (byte)'I', (byte)'D', (byte)'3', 4, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5 })]
    [InlineData(new byte[] { (byte)'O', (byte)'g', (byte)'g', (byte)'S', 0, 2, 1, (byte)'v', (byte)'o', (byte)'r', (byte)'b', (byte)'i',
        (byte)'s' })]
    [InlineData(new byte[] { (byte)'R', (byte)'I', (byte)'F', (byte)'F' })]
    [InlineData(new byte[0])]
    public void Beginning_without_the_rest_is_an_error(byte[] beginning)
    {
        Assert.Contains("the stream",
            Assert.Throws<StemJepaException>(() => AudioFile.Load(new Drip(new MemoryStream(beginning)), "the stream")).Message);
        string path = _folder.Write("beginning.mp3", beginning);
        Assert.Contains(path, Assert.Throws<StemJepaException>(() => AudioFile.Load(path)).Message);
    }

    [Fact]
    public void Missing_file_and_folder_are_errors()
    {
        Assert.Contains("no such file", Assert.Throws<StemJepaException>(() => AudioFile.Open(_folder.PathOf("none.mp3"))).Message);
        Assert.Contains("is a folder", Assert.Throws<StemJepaException>(() => AudioFile.Open(_folder.Root)).Message);
    }

    [Fact]
    public void Samples_that_are_no_numbers_and_recordings_without_samples_are_errors()
    {
        byte[] nan = WavBytes.File(WavBytes.Float, 1, 8000, 32,
            WavBytes.Concat(BitConverter.GetBytes(0.5f), BitConverter.GetBytes(float.NaN)));
        Assert.Contains("not a finite number",
            Assert.Throws<StemJepaException>(() => AudioFile.Load(new MemoryStream(nan), "nan")).Message);
        Assert.Contains("holds no audio",
            Assert.Throws<StemJepaException>(() => AudioFile.Load(new MemoryStream(WavBytes.Pcm16(8000, 1)), "none")).Message);
    }

    [Fact]
    public void Stream_stays_open_and_file_is_closed()
    {
        byte[] wav = WavBytes.Pcm16(8000, 1, 1, 2, 3);
        var stream = new MemoryStream(wav);
        AudioFile.Load(stream, "wav");
        Assert.True(stream.CanRead);
        string path = _folder.Write("a.wav", wav);
        AudioFile.Load(path);
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> Encode(string name, string options) =>
        await Encoded.Encode(Encoded.Wav(_folder.PathOf("original.wav"), 44100, 2), _folder.PathOf(name), options.Split(' '));
}
