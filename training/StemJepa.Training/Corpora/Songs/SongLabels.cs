namespace StemJepa.Training.Corpora;

/// <summary>Labels of a composed song. Times are ticks from its start. Immutable.</summary>
/// <param name="Family">Genre family.</param>
/// <param name="Grooves">mma's grooves; the first is the main groove.</param>
/// <param name="Metre">The time signature.</param>
/// <param name="Beats">Ticks of the beats (pulses).</param>
/// <param name="Downbeats">Ticks of the bars.</param>
/// <param name="Chords">The chords and their starts.</param>
/// <param name="Keys">The keys and their starts.</param>
/// <param name="End">End of the last bar.</param>
internal sealed record SongLabels(
    GenreFamily Family, IReadOnlyList<string> Grooves, string Metre, IReadOnlyList<long> Beats, IReadOnlyList<long> Downbeats,
    IReadOnlyList<(long Tick, Chord Chord)> Chords, IReadOnlyList<(long Tick, Key Key)> Keys, long End)
{
    /// <summary>Who plays the drums; null for mma.</summary>
    public DrummingRecord? Drumming { get; init; }
}

/// <summary>
/// The performance that plays the drums of a composed song: its name in the Groove MIDI Dataset, drummer, style, tempo (quarter notes
/// per minute), first bar, the fills at the ends of sections, and whether the other parts follow its beat.
/// </summary>
internal sealed record DrummingRecord(string Performance, string Drummer, string Style, int Bpm, int FirstBar, IReadOnlyList<string> Fills,
    bool Followed);

/// <summary>Families of genres into which mma's grooves are sorted.</summary>
public enum GenreFamily
{
    /// <summary>Slow songs.</summary>
    Ballad,

    /// <summary>Blues and boogie.</summary>
    Blues,

    /// <summary>Country, bluegrass and folk.</summary>
    Country,

    /// <summary>Electronic dance music.</summary>
    Dance,

    /// <summary>Funk, soul, rhythm and blues, hip-hop.</summary>
    Funk,

    /// <summary>Jazz combos.</summary>
    Jazz,

    /// <summary>Bossa nova, salsa, tango and related dances.</summary>
    Latin,

    /// <summary>Marches and polkas.</summary>
    March,

    /// <summary>All other grooves.</summary>
    Pop,

    /// <summary>Reggae and ska.</summary>
    Reggae,

    /// <summary>Rock and metal.</summary>
    Rock,

    /// <summary>Big bands and swing dances.</summary>
    Swing,

    /// <summary>Waltzes.</summary>
    Waltz,
}
