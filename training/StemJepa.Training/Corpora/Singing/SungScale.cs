namespace StemJepa.Training.Corpora;

/// <summary>The major scale (or its relative minor) that a song's notes lie in best, to sing harmonies in. Immutable.</summary>
internal sealed class SungScale
{
    private const int Octave = 12;
    private static readonly int[] Major = [0, 2, 4, 5, 7, 9, 11];
    private readonly bool[] _holds = new bool[Octave];

    private SungScale(int tonic)
    {
        foreach (int step in Major) _holds[(tonic + step) % Octave] = true;
    }

    /// <summary>The scale of notes with lengths; the first of those that hold equally much.</summary>
    public static SungScale From(IEnumerable<(int Pitch, double Length)> notes)
    {
        var lengths = new double[Octave];
        foreach ((int pitch, double length) in notes) lengths[pitch % Octave] += length;
        return Enumerable.Range(0, Octave).Select(tonic => new SungScale(tonic)).MaxBy(scale =>
            lengths.Where((_, pitch) => scale._holds[pitch]).Sum())!;
    }

    /// <summary>The semitones from <paramref name="pitch"/> to the note so many steps above it (below, if negative).</summary>
    public int Semitones(int pitch, int steps)
    {
        int at = pitch, direction = Math.Sign(steps);
        for (int left = Math.Abs(steps); left > 0;)
        {
            at += direction;
            if (_holds[((at % Octave) + Octave) % Octave]) left--;
        }
        return at - pitch;
    }
}
