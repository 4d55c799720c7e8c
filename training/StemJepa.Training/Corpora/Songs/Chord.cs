namespace StemJepa.Training.Corpora;

/// <summary>A chord: the pitch class of its root (0 is C) and its quality. Immutable.</summary>
internal readonly record struct Chord(int Root, ChordQuality Quality)
{
    private static readonly string[] Names = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

    /// <summary>Intervals above the root, in semitones.</summary>
    public IReadOnlyList<int> Intervals => Quality switch
    {
        ChordQuality.Major => [0, 4, 7],
        ChordQuality.Minor => [0, 3, 7],
        ChordQuality.Dominant7 => [0, 4, 7, 10],
        ChordQuality.Major7 => [0, 4, 7, 11],
        ChordQuality.Minor7 => [0, 3, 7, 10],
        ChordQuality.HalfDiminished => [0, 3, 6, 10],
        ChordQuality.Diminished7 => [0, 3, 6, 9],
        ChordQuality.Sixth => [0, 4, 7, 9],
        ChordQuality.Suspended7 => [0, 5, 7, 10],
        ChordQuality.FlatNinth => [0, 4, 7, 10, 13],
        _ => throw new InvalidOperationException($"{Quality} has no intervals."),
    };

    /// <summary>The name in the spelling that mma reads, such as "F#m7b5".</summary>
    public string Name => NameOf(Root) + Quality switch
    {
        ChordQuality.Major => "",
        ChordQuality.Minor => "m",
        ChordQuality.Dominant7 => "7",
        ChordQuality.Major7 => "maj7",
        ChordQuality.Minor7 => "m7",
        ChordQuality.HalfDiminished => "m7b5",
        ChordQuality.Diminished7 => "dim7",
        ChordQuality.Sixth => "6",
        ChordQuality.Suspended7 => "7sus4",
        ChordQuality.FlatNinth => "7b9",
        _ => throw new InvalidOperationException($"{Quality} has no name."),
    };

    /// <summary>The name of a pitch class.</summary>
    public static string NameOf(int pitchClass) => Names[Modulo(pitchClass)];

    /// <summary>True if the chord contains the pitch, in any octave.</summary>
    public bool Holds(int pitch)
    {
        foreach (int interval in Intervals)
            if (Modulo(pitch - Root - interval) == 0) return true;
        return false;
    }

    /// <summary>Returns the chord <paramref name="semitones"/> higher.</summary>
    public Chord Transpose(int semitones) => this with { Root = Modulo(Root + semitones) };

    private static int Modulo(int pitch) => ((pitch % 12) + 12) % 12;
}

/// <summary>Qualities of chords.</summary>
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

/// <summary>A key: the pitch class of its tonic (0 is C) and its mode. Immutable.</summary>
internal readonly record struct Key(int Tonic, bool IsMinor)
{
    private static readonly int[] MajorScale = [0, 2, 4, 5, 7, 9, 11], MinorScale = [0, 2, 3, 5, 7, 8, 10];

    /// <summary>The name, such as "Eb major".</summary>
    public string Name => $"{Chord.NameOf(Tonic)} {(IsMinor ? "minor" : "major")}";

    /// <summary>Pitch classes of the scale (natural minor), starting at the tonic.</summary>
    public IReadOnlyList<int> Scale
    {
        get
        {
            int tonic = Tonic;
            return [.. (IsMinor ? MinorScale : MajorScale).Select(s => (tonic + s) % 12)];
        }
    }

    /// <summary>Returns the key <paramref name="semitones"/> higher.</summary>
    public Key Transpose(int semitones) => this with { Tonic = (((Tonic + semitones) % 12) + 12) % 12 };
}
