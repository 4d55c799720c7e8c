namespace StemJepa.Tool.Audio;

/// <summary>
/// A recording that is read once and watched on the way: it tells how far it has come, and refuses what cannot be embedded in words that
/// name the file. Not thread-safe.
/// </summary>
/// <param name="source">Where the samples come from; it is disposed of with this reader.</param>
/// <param name="path">The file's name for messages.</param>
/// <param name="length">How many samples there will be, if that is known.</param>
/// <param name="progress">Told the fraction that has been read, 0..1, if the length is known.</param>
internal sealed class Recording(AudioReader source, string path, long? length, Action<double>? progress) : AudioReader
{
    private long count;

    public override int SampleRate => source.SampleRate;

    public override int Read(Span<float> buffer)
    {
        int read = source.Read(buffer);
        for (int i = 0; i < read; i++)
        {
            if (!float.IsFinite(buffer[i]))
                throw new StemJepaException($"{path}: the sample at {(double)(count + i) / SampleRate:0.000} s is not a finite number; export the recording again.");
        }
        count += read;
        if (count == 0 && buffer.Length > 0)
            throw new StemJepaException($"{path}: holds no audio; export the recording again, with at least one sample.");
        if (length > 0)
            progress?.Invoke((double)count / length.Value);
        return read;
    }

    public override void Dispose()
    {
        source.Dispose();
        base.Dispose();
    }
}
