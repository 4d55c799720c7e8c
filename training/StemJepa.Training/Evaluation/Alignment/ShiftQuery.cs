namespace StemJepa.Training.Evaluation;

/// <summary>A mix without one of its stems, and that stem from another moment of the song: at which time do they fit?</summary>
/// <param name="Stem">The stem that the mix lacks.</param>
/// <param name="Mix">The other stems.</param>
/// <param name="Candidate">The stem, as long as the mix.</param>
/// <param name="Shift">How much later the candidate begins in the song than the mix, in seconds: what is to be found.</param>
/// <param name="Timing">Beat and bar there; null if they are unknown.</param>
internal sealed record ShiftQuery(Stem Stem, AudioClip Mix, AudioClip Candidate, double Shift, SongTiming? Timing);
