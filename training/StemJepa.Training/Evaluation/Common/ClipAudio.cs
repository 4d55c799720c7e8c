using System.Numerics.Tensors;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>Reads the audio of clips.</summary>
internal static class ClipAudio
{
    private static readonly string[] Extensions = [".wav", ".mp3", ".au", ".flac"];

    /// <summary>A file with this path but for its extension; null if there is none, or only an empty one.</summary>
    public static string? Find(string withoutExtension) =>
        Extensions.Select(extension => withoutExtension + extension)
            .FirstOrDefault(path => new FileInfo(path) is { Exists: true, Length: > 0 });

    /// <summary>The first seconds of a file: WAV, or whatever <c>ffmpeg</c> reads.</summary>
    public static AudioClip FromFile(string path, double seconds)
    {
        using AudioReader recording = AudioFile.Open(path);
        double most = seconds * recording.SampleRate;
        var samples = new List<float>();
        var buffer = new float[1 << 16];
        for (int read = 1; read > 0 && samples.Count < most;)
        {
            read = recording.Read(buffer);
            samples.AddRange(buffer.AsSpan(0, (int)Math.Min(read, Math.Ceiling(most - samples.Count))));
        }
        return new AudioClip(samples.ToArray(), recording.SampleRate);
    }

    /// <summary>The first seconds of the sum of some stems of a corpus's song.</summary>
    /// <param name="song">The song.</param>
    /// <param name="stems">Its stems; those that it has not are silent.</param>
    /// <param name="seconds">How much of it.</param>
    /// <param name="gainOf">What each stem is multiplied by, asked for in their order; null: nothing.</param>
    public static AudioClip FromStems(CorpusSong song, IEnumerable<Stem> stems, double seconds, Func<Stem, float>? gainOf = null)
    {
        (Stem Stem, StemSamples Samples)[] opened =
            [.. stems.Where(stem => File.Exists(song.PathOf(stem))).Select(stem => (stem, StemSamples.Open(song.PathOf(stem))))];
        try
        {
            int length = (int)Math.Min(opened.Max(stem => stem.Samples.Length), seconds * FrontEndSettings.SampleRate);
            float[] sum = new float[length], samples = new float[length];
            foreach ((Stem stem, StemSamples file) in opened)
            {
                file.Read(0, samples);
                TensorPrimitives.MultiplyAdd(samples, gainOf?.Invoke(stem) ?? 1, sum, sum);
            }
            return new AudioClip(sum, FrontEndSettings.SampleRate);
        }
        finally
        {
            foreach ((_, StemSamples file) in opened)
                file.Dispose();
        }
    }
}
