namespace StemJepa.Training.Corpora;

/// <summary>The roles of mma's tracks: channel 10 is drums, Bass and Walk tracks (and tracks named after a bass) are bass, all else is other. Thread-safe.</summary>
public static class MmaRoles
{
    /// <summary>Name of the track of the melody, which has the role vocals.</summary>
    public const string LeadTrack = "Lead";

    /// <summary>The role of a part.</summary>
    public static Stem Of(Part part) =>
        part.IsDrums ? Stem.Drums : part.TrackName == LeadTrack ? Stem.Vocals : IsBass(part.TrackName) ? Stem.Bass : Stem.Other;

    private static bool IsBass(string track)
    {
        string kind = track.Split('-')[0];
        return kind.Equals("Walk", StringComparison.OrdinalIgnoreCase) || kind.EndsWith("Bass", StringComparison.OrdinalIgnoreCase);
    }
}
