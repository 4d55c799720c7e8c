namespace StemJepa.Training.Corpora;

/// <summary>Kinds of music that mma's grooves are sorted into.</summary>
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

    /// <summary>Bossa nova, salsa, tango and their relatives.</summary>
    Latin,

    /// <summary>Marches and polkas.</summary>
    March,

    /// <summary>Whatever is none of the others.</summary>
    Pop,

    /// <summary>Reggae and ska.</summary>
    Reggae,

    /// <summary>Rock and metal.</summary>
    Rock,

    /// <summary>Big bands and their dances.</summary>
    Swing,

    /// <summary>Waltzes.</summary>
    Waltz,
}

/// <summary>What is known of a composed song: times are ticks from its start. Immutable.</summary>
/// <param name="Family">The kind of music.</param>
/// <param name="Grooves">mma's grooves, the first is the song's.</param>
/// <param name="Metre">The time signature.</param>
/// <param name="Beats">Ticks of the beats (pulses).</param>
/// <param name="Downbeats">Ticks of the bars.</param>
/// <param name="Chords">The chords and where they begin.</param>
/// <param name="Keys">The keys and where they begin.</param>
/// <param name="End">Where the last bar ends.</param>
public sealed record SongLabels(
    GenreFamily Family, IReadOnlyList<string> Grooves, string Metre, IReadOnlyList<long> Beats, IReadOnlyList<long> Downbeats,
    IReadOnlyList<(long Tick, Chord Chord)> Chords, IReadOnlyList<(long Tick, Key Key)> Keys, long End);
