using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>The stems of a list of songs, opened for random access. Thread-safe.</summary>
internal sealed class CorpusAudio : IDisposable
{
    public const int Stems = 4;

    /// <summary>The peak, -40 dB, over which a stem sounds in a window.</summary>
    public const double SoundingPeak = 0.01;

    private readonly StemSamples?[][] stems;

    public CorpusAudio(IReadOnlyList<CorpusSong> songs)
    {
        Songs = songs;
        stems = new StemSamples?[songs.Count][];
        for (int i = 0; i < songs.Count; i++)
            stems[i] = [.. Enum.GetValues<Stem>().Select(stem => File.Exists(songs[i].PathOf(stem)) ? StemSamples.Open(songs[i].PathOf(stem)) : null)];
    }

    public IReadOnlyList<CorpusSong> Songs { get; }

    /// <summary>Hours of the songs, each as long as its longest stem.</summary>
    public double Hours => Enumerable.Range(0, Songs.Count).Sum(song => (double)Length(song)) / FrontEndSettings.SampleRate / 3600;

    /// <summary>Samples of a song: those of its longest stem.</summary>
    public int Length(int song) => stems[song].Max(stem => stem?.Length ?? 0);

    /// <summary>Reads a window of one stem; silence where the stem has ended or is missing.</summary>
    public void Read(int song, int stem, int start, Span<float> destination)
    {
        if (stems[song][stem] is { } samples && start < samples.Length)
            samples.Read(start, destination);
        else
            destination.Clear();
    }

    /// <summary>Reads a window of all stems, in their order.</summary>
    public float[][] ReadAll(int song, int start, int length)
    {
        var window = new float[Stems][];
        for (int stem = 0; stem < Stems; stem++)
            Read(song, stem, start, window[stem] = new float[length]);
        return window;
    }

    /// <summary>Whether a stem's window passes <see cref="SoundingPeak"/>.</summary>
    public static bool IsSounding(ReadOnlySpan<float> samples) => Math.Abs(TensorPrimitives.MaxMagnitude(samples)) > SoundingPeak;

    /// <summary>The sum of a window's stems but one.</summary>
    public static float[] MixWithout(float[][] window, int stem)
    {
        var mix = new float[window[stem].Length];
        foreach (float[] other in window.Where((_, index) => index != stem))
            TensorPrimitives.Add(mix, other, mix);
        return mix;
    }

    public void Dispose()
    {
        foreach (StemSamples?[] song in stems)
        foreach (StemSamples? stem in song)
            stem?.Dispose();
    }
}
