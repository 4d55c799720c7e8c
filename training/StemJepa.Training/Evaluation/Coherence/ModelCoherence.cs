using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// A model as users run it. For every stem it predicts what that stem of the anchor should be like, and compares this with the embedding of
/// a positive: the cosine of the two means over time (layer-normed without weights), or the mean over time of the cosines of the patches of
/// 0.16 s. If it is known which stems are sought, those of the anchor's own positive, the score of every positive is the mean of the
/// cosines of these stems; if not, the greatest of all four. Which stems a distractor holds is never used. The rhythm of the patches (<see
/// cref="CoherencePatches.Rhythm"/>) may be added to the cosine of the means, as in PHALAR (arXiv 2605.03929); and what <see
/// cref="StemCoherence"/> adds to that of the patches.
/// </summary>
/// <param name="model">The model; its memory for the predictions and embeddings of 5 s is 480 and 120 kB.</param>
/// <param name="pairs">The pairs that will be shown.</param>
internal sealed class ModelCoherence(StemAffinity model, IReadOnlyList<CoherencePair> pairs) : ICoherenceMethod
{
    public const string Mean = "mean", InTime = "in_time", MeanOfUnknown = "unknown_mean", InTimeOfUnknown = "unknown_in_time";
    public const string WithRhythm = "with_rhythm", AtSpeeds = "at_three_speeds", WithSound = "with_onsets_and_pitch_classes";

    /// <summary>What the cosine of rhythms counts beside that of means; chosen on real-dev.</summary>
    private const float RhythmWeight = 0.8f;

    private static readonly Stem[] Stems = [.. Stem.Roles];

    /// <summary>Patches as they are, and at the other speeds of <see cref="StemCoherence"/>.</summary>
    private readonly (float[] Mean, CoherencePatches Patches, CoherencePatches[] Others)[][] _predictions =
        new (float[], CoherencePatches, CoherencePatches[])[pairs.Count][];
    private readonly (float[] Mean, CoherencePatches Patches, CoherencePatches[] Others)[] _positives =
        new (float[], CoherencePatches, CoherencePatches[])[pairs.Count];

    private readonly Half[][] _rhythms = new Half[pairs.Count][];
    private readonly CoherenceFeatures[] _anchors = new CoherenceFeatures[pairs.Count];
    private readonly CoherenceFeatures[] _features = new CoherenceFeatures[pairs.Count];

    public IReadOnlyList<string> Scores { get; } = [Mean, InTime, MeanOfUnknown, InTimeOfUnknown, WithRhythm, AtSpeeds, WithSound];

    public void SetAnchor(int pair, AudioClip anchor)
    {
        float[] samples = anchor.Resample(FrontEndSettings.SampleRate).Samples.ToArray();
        AudioClip[] speeds = [.. StemCoherence.AtSpeeds(samples)];
        _predictions[pair] = [.. Stems.Select(stem => ToUnit(speeds, (clip, patches) => model.Predict(clip.OpenReader(), stem, patches)))];
        _anchors[pair] = CoherenceFeatures.Extract(samples, default);
    }

    public void SetPositive(int pair, AudioClip positive)
    {
        float[] samples = positive.Resample(FrontEndSettings.SampleRate).Samples.ToArray();
        _positives[pair] = ToUnit(StemCoherence.AtSpeeds(samples), (clip, patches) => model.Embed(clip.OpenReader(), patches));
        _rhythms[pair] = _positives[pair].Patches.Rhythm();
        _features[pair] = CoherenceFeatures.Extract(samples, default);
    }

    public float[][] Compare(int anchor, IReadOnlyList<int> positives)
    {
        (float[] Mean, float[] Patches)[] predictions =
            [.. _predictions[anchor].Select(prediction => (prediction.Mean, prediction.Patches.ToSingle()))];
        float[][][] others =
            [.. _predictions[anchor].Select(prediction => prediction.Others.Select(patches => patches.ToSingle()).ToArray())];
        float[][] scores = [.. Scores.Select(_ => new float[positives.Count])];
        Stem[] sought = pairs[anchor].Positive;
        float[][] rhythms = [.. sought.Select(stem => ToSingle(_predictions[anchor][stem.Role].Patches.Rhythm()))];
        var means = new float[Stems.Length];
        var inTime = new float[Stems.Length];
        for (int i = 0; i < positives.Count; i++)
        {
            (float[] mean, CoherencePatches patches, CoherencePatches[] speeds) = _positives[positives[i]];
            float[] columns = patches.ToSingle();
            for (int stem = 0; stem < Stems.Length; stem++)
            {
                means[stem] = TensorPrimitives.Dot<float>(predictions[stem].Mean, mean);
                inTime[stem] = CoherencePatches.Similarity(predictions[stem].Patches, columns, patches.Count);
            }
            scores[0][i] = sought.Average(stem => means[stem.Role]);
            scores[1][i] = sought.Average(stem => inTime[stem.Role]);
            scores[2][i] = means.Max();
            scores[3][i] = inTime.Max();
            float[] rhythm = ToSingle(_rhythms[positives[i]]);
            scores[4][i] = scores[0][i] + RhythmWeight * rhythms.Average(own => TensorPrimitives.Dot<float>(own, rhythm));
            scores[5][i] = (scores[1][i] + speeds.Select((patched, speed) => Similarity(patched, speed)).Sum()) / (1 + speeds.Length);
            scores[6][i] = scores[5][i] + RecordingCoherence.InCommon(
                _anchors[anchor].Onsets.Coincidence(_features[positives[i]].Onsets),
                _anchors[anchor].PitchClasses.Likeness(_features[positives[i]].PitchClasses));
        }
        return scores;

        float Similarity(CoherencePatches recording, int speed)
        {
            float[] own = recording.ToSingle();
            return sought.Average(stem => CoherencePatches.Similarity(others[stem.Role][speed], own, recording.Count));
        }
    }

    private static float[] ToSingle(Half[] values)
    {
        var single = new float[values.Length];
        TensorPrimitives.ConvertToSingle(values, single);
        return single;
    }

    private static (float[] Mean, CoherencePatches Patches, CoherencePatches[] Others) ToUnit(
        IEnumerable<AudioClip> speeds, Func<AudioClip, PatchSequence, StemEmbedding> embed)
    {
        (StemEmbedding Mean, CoherencePatches Patches)[] embedded = [.. speeds.Select(clip =>
        {
            var patches = new PatchSequence();
            StemEmbedding mean = embed(clip, patches);
            return (mean, new CoherencePatches(new EmbeddingSequence(patches.Values, patches.PatchLength)));
        })];
        return (embedded[0].Mean.UnitVector.ToArray(), embedded[0].Patches, [.. embedded.Skip(1).Select(one => one.Patches)]);
    }
}
