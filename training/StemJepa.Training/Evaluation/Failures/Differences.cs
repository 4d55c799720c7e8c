namespace StemJepa.Training.Evaluation;

/// <summary>
/// The breakdowns of the report: names of differences between songs and of properties of queries, each with a sorting value.
/// </summary>
internal static class Differences
{
    private const int Tonics = 12, Fifth = 7, RelativeMinor = 9;

    private static readonly double[] TempoBounds = [0.5, 4, 8, 16, 33], LoudnessBounds = [-18, -12, -6, 0, 6];

    /// <summary>
    /// Steps on the circle of fifths, 0..6, a minor key counting as its relative major: the number of notes in which the two scales differ.
    /// Null if a key is unknown.
    /// </summary>
    public static int? KeyDistance(MusicalKey? key, MusicalKey? other)
    {
        if (key is not { } first || other is not { } second)
            return null;
        int steps = (Place(first) - Place(second) + Tonics) % Tonics;
        return Math.Min(steps, Tonics - steps);
    }

    public static (double Order, string Name)? Key(QueryFacts song, QueryFacts other) => KeyDistance(song.Key, other.Key) switch
    {
        null => null,
        0 => (0, song.Key == other.Key ? "same key" : "relative key"),
        1 => (1, "1 fifth"),
        { } steps => (steps, $"{steps} fifths"),
    };

    /// <summary>The ratio of the tempi as a deviation in per cent, halves and doubles counting as equal.</summary>
    public static (double Order, string Name)? Tempo(QueryFacts song, QueryFacts other)
    {
        if (song.Tempo is not { } tempo || other.Tempo is not { } second)
            return null;
        double octaves = Math.Abs(Math.Log2(tempo / second)), folded = Math.Abs(octaves - Math.Round(octaves));
        return Within(100 * (Math.Pow(2, folded) - 1), TempoBounds, "%");
    }

    /// <summary>Loudness of the missing stem relative to the rest of the song.</summary>
    public static (double Order, string Name) Loudness(QueryOutcome outcome) => Within(outcome.Loudness, LoudnessBounds, "dB");

    public static (double Order, string Name) ActiveStems(QueryOutcome outcome) => (outcome.ActiveStems, $"{outcome.ActiveStems} stems");

    public static (double Order, string Name) Soundfont(QueryOutcome outcome) => (0, outcome.Facts.Soundfont ?? "unknown");

    public static (double Order, string Name) Stem(QueryOutcome outcome) =>
        (outcome.Query.Stem.Role, outcome.Query.Stem.Name);

    public static (double Order, string Name) Origin(QueryOutcome outcome) =>
        (0, outcome.Facts.IsReal ? "written by people" : "composed, or a variant");

    private static int Place(MusicalKey key)
    {
        int tonic = key.IsMinor ? key.Tonic + Tonics - RelativeMinor : key.Tonic;
        return tonic % Tonics * Fifth % Tonics;
    }

    private static (double Order, string Name) Within(double value, double[] bounds, string unit)
    {
        int above = bounds.Count(bound => value > bound);
        return (above, (above, bounds.Length - above) switch
        {
            (0, _) => $"up to {bounds[0]} {unit}",
            (_, 0) => $"over {bounds[^1]} {unit}",
            _ => $"{bounds[above - 1]} to {bounds[above]} {unit}",
        });
    }
}
