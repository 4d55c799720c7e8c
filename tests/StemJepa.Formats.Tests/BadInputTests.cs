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

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\n{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile {0}\n")]
    [InlineData("[playlist]\nFile1={0}\n")]
    [InlineData("<?xml version=\"1.0\"?>\n<MPD><BaseURL>{0}</BaseURL></MPD>")]
    public void Playlists_are_refused_by_name_and_what_they_name_is_not_read(string text)
    {
        string secret = Encoded.Wav(_folder.PathOf("secret.wav"), 16000, 1);
        string path = _folder.Write("song.mp3", System.Text.Encoding.UTF8.GetBytes(string.Format(null, text, secret)));
        string message = Assert.Throws<StemJepaException>(() => AudioFile.Load(path)).Message;
        Assert.StartsWith($"{path}: is a playlist", message);
    }

    /// <summary>What is not known as a playlist, such as a list that only <c>ffmpeg</c> recognises, is not among its demuxers.</summary>
    [RequiresProgramFact("ffmpeg")]
    public void Formats_that_are_no_recordings_are_refused()
    {
        string path = _folder.Write("subtitles.mp3",
            "1\n00:00:01,000 --> 00:00:02,000\ntext\n\n2\n00:00:03,000 --> 00:00:04,000\nmore\n"u8.ToArray());
        Assert.Contains("of a format that names other files or is no recording",
            Assert.Throws<StemJepaException>(() => AudioFile.Load(path)).Message);
    }

    [RequiresProgramFact("ffmpeg")]
    public async Task A_recording_that_plays_longer_than_allowed_is_refused_before_it_is_decoded_to_its_end()
    {
        string path = await Encoded.Encode(Encoded.Wav(_folder.PathOf("original.wav"), 8000, 20), _folder.PathOf("a.flac"));
        using FfmpegReader reader =
            FfmpegReader.Open(path, 0, CancellationToken.None, new FfmpegOptions { Longest = TimeSpan.FromSeconds(18) });
        var buffer = new float[8000];
        int seconds = 0;
        string message = Assert.Throws<StemJepaException>(() =>
        {
            for (; reader.Read(buffer) > 0; seconds++)
                Assert.True(seconds < 18);
        }).Message;
        Assert.Equal(18, seconds);
        Assert.Equal($"{path}: plays longer than 0.005 hours; cut it into shorter recordings.", message);
    }

    /// <summary>A program that gives a sample now and then, each in time, in the place of <c>ffmpeg</c>.</summary>
    [RequiresProgramFact("sh")]
    public void A_decoder_that_is_slower_than_the_recording_plays_is_stopped()
    {
        string header = _folder.Write("header",
            WavBytes.Riff(WavBytes.Format(WavBytes.Float, 1, 8000, 32), WavBytes.Chunk("data", [], uint.MaxValue)));
        string program = _folder.Write("decoder",
            System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\ncat '{header}'\nwhile :; do head -c 400 /dev/zero; sleep 0.2; done\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using FfmpegReader reader = FfmpegReader.Open("song.flac", 0, CancellationToken.None,
            new FfmpegOptions { Program = program, Patience = TimeSpan.FromSeconds(1) });
        var buffer = new float[100];
        string message = Assert.Throws<StemJepaException>(() =>
        {
            while (reader.Read(buffer) > 0)
                Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }).Message;
        Assert.Equal("song.flac: ffmpeg takes longer to decode it than it plays; convert it to WAV.", message);
    }

    [RequiresProgramTheory("ffmpeg")]
    [InlineData("a.mp3", "-id3v2_version 0 -write_xing 0")]
    [InlineData("a.mp3", "")]
    [InlineData("a.ogg", "-c:a vorbis -strict -2")]
    [InlineData("a.opus", "-c:a libopus")]
    [InlineData("a.aiff", "")]
    [InlineData("a.flac", "")]
    [InlineData("a.m4a", "")]
    public async Task A_recording_that_is_cut_off_is_reported(string name, string options)
    {
        string path = await Encode(name, options);
        AudioFile.Load(path);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length * 6 / 10 + 1)]);

        StemJepaException error = Assert.Throws<StemJepaException>(() => AudioFile.Load(path));

        Assert.Matches("is cut off|could not decode", error.Message);
    }

    [RequiresProgramFact("mkfifo")]
    public async Task A_named_pipe_is_read_once_its_other_side_comes()
    {
        string pipe = _folder.PathOf("pipe.wav");
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([pipe]).ExecuteAsync();
        byte[] wav = WavBytes.Pcm16(8000, 1, 1, 2, 3);
        Task writing = Task.Run(() => File.WriteAllBytes(pipe, wav));
        Assert.Equal(3, AudioFile.Load(pipe).Samples.Length);
        await writing;
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> Encode(string name, string options) =>
        await Encoded.Encode(Encoded.Wav(_folder.PathOf("original.wav"), 44100, 2), _folder.PathOf(name),
            options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
