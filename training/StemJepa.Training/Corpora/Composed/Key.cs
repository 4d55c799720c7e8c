namespace StemJepa.Training.Corpora;

/// <summary>A key: the pitch class of its tonic (0 is C) and its mode. Immutable.</summary>
public readonly record struct Key(int Tonic, bool IsMinor)
{
    private static readonly int[] MajorScale = [0, 2, 4, 5, 7, 9, 11], MinorScale = [0, 2, 3, 5, 7, 8, 10];

    /// <summary>The name, such as "Eb major".</summary>
    public string Name => $"{Chord.NameOf(Tonic)} {(IsMinor ? "minor" : "major")}";

    /// <summary>The pitch classes of the scale (natural minor), from the tonic on.</summary>
    public IReadOnlyList<int> Scale
    {
        get
        {
            int tonic = Tonic;
            return [.. (IsMinor ? MinorScale : MajorScale).Select(s => (tonic + s) % 12)];
        }
    }

    /// <summary>The key so many semitones higher.</summary>
    public Key Transpose(int semitones) => this with { Tonic = (((Tonic + semitones) % 12) + 12) % 12 };
}
