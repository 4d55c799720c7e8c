using System.Globalization;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Variants that are hard to tell from their song: same soundfont, programs and balance, but transposed by one to three semitones, or 4 to
/// 12 % faster or slower, or both (one in five). Thread-safe.
/// </summary>
internal static class NearbyVariants
{
    /// <summary>Largest transposition in semitones.</summary>
    public const int MostSemitones = 3;

    /// <summary>Smallest change of the tempo, as a fraction.</summary>
    public const double LeastTempo = 0.04;

    /// <summary>Largest change of the tempo, as a fraction.</summary>
    public const double MostTempo = 0.12;

    /// <summary>Creates one variant, SONG~nearby, of each training song.</summary>
    public static IReadOnlyList<CorpusItem> Create(IEnumerable<CorpusItem> originals, int seed) => [.. originals.Select((original, index) =>
    {
        string name = $"{original.Name}{CorpusSong.VariantMark}nearby";
        return new CorpusItem(name, original.Split, seed, async cancel =>
        {
            (SourceSong song, RenderPlan plan) = await original.Prepare(cancel);
            return (song, Moved(plan with { Seed = seed }, name, index, seed));
        });
    })];

    /// <summary>Creates the variant of a song of a test set; <paramref name="index"/> is its number among variants of one kind.</summary>
    public static TestSongPlan Create(TestSongPlan original, int index, int seed)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{original.Name}{CorpusSong.VariantMark}01");
        return new TestSongPlan(name, original.IsComposed, original.Name, new(async () =>
        {
            (SourceSong song, RenderPlan plan) = await original.Music.Value;
            return (song, Moved(plan, name, index, seed));
        }));
    }

    /// <summary>Draws the plan of the variant <paramref name="name"/> from the plan of its song.</summary>
    public static RenderPlan Moved(RenderPlan original, string name, int index, int seed)
    {
        Random random = SeededRandom.For($"{seed}/nearby/{original.Name}");
        int semitones = random.Next(1, MostSemitones + 1) * (random.Chance(0.5) ? 1 : -1);
        double tempo = 1 + (LeastTempo + (MostTempo - LeastTempo) * random.NextDouble()) * (random.Chance(0.5) ? 1 : -1);
        (bool movesKey, bool movesTempo) = (index % 5) switch { 0 or 2 => (true, false), 1 or 3 => (false, true), _ => (true, true) };
        return original with { Name = name, Transpose = movesKey ? semitones : 0, TempoFactor = movesTempo ? Math.Round(tempo, 4) : 1 };
    }
}

/// <summary>One song of a test set. Immutable; thread-safe.</summary>
/// <param name="Name">Name of the song.</param>
/// <param name="IsComposed">True for composed songs, false for real ones.</param>
/// <param name="VariantOf">Name of the song of which it is a variant; null for other songs.</param>
/// <param name="Music">The song and its plan; composed once, on first use.</param>
internal sealed record TestSongPlan(string Name, bool IsComposed, string? VariantOf, Lazy<Task<(SourceSong Song, RenderPlan Plan)>> Music)
{
    /// <summary>"composed" or "real".</summary>
    public string Kind => IsComposed ? "composed" : "real";
}
