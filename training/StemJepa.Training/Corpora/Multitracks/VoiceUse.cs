namespace StemJepa.Training.Corpora;

/// <summary>How a voice is used, from its notes. Immutable.</summary>
/// <param name="Notes">Number of notes.</param>
/// <param name="Pitches">Number of different pitches.</param>
/// <param name="Monophony">The fraction of its sounding time in which a single note sounds, 0..1.</param>
public sealed record VoiceUse(int Notes, int Pitches, double Monophony);
