namespace StemJepa;

/// <summary>Key, tempo, beats and instrument of a recording, as estimated. Immutable and thread-safe.</summary>
public sealed record StemAnalysis
{
    /// <summary>The likeliest key.</summary>
    public required MusicalKey Key { get; init; }

    /// <summary>How sure the model is of <see cref="Key"/>, 0..1: its probability among all 24 keys.</summary>
    public required double KeyConfidence { get; init; }

    /// <summary>The tempo of <see cref="Beats"/> in BPM, 30..300.</summary>
    public required double Tempo { get; init; }

    /// <summary>The beats in seconds from the start of the recording, ascending; empty if the recording is silent.</summary>
    public required IReadOnlyList<double> Beats { get; init; }

    /// <summary>
    /// The likeliest family of instruments, such as <c>piano</c> or <c>drums</c>: General MIDI's families. It means something for a
    /// recording of one instrument only.
    /// </summary>
    public required string Instrument { get; init; }

    /// <summary>How sure the model is of <see cref="Instrument"/>, 0..1: its probability among all families.</summary>
    public required double InstrumentConfidence { get; init; }

    /// <summary>Whether the recording was silent, so that the rest says nothing.</summary>
    public required bool IsSilent { get; init; }

    /// <summary>
    /// Whether the recording's samples were far beyond full scale, as <see cref="StemEmbedding.IsBeyondFullScale"/>, so that the rest means
    /// little.
    /// </summary>
    public bool IsBeyondFullScale { get; init; }
}
