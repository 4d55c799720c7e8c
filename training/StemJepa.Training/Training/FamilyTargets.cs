using StemJepa.Training.Corpora;

namespace StemJepa.Training.Training;

/// <summary>
/// Says which pairs of a batch have a family of instruments as their target. Labels are indices: the four roles, then the families of the
/// settings. Every answer is a function of the seed and the step; without families, nothing is drawn. Thread-safe.
/// </summary>
internal sealed class FamilyTargets(CorpusAudio audio, TrainingSettings settings)
{
    /// <summary>How often each family is drawn: by the square root of its songs, so that rare ones are learnt too.</summary>
    private readonly double[] _weights = [.. (settings.Families ?? []).Select((_, family) =>
        Math.Sqrt(Enumerable.Range(0, audio.Songs.Count).Count(song => audio.HasFamily(song, family))))];

    /// <summary>The family, as an index among families, that is the target of a whole batch; null for a batch of a role.</summary>
    public int? OfBatch(Random random)
    {
        double sum = _weights.Sum();
        if (settings.FamilyShare == 0 || sum == 0 || random.NextDouble() >= settings.FamilyShare)
            return null;
        double drawn = random.NextDouble() * sum;
        int last = Array.FindLastIndex(_weights, weight => weight > 0);
        return Enumerable.Range(0, last).FirstOrDefault(family => (drawn -= _weights[family]) < 0, last);
    }

    /// <summary>
    /// The label of one pair of a batch with several stems of each window: perhaps a family of the song instead of the role.
    /// </summary>
    public int OfPair(int song, int role, Random random)
    {
        if (settings.FamilyShare == 0 || random.NextDouble() >= settings.FamilyShare)
            return role;
        IReadOnlyList<int> families = audio.FamiliesOf(song);
        return families.Count == 0 ? role : CorpusAudio.Stems + families[random.Next(families.Count)];
    }

    /// <summary>The stems of a window (<see cref="Windows.Window.Stems"/>) that a label's target is, or is part of.</summary>
    public IReadOnlyList<int> PartsOf(int song, int label) => label < CorpusAudio.Stems ? [label]
        : [Windows.Family, .. audio.RolesOf(song, label - CorpusAudio.Stems)];

    /// <summary>The role instead of a family that does not sound in a window.</summary>
    public int RoleOf(int song, int label) => audio.RolesOf(song, label - CorpusAudio.Stems)[0];
}
