namespace StemJepa.Training.Evaluation;

/// <summary>What is known of a clip: the one thing that its task asks for. Immutable.</summary>
internal sealed record ProbeLabel
{
    /// <summary>Index of the class, for key, genre and instrument.</summary>
    public int Class { get; private init; } = -1;

    /// <summary>Beats a minute, for tempo.</summary>
    public double Tempo { get; private init; }

    /// <summary>Whether each tag applies.</summary>
    public IReadOnlyList<bool> Tags { get; private init; } = [];

    /// <summary>Seconds, ascending.</summary>
    public IReadOnlyList<double> Beats { get; private init; } = [];

    public static ProbeLabel OfClass(int index) => new() { Class = index };

    public static ProbeLabel OfTempo(double tempo) => new() { Tempo = tempo };

    public static ProbeLabel OfTags(IReadOnlyList<bool> tags) => new() { Tags = tags };

    public static ProbeLabel OfBeats(IReadOnlyList<double> beats) => new() { Beats = beats };
}
