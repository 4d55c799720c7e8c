namespace StemJepa.Tool.Map;

/// <summary>An excerpt of a recording to listen to.</summary>
internal static class SoundClip
{
    /// <summary>Enough to recognise a stem by; a second takes 32 kB.</summary>
    private const int SampleRate = 16000;

    /// <summary>Cuts out the loudest so many seconds of a recording, on a grid of that length, as mono 16-bit WAV.</summary>
    /// <exception cref="StemJepaException">The file cannot be used.</exception>
    public static byte[] Create(string path, double seconds, CancellationToken cancellationToken)
    {
        using AudioReader recording = AudioFile.Open(path, cancellationToken: cancellationToken);
        float[] block = new float[Math.Max(1, (int)(seconds * recording.SampleRate))], best = [];
        double loudest = -1;
        for (int read = block.Length; read == block.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            read = Fill(recording, block);
            double energy = block.Take(read).Sum(sample => (double)sample * sample);
            if (read == 0 || energy <= loudest)
                continue;
            (loudest, best) = (energy, block[..read]);
        }
        using var stream = new MemoryStream();
        WavWriter.Write(stream, new AudioClip(best, recording.SampleRate).Resample(SampleRate).Samples.Span, SampleRate);
        return stream.ToArray();
    }

    private static int Fill(AudioReader reader, Span<float> block)
    {
        int count = 0;
        for (int read = 1; read > 0 && count < block.Length; count += read)
            read = reader.Read(block[count..]);
        return count;
    }
}
