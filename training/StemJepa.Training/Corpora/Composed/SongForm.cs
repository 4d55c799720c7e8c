namespace StemJepa.Training.Corpora;

/// <summary>
/// Draws a song's form: sections of 4, 8, 12 or 16 bars with their chords, in an order such as AABA, perhaps with a change of key.
/// Thread-safe for different generators.
/// </summary>
internal static class SongForm
{
    private const double Modulates = 0.25, ChangesGroove = 0.5;
    private static readonly (string, double)[] Orders =
        [("AABA", 3), ("ABAB", 3), ("ABAC", 2), ("AAB", 2), ("ABB", 1), ("ABCA", 1), ("AB", 1)];

    /// <summary>Draws sections that together have <paramref name="bars"/> bars; the last one may be cut after a whole bar.</summary>
    /// <param name="key">The first key.</param>
    /// <param name="grooves">Grooves of one file and one metre: the first is the main groove, another may play the sections B and
    /// C.</param>
    /// <param name="bars">Number of bars of the song, at least 4.</param>
    /// <param name="random">Random number generator.</param>
    public static IReadOnlyList<SongSection> Draw(Key key, IReadOnlyList<Groove> grooves, int bars, Random random)
    {
        string order = random.Pick<string>(Orders);
        GenreFamily family = grooves[0].Family;
        int length = LengthOf(bars, family, random);
        bool mayDivide = grooves[0].BarPulses >= 2;
        Groove other = grooves.Count > 1 && random.Chance(ChangesGroove) ? random.Pick(grooves) : grooves[0];
        int lift = random.Chance(Modulates) ? random.Pick<int>([(2, 3), (1, 2), (5, 2), (-2, 1), (3, 1), (7, 1)]) : 0;
        int liftedFrom = 1 + random.Next(Math.Max(1, bars / length - 1));
        var materials = new Dictionary<char, (Key Key, IReadOnlyList<IReadOnlyList<Chord>> Bars)>();
        var sections = new List<SongSection>();
        for (int left = bars, i = 0; left > 0; i++)
        {
            char letter = order[i % order.Length];
            if (!materials.TryGetValue(letter, out var material))
            {
                Key home = letter != 'A' && random.Chance(0.3) ? Relative(key) : key;
                materials[letter] = material = (home, Harmony.Section(home, length, family, mayDivide, letter == 'A', random));
            }
            int moved = i >= liftedFrom ? lift : 0;
            var chords = material.Bars.Take(left).Select(bar => (IReadOnlyList<Chord>)[.. bar.Select(c => c.Transpose(moved))]).ToList();
            sections.Add(new SongSection(letter, material.Key.Transpose(moved), chords, letter == 'A' ? grooves[0] : other));
            left -= chords.Count;
        }
        return sections;
    }

    private static Key Relative(Key key) => key.IsMinor ? new Key((key.Tonic + 3) % 12, false) : new Key((key.Tonic + 9) % 12, true);

    private static int LengthOf(int bars, GenreFamily family, Random random)
    {
        if (family == GenreFamily.Blues && bars >= 15) return 12;
        return bars switch
        {
            < 14 => 4,
            < 22 => random.Pick<int>([(4, 1), (8, 2)]),
            < 40 => random.Pick<int>([(4, 1), (8, 4), (12, 1)]),
            _ => random.Pick<int>([(8, 3), (12, 1), (16, 2)]),
        };
    }
}
