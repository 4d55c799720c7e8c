using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using CliWrap;

namespace StemJepa;

/// <summary>
/// Reads any format that <c>ffmpeg</c> decodes: <c>ffmpeg</c> writes one audio track as float WAV at the recording's own sample rate into a
/// bounded pipe, which <see cref="WavReader"/> reads. Not thread-safe.
/// </summary>
internal sealed class FfmpegReader : AudioReader, IFrameReader
{
    private const int PipeBytes = 1 << 20;

    /// <summary>Demuxers of files that hold their sound themselves: none that follows a list of other files, or a network.</summary>
    private const string Demuxers = "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,iff,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,"
        + "mp3,mpc,mpc8,mpeg,mpegts,ogg,tak,tta,voc,w64,wav,wv";

    private readonly string _path;
    private readonly int _track;
    private readonly FfmpegOptions _options;
    private readonly Stopwatch _waiting = new();
    private readonly StringBuilder _messages = new();
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _callerToken;
    private readonly Task<CommandResult> _process;
    private readonly WavReader _decoded;
    private long _samples;
    private bool _ended, _isLate;

    private FfmpegReader(string path, int track, FfmpegOptions options, CancellationToken cancellationToken)
    {
        _path = path;
        _track = track;
        _options = options;
        _callerToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2));
        _process = Start(pipe.Writer);
        try
        {
            using (StopWhenLate(TimeSpan.Zero))
                _decoded = new WavReader(pipe.Reader.AsStream(), path);
            _waiting.Stop();
        }
        catch (StemJepaException)
        {
            pipe.Reader.Complete();
            FinishProcess();
            throw;
        }
    }

    public override int SampleRate => _decoded.SampleRate;

    /// <summary>Starts to decode an audio track, counted from 0.</summary>
    /// <exception cref="StemJepaException"><c>ffmpeg</c> is missing, or finds no such track in the file.</exception>
    public static FfmpegReader Open(string path, int track, CancellationToken cancellationToken, FfmpegOptions? options = null) =>
        new(path, track, options ?? new FfmpegOptions(), cancellationToken);

    public int Channels => Decoded.Channels;

    private IFrameReader Decoded => _decoded;

    /// <exception cref="StemJepaException">
    /// The recording is damaged at this place, longer than a day, or <c>ffmpeg</c> decodes it more slowly than it plays.
    /// </exception>
    public override int Read(Span<float> buffer)
    {
        int read;
        using (StopWhenLate(Played))
            read = _decoded.Read(buffer);
        Count(read, isEnd: read < buffer.Length);
        return read;
    }

    /// <inheritdoc cref="Read(Span{float})"/>
    public int ReadFrames(Span<float> interleaved)
    {
        int read;
        using (StopWhenLate(Played))
            read = Decoded.ReadFrames(interleaved);
        Count(read, isEnd: (read + 1) * Channels <= interleaved.Length);
        return read;
    }

    public override void Dispose()
    {
        _stop.Cancel();
        _decoded.Dispose();
        try
        {
            _process.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
        }
        _stop.Dispose();
        base.Dispose();
    }

    private Task<CommandResult> Start(PipeWriter writer)
    {
        Command command = Cli.Wrap(_options.Program)
            .WithArguments(["-nostdin", "-hide_banner", "-loglevel", "error", .. StopAtDamage(), "-protocol_whitelist", "file,pipe",
                "-format_whitelist", Demuxers, "-i", "file:" + _path, "-map", $"0:a:{_track}", "-f", "wav", "-c:a", "pcm_f32le", "pipe:1"])
            .WithStandardOutputPipe(PipeTarget.ToStream(writer.AsStream(leaveOpen: true)))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(_messages))
            .WithValidation(CommandResultValidation.None);
        try
        {
            return CompleteAfter(command.ExecuteAsync(_stop.Token), writer);
        }
        catch (Win32Exception)
        {
            _stop.Dispose();
            throw new StemJepaException(
                $"{_path}: reading {Path.GetExtension(_path)} files needs ffmpeg, which is not installed; "
                + "install it (such as 'apt-get install ffmpeg') or convert the file to WAV.");
        }
    }

    /// <summary>A FLAC file decodes exactly or is damaged; lossy files often hold a stray frame that is inaudible.</summary>
    private string[] StopAtDamage() => Path.GetExtension(_path).Equals(".flac", StringComparison.OrdinalIgnoreCase) ? ["-xerror"] : [];

    private static async Task<CommandResult> CompleteAfter(CommandTask<CommandResult> running, PipeWriter writer)
    {
        try
        {
            return await running.ConfigureAwait(false);
        }
        finally
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    private TimeSpan Played => TimeSpan.FromSeconds((double)_samples / _decoded.SampleRate);

    /// <summary>
    /// Ends <c>ffmpeg</c> unless what is returned is disposed of in time: all waiting together may take as long as what has been decoded
    /// plays, and the patience more.
    /// </summary>
    private Timer StopWhenLate(TimeSpan played)
    {
        _waiting.Start();
        TimeSpan left = _options.Patience + played - _waiting.Elapsed;
        return new Timer(_ =>
        {
            _isLate = true;
            _stop.Cancel();
        }, null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Count(int frames, bool isEnd)
    {
        _waiting.Stop();
        _samples += frames;
        if (Played > _options.Longest)
        {
            throw new StemJepaException(
                $"{_path}: plays longer than {_options.Longest.TotalHours:0.###} hours; cut it into shorter recordings.");
        }
        if (!isEnd || _ended)
            return;
        _ended = true;
        FinishProcess();
    }

    private void FinishProcess()
    {
        CommandResult result;
        try
        {
            result = _process.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            _callerToken.ThrowIfCancellationRequested();
            if (_isLate)
            {
                throw new StemJepaException(
                    $"{_path}: ffmpeg takes longer to decode it than it plays; convert it to WAV.");
            }
            throw;
        }
        string output = _messages.ToString();
        if (output.Contains("matches no streams", StringComparison.Ordinal))
            throw new StemJepaException($"{_path}: has no audio stream number {_track + 1}; export it again with all its audio.");
        if (output.Contains(": partial file", StringComparison.Ordinal))
            throw AudioContent.Truncated(_path);
        if (output.Contains("not on whitelist", StringComparison.Ordinal))
            throw new StemJepaException($"{_path}: is of a format that names other files or is no recording; convert it to WAV.");
        if (result.ExitCode != 0)
            throw new StemJepaException($"{_path}: ffmpeg could not decode it ({LastMessage()}); convert it to WAV.");
    }

    private string LastMessage()
    {
        string[] lines = _messages.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string last = lines.Length > 0 ? lines[^1] : "it gave no reason";
        return last.Replace("file:" + _path + ": ", "", StringComparison.Ordinal).TrimEnd('.');
    }
}

/// <summary>The program that decodes, and what a recording may cost at most.</summary>
internal sealed record FfmpegOptions
{
    /// <summary>Its name or path.</summary>
    internal string Program { get; init; } = "ffmpeg";

    /// <summary>How long it may play: a small file can hold years of silence.</summary>
    internal TimeSpan Longest { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How much longer than what it has decoded plays one may have waited for <c>ffmpeg</c>, which decodes some 100 s in each second.
    /// </summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);
}
