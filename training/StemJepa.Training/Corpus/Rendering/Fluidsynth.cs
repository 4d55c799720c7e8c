using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CliWrap;

namespace StemJepa.Training.Corpus.Rendering;

/// <summary>
/// Renders MIDI through the program <c>fluidsynth</c>, at 48 kHz, since its oscillators alias at lower rates, and downsamples. Thread-safe:
/// one process per call.
/// </summary>
public static class Fluidsynth
{
    /// <summary>Samples per second of what <see cref="RenderAsync"/> returns.</summary>
    public const int OutputRate = 16_000;

    /// <summary>Ctrl-C also reaches fluidsynth, perhaps before us: a failure is only one when no interruption follows.</summary>
    private static readonly TimeSpan InterruptionGrace = TimeSpan.FromSeconds(0.5);

    private const int SynthesisRate = 48_000, FrameBytes = 2 * sizeof(float);

    /// <summary>Renders a MIDI file to mono samples at 16 kHz. Cancelling ends the process.</summary>
    /// <exception cref="StemJepaException">fluidsynth failed.</exception>
    public static async Task<float[]> RenderAsync(string midiPath, SoundFont soundFont, bool reverb, bool chorus, CancellationToken cancel)
    {
        var mono = new List<float>();
        var errors = new StringBuilder();
        string[] arguments =
        [
            "-n", "-i", "-q", "-R", reverb ? "1" : "0", "-C", chorus ? "1" : "0", "-o", "synth.dynamic-sample-loading=1", "-z", "4096",
            "-r", SynthesisRate.ToString(CultureInfo.InvariantCulture), "-T", "raw", "-O", "float", "-E", "little", "-F", "/dev/stdout", soundFont.Path, midiPath,
        ];
        CommandResult result = await Cli.Wrap("fluidsynth").WithArguments(arguments).WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.Create((stream, token) => ReadMono(stream, mono, token)))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(errors)).ExecuteAsync(cancel);
        if (!result.IsSuccess || mono.Count == 0)
        {
            await Task.Delay(InterruptionGrace, cancel);
            throw new StemJepaException($"{midiPath}: fluidsynth gave {mono.Count} samples and exit code {result.ExitCode} ({errors.ToString().Split('\n')[0]}); a MIDI file and a soundfont that it can play are needed.");
        }
        return Resampler.Resample(CollectionsMarshal.AsSpan(mono), SynthesisRate, OutputRate);
    }

    private static async Task ReadMono(Stream stream, List<float> mono, CancellationToken cancel)
    {
        var buffer = new byte[1 << 16];
        int held = 0, read;
        while ((read = await stream.ReadAsync(buffer.AsMemory(held), cancel)) > 0)
        {
            held += read;
            int whole = held / FrameBytes * FrameBytes;
            ReadOnlySpan<float> frames = MemoryMarshal.Cast<byte, float>(buffer.AsSpan(0, whole));
            for (int i = 0; i < frames.Length; i += 2) mono.Add(0.5f * (frames[i] + frames[i + 1]));
            buffer.AsSpan(whole, held - whole).CopyTo(buffer);
            held -= whole;
        }
    }
}
