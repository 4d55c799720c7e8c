using static StemJepa.Training.Corpora.ChordQuality;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Draws chord progressions: a random walk over the degrees of the key, with secondary dominants and borrowed chords, that ends each
/// section with a cadence; or a twelve-bar blues. Thread-safe for different generators.
/// </summary>
internal static class Harmony
{
    private const double TwelveBarBlues = 0.6;

    private static readonly Dictionary<string, (int Offset, ChordQuality Triad, ChordQuality Seventh)> Major = new()
    {
        ["I"] = (0, ChordQuality.Major, Major7), ["ii"] = (2, Minor, Minor7), ["iii"] = (4, Minor, Minor7),
        ["IV"] = (5, ChordQuality.Major, Major7),
        ["V"] = (7, ChordQuality.Major, Dominant7), ["vi"] = (9, Minor, Minor7), ["viio"] = (11, HalfDiminished, HalfDiminished),
        ["iv"] = (5, Minor, Minor7), ["bVII"] = (10, ChordQuality.Major, Dominant7), ["bVI"] = (8, ChordQuality.Major, Major7),
        ["bIII"] = (3, ChordQuality.Major, Major7),
        ["V/ii"] = (9, Dominant7, FlatNinth), ["V/iii"] = (11, Dominant7, Dominant7), ["V/IV"] = (0, Dominant7, Dominant7),
        ["V/V"] = (2, Dominant7, Dominant7), ["V/vi"] = (4, Dominant7, FlatNinth),
        ["#ivo"] = (6, Diminished7, HalfDiminished), ["#io"] = (1, Diminished7, Diminished7), ["I6"] = (0, Sixth, Sixth),
        ["Vsus"] = (7, Suspended7, Suspended7),
    };

    private static readonly Dictionary<string, (string, double)[]> MajorNext = new()
    {
        ["I"] = [("IV", 5), ("V", 3), ("vi", 5), ("ii", 3), ("iii", 2), ("V/IV", 1), ("V/vi", 1), ("V/ii", 1), ("bVII", 1), ("#io", 0.6),
            ("bIII", 0.4)],
        ["I6"] = [("ii", 3), ("vi", 2), ("IV", 3), ("V/ii", 1)],
        ["ii"] = [("V", 8), ("Vsus", 1), ("IV", 1), ("iii", 1), ("V/V", 0.7), ("viio", 0.3)],
        ["iii"] = [("vi", 5), ("IV", 4), ("V/ii", 1), ("ii", 1)],
        ["IV"] = [("V", 4), ("I", 4), ("ii", 2), ("iv", 1), ("bVII", 0.7), ("#ivo", 0.6), ("Vsus", 0.7), ("vi", 1)],
        ["V"] = [("I", 6), ("vi", 3), ("IV", 2), ("I6", 1), ("iii", 0.6)],
        ["Vsus"] = [("V", 3), ("I", 2)],
        ["vi"] = [("IV", 5), ("ii", 4), ("V", 2), ("iii", 1), ("V/V", 1), ("bVI", 0.3)],
        ["viio"] = [("V/vi", 2), ("I", 2), ("iii", 1)],
        ["iv"] = [("I", 4), ("V", 1), ("bVII", 1)],
        ["bVII"] = [("IV", 3), ("I", 3), ("V", 1)],
        ["bVI"] = [("bVII", 3), ("V", 2), ("iv", 1)],
        ["bIII"] = [("IV", 3), ("bVI", 1), ("ii", 1)],
        ["V/ii"] = [("ii", 1)], ["V/iii"] = [("iii", 1)], ["V/IV"] = [("IV", 3), ("iv", 0.5)],
        ["V/V"] = [("V", 3), ("Vsus", 0.6), ("ii", 0.5)], ["V/vi"] = [("vi", 3), ("IV", 1)],
        ["#ivo"] = [("V", 2), ("I6", 1)], ["#io"] = [("ii", 1)],
    };

    private static readonly Dictionary<string, (int Offset, ChordQuality Triad, ChordQuality Seventh)> MinorDegrees = new()
    {
        ["i"] = (0, Minor, Minor7), ["iio"] = (2, HalfDiminished, HalfDiminished), ["III"] = (3, ChordQuality.Major, Major7),
        ["iv"] = (5, Minor, Minor7),
        ["v"] = (7, Minor, Minor7), ["V"] = (7, ChordQuality.Major, Dominant7), ["VI"] = (8, ChordQuality.Major, Major7),
        ["VII"] = (10, ChordQuality.Major, Dominant7),
        ["bII"] = (1, ChordQuality.Major, Major7), ["IV"] = (5, ChordQuality.Major, Dominant7), ["V/iv"] = (0, Dominant7, FlatNinth),
        ["V/III"] = (10, Dominant7, Dominant7),
        ["V/V"] = (2, Dominant7, Dominant7), ["viio"] = (11, Diminished7, Diminished7), ["Vb9"] = (7, Dominant7, FlatNinth),
    };

    private static readonly Dictionary<string, (string, double)[]> MinorNext = new()
    {
        ["i"] = [("iv", 4), ("VI", 5), ("VII", 4), ("v", 1.5), ("V", 2), ("III", 2), ("iio", 2), ("V/iv", 1), ("IV", 1), ("bII", 0.4)],
        ["iio"] = [("V", 4), ("Vb9", 2), ("viio", 0.6)],
        ["III"] = [("VI", 3), ("VII", 3), ("iv", 2), ("i", 1), ("iio", 1)],
        ["iv"] = [("V", 3), ("i", 3), ("VII", 2), ("iio", 1), ("VI", 1), ("Vb9", 1)],
        ["v"] = [("i", 2), ("VI", 3), ("iv", 2)],
        ["V"] = [("i", 6), ("VI", 2)],
        ["Vb9"] = [("i", 1)],
        ["VI"] = [("VII", 4), ("iv", 2), ("III", 2), ("iio", 1.5), ("V", 2), ("bII", 0.5), ("V/V", 0.5)],
        ["VII"] = [("i", 3), ("III", 4), ("VI", 3), ("v", 0.5), ("iv", 1)],
        ["bII"] = [("V", 3), ("Vb9", 1), ("i", 0.5)],
        ["IV"] = [("i", 2), ("VII", 3), ("V", 1)],
        ["V/iv"] = [("iv", 1)], ["V/III"] = [("III", 1)], ["V/V"] = [("V", 1)], ["viio"] = [("i", 1)],
    };

    /// <summary>Draws the chords of a section: one chord per bar, or two that share the bar.</summary>
    /// <param name="key">The key.</param>
    /// <param name="bars">Number of bars, at least 2.</param>
    /// <param name="family">Genre family, on which sevenths and the blues depend.</param>
    /// <param name="mayDivide">True if two chords may share a bar.</param>
    /// <param name="isFirst">True for a section that must start on the tonic.</param>
    /// <param name="random">Random number generator.</param>
    public static IReadOnlyList<IReadOnlyList<Chord>> Section(
        Key key, int bars, GenreFamily family, bool mayDivide, bool isFirst, Random random)
    {
        if (family == GenreFamily.Blues && bars % 12 == 0 && random.Chance(TwelveBarBlues)) return Blues(key, bars, random);
        double sevenths = GenreFamilies.SeventhProbability(family), density = random.Pick<double>([(0.0, 3), (0.25, 2), (0.6, 1)]);
        double slow = random.Pick<double>([(0.0, 3), (0.4, 1)]);
        var degrees = new List<List<string>>();
        string at = isFirst || random.Chance(0.3) ? Tonic(key) : random.Pick<string>(key.IsMinor
            ? [("iv", 2), ("VI", 3), ("III", 3), ("VII", 1)]
            : [("IV", 3), ("vi", 3), ("ii", 2), ("iii", 1), ("V/vi", 1)]);
        for (int bar = 0; bar < bars; bar++)
        {
            if (bar > 0 && !(bar % 2 == 1 && random.Chance(slow))) at = Next(key, at, random);
            var inBar = new List<string> { at };
            if (mayDivide && random.Chance(density)) inBar.Add(at = Next(key, at, random));
            degrees.Add(inBar);
        }
        Cadence(key, degrees, random);
        return [.. degrees.Select(bar => (IReadOnlyList<Chord>)[.. bar.Select(d => Spell(key, d, random.Chance(sevenths)))])];
    }

    private static string Tonic(Key key) => key.IsMinor ? "i" : "I";

    private static string Next(Key key, string degree, Random random) => random.Pick<string>((key.IsMinor ? MinorNext : MajorNext)[degree]);

    private static void Cadence(Key key, List<List<string>> degrees, Random random)
    {
        string[] cadence = random.Pick<string[]>(key.IsMinor
            ? [(["V", "i"], 4), (["iv", "V"], 2), (["VII", "i"], 2), (["iio", "V"], 2), (["iv", "i"], 1)]
            : [(["V", "I"], 4), (["ii", "V"], 2), (["IV", "I"], 2), (["IV", "V"], 2), (["V", "vi"], 1), (["iv", "I"], 1),
                (["bVII", "I"], 1)]);
        degrees[^2] = [cadence[0]];
        degrees[^1] = [cadence[1]];
    }

    private static Chord Spell(Key key, string degree, bool seventh)
    {
        (int offset, ChordQuality triad, ChordQuality withSeventh) = (key.IsMinor ? MinorDegrees : Major)[degree];
        return new Chord((key.Tonic + offset) % 12, seventh ? withSeventh : triad);
    }

    private static List<IReadOnlyList<Chord>> Blues(Key key, int bars, Random random)
    {
        int[] plan = [0, random.Chance(0.5) ? 5 : 0, 0, 0, 5, 5, 0, random.Chance(0.4) ? 9 : 0, random.Chance(0.4) ? 2 : 7,
            random.Chance(0.6) ? 5 : 7, 0, random.Chance(0.6) ? 7 : 0];
        var chords = new List<IReadOnlyList<Chord>>();
        for (int bar = 0; bar < bars; bar++)
        {
            int offset = plan[bar % 12];
            bool minor = offset == 2 || (key.IsMinor && offset is 0 or 5);
            chords.Add([new Chord((key.Tonic + offset) % 12, minor ? Minor7 : Dominant7)]);
        }
        return chords;
    }
}
