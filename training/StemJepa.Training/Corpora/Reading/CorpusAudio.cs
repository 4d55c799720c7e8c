using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>The stems of a list of songs, opened for random access. Thread-safe.</summary>
internal sealed class CorpusAudio : IDisposable
{
    public const int Stems = 4;

    /// <summary>The peak, -40 dB, over which a stem sounds in a window.</summary>
    public const double SoundingPeak = 0.01;

    private readonly StemSamples?[][] _stems;

    public CorpusAudio(IReadOnlyList<CorpusSong> songs)
    {
        Songs = songs;
        _stems = new StemSamples?[songs.Count][];
        for (int i = 0; i < songs.Count; i++)
            _stems[i] = [.. Stem.Roles
                .Select(stem => File.Exists(songs[i].PathOf(stem)) ? StemSamples.Open(songs[i].PathOf(stem)) : null)];
    }

    public IReadOnlyList<CorpusSong> Songs { get; }

    /// <summary>Total length of the songs in hours; the length of a song is that of its longest stem.</summary>
    public double Hours => Enumerable.Range(0, Songs.Count).Sum(song => (double)Length(song)) / FrontEndSettings.SampleRate / 3600;

    /// <summary>Returns the number of samples of the longest stem of a song.</summary>
    public int Length(int song) => _stems[song].Max(stem => stem?.Length ?? 0);

    /// <summary>Reads a window of one stem; samples after the end of the stem, or of a missing stem, are zero.</summary>
    public void Read(int song, int stem, int start, Span<float> destination)
    {
        if (_stems[song][stem] is { } samples && start < samples.Length)
            samples.Read(start, destination);
        else
            destination.Clear();
    }

    /// <summary>Reads a window of all stems, in the order of <see cref="Stem"/>: [stem][sample].</summary>
    public float[][] ReadAll(int song, int start, int length)
    {
        var window = new float[Stems][];
        for (int stem = 0; stem < Stems; stem++)
            Read(song, stem, start, window[stem] = new float[length]);
        return window;
    }

    /// <summary>Returns whether a stem's window passes <see cref="SoundingPeak"/>.</summary>
    public static bool IsSounding(ReadOnlySpan<float> samples) => Math.Abs(TensorPrimitives.MaxMagnitude(samples)) > SoundingPeak;

    /// <summary>Returns the sum of all stems of a window except <paramref name="stem"/>.</summary>
    public static float[] MixWithout(float[][] window, int stem)
    {
        var mix = new float[window[stem].Length];
        foreach (float[] other in window.Where((_, index) => index != stem))
            TensorPrimitives.Add(mix, other, mix);
        return mix;
    }

    public void Dispose()
    {
        foreach (StemSamples?[] song in _stems)
        foreach (StemSamples? stem in song)
            stem?.Dispose();
    }
}
