namespace StemJepa;

/// <summary>
/// Audio of one or more channels in memory, such as stereo: what is stretched, mixed and written for players and DAWs. The models read
/// mono, <see cref="ToMono"/>. Immutable and thread-safe, as long as nobody writes to the memory it was made from.
/// </summary>
public sealed class MultichannelClip
{
    private const int FirstFrames = 1 << 16;

    private readonly ReadOnlyMemory<float>[] _channels;

    /// <summary>Wraps channels without copying them.</summary>
    /// <param name="channels">At least one, equally long; samples nominally in -1..1.</param>
    /// <param name="sampleRate">Frames per second, 8000..192000.</param>
    /// <exception cref="ArgumentException">There is no channel, or their lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public MultichannelClip(IEnumerable<ReadOnlyMemory<float>> channels, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(channels);
        SampleRates.Check(sampleRate, nameof(sampleRate));
        _channels = [.. channels];
        if (_channels.Length == 0)
            throw new ArgumentException("There is no channel; give at least one.", nameof(channels));
        if (Array.FindIndex(_channels, channel => channel.Length != _channels[0].Length) is >= 0 and int other)
        {
            throw new ArgumentException(
                $"Channel {other} has {_channels[other].Length} samples and channel 0 has {_channels[0].Length}; "
                + "give channels of one length.",
                nameof(channels));
        }
        SampleRate = sampleRate;
    }

    /// <summary>The channels, such as left and right.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>> Channels => _channels;

    /// <summary>Frames per second: samples of one channel.</summary>
    public int SampleRate { get; }

    /// <summary>Samples of one channel.</summary>
    public int Length => _channels[0].Length;

    /// <summary>How long the clip plays.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length / SampleRate);

    /// <summary>Wraps mono audio without copying it.</summary>
    public static MultichannelClip FromClip(AudioClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        return new MultichannelClip([clip.Samples], clip.SampleRate);
    }

    /// <summary>Separates the channels of interleaved samples.</summary>
    /// <param name="samples">Frames of one sample for each channel, nominally in -1..1; they are copied.</param>
    /// <param name="channels">Samples of a frame, at least 1.</param>
    /// <param name="sampleRate">Frames per second, 8000..192000.</param>
    /// <exception cref="ArgumentException">The samples are no whole number of frames.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no channel, or the sample rate is out of range.</exception>
    public static MultichannelClip FromInterleaved(ReadOnlySpan<float> samples, int channels, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (samples.Length % channels != 0)
            throw new ArgumentException($"{samples.Length} samples are no whole number of frames of {channels} channels.", nameof(samples));
        var separate = new float[channels][];
        for (int channel = 0; channel < channels; channel++)
        {
            var values = new float[samples.Length / channels];
            for (int frame = 0; frame < values.Length; frame++)
                values[frame] = samples[frame * channels + channel];
            separate[channel] = values;
        }
        return new MultichannelClip([.. separate], sampleRate);
    }

    /// <summary>
    /// Reads a whole WAV file at its own sample rate with all its channels (see <see cref="WavReader"/> for the formats).
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StemJepaException">Missing, not a WAV file, damaged, without samples, or too long for memory.</exception>
    public static MultichannelClip Load(string path)
    {
        using WavReader reader = WavReader.Open(path);
        return Read(reader, path);
    }

    /// <summary>Reads a whole WAV stream, which need not be seekable and stays open.</summary>
    /// <param name="stream">A readable stream, at the first byte of the WAV file.</param>
    /// <param name="name">What to call the recording in error messages.</param>
    /// <exception cref="StemJepaException">Not a WAV file, damaged, without samples, or too long for memory.</exception>
    public static MultichannelClip Load(Stream stream, string name)
    {
        using var reader = new WavReader(stream, name, leaveOpen: true);
        return Read(reader, name);
    }

    /// <summary>The mean of the channels; the samples themselves where there is one.</summary>
    public AudioClip ToMono()
    {
        if (_channels.Length == 1)
            return new AudioClip(_channels[0], SampleRate);
        var mono = new float[Length];
        for (int i = 0; i < mono.Length; i++)
        {
            double sum = 0;
            foreach (ReadOnlyMemory<float> channel in _channels)
                sum += channel.Span[i];
            mono[i] = (float)(sum / _channels.Length);
        }
        return new AudioClip(mono, SampleRate);
    }

    /// <summary>The same audio at another sample rate (see <see cref="Resampler"/>); this clip itself when the rate is its own.</summary>
    /// <param name="sampleRate">Frames per second, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public MultichannelClip Resample(int sampleRate)
    {
        SampleRates.Check(sampleRate, nameof(sampleRate));
        return sampleRate == SampleRate ? this
            : new MultichannelClip([.. _channels.Select(channel => Resampler.Resample(channel.Span, SampleRate, sampleRate))], sampleRate);
    }

    /// <summary>
    /// Writes the clip as a WAV file; integers are rounded to the nearest step and clipped at full scale. An older file of that name stays
    /// until the new one is complete.
    /// </summary>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="encoding">How a sample is stored.</param>
    /// <exception cref="StemJepaException">
    /// A sample is not a number, the clip is beyond 4 GB, or the file cannot be written there.
    /// </exception>
    public void Save(string path, WavEncoding encoding = WavEncoding.Pcm24) =>
        AtomicFile.Write(path, stream => Write(stream, encoding, path));

    /// <summary>Writes the clip as a WAV file into a stream, which need not be seekable and stays open.</summary>
    /// <param name="stream">A writable stream.</param>
    /// <param name="encoding">How a sample is stored.</param>
    /// <exception cref="StemJepaException">A sample is not a number, or the clip is beyond 4 GB.</exception>
    public void Save(Stream stream, WavEncoding encoding = WavEncoding.Pcm24)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, encoding, "the clip");
    }

    /// <summary>Reads a recording to its end.</summary>
    /// <exception cref="StemJepaException">It is damaged, without samples, or too long for memory.</exception>
    internal static MultichannelClip Read(IFrameReader reader, string name)
    {
        int channels = reader.Channels;
        var samples = new float[FirstFrames * channels];
        int count = 0;
        while ((count += channels * reader.ReadFrames(samples.AsSpan(count))) == samples.Length)
        {
            int most = Array.MaxLength / channels * channels;
            if (samples.Length == most)
                throw new StemJepaException($"{name}: is too long to be held in memory; cut it into pieces.");
            Array.Resize(ref samples, (int)Math.Min(2L * samples.Length, most));
        }
        if (count == 0)
            throw new StemJepaException($"{name}: holds no samples; export it again.");
        return FromInterleaved(samples.AsSpan(0, count), channels, reader.SampleRate);
    }

    private void Write(Stream stream, WavEncoding encoding, string name)
    {
        foreach (ReadOnlyMemory<float> channel in _channels)
        {
            if (WavWriter.IndexOfNaN(channel.Span) is >= 0 and int index)
                throw new StemJepaException($"Cannot write {name}: sample {index} is not a number; repair the audio first.");
        }
        WavWriter.Write(stream, _channels, SampleRate, encoding, name);
    }
}

/// <summary>A reader that gives all channels of a recording. Read one recording either by frames or as mono, not both.</summary>
internal interface IFrameReader
{
    /// <summary>Samples of a frame.</summary>
    int Channels { get; }

    /// <summary>Frames per second.</summary>
    int SampleRate { get; }

    /// <summary>
    /// Fills the buffer with the next whole frames and returns their number; fewer than fit only at the end of the recording.
    /// </summary>
    /// <exception cref="StemJepaException">The recording is damaged at this place.</exception>
    int ReadFrames(Span<float> interleaved);
}
