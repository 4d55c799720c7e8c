using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>Songs as alignment hears them: each stem, and the mix of the others. Thread-safe.</summary>
internal sealed class PairedStems(IReadOnlyList<CorpusSong> songs) : IDisposable
{
    /// <summary>Seconds of a song, at least.</summary>
    public static double ShortestSeconds { get; } = new ShiftSettings().Shortest;

    private readonly CorpusAudio audio = new(songs);

    /// <summary>A stem of a song, and the mix of the others, as <see cref="AlignmentFeatures"/>.</summary>
    internal readonly record struct Pair(Stem Stem, float[] Mix, float[] Candidate);

    /// <summary>The pairs of a song in which both play; none of a song that is too short.</summary>
    public IReadOnlyList<Pair> Of(int song)
    {
        if (audio.Length(song) < ShortestSeconds * FrontEndSettings.SampleRate)
            return [];
        float[][] stems = audio.ReadAll(song, 0, audio.Length(song));
        var pairs = new List<Pair>();
        foreach (Stem stem in Enum.GetValues<Stem>())
        {
            float[] mix = CorpusAudio.MixWithout(stems, (int)stem);
            if (!ShiftQueries.IsSilent(mix) && !ShiftQueries.IsSilent(stems[(int)stem]))
                pairs.Add(new Pair(stem, AlignmentFeatures.Compute(mix), AlignmentFeatures.Compute(stems[(int)stem])));
        }
        return pairs;
    }

    public void Dispose() => audio.Dispose();
}
