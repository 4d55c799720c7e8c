using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>A baseline: a random score for whatever is asked.</summary>
internal sealed class RandomCoherence(int seed) : ICoherenceMethod
{
    public IReadOnlyList<string> Scores { get; } = ["random"];

    public void SetAnchor(int pair, AudioClip anchor) { }

    public void SetPositive(int pair, AudioClip positive) { }

    public float[][] Compare(int anchor, IReadOnlyList<int> positives) =>
        [[.. positives.Select(positive => SeededRandom.For($"{seed}/random/{anchor}/{positive}").NextSingle())]];
}

/// <summary>
/// A baseline without anything learnt: the cosine, averaged over time, of the log-mels of every 16 frames less their mean over time (<see
/// cref="MeanLogMelEmbedder"/>).
/// </summary>
internal sealed class LogMelCoherence(int pairs) : ICoherenceMethod
{
    private readonly MeanLogMelEmbedder _embedder = new();
    private readonly CoherencePatches[] _anchors = new CoherencePatches[pairs], _positives = new CoherencePatches[pairs];

    public IReadOnlyList<string> Scores { get; } = ["mean_log_mel_aligned"];

    public void SetAnchor(int pair, AudioClip anchor) => _anchors[pair] = new CoherencePatches(_embedder.Embed(anchor).Sequence!);

    public void SetPositive(int pair, AudioClip positive) => _positives[pair] = new CoherencePatches(_embedder.Embed(positive).Sequence!);

    public float[][] Compare(int anchor, IReadOnlyList<int> positives)
    {
        float[] asked = _anchors[anchor].ToSingle();
        int count = _anchors[anchor].Count;
        return [[.. positives.Select(positive => CoherencePatches.Similarity(asked, _positives[positive].ToSingle(), count))]];
    }
}

/// <summary>A baseline without anything learnt: harmony, rhythm and balance, beat by beat, as in <see cref="AutoMashUpperLike"/>.</summary>
internal sealed class MashabilityCoherence(int pairs) : ICoherenceMethod
{
    private readonly BeatFeatures[] _anchors = new BeatFeatures[pairs], _positives = new BeatFeatures[pairs];

    public IReadOnlyList<string> Scores { get; } = ["automashupper_like"];

    public void SetAnchor(int pair, AudioClip anchor) => _anchors[pair] = BeatFeatures.Compute(anchor.Samples.Span);

    public void SetPositive(int pair, AudioClip positive) => _positives[pair] = BeatFeatures.Compute(positive.Samples.Span);

    public float[][] Compare(int anchor, IReadOnlyList<int> positives) =>
        [[.. positives.Select(positive => MashabilityScore.Compute(_anchors[anchor], _positives[positive]))]];
}
