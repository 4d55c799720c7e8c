namespace StemJepa.Training.Evaluation;

/// <summary>The rows of a feature for the clips of a data set, by split.</summary>
internal sealed class ProbeFeatures
{
    private readonly Dictionary<ProbeSplit, (IReadOnlyList<ProbeLabel> Labels, List<float[]> Rows)> _splits = [];

    private ProbeFeatures(ProbeTask task) => Task = task;

    public ProbeTask Task { get; }

    /// <summary>Values of a row.</summary>
    public int Length { get; private set; }

    /// <summary>Computes the rows of every clip of some splits.</summary>
    /// <param name="data">The clips.</param>
    /// <param name="rowsOf">Gives the rows of a clip one after another, and the length of one.</param>
    /// <param name="asked">The splits.</param>
    /// <param name="progress">Receives the share that is done, 0..1.</param>
    /// <param name="cancellationToken">Checked between clips.</param>
    public static ProbeFeatures Gather(ProbeData data, Func<AudioClip, (float[] Rows, int Length)> rowsOf, IReadOnlyList<ProbeSplit> asked,
        Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var features = new ProbeFeatures(data.Task);
        double count = asked.Sum(split => data.ClipsIn(split).Count), done = 0;
        foreach (ProbeSplit split in asked)
        {
            IReadOnlyList<ProbeClip> clips = data.ClipsIn(split);
            var rows = new List<float[]>(clips.Count);
            foreach (ProbeClip clip in clips)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (float[] values, features.Length) = rowsOf(clip.Load());
                rows.Add(values);
                progress?.Invoke(++done / count);
            }
            features._splits.Add(split, ([.. clips.Select(clip => clip.Label)], rows));
        }
        return features;
    }

    /// <summary>Gives each training clip in all twelve keys: rows of pitch classes are turned, and the labels with them.</summary>
    /// <returns>This.</returns>
    public ProbeFeatures InAllKeys()
    {
        (IReadOnlyList<ProbeLabel> labels, List<float[]> rows) = _splits[ProbeSplit.Train];
        var keys = Enumerable.Range(0, KeyClasses.PitchClasses);
        _splits[ProbeSplit.Train] = ([.. keys.SelectMany(semitones => labels.Select(label => Task.Varied(label, semitones)))],
            [.. keys.SelectMany(semitones => rows.Select(row => Transposed(row, semitones)))]);
        return this;
    }

    private static float[] Transposed(float[] row, int semitones)
    {
        const int classes = KeyClasses.PitchClasses;
        var transposed = new float[row.Length];
        for (int i = 0; i < row.Length; i++)
            transposed[i / classes * classes + (i + semitones) % classes] = row[i];
        return transposed;
    }

    /// <summary>Moves the rows of a split into tensors, once. Null if the split was not computed.</summary>
    /// <param name="split">The split.</param>
    /// <param name="byClip">Whether an example is a clip with all its rows, or a row.</param>
    public ProbeExamples? Take(ProbeSplit split, bool byClip)
    {
        if (!_splits.Remove(split, out var taken))
            return null;
        return byClip ? new ProbeTimePatches(Task, taken.Labels, taken.Rows, Length)
            : new ProbeRows(Task, taken.Labels, taken.Rows, Length);
    }
}
