namespace StemJepa.Training.Corpora;

/// <summary>A part: MIDI channel 1..16, its track's name, the General MIDI program (0..127) that it is written for, and the one it is played with.</summary>
public sealed record PartRecord(int Channel, string Track, int Program, int PlayedWith);
