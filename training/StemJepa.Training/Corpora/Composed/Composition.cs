namespace StemJepa.Training.Corpora;

/// <summary>The score of a composed song, before mma plays it. Immutable.</summary>
/// <param name="Name">The song's name.</param>
/// <param name="Groove">The main groove.</param>
/// <param name="Bpm">Pulses a minute.</param>
/// <param name="Sections">The sections in order.</param>
/// <param name="Lead">What plays the melody.</param>
/// <param name="MmaSeed">Seed of mma's own random choices.</param>
public sealed record Composition(string Name, Groove Groove, int Bpm, IReadOnlyList<SongSection> Sections, LeadInstrument Lead, int MmaSeed);
