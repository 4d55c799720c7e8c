using StemJepa.Training.Evaluation.Probes.Tasks;
using StemJepa.Training.Training;

namespace StemJepa.Training.Evaluation.Probes;

/// <summary>A data set as one task sees it. Immutable.</summary>
internal sealed class ProbeData
{
    private readonly string folder;

    /// <exception cref="StemJepaException">A split is empty, or a song is in two of them.</exception>
    public ProbeData(string dataSet, string folder, ProbeTask task, IEnumerable<ProbeClip> clips)
    {
        this.folder = folder;
        DataSet = dataSet;
        Task = task;
        Clips = [.. clips.OrderBy(clip => clip.Name, StringComparer.Ordinal)];
        foreach (ProbeSplit split in Enum.GetValues<ProbeSplit>())
        {
            if (!Clips.Any(clip => clip.Split == split))
                throw new StemJepaException($"{folder}: has no recordings with a label for {task.Name} in its {split.ToString().ToLowerInvariant()} split; name a folder with the whole data set.");
        }
        if (Clips.GroupBy(clip => clip.Group).FirstOrDefault(group => group.Select(clip => clip.Split).Distinct().Count() > 1) is { } shared)
            throw new StemJepaException($"{folder}: '{shared.Key}' is in two splits, so the figures would say nothing; take it out of one of them.");
    }

    /// <summary>The data set's name in reports.</summary>
    public string DataSet { get; }

    public ProbeTask Task { get; }

    /// <summary>All clips, sorted by name.</summary>
    public IReadOnlyList<ProbeClip> Clips { get; }

    public IReadOnlyList<ProbeClip> Of(ProbeSplit split) => [.. Clips.Where(clip => clip.Split == split)];

    /// <summary>The same with at most so many songs of each split, chosen by a hash of their names.</summary>
    public ProbeData Limited(int songs) => new(DataSet, folder, Task, Clips.GroupBy(clip => clip.Split).SelectMany(split =>
        split.GroupBy(clip => clip.Group).OrderBy(group => ValidationSplit.Hash(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal).Take(songs)).SelectMany(group => group));
}
