namespace StemJepa;

/// <summary>How a candidate's key relates to that of a mix.</summary>
/// <param name="Relation">The relation.</param>
/// <param name="Semitones">
/// The smallest transposition of the candidate after which its key is compatible with the mix's (<see cref="MusicalKey.Compatible"/>),
/// -6..6; 0 if it is compatible.
/// </param>
public readonly record struct KeyMatch(KeyRelation Relation, int Semitones)
{
    private const int Octave = 12, Fifth = 7;

    /// <summary>Compares two keys.</summary>
    public static KeyMatch Between(MusicalKey mix, MusicalKey candidate)
    {
        IReadOnlyList<MusicalKey> compatible = mix.Compatible();
        int semitones = Enumerable.Range(0, Octave).Select(up => up <= Octave / 2 ? up : up - Octave)
            .OrderBy(Math.Abs).ThenByDescending(up => up)
            .First(up => compatible.Contains(new MusicalKey((candidate.Tonic + up + Octave) % Octave, candidate.IsMinor)));
        bool isSameMode = mix.IsMinor == candidate.IsMinor;
        int interval = (candidate.Tonic - mix.Tonic + Octave) % Octave;
        KeyRelation relation = (isSameMode, interval) switch
        {
            (true, 0) => KeyRelation.Same,
            (true, Fifth or Octave - Fifth) => KeyRelation.Fifth,
            (false, 0) => KeyRelation.Parallel,
            _ when semitones == 0 => KeyRelation.Relative,
            _ => KeyRelation.Far,
        };
        return new KeyMatch(relation, semitones);
    }
}

/// <summary>How two keys relate.</summary>
public enum KeyRelation
{
    /// <summary>The same key.</summary>
    Same,

    /// <summary>The relative key: the same notes, as C major and A minor.</summary>
    Relative,

    /// <summary>A neighbour on the circle of fifths: all notes but one, as C major and G major.</summary>
    Fifth,

    /// <summary>The same tonic in the other mode, as C major and C minor.</summary>
    Parallel,

    /// <summary>Any other.</summary>
    Far,
}
