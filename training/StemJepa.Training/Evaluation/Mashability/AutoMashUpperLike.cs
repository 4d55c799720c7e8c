namespace StemJepa.Training.Evaluation;

/// <summary>
/// A baseline without learning, after the idea of Davies, Hamel, Yoshii and Goto, "AutoMashUpper: Automatic Creation of Multi-Song Music
/// Mashups" (2014): what goes together has similar harmony and rhythm beat by beat, and fills the spectrum evenly. Not their program, and
/// not the numbers that the Stem-JEPA paper gives for it. Ours are: the chroma and the beat tracker (Ellis 2007), correlation as the
/// similarity, all weights and tolerances, no division into phrases, and no change of key or tempo, since the question here is whether a
/// recording fits as it is. One caller at a time.
/// </summary>
internal sealed class AutoMashUpperLike : IRetrievalMethod
{
    private readonly List<BeatFeatures> mixes = [], candidates = [];

    public void Add(AudioClip mix, Stem missing, AudioClip target)
    {
        mixes.Add(Features(mix));
        candidates.Add(Features(target));
    }

    public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => AffinityMatrix.Of(
        mixes.Count, (query, target) => MashabilityScore.Of(mixes[query], candidates[target]), cancellationToken);

    private static BeatFeatures Features(AudioClip clip) => BeatFeatures.Of(clip.Resample(FrontEndSettings.SampleRate).Samples.Span);
}
