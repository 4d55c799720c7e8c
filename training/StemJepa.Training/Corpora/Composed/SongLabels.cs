namespace StemJepa.Training.Corpora;

/// <summary>What is known of a composed song: times are ticks from its start. Immutable.</summary>
/// <param name="Family">The kind of music.</param>
/// <param name="Grooves">mma's grooves, the first is the song's.</param>
/// <param name="Metre">The time signature.</param>
/// <param name="Beats">Ticks of the beats (pulses).</param>
/// <param name="Downbeats">Ticks of the bars.</param>
/// <param name="Chords">The chords and where they begin.</param>
/// <param name="Keys">The keys and where they begin.</param>
/// <param name="End">Where the last bar ends.</param>
public sealed record SongLabels(
    GenreFamily Family, IReadOnlyList<string> Grooves, string Metre, IReadOnlyList<long> Beats, IReadOnlyList<long> Downbeats,
    IReadOnlyList<(long Tick, Chord Chord)> Chords, IReadOnlyList<(long Tick, Key Key)> Keys, long End)
{
    /// <summary>Who plays the drums; null: mma.</summary>
    public DrummingRecord? Drumming { get; init; }
}
