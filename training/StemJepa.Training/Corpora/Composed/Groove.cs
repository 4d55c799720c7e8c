namespace StemJepa.Training.Corpora;

/// <summary>A groove of mma's library that has drums, a bass and other parts.</summary>
/// <param name="File">Path in the library without the extension, such as "stdlib/bossanova".</param>
/// <param name="Name">Name in the file, such as "BossaNovaSus".</param>
/// <param name="BarBeats">Number of mma's beats in a bar; a beat is a quarter note of the MIDI file.</param>
/// <param name="IsCompound">True for compound time signatures (6/8, 12/8).</param>
internal sealed record Groove(string File, string Name, int BarBeats, bool IsCompound)
{
    /// <summary>Name in mma's Groove lines; it includes the file because names are not unique.</summary>
    public string FullName => $"{File}:{Name}";

    /// <summary>Length of a pulse in mma's beats: 3 for 6/8 in six beats, else 1.</summary>
    public int PulseBeats => IsCompound && BarBeats == 6 ? 3 : 1;

    /// <summary>Number of pulses in a bar.</summary>
    public int BarPulses => BarBeats / PulseBeats;

    /// <summary>The time signature.</summary>
    public string Metre => IsCompound ? $"{3 * BarPulses}/8" : $"{BarBeats}/4";

    /// <summary>Genre family.</summary>
    public GenreFamily Family => GenreFamilies.FromNames(File, Name);
}

/// <summary>Finds the genre family of a groove from words in its name, and tempo and chords that suit the family. Thread-safe.</summary>
internal static class GenreFamilies
{
    private static readonly (GenreFamily Family, string[] Words)[] Table =
    [
        (GenreFamily.Ballad, ["ballad", "serenade", "hymn", "lullaby", "spiritual", "bald", "desert"]),
        (GenreFamily.Waltz, ["waltz", "34"]),
        (GenreFamily.Reggae, ["reggae", "ska"]),
        (GenreFamily.March, ["march", "polka"]),
        (GenreFamily.Blues, ["blues", "boogie", "boggie"]),
        (GenreFamily.Latin, [
            "bossa", "samba", "salsa", "rhumba", "mambo", "chacha", "tango", "beguine", "bolero", "cuban", "merengue", "/son", "latin",
            "calypso", "afro", "quando", "lfusion"]),
        (GenreFamily.Dance, ["dance", "techno", "house", "trance", "rave", "dnb", "disco", "ambient", "electric", "digital", "boneym"]),
        (GenreFamily.Funk, [
            "funk", "soul", "motown", "fusion", "fus16", "hiphop", "hip-hop", "trip", "r+b", "stdlib/rb", "rnb", "modernrb", "mellowrb"]),
        (GenreFamily.Swing, [
            "swing", "bigband", "foxtrot", "charleston", "dixie", "quickstep", "ragtime", "jive", "softshoe", "showtune", "broadway",
            "strut", "basie"]),
        (GenreFamily.Jazz, ["jazz", "bebop", "evans"]),
        (GenreFamily.Country, ["country", "cntry", "western", "bluegrass", "zydeco", "folk", "2beat"]),
        (GenreFamily.Rock, ["rock", "metal", "mtl", "hrk", "punk", "twist", "thr", "shuffle", "highfive", "twi"]),
    ];

    /// <summary>Finds the family of a groove: words in the file name count first, then those in the name of the groove.</summary>
    public static GenreFamily FromNames(string file, string name)
    {
        foreach (string text in (string[])[file, name])
            foreach ((GenreFamily family, string[] words) in Table)
                if (words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase))) return family;
        return GenreFamily.Pop;
    }

    /// <summary>
    /// Returns the range of tempi that suit a groove, in BPM, 60..200; it depends on the family and on words such as "slow" in the name.
    /// </summary>
    public static (int Low, int High) TempoRange(Groove groove)
    {
        (int low, int high) = groove.Family switch
        {
            GenreFamily.Ballad => (60, 92),
            GenreFamily.Blues => (70, 132),
            GenreFamily.Country => (84, 150),
            GenreFamily.Dance => (112, 142),
            GenreFamily.Funk => (80, 120),
            GenreFamily.Jazz => (90, 184),
            GenreFamily.Latin => (90, 160),
            GenreFamily.March => (96, 132),
            GenreFamily.Reggae => (70, 140),
            GenreFamily.Rock => (92, 152),
            GenreFamily.Swing => (104, 200),
            GenreFamily.Waltz => (84, 180),
            _ => (84, 132),
        };
        if (groove.IsCompound) (low, high) = (low * 2 / 3, high * 3 / 4);
        bool Called(string word) => groove.FullName.Contains(word, StringComparison.OrdinalIgnoreCase);
        if (Called("slow")) high = (low + high) / 2;
        if (Called("fast")) low = (low + high) / 2;
        if (Called("slow") || Called("mellow")) low = low * 3 / 4;
        return (Math.Max(60, low), Math.Clamp(high, 72, 200));
    }

    /// <summary>Returns the probability that a chord of the family has a seventh, 0..1.</summary>
    public static double SeventhProbability(GenreFamily family) => family switch
    {
        GenreFamily.Jazz or GenreFamily.Swing => 0.85,
        GenreFamily.Latin or GenreFamily.Funk or GenreFamily.Blues => 0.6,
        GenreFamily.Ballad or GenreFamily.Pop or GenreFamily.Waltz => 0.3,
        _ => 0.15,
    };
}
