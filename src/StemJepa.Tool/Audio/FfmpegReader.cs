using System.ComponentModel;
using System.IO.Pipelines;
using System.Text;
using CliWrap;

namespace StemJepa.Tool.Audio;

/// <summary>
/// Any format that <c>ffmpeg</c> decodes, streamed: <c>ffmpeg</c> writes one audio stream as float WAV at the recording's own rate
/// into a bounded pipe, and the library's reader takes it from there. Not thread-safe.
/// </summary>
internal sealed class FfmpegReader : AudioReader
{
    private const string Program = "ffmpeg";
    private const int PipeBytes = 1 << 20;

    private readonly string path;
    private readonly int stream;
    private readonly StringBuilder messages = new();
    private readonly CancellationTokenSource stop;
    private readonly CancellationToken callerToken;
    private readonly Task<CommandResult> process;
    private readonly WavReader decoded;
    private bool ended;

    private FfmpegReader(string path, int stream, CancellationToken cancellationToken)
    {
        this.path = path;
        this.stream = stream;
        callerToken = cancellationToken;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2));
        process = Start(pipe.Writer);
        try
        {
            decoded = new WavReader(pipe.Reader.AsStream(), path);
        }
        catch (StemJepaException)
        {
            pipe.Reader.Complete();
            FinishProcess();
            throw;
        }
    }

    public override int SampleRate => decoded.SampleRate;

    /// <summary>Starts decoding an audio stream, counted from 0.</summary>
    /// <exception cref="StemJepaException"><c>ffmpeg</c> is missing, or finds no such audio in the file.</exception>
    public static FfmpegReader Open(string path, int stream, CancellationToken cancellationToken) => new(path, stream, cancellationToken);

    public override int Read(Span<float> buffer)
    {
        int read = decoded.Read(buffer);
        if (read < buffer.Length && !ended)
        {
            ended = true;
            FinishProcess();
        }
        return read;
    }

    public override void Dispose()
    {
        stop.Cancel();
        decoded.Dispose();
        try
        {
            process.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
        }
        stop.Dispose();
        base.Dispose();
    }

    private Task<CommandResult> Start(PipeWriter writer)
    {
        Command command = Cli.Wrap(Program)
            .WithArguments(["-nostdin", "-hide_banner", "-loglevel", "error", .. StopAtDamage(), "-protocol_whitelist", "file,pipe",
                "-i", "file:" + path, "-map", $"0:a:{stream}", "-f", "wav", "-c:a", "pcm_f32le", "pipe:1"])
            .WithStandardOutputPipe(PipeTarget.ToStream(writer.AsStream(leaveOpen: true)))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(messages))
            .WithValidation(CommandResultValidation.None);
        try
        {
            return CompleteAfter(command.ExecuteAsync(stop.Token), writer);
        }
        catch (Win32Exception)
        {
            stop.Dispose();
            throw new StemJepaException(
                $"{path}: reading {Path.GetExtension(path)} files needs ffmpeg, which is not installed; install it (such as 'apt-get install ffmpeg') or convert the file to WAV.");
        }
    }

    /// <summary>A FLAC file decodes exactly or is damaged; lossy files often hold a stray frame that nobody hears.</summary>
    private string[] StopAtDamage() => Path.GetExtension(path).Equals(".flac", StringComparison.OrdinalIgnoreCase) ? ["-xerror"] : [];

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

    private void FinishProcess()
    {
        CommandResult result;
        try
        {
            result = process.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            callerToken.ThrowIfCancellationRequested();
            throw;
        }
        string said = messages.ToString();
        if (said.Contains("matches no streams", StringComparison.Ordinal))
            throw new StemJepaException($"{path}: has no audio stream number {stream + 1}; export it again with all its audio.");
        if (said.Contains(": partial file", StringComparison.Ordinal))
            throw new StemJepaException($"{path}: is cut off, its header promises more audio than the file holds; copy or export it again.");
        if (result.ExitCode != 0)
            throw new StemJepaException($"{path}: ffmpeg could not decode it ({LastMessage()}); convert it to WAV.");
    }

    private string LastMessage()
    {
        string[] lines = messages.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string last = lines.Length > 0 ? lines[^1] : "it gave no reason";
        return last.Replace("file:" + path + ": ", "", StringComparison.Ordinal).TrimEnd('.');
    }
}
