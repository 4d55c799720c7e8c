namespace StemJepa.Training.Evaluation;

/// <summary>
/// Measures tasks on a data set. All tasks but the instrument use the same mixes: features that are the same for them are computed once for
/// each recording and released before the next feature. Not thread-safe.
/// </summary>
internal sealed class ProbeRun
{
    private readonly Dictionary<string, (Probe Probe, Dictionary<string, ProbeResult> Results)> _tasks = [];
    private readonly Dictionary<string, ProbeData> _data;

    /// <summary>Reads and checks the labels of every task before the first one is measured.</summary>
    /// <param name="request">The data set.</param>
    /// <param name="names">The tasks. With the tempo, the beats are read too.</param>
    /// <param name="songs">At most so many songs of each split; null for all.</param>
    /// <param name="semitones">
    /// Up to so many semitones each clip of the training split is also played faster and higher, and slower and lower. Heads then take
    /// means over time only, except for tasks with targets for each time patch: the time patches of so many clips do not fit into memory.
    /// </param>
    /// <exception cref="StemJepaException">The data set cannot be read, lacks labels for a task, or has a song in two splits.</exception>
    public ProbeRun(ProbeRequest request, IReadOnlyList<string> names, int? songs, int semitones = 0)
    {
        _data = names.Concat(names.Contains(ProbeTask.Tempo) ? [ProbeTask.Beats] : []).Distinct().ToDictionary(name => name, name =>
        {
            ProbeData all = ProbeDataSets.Read(request with { Task = name });
            return (songs is { } most ? all.Limited(most) : all).WithVarispeed(semitones);
        });
        foreach (string name in names)
            _tasks.Add(name, (new Probe(_data[name]), []));
        Seconds = double.IsFinite(request.Seconds) ? request.Seconds : null;
        Semitones = semitones;
    }

    private double? Seconds { get; }

    private int Semitones { get; }

    /// <summary>Measures the baselines without a head: chance and, on request, tempo and beats from onset strength.</summary>
    public void MeasureWithoutHeads(bool onsets)
    {
        foreach ((Probe probe, Dictionary<string, ProbeResult> results) in _tasks.Values)
        {
            results.Add(ProbeReport.ChanceMethod, probe.Chance());
            if (onsets && probe.Onsets() is { } tracked)
                results.Add(OnsetTracker.Name, tracked);
        }
    }

    /// <summary>Measures features on all tasks.</summary>
    /// <param name="features">In the order of the rows.</param>
    /// <param name="progressOf">Creates, for each row, "task, feature", the receiver of the share that is done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Measure(IReadOnlyList<ProbeFeatureSource> features, Func<string, Action<double>> progressOf,
        CancellationToken cancellationToken = default)
    {
        foreach (IGrouping<bool, string> together in _tasks.Keys.GroupBy(ProbeTask.IsOfStems))
        foreach (ProbeFeatureSource source in features)
        {
            IProbeFeature? shared = source.IsShared ? new CachedFeature(source.For(together.First())) : null;
            foreach (string task in together)
                Measure(task, shared ?? source.For(task), progressOf, cancellationToken);
        }
    }

    /// <summary>Creates the reports, by task in the order of the constructor.</summary>
    public IReadOnlyList<ProbeReport> Reports(string modelName, Provenance measured) =>
    [
        .. _tasks.Select(task => new ProbeReport
        {
            Task = task.Key,
            DataSet = _data[task.Key].DataSet,
            ModelName = modelName,
            Clips = Enum.GetValues<ProbeSplit>()
                .ToDictionary(split => split.ToString().ToLowerInvariant(), split => _data[task.Key].ClipsIn(split).Count),
            Seconds = Seconds,
            Semitones = Semitones,
            Methods = task.Value.Results,
            Measured = measured,
        }),
    ];

    private void Measure(string task, IProbeFeature feature, Func<string, Action<double>> progressOf, CancellationToken cancellationToken)
    {
        (Probe probe, Dictionary<string, ProbeResult> results) = _tasks[task];
        void Row(string name, Func<Action<double>, ProbeResult> measure) => results.Add(name, measure(progressOf($"{task}, {name}")));
        Row(feature.Name, progress => probe.Measure(feature, progress, cancellationToken));
        if (!_data[task].Task.UsesSequence && feature.SupportsTimePatchHead && Semitones == 0)
            Row(feature.Name + ProbeReport.TimePatchesSuffix, progress => probe.MeasureTimePatches(feature, progress, cancellationToken));
        if (task != ProbeTask.Tempo || feature.Name != ProbeReport.ModelMethod)
            return;
        using TrainedHead beats = TrainBeats(feature, cancellationToken);
        var periodicity = new BeatPeriodicityFeature(feature, beats);
        Row(periodicity.Name, progress => probe.Measure(periodicity, progress, cancellationToken));
    }

    /// <summary>The head for beats, trained on the same songs: every data set with tempi has beats.</summary>
    private TrainedHead TrainBeats(IProbeFeature feature, CancellationToken cancellationToken)
    {
        ProbeFeatures columns = ProbeFeatures.Gather(_data[ProbeTask.Beats], feature.TimePatches, [ProbeSplit.Train, ProbeSplit.Validation],
            null, cancellationToken);
        using var search = new HeadSearch(columns, byClip: false, averagesInput: false);
        return search.Best(cancellationToken);
    }
}

/// <summary>A feature for several tasks.</summary>
/// <param name="For">Creates the feature for the name of a task.</param>
/// <param name="IsShared">
/// Whether it is the same for all tasks and its pooled row is the mean of its time patches, so that recordings are processed only once.
/// </param>
internal sealed record ProbeFeatureSource(Func<string, IProbeFeature> For, bool IsShared);
