namespace StemJepa.Training.Evaluation;

/// <summary>
/// Trains the heads that the library analyses recordings with, on the training split of a data set; the validation split chooses among
/// their possible inputs. The test split is not read. One caller at a time.
/// </summary>
/// <param name="model">The frozen encoder.</param>
/// <param name="dataSet">Folder of a rendered corpus, or of another data set with all five tasks.</param>
/// <param name="testSet">
/// Folder of another corpus whose test songs must not be among those of training; null for the data set's own.
/// </param>
/// <param name="songs">
/// At most so many songs of each split, with their variants; a quarter of them for instrument and stem, since they have four stems each.
/// </param>
/// <param name="seconds">Only the first so many seconds of each recording.</param>
internal sealed class TrainedHeads(StemAffinity model, string dataSet, string? testSet, int songs, double seconds)
{
    private const int StemsOfSong = 4;

    private static readonly ProbeSplit[] Splits = [ProbeSplit.Train, ProbeSplit.Validation];

    private readonly CachedFeature _mixes = new(new ModelFeature(model)), _stems = new(new ModelFeature(model));

    /// <summary>Trains all of them, or one.</summary>
    /// <param name="only">
    /// <see cref="ProbeTask.Key"/>, <see cref="ProbeTask.Instrument"/>, <see cref="ProbeTask.Stem"/>, or <see cref="ProbeTask.Tempo"/>,
    /// which is read off the beats and brings their head; null: all.
    /// </param>
    /// <param name="progress">Receives the task, the input, and the share that is done, 0..1.</param>
    /// <param name="cancellationToken">Stops training.</param>
    /// <returns>The heads, the caller's to dispose of.</returns>
    /// <exception cref="StemJepaException">The data set has no labels for one of the tasks.</exception>
    public IReadOnlyList<ChosenHead> Train(string? only = null, Action<string, double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (only is not null and not ProbeTask.Tempo)
            return [Alone(only, progress, cancellationToken)];
        ChosenHead beats = Choose(ProbeTask.Beats, songs, _mixes, null, progress, cancellationToken);
        var periodicity = new BeatPeriodicityFeature(_mixes, beats.Head);
        ChosenHead tempo = Choose(ProbeTask.Tempo, songs, _mixes, (HeadInput.BeatPeriodicity, periodicity), progress, cancellationToken);
        return only is not null ? [beats, tempo]
            : [beats, tempo, .. new[] { ProbeTask.Key, ProbeTask.Instrument, ProbeTask.Stem }
                .Select(task => Alone(task, progress, cancellationToken))];
    }

    private ChosenHead Alone(string task, Action<string, double>? progress, CancellationToken cancellationToken) => task == ProbeTask.Key
        ? Choose(task, songs, _mixes, FeatureOf(HeadInput.Chroma), progress, cancellationToken)
        : Choose(task, Math.Max(1, songs / StemsOfSong), _stems, FeatureOf(HeadInput.MelDynamics), progress, cancellationToken);

    private ChosenHead Choose(string task, int most, IProbeFeature patches, (HeadInput Input, IProbeFeature Feature)? other,
        Action<string, double>? progress, CancellationToken cancellationToken)
    {
        var request = new ProbeRequest(dataSet, task, testSet, seconds, Remixed: true);
        ProbeData data = ProbeDataSets.Read(request).Limited(most);
        ChosenHead? best = null;
        void Try(string what, HeadInput input, Func<AudioClip, (float[] Rows, int Length)> rowsOf, bool byClip, bool averages)
        {
            ProbeFeatures features =
                ProbeFeatures.Gather(data, rowsOf, Splits, share => progress?.Invoke($"{task}, {what}", share), cancellationToken);
            // One template for all keys of a mode: networks with more freedom know the training songs better, and real ones worse.
            bool isChroma = input == HeadInput.Chroma;
            using HeadSearch search = isChroma ? new(features.InAllKeys(), byClip, averages, [ProbeHead.Linear])
                : new(features, byClip, averages);
            TrainedHead head = search.Best(cancellationToken);
            if (best is not null && head.Validation[0] <= best.Head.Validation[0])
            {
                head.Dispose();
                return;
            }
            best?.Head.Dispose();
            best = new ChosenHead(data, input, head);
        }
        if (data.Task.UsesSequence)
        {
            Try("each time patch", HeadInput.Columns, patches.TimePatches, byClip: false, averages: false);
            return best!;
        }
        // The embedding tells the tempo of rendered songs better than the beats do, and that of real ones worse.
        if (task != ProbeTask.Tempo)
        {
            Try("mean", HeadInput.Columns, clip => Row(patches.Pooled(clip)), byClip: false, averages: true);
            Try("time patches", HeadInput.Columns, patches.TimePatches, byClip: true, averages: false);
        }
        if (other is { Feature.SupportsTimePatchHead: true } byPatch)
            Try(byPatch.Feature.Name, byPatch.Input, byPatch.Feature.TimePatches, byClip: true, averages: false);
        else if (other is { } row)
            Try(row.Feature.Name, row.Input, clip => Row(row.Feature.Pooled(clip)), byClip: false, averages: false);
        return best!;
    }

    private (HeadInput Input, IProbeFeature Feature) FeatureOf(HeadInput input) => (input, new HeadInputFeature(model, input));

    private static (float[] Rows, int Length) Row(float[] row) => (row, row.Length);
}

/// <summary>A chosen head with its training data.</summary>
/// <param name="Data">The data set; its task defines the outputs.</param>
/// <param name="Input">The head's input.</param>
/// <param name="Head">The head.</param>
internal sealed record ChosenHead(ProbeData Data, HeadInput Input, TrainedHead Head);
