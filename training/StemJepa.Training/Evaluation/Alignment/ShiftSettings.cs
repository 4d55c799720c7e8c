namespace StemJepa.Training.Evaluation;

/// <summary>How queries are drawn.</summary>
internal sealed record ShiftSettings
{
    /// <summary>Seconds of mix and candidate, at least <see cref="Shortest"/>; less where a song does not have as many. As a rule all that both can have.</summary>
    public double Seconds { get; init; } = double.PositiveInfinity;

    /// <summary>The farthest shift either way, in seconds.</summary>
    public double Farthest { get; init; } = 8;

    /// <summary>Seconds that are needed for alignment to search as far as <see cref="Farthest"/>: recordings overlap by half at least.</summary>
    public double Shortest => 2 * Farthest;

    /// <summary>Shifts are multiples of so many samples of 16 kHz.</summary>
    public int StepSamples { get; init; } = 1;

    /// <summary>Decides moments and shifts.</summary>
    public int Seed { get; init; } = 1;
}
