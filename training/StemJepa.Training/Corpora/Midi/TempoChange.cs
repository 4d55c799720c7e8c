namespace StemJepa.Training.Corpora;

/// <summary>From <paramref name="Tick"/>, which is <paramref name="Seconds"/> into the song, a quarter note lasts so many microseconds.</summary>
public readonly record struct TempoChange(long Tick, double Seconds, int MicrosecondsPerQuarter);
