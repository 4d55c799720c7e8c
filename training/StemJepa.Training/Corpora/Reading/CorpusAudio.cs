using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>The stems of a list of songs, and those of instrument families, opened for random access. Thread-safe.</summary>
internal sealed class CorpusAudio : IDisposable
{
    public const int Stems = 4;

    /// <summary>The peak, -40 dB, over which a stem sounds in a window.</summary>
    public const double SoundingPeak = 0.01;

    private readonly StemSamples?[][] _stems;
    private readonly IReadOnlyDictionary<int, FamilyStem>[] _families;
    private readonly Lazy<string?[]> _genres;
    private readonly Lazy<double?[]> _tempos;

    /// <summary>Opens the songs.</summary>
    /// <param name="songs">The songs.</param>
    /// <param name="families">The instrument families to open where songs have them; families are their indices from then on.</param>
    public CorpusAudio(IReadOnlyList<CorpusSong> songs, IReadOnlyList<string>? families = null)
    {
        Songs = songs;
        _genres = new(() => [.. songs.Select(song => SongProperties.Genre(song.Folder))]);
        _tempos = new(() => [.. songs.Select(song => SongProperties.Tempo(song.Folder))]);
        _families = [.. songs.Select(song => FamiliesOf(song, families ?? []))];
        _stems = new StemSamples?[songs.Count][];
        for (int i = 0; i < songs.Count; i++)
            _stems[i] = [.. Stem.Roles
                .Select(stem => File.Exists(songs[i].PathOf(stem)) ? StemSamples.Open(songs[i].PathOf(stem)) : null)];
    }

    /// <summary>
    /// An instrument family of a song: the roles whose parts it is, as their numbers, and its own recording, which is null where it is all
    /// of its roles.
    /// </summary>
    private sealed record FamilyStem(IReadOnlyList<int> Roles, StemSamples? Own);

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

    /// <summary>
    /// Returns the kind of music of a song, as its <c>song.json</c> tells it; null if it does not. All are read once, when one is asked
    /// for.
    /// </summary>
    /// <exception cref="StemJepaException">A song's <c>song.json</c> is damaged.</exception>
    public string? GenreOf(int song) => _genres.Value[song];

    /// <summary>Returns the tempo of most of a song in quarter notes per minute, as <see cref="GenreOf"/>.</summary>
    /// <exception cref="StemJepaException">A song's <c>song.json</c> is damaged.</exception>
    public double? TempoOf(int song) => _tempos.Value[song];

    /// <summary>Returns whether a song has a family.</summary>
    public bool HasFamily(int song, int family) => _families[song].ContainsKey(family);

    /// <summary>Returns the families that a song has, in order.</summary>
    public IReadOnlyList<int> FamiliesOf(int song) => [.. _families[song].Keys.Order()];

    /// <summary>Returns the numbers of the roles whose parts a family of a song is.</summary>
    public IReadOnlyList<int> RolesOf(int song, int family) => _families[song][family].Roles;

    /// <summary>
    /// Reads a window of a family of a song, and of what is left of its roles without it; samples after the end are zero.
    /// </summary>
    public void ReadFamily(int song, int family, int start, Span<float> samples, Span<float> left)
    {
        FamilyStem stem = _families[song][family];
        left.Clear();
        foreach (int role in stem.Roles)
        {
            Read(song, role, start, samples);
            TensorPrimitives.Add(left, samples, left);
        }
        if (stem.Own is null)
            left.CopyTo(samples);
        else if (start < stem.Own.Length)
            stem.Own.Read(start, samples);
        else
            samples.Clear();
        TensorPrimitives.Subtract(left, samples, left);
    }

    private static IReadOnlyDictionary<int, FamilyStem> FamiliesOf(CorpusSong song, IReadOnlyList<string> names)
    {
        var found = new Dictionary<int, FamilyStem>();
        IReadOnlyDictionary<string, string[]>? families = names.Count == 0 ? null : SongFamilies.Read(song.Folder);
        for (int family = 0; family < names.Count; family++)
        {
            if (!families!.TryGetValue(names[family], out string[]? roles))
                continue;
            string own = SongFamilies.PathIn(song.Folder, names[family]);
            found[family] = new FamilyStem(
                [.. Enumerable.Range(0, Stems).Where(role => roles.Contains(Stem.Roles[role].Name))],
                File.Exists(own) ? StemSamples.Open(own) : null);
        }
        return found;
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
        foreach (FamilyStem family in _families.SelectMany(song => song.Values))
            family.Own?.Dispose();
    }
}
