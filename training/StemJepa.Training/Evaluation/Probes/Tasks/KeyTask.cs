namespace StemJepa.Training.Evaluation;

/// <summary>One of the 24 keys: MIREX weighted score and accuracy.</summary>
internal sealed class KeyTask() : ClassTask(Key, KeyClasses.Names)
{
    public override IReadOnlyList<string> Metrics => ["weighted_score", Accuracy];

    public override ProbeLabel Varied(ProbeLabel label, int semitones)
    {
        const int pitches = KeyClasses.PitchClasses;
        int tonic = label.Class % pitches;
        return ProbeLabel.OfClass(label.Class - tonic + (tonic + semitones % pitches + pitches) % pitches);
    }

    protected override double[] Score(int[] truths, int[] estimates) => [KeyMetrics.WeightedScore(truths, estimates), .. base.Score(truths, estimates)];
}
