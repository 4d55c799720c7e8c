namespace StemJepa.Training.Corpora;

/// <summary>From <paramref name="Seconds"/> on, until the next: the name of a chord, such as "F#m7b5", or of a key, such as "Eb major".</summary>
public sealed record LabelRecord(double Seconds, string Name);
