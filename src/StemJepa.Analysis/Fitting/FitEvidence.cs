namespace StemJepa;

/// <summary>One way to fit a candidate.</summary>
/// <param name="Semitones">Transposition.</param>
/// <param name="Ratio">New tempo / old tempo.</param>
/// <param name="Start">Seconds from the mix's first sample to that of the fitted candidate.</param>
internal readonly record struct FitTrial(int Semitones, double Ratio, double Start);

/// <summary>A way to fit a candidate with what speaks for it. Immutable.</summary>
/// <param name="Trial">The way.</param>
/// <param name="Values">By <see cref="FitFeature"/>.</param>
internal sealed record FitEvidence(FitTrial Trial, float[] Values)
{
    /// <summary>The sum of what is known, weighted.</summary>
    public double Score(float[] weights)
    {
        double sum = 0;
        for (int i = 0; i < Values.Length; i++)
            sum += weights[i] * Values[i];
        return sum;
    }
}

/// <summary>What speaks for a way to fit a candidate.</summary>
internal enum FitFeature
{
    /// <summary>Correlation of onsets, over the time that both share.</summary>
    Rhythm,

    /// <summary>The same times the root of that time, since chance agrees over little.</summary>
    RhythmEvidence,

    /// <summary>How much of the shorter one's sound lies within the other's, 0..1.</summary>
    Overlap,

    /// <summary>1 if the shorter one's sound lies wholly within the other's, 0 from 0.1 s outside on.</summary>
    Within,

    /// <summary>1 if both sound equally long then, 0 from 2 % of difference on.</summary>
    SimilarLength,

    /// <summary>The same, but 0 from 0.6 % on.</summary>
    SameLength,

    /// <summary>1 if the tempi that were estimated agree then, or are half or double; 0 from 10 % on.</summary>
    Tempo,

    /// <summary>How little the tempo changes: minus the logarithm of the ratio.</summary>
    LittleStretch,

    /// <summary>Correlation of the canonical variables that alignment uses.</summary>
    Canonical,

    /// <summary>The same times the root of the time.</summary>
    CanonicalEvidence,

    /// <summary>How alike the keys are that were estimated, 0..1.</summary>
    SameKey,

    /// <summary>How likely the keys that were estimated are compatible, 0..1.</summary>
    CompatibleKey,

    /// <summary>Minus the semitones of the transposition over 6.</summary>
    LittleTransposition,

    /// <summary>The affinity in time that the model gives.</summary>
    Affinity,

    /// <summary>The same times the root of the time.</summary>
    AffinityEvidence,

    /// <summary><see cref="HarmonyMatch.InTime"/>, twelve.</summary>
    Chroma,

    /// <summary><see cref="HarmonyMatch.NotesInTime"/>, twelve.</summary>
    Notes = Chroma + Chromagram.Classes,

    /// <summary><see cref="HarmonyMatch.Mean"/>, twelve.</summary>
    ChromaKey = Notes + Chromagram.Classes,

    /// <summary><see cref="HarmonyMatch.NotesMean"/>, twelve.</summary>
    NotesKey = ChromaKey + Chromagram.Classes,

    /// <summary><see cref="HarmonyMatch.LowInTime"/>, twelve.</summary>
    Low = NotesKey + Chromagram.Classes,

    /// <summary><see cref="HarmonyMatch.LowMean"/>, twelve.</summary>
    LowKey = Low + Chromagram.Classes,

    /// <summary><see cref="HarmonyMatch.Chords"/>, twelve.</summary>
    Chords = LowKey + Chromagram.Classes,

    /// <summary>How high the candidate plays then: octaves over the middle C.</summary>
    Register = Chords + Chromagram.Classes,

    /// <summary>Minus its square: with it, the likeliest register of the stem is learned.</summary>
    RegisterSquare,
}
