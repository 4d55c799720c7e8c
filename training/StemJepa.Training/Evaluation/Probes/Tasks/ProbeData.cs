using System.Globalization;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The clips of a data set with the labels of one task. Immutable.</summary>
internal sealed class ProbeData
{
    private readonly string _folder;

    /// <exception cref="StemJepaException">Nothing is there to train or to validate on, or a song is in two splits.</exception>
    public ProbeData(string dataSet, string folder, ProbeTask task, IEnumerable<ProbeClip> clips)
    {
        _folder = folder;
        DataSet = dataSet;
        Task = task;
        Clips = [.. clips.OrderBy(clip => clip.Name, StringComparer.Ordinal)];
        Require(ProbeSplit.Train);
        Require(ProbeSplit.Validation);
        if (Clips.GroupBy(clip => clip.Group)
            .FirstOrDefault(group => group.Select(clip => clip.Split).Distinct().Count() > 1) is { } shared)
            throw new StemJepaException(
                $"{folder}: '{shared.Key}' is in two splits, so the figures would say nothing; take it out of one of them.");
    }

    /// <summary>The data set's name in reports.</summary>
    public string DataSet { get; }

    public ProbeTask Task { get; }

    /// <summary>All clips, sorted by name.</summary>
    public IReadOnlyList<ProbeClip> Clips { get; }

    public IReadOnlyList<ProbeClip> ClipsIn(ProbeSplit split) => [.. Clips.Where(clip => clip.Split == split)];

    /// <summary>Makes sure that a split has clips.</summary>
    /// <exception cref="StemJepaException">It has none.</exception>
    public void Require(ProbeSplit split)
    {
        if (!Clips.Any(clip => clip.Split == split))
            throw new StemJepaException(
                $"{_folder}: has no recordings with a label for {Task.Name} in its {split.ToString()
                .ToLowerInvariant()} split; name a folder with the whole data set.");
    }

    /// <summary>The same with at most so many songs of each split, chosen by a hash of their names.</summary>
    public ProbeData Limited(int songs) => new(DataSet, _folder, Task, Clips.GroupBy(clip => clip.Split).SelectMany(split =>
        split.GroupBy(clip => clip.Group).OrderBy(group => ValidationSplit.Hash(group.Key))
            .ThenBy(group => group.Key, StringComparer.Ordinal).Take(songs)).SelectMany(group => group));

    /// <summary>
    /// The same, with each clip of the training split also played up to so many semitones faster and higher, and slower and lower.
    /// </summary>
    public ProbeData WithVarispeed(int semitones) => semitones == 0 ? this : new(DataSet, _folder, Task, Clips.SelectMany(clip =>
        clip.Split == ProbeSplit.Train
            ? Enumerable.Range(-semitones, 2 * semitones + 1).Select(moved => moved == 0 ? clip : Varied(clip, moved)) : [clip]));

    private ProbeClip Varied(ProbeClip clip, int semitones) => clip with
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{clip.Name} {semitones:+0;-0}"),
        Label = Task.Varied(clip.Label, semitones),
        Load = () => Varispeed.Play(clip.Load(), semitones),
    };
}

/// <summary>A recording of a data set with its label.</summary>
/// <param name="Name">Name within the data set.</param>
/// <param name="Group">The group that must stay in one split: the song of which this is a variant, a stem or a part; else the name.</param>
/// <param name="Split">Where it belongs.</param>
/// <param name="Label">The label.</param>
/// <param name="Load">Reads the audio.</param>
internal sealed record ProbeClip(string Name, string Group, ProbeSplit Split, ProbeLabel Label, Func<AudioClip> Load);

/// <summary>The parts of a data set.</summary>
internal enum ProbeSplit
{
    /// <summary>Heads are fitted to it.</summary>
    Train,

    /// <summary>Decides when to stop and which head is better.</summary>
    Validation,

    /// <summary>Is measured and decides nothing.</summary>
    Test,
}
