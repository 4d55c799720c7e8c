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
