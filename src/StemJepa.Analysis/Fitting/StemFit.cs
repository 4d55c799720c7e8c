namespace StemJepa;

/// <summary>
/// How a candidate becomes part of a mix: transposed, at another tempo, and put where it belongs. Immutable and thread-safe.
/// </summary>
public sealed record StemFit
{
    /// <summary>Of the demo's stems in place a third is tight; of the same 90 ms late one in fifty is, and nine of ten are apart.</summary>
    private const float LeastTight = 0.2f, LeastLoose = 0.1f;

    /// <summary>The largest error of the stretch of short loops, which is estimated by their onsets, as a share.</summary>
    private const double MostStretchError = 0.006;

    private static readonly TimeSpan InaudibleDrift = TimeSpan.FromMilliseconds(5);

    /// <summary>The stem that the mix lacks.</summary>
    public required Stem Stem { get; init; }

    /// <summary>The transposition of the candidate.</summary>
    public required int Semitones { get; init; }

    /// <summary>New tempo / old tempo of the candidate: over 1 it is played faster.</summary>
    public required double TempoRatio { get; init; }

    /// <summary>Where the first sample of the fitted candidate lies in the mix; negative: before it.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>How long the fitted candidate plays.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>The affinity in time of the candidate as it is, starting with the mix: -1..1.</summary>
    public required float AffinityBefore { get; init; }

    /// <summary>The affinity in time of the fitted candidate where it lies, -1..1.</summary>
    public required float Affinity { get; init; }

    /// <summary>
    /// How much speaks for this fit: the sum by which the fitter chose it, of rhythm, harmony, key, tempo, lengths and affinity, each as
    /// much as it counts for the stem. Of several candidates that are fitted to one mix as one stem, the higher one fits better: wrong
    /// ones are fitted until their affinity is high, too. Without bounds or unit; those of other mixes or stems do not compare.
    /// </summary>
    public float Score { get; init; }

    /// <summary>
    /// How well the onsets of the fitted candidate coincide with those of the mix over the time that both share: their correlation in three
    /// bands of frequency, -1..1; 0 is chance.
    /// </summary>
    public float Rhythm { get; init; }

    /// <summary><see cref="Rhythm"/> as a word.</summary>
    public RhythmRelation RhythmRelation => RelationOf(Rhythm);

    /// <summary>
    /// Whether the candidate is a loop: shorter than the mix, and fitted it is 4 to 64 whole beats of the mix long, within 2 % and a tenth
    /// of a beat.
    /// </summary>
    public required bool IsLoop { get; init; }

    /// <summary>Whether the candidate is silent, so that the rest says nothing.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Whether the fitted candidate is shorter than what the model compares, 0.16 s, so that the rest says nothing.</summary>
    public bool IsTooShort => Length.TotalSeconds < PatchSequence.SecondsPerPatch;

    /// <summary>As <see cref="IsSilent"/> and <see cref="IsTooShort"/>, of the mix.</summary>
    internal bool IsMixSilent { get; init; }

    internal bool IsMixTooShort { get; init; }

    /// <summary>
    /// From one beginning of a loop to the next: whole beats of the mix, and <see cref="Length"/> wherever the candidate could be stretched
    /// to that; null if it is no loop.
    /// </summary>
    public TimeSpan? Period { get; init; }

    /// <summary>Tempo of the mix in BPM, as estimated.</summary>
    public required double MixTempo { get; init; }

    /// <summary>Tempo of the candidate in BPM: that of the mix over <see cref="TempoRatio"/>, or half or twice as much.</summary>
    public required double CandidateTempo { get; init; }

    /// <summary>The likeliest key of the mix.</summary>
    public required MusicalKey MixKey { get; init; }

    /// <summary>The likeliest key of the candidate as it is; it means nothing for drums.</summary>
    public required MusicalKey CandidateKey { get; init; }

    /// <summary>
    /// A loop that is as many whole beats of the mix long as it nearly is, so that its repeats stay with the mix: by the last bit of
    /// stretch about its middle; where that is not allowed, or too much for an error of the stretch, it begins again after so many beats.
    /// An inaudible difference by the end of the mix is left as it is, and so is a loop of a mix without a grid.
    /// </summary>
    internal StemFit InWholeBeats(FitMix mix, StemFitOptions options)
    {
        if (!IsLoop)
            return this;
        double beats = Math.Round(Length / mix.Beat);
        if (LoopLength.Beat(mix.Analysis.Beats, Length / beats, MostStretchError) is not { } beat)
            return this with { Period = beats * mix.Grid ?? Length };
        TimeSpan whole = beats * beat;
        if ((Length - whole).Duration() * (mix.Duration / whole) <= InaudibleDrift)
            return this with { Period = Length };
        double ratio = TempoRatio * (Length / whole);
        return options.Stretch && Math.Abs(ratio - 1) <= options.MaximumStretch
            ? this with { TempoRatio = ratio, Start = Start + (Length - whole) / 2, Length = whole, Period = whole }
            : this with { Period = whole };
    }

    internal static RhythmRelation RelationOf(float rhythm) => rhythm switch
    {
        >= LeastTight => RhythmRelation.Tight,
        >= LeastLoose => RhythmRelation.Loose,
        _ => RhythmRelation.Apart,
    };
}

/// <summary>How well the onsets of a candidate coincide with those of a mix.</summary>
public enum RhythmRelation
{
    /// <summary>Most of what is played begins together.</summary>
    Tight,

    /// <summary>Some of it does.</summary>
    Loose,

    /// <summary>No more than by chance, as with held notes over a beat.</summary>
    Apart,
}

/// <summary>What <see cref="StemFitter"/> may do to a candidate. Immutable.</summary>
public sealed record StemFitOptions
{
    /// <summary>Whether the tempo may change.</summary>
    public bool Stretch { get; init; } = true;

    /// <summary>The largest change of the tempo, as a fraction, 0..0.5.</summary>
    public double MaximumStretch { get; init; } = 0.25;

    /// <summary>Whether the pitch may change; that of drums never does.</summary>
    public bool Transpose { get; init; } = true;

    /// <summary>The largest transposition in semitones, 0..12.</summary>
    public int MaximumSemitones { get; init; } = 6;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Check()
    {
        if (!(MaximumStretch is >= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(MaximumStretch), MaximumStretch,
                "The largest stretch is a fraction from 0 to 0.5.");
        if (MaximumSemitones is < 0 or > 12)
            throw new ArgumentOutOfRangeException(nameof(MaximumSemitones), MaximumSemitones, "The largest transposition is 0 to 12.");
    }
}
