namespace StemJepa;

/// <summary>Key, tempo, beats, stem and instrument of a recording, as estimated. Immutable and thread-safe.</summary>
public sealed record StemAnalysis
{
    /// <summary>The recording's embedding, as <see cref="IStemAffinity.Embed"/> gives it: analysis and embedding share one pass.</summary>
    public required StemEmbedding Embedding { get; init; }

    /// <summary>The likeliest key.</summary>
    public required MusicalKey Key { get; init; }

    /// <summary>How sure the model is of <see cref="Key"/>, 0..1: its probability among all 24 keys.</summary>
    public required double KeyConfidence { get; init; }

    /// <summary>The probabilities of all keys, by <see cref="MusicalKey.Number"/>.</summary>
    internal float[] KeyProbabilities { get; init; } = [];

    /// <summary>The tempo of <see cref="Beats"/> in BPM, 30..300.</summary>
    public required double Tempo { get; init; }

    /// <summary>
    /// How sure the model is of <see cref="Tempo"/>, 0..1: the probability of tempi within 5 % of it; 0 if the recording is silent.
    /// </summary>
    public required double TempoConfidence { get; init; }

    /// <summary>The beats in seconds from the start of the recording, ascending; empty if the recording is silent.</summary>
    public required IReadOnlyList<double> Beats { get; init; }

    /// <summary>
    /// The first downbeat in seconds, in bars of four beats: of the four possible ones, that with the most energy of onsets below 220 Hz;
    /// null if there are fewer than four beats.
    /// </summary>
    public double? Downbeat { get; init; }

    /// <summary>How sure <see cref="Downbeat"/> is, 0..1: how much its onsets exceed those of the next best one.</summary>
    public double DownbeatConfidence { get; init; }

    /// <summary>
    /// Integrated loudness in LUFS (ITU-R BS.1770-4) of the recording mixed down to one channel; null if it is shorter than 400 ms, or
    /// nowhere louder than -70 LUFS.
    /// </summary>
    public double? Loudness { get; init; }

    /// <summary>
    /// Whether the recording can repeat in time: 4 to 64 beats, and its length is a whole number of them within 2 %, at most a tenth of a
    /// beat.
    /// </summary>
    public bool IsLoop { get; init; }

    /// <summary>The likeliest of <see cref="StemJepa.Stem.Roles"/>; null if the model has no head for it.</summary>
    public Stem? Stem { get; init; }

    /// <summary>How sure the model is of <see cref="Stem"/>, 0..1: its probability among all stems.</summary>
    public double StemConfidence { get; init; }

    /// <summary>
    /// The likeliest family of instruments, such as <c>piano</c> or <c>drums</c>: General MIDI's families. It means something for a
    /// recording of one instrument only.
    /// </summary>
    public required string Instrument { get; init; }

    /// <summary>How sure the model is of <see cref="Instrument"/>, 0..1: its probability among all families.</summary>
    public required double InstrumentConfidence { get; init; }

    /// <summary>Whether the recording was silent, so that the rest says nothing.</summary>
    public required bool IsSilent { get; init; }
}
