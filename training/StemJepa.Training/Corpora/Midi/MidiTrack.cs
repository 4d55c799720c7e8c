namespace StemJepa.Training.Corpora;

/// <summary>One track: its events in time order, and the tick of its end, which is not before the last event.</summary>
public sealed record MidiTrack(IReadOnlyList<MidiEvent> Events, long EndTick);
