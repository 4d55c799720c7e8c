namespace StemJepa.Training.Corpora;

/// <summary>
/// The performance that plays the drums of a composed song: its name in the Groove MIDI Dataset, drummer, style, tempo (quarter notes a
/// minute), first bar, the fills at the ends of sections, and whether the other parts follow its beat.
/// </summary>
public sealed record DrummingRecord(string Performance, string Drummer, string Style, int Bpm, int FirstBar, IReadOnlyList<string> Fills,
    bool Followed);
