namespace StemJepa.Training.Corpora;

/// <summary>
/// The test set <c>rendered-150</c>: 150 songs of four stems, as many as MUSDB18 has. It holds the real test songs as written, songs
/// composed over grooves that training never uses, most of them in a soundfont that training never uses, and nearby variants of both.
/// Thread-safe.
/// </summary>
internal static class Rendered150
{
    /// <summary>Name on the command line.</summary>
    public const string Name = "rendered-150";

    /// <summary>Number of songs.</summary>
    public const int Songs = 150;

    /// <summary>Seed, which no training corpus may have.</summary>
    public const int Seed = 150_150;

    /// <summary>Number of variants of real songs.</summary>
    public const int RealVariants = 20;

    /// <summary>Number of composed songs, without variants.</summary>
    public const int Composed = 72;

    /// <summary>Number of composed songs, without variants, in the soundfont that training never uses.</summary>
    public const int InUnseenSoundFont = 56;

    /// <summary>Number of variants of composed songs in the soundfont that training never uses.</summary>
    public const int UnseenVariants = 24;

    private const double ShortestSeconds = 60, LongestSeconds = 75;

    /// <summary>Plans all songs in this order: real, variants of real, composed, variants of composed.</summary>
    /// <exception cref="StemJepaException">The number of real test songs is not that of the test set.</exception>
    public static async Task<IReadOnlyList<TestSongPlan>> PlanAsync(CancellationToken cancel)
    {
        (IReadOnlyList<SourceSong> all, _) = SourceSong.Select(await MidiCollections.ReadAllAsync(cancel));
        TestSongPlan[] real = [.. all.Where(s => s.IsTest).OrderBy(s => s.Name, StringComparer.Ordinal)
            .Select(s => new TestSongPlan(s.Name, false, null, new(() => Task.FromResult((s, RenderPlan.Original(s.Midi, Seed))))))];
        int variants = Songs - real.Length - RealVariants - Composed;
        if (variants < UnseenVariants)
            throw new StemJepaException($"{Name}: {real.Length} real test songs are here; "
                + $"the set has room for {Songs - RealVariants - Composed - UnseenVariants}: "
                + "install the package versions that real-songs.json names.");
        IReadOnlyList<TestSongPlan> composed = Compositions(cancel);
        return
        [
            .. real, .. Chosen(real, RealVariants, "real"),
            .. composed, .. Chosen(composed.Take(InUnseenSoundFont), UnseenVariants, "unseen"),
            .. Chosen(composed.Skip(InUnseenSoundFont), variants - UnseenVariants, "seen"),
        ];
    }

    private static IEnumerable<TestSongPlan> Chosen(IEnumerable<TestSongPlan> originals, int count, string label)
    {
        TestSongPlan[] order = [.. originals];
        SeededRandom.For($"{Seed}/chosen/{label}").Shuffle(order);
        return order.Take(count).OrderBy(p => p.Name, StringComparer.Ordinal).Select((p, i) => NearbyVariants.Create(p, i, Seed));
    }

    private static List<TestSongPlan> Compositions(CancellationToken cancel)
    {
        var composer = new Composer(GrooveLibrary.Read(), Seed, isTest: true);
        IReadOnlyList<(SoundFont, IReadOnlyList<int>)> unseen = SoundFont.ReadDrumSets([SoundFont.MuseScore]),
            seen = SoundFont.ReadDrumSets(SoundFont.Training);
        Random lengths = SeededRandom.For($"{Seed}/lengths");
        var songs = new List<TestSongPlan>();
        for (int number = 1; number <= Composed; number++)
        {
            int index = number;
            bool isUnseen = index <= InUnseenSoundFont;
            IReadOnlyList<LeadInstrument> leads =
                isUnseen ? [.. LeadInstrument.Training, .. LeadInstrument.TestOnly] : LeadInstrument.TestOnly;
            double seconds = ShortestSeconds + (LongestSeconds - ShortestSeconds) * lengths.NextDouble();
            songs.Add(new TestSongPlan(composer.NameOf(index), true, null, new(async () =>
            {
                SourceSong song = await composer.ComposeAsync(index, seconds, leads, cancel);
                return (song, ComposedPlan.Draw(song, isUnseen ? unseen : seen, Seed));
            })));
        }
        return songs;
    }
}
