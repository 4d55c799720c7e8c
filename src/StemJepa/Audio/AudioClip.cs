using System.Runtime.InteropServices;
using NWaves.Signals;

namespace StemJepa;

/// <summary>Mono audio in memory. Immutable and thread-safe, as long as nobody writes to the memory it was made from.</summary>
public sealed class AudioClip
{
    /// <summary>Wraps samples without copying them.</summary>
    /// <param name="samples">Mono samples, nominally in -1..1.</param>
    /// <param name="sampleRate">Samples per second, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public AudioClip(ReadOnlyMemory<float> samples, int sampleRate)
    {
        SampleRates.Check(sampleRate, nameof(sampleRate));
        Samples = samples;
        SampleRate = sampleRate;
    }

    /// <summary>The samples, nominally in -1..1.</summary>
    public ReadOnlyMemory<float> Samples { get; }

    /// <summary>Samples per second.</summary>
    public int SampleRate { get; }

    /// <summary>How long the clip plays.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Length / SampleRate);

    /// <summary>Averages the channels of interleaved samples, as stereo buffers of players and DAWs hold them.</summary>
    /// <param name="samples">Frames of one sample for each channel, nominally in -1..1; they are copied.</param>
    /// <param name="channels">Samples of a frame, at least 1.</param>
    /// <param name="sampleRate">Frames per second, 8000..192000.</param>
    /// <exception cref="ArgumentException">The samples are no whole number of frames.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no channel, or the sample rate is out of range.</exception>
    public static AudioClip FromInterleaved(ReadOnlySpan<float> samples, int channels, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (samples.Length % channels != 0)
            throw new ArgumentException($"{samples.Length} samples are no whole number of frames of {channels} channels.", nameof(samples));
        var mono = new float[samples.Length / channels];
        for (int frame = 0; frame < mono.Length; frame++)
        {
            double sum = 0;
            foreach (float sample in samples.Slice(frame * channels, channels))
                sum += sample;
            mono[frame] = (float)(sum / channels);
        }
        return new AudioClip(mono, sampleRate);
    }

    /// <summary>Wraps a signal of NWaves without copying it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public static AudioClip FromSignal(DiscreteSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new AudioClip(signal.Samples, signal.SamplingRate);
    }

    /// <summary>The clip as a signal of NWaves; without a copy where <see cref="Samples"/> is a whole array.</summary>
    public DiscreteSignal ToSignal()
    {
        bool isWhole = MemoryMarshal.TryGetArray(Samples, out ArraySegment<float> segment) && segment.Offset == 0
            && segment.Count == segment.Array!.Length;
        return new DiscreteSignal(SampleRate, isWhole ? segment.Array! : Samples.ToArray());
    }

    /// <summary>Reads a whole WAV file at its own sample rate, channels averaged (see <see cref="WavReader"/> for the formats).</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StemJepaException">Missing, not a WAV file, damaged, without samples, or too long for memory.</exception>
    public static AudioClip Load(string path)
    {
        using WavReader reader = WavReader.Open(path);
        return Load(reader, path);
    }

    /// <summary>Reads a whole WAV stream, which need not be seekable and stays open.</summary>
    /// <param name="stream">A readable stream, at the first byte of the WAV file.</param>
    /// <param name="name">What to call the recording in error messages.</param>
    /// <exception cref="StemJepaException">Not a WAV file, damaged, without samples, or too long for memory.</exception>
    public static AudioClip Load(Stream stream, string name)
    {
        using var reader = new WavReader(stream, name, leaveOpen: true);
        return Load(reader, name);
    }

    /// <summary>
    /// Writes the clip as a 16-bit mono PCM WAV file: rounded to the nearest step of 1/32768, clipped at full scale. An older file of that
    /// name stays until the new one is complete.
    /// </summary>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <exception cref="StemJepaException">A sample is not a number, or the file cannot be written there.</exception>
    public void Save(string path)
    {
        if (WavWriter.IndexOfNaN(Samples.Span) is >= 0 and int index)
            throw new StemJepaException($"Cannot write {path}: sample {index} is not a number; repair the audio first.");
        AtomicFile.Write(path, stream => WavWriter.Write(stream, Samples.Span, SampleRate));
    }

    /// <summary>Reads the clip from its beginning, at its own sample rate.</summary>
    public AudioReader OpenReader() => new ClipReader(this);

    /// <summary>The same audio at another sample rate (see <see cref="Resampler"/>); this clip itself when the rate is its own.</summary>
    /// <param name="sampleRate">Samples per second, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public AudioClip Resample(int sampleRate)
    {
        SampleRates.Check(sampleRate, nameof(sampleRate));
        return sampleRate == SampleRate ? this : new AudioClip(Resampler.Resample(Samples.Span, SampleRate, sampleRate), sampleRate);
    }

    private static AudioClip Load(WavReader reader, string name)
    {
        float[] samples = reader.Length is long length ? ReadKnown(reader, length, name) : ReadUnknown(reader, name);
        if (samples.Length == 0)
            throw new StemJepaException($"{name}: holds no samples; export it again.");
        return new AudioClip(samples, reader.SampleRate);
    }

    private static float[] ReadKnown(WavReader reader, long length, string name)
    {
        if (length > Array.MaxLength)
            throw TooLong(name);
        var samples = new float[length];
        int count = reader.Read(samples);
        return count == length ? samples : samples[..count];
    }

    private static float[] ReadUnknown(WavReader reader, string name)
    {
        var samples = new float[1 << 16];
        int count = 0;
        while ((count += reader.Read(samples.AsSpan(count))) == samples.Length)
        {
            if (samples.Length == Array.MaxLength)
                throw TooLong(name);
            Array.Resize(ref samples, (int)Math.Min(2L * samples.Length, Array.MaxLength));
        }
        return samples[..count];
    }

    private static StemJepaException TooLong(string name)
        => new($"{name}: is too long to be held in memory; read it piece by piece with {nameof(WavReader)}.{nameof(WavReader.Open)}.");
}

/// <summary>Reads a clip's samples in order.</summary>
internal sealed class ClipReader(AudioClip clip) : AudioReader
{
    private ReadOnlyMemory<float> _rest = clip.Samples;

    public override int SampleRate => clip.SampleRate;

    public override int Read(Span<float> buffer)
    {
        int count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }
}
