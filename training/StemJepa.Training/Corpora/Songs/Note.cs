namespace StemJepa.Training.Corpora;

/// <summary>A note: sounding from <paramref name="Start"/> to <paramref name="End"/> (ticks, End &gt; Start), MIDI pitch 0..127, velocity 1..127.</summary>
public readonly record struct Note(long Start, long End, int Channel, int Program, int Pitch, int Velocity, int Track);
