using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>A task for an embedding: the outputs of its heads, their targets and their metrics. Immutable and thread-safe.</summary>
internal abstract class ProbeTask
{
    public const string Key = "key", Tempo = "tempo", Genre = "genre", Instrument = "instrument", Stem = "stem",
        Tags = "tags", Beats = "beats";

    /// <summary>All tasks by name.</summary>
    public static IReadOnlyList<string> Names { get; } = [Key, Tempo, Genre, Instrument, Stem, Tags, Beats];

    /// <summary>Whether the clips of a task are single stems, and not mixes.</summary>
    public static bool IsOfStems(string task) => task is Instrument or Stem;

    /// <summary>One of <see cref="Names"/>.</summary>
    public abstract string Name { get; }

    /// <summary>The metrics by name, the one that chooses heads first.</summary>
    public abstract IReadOnlyList<string> Metrics { get; }

    /// <summary>Outputs of the head for each row of a clip.</summary>
    public abstract int Outputs { get; }

    /// <summary>Whether outputs are the logits of one distribution, or of one yes and no each.</summary>
    public virtual bool IsExclusive => true;

    /// <summary>Whether a clip has a row for each time patch (0.16 s), or one for the whole clip.</summary>
    public virtual bool UsesSequence => false;

    /// <summary>Computes the target probabilities of a clip with that many rows, [rows, <see cref="Outputs"/>].</summary>
    public abstract float[] Targets(ProbeLabel label, int rows);

    /// <summary>
    /// Changes the label as playing the clip so many semitones faster and higher does (<see cref="Varispeed"/>); most labels stay the same.
    /// </summary>
    public virtual ProbeLabel Varied(ProbeLabel label, int semitones) => label;

    /// <summary>The metrics, in the order of <see cref="Metrics"/>, of logits [rows, <see cref="Outputs"/>] for each clip.</summary>
    public abstract double[] Score(IReadOnlyList<ProbeLabel> labels, IReadOnlyList<float[]> logits);
}

/// <summary>The label of a clip for one task. Immutable.</summary>
internal sealed record ProbeLabel
{
    /// <summary>Index of the class, for key, genre and instrument.</summary>
    public int Class { get; private init; } = -1;

    /// <summary>Tempo in BPM.</summary>
    public double Tempo { get; private init; }

    /// <summary>Whether each tag applies.</summary>
    public IReadOnlyList<bool> Tags { get; private init; } = [];

    /// <summary>Seconds, ascending.</summary>
    public IReadOnlyList<double> Beats { get; private init; } = [];

    public static ProbeLabel FromClass(int index) => new() { Class = index };

    public static ProbeLabel FromTempo(double tempo) => new() { Tempo = tempo };

    public static ProbeLabel FromTags(IReadOnlyList<bool> tags) => new() { Tags = tags };

    public static ProbeLabel FromBeats(IReadOnlyList<double> beats) => new() { Beats = beats };
}
