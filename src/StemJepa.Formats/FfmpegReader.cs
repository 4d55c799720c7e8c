using System.ComponentModel;
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
    private const string Program = "ffmpeg";
    private const int PipeBytes = 1 << 20;

    /// <summary>Demuxers of files that hold their sound themselves: none that follows a list of other files, or a network.</summary>
    private const string Demuxers = "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,iff,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,"
        + "mp3,mpc,mpc8,mpeg,mpegts,ogg,tak,tta,voc,w64,wav,wv";

    /// <summary>As long as <c>ffmpeg</c> may take to give the next samples; it gives some 100 s of audio each second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly int _track;
    private readonly StringBuilder _messages = new();
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _callerToken;
    private readonly Task<CommandResult> _process;
    private readonly WavReader _decoded;
    private bool _ended, _isLate;

    private FfmpegReader(string path, int track, CancellationToken cancellationToken)
    {
        _path = path;
        _track = track;
        _callerToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2));
        _process = Start(pipe.Writer);
        try
        {
            _decoded = InTime(() => new WavReader(pipe.Reader.AsStream(), path));
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
    public static FfmpegReader Open(string path, int track, CancellationToken cancellationToken) => new(path, track, cancellationToken);

    public int Channels => Decoded.Channels;

    private IFrameReader Decoded => _decoded;

    public override int Read(Span<float> buffer)
    {
        int read;
        using (StopWhenLate())
        {
            read = _decoded.Read(buffer);
        }
        FinishAt(read < buffer.Length);
        return read;
    }

    public int ReadFrames(Span<float> interleaved)
    {
        int read;
        using (StopWhenLate())
        {
            read = Decoded.ReadFrames(interleaved);
        }
        FinishAt((read + 1) * Channels <= interleaved.Length);
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
        Command command = Cli.Wrap(Program)
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

    private T InTime<T>(Func<T> read)
    {
        using (StopWhenLate())
            return read();
    }

    /// <summary>Ends <c>ffmpeg</c> unless what is returned is disposed of in time.</summary>
    private Timer StopWhenLate() => new(_ =>
    {
        _isLate = true;
        _stop.Cancel();
    }, null, Patience, Timeout.InfiniteTimeSpan);

    private void FinishAt(bool end)
    {
        if (!end || _ended)
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
                    $"{_path}: ffmpeg gave no samples for {Patience.TotalSeconds:0} s; convert it to WAV.");
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
