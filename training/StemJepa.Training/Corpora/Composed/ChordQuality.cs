namespace StemJepa.Training.Corpora;

/// <summary>Kinds of chords.</summary>
public enum ChordQuality
{
    /// <summary>Major triad.</summary>
    Major,

    /// <summary>Minor triad.</summary>
    Minor,

    /// <summary>Major with minor seventh.</summary>
    Dominant7,

    /// <summary>Major with major seventh.</summary>
    Major7,

    /// <summary>Minor with minor seventh.</summary>
    Minor7,

    /// <summary>Diminished with minor seventh.</summary>
    HalfDiminished,

    /// <summary>Diminished with diminished seventh.</summary>
    Diminished7,

    /// <summary>Major with sixth.</summary>
    Sixth,

    /// <summary>Dominant seventh with a fourth instead of the third.</summary>
    Suspended7,

    /// <summary>Dominant seventh with minor ninth.</summary>
    FlatNinth,
}
