namespace StemJepa.Training.Corpora;

/// <summary>From <paramref name="Seconds"/> on, quarter notes come at <paramref name="Bpm"/> a minute.</summary>
public sealed record TempoRecord(double Seconds, double Bpm);
