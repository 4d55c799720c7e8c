namespace StemJepa.TestSupport;

/// <summary>The golden weights, exported: loaded once for the tests that share it.</summary>
public sealed class GoldenModel : IDisposable
{
    internal const int SampleRate = 16000;

    internal static string Folder => Path.Combine(AppContext.BaseDirectory, "golden-model");

    /// <summary>The same with a guitar and strings as fifth and sixth stem.</summary>
    internal static string FolderWithGuitar => Path.Combine(AppContext.BaseDirectory, "golden-model-guitar");

    internal StemAffinity Affinity { get; } = StemAffinity.Load(Folder, new StemAffinityOptions { Threads = 2 });

    internal static AudioClip Clip(string name) => AudioClip.Load(Golden.PathOf(name));

    /// <summary>Noise and a tone, different for each seed.</summary>
    internal static AudioClip Music(int samples, int seed, int sampleRate = SampleRate)
    {
        var random = new Random(seed);
        double frequency = 100 + random.NextDouble() * 2000;
        float[] values = [.. Enumerable.Range(0, samples).Select(i =>
            0.3f * (float)Math.Sin(2 * Math.PI * frequency * i / sampleRate) + 0.1f * (random.NextSingle() - 0.5f))];
        return new AudioClip(values, sampleRate);
    }

    /// <summary>A copy of the model folder that a test may spoil.</summary>
    internal static void CopyTo(string folder)
    {
        foreach (string file in Directory.GetFiles(Folder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    public void Dispose() => Affinity.Dispose();
}
