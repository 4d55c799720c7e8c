namespace StemJepa.Training.Corpora;

/// <summary>A note of a melody: from <paramref name="Start"/> to <paramref name="End"/> in ticks from the song's start, MIDI pitch, velocity 1..127.</summary>
public readonly record struct MelodyNote(long Start, long End, int Pitch, int Velocity);
