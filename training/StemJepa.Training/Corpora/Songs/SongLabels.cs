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
    IReadOnlyList<(long Tick, Chord Chord)> Chords, IReadOnlyList<(long Tick, Key Key)> Keys, long End);

/// <summary>Families of genres into which mma's grooves are sorted.</summary>
internal enum GenreFamily
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
