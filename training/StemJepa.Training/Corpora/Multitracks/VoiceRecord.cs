namespace StemJepa.Training.Corpora;

/// <summary>
/// A voice of a song that came as separate voices: its name, its role (null: left out), its fundamental in hertz (0 if it has none),
/// periodicity 0..1, share of the song's energy 0..1, notes
/// and different pitches, and how much of the song it sounds in, 0..1.
/// </summary>
public sealed record VoiceRecord(string Name, string? Role, double Hertz, double Periodicity, double EnergyShare, int Notes, int Pitches,
    double Presence);
