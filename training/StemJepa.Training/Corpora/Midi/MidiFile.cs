namespace StemJepa.Training.Corpora;

/// <summary>
/// A Standard MIDI File of format 0 or 1 whose time runs in ticks per quarter note. Each track's events are in time order and end before its
/// end-of-track tick. Immutable; thread-safe.
/// </summary>
/// <param name="Format">0 (one track) or 1 (tracks that play together).</param>
/// <param name="TicksPerQuarter">1..32767.</param>
/// <param name="Tracks">The tracks; their end-of-track events are not in the lists.</param>
public sealed record MidiFile(int Format, int TicksPerQuarter, IReadOnlyList<MidiTrack> Tracks);
