using System.Diagnostics;
using StemJepa.Training.Networks;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>The progress of a training run.</summary>
internal sealed record TrainingProgress(LogRow Row, double StepsPerSecond);

/// <summary>
/// Trains the networks: the contrastive stage, then the JEPA stage. A run that is killed and resumed has the same losses, step for step, as
/// one that was never stopped, on the same machine with the same number of threads.
/// </summary>
internal sealed class TrainingRun(
    RunFolder folder, TrainingSettings settings, CorpusAudio songs, IReadOnlyList<CorpusSong> validationSongs, string corpusName)
{
    private const double ValidationSeconds = 48;

    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Steps between two checkpoints, whatever the time; 0 goes by time alone.</summary>
    public int CheckpointSteps { get; init; }

    public bool UseBfloat16 { get; init; }

    /// <summary>Parts of a batch that are computed at once, each on one thread.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Takes what the user should know about the start of the run, in sentences.</summary>
    public Action<string> Note { get; init; } = _ => { };

    public Action<TrainingProgress> Report { get; init; } = _ => { };

    /// <summary>
    /// Runs to the end, or until cancelled, which leaves a checkpoint; <paramref name="resume"/> starts from the last one.
    /// </summary>
    public void Run(bool resume, CancellationToken cancellationToken)
    {
        manual_seed(settings.Seed);
        CheckFamilies();
        using var network = new StemJepaNetwork(settings.Sizes with { Labels = settings.Labels }) { UseBfloat16 = UseBfloat16 };
        FrontEndSettings? given = resume ? null : settings.StartedFrom?.Load(network, Note, settings.Families);
        if (!settings.LabelConditioning)
            network.Predictor.ForgetStem();
        var optimiser = new AdamW(network.named_parameters(), settings.WeightDecay);
        string[] songNames = [.. songs.Songs.Select(song => song.Name)];
        RunFolder.State state = resume
            ? folder.LoadCheckpoint(network, optimiser)
            : new RunFolder.State(0, given ?? Normalisation.Measure(songs, settings), songNames);
        if (!state.Songs.SequenceEqual(songNames))
            throw new StemJepaException(
                $"{folder.Path}: the corpus has changed since this run began; a run resumes only on the songs that it began with.");
        Train(network, optimiser, state, cancellationToken);
        folder.SaveWeights(network, Config(state.FrontEnd));
    }

    /// <summary>A family that no song has is not learnt.</summary>
    private void CheckFamilies()
    {
        if (settings.FamilyShare == 0)
            return;
        int[] found = [.. Enumerable.Range(0, songs.Songs.Count).SelectMany(songs.FamiliesOf).Distinct()];
        if (found.Length == 0)
            throw new StemJepaException(
                $"{corpusName}: no song has the stem of an instrument family; render the corpus with --families, or leave families out.");
        string[] lacking = [.. settings.Families!.Where((_, family) => !found.Contains(family))];
        if (lacking.Length > 0)
            Note($"{corpusName}: no song has {string.Join(", ", lacking)}, which the run does not learn.");
    }

    private WeightsConfig Config(FrontEndSettings frontEnd) => new()
    {
        Name = settings.Sizes.Name,
        License = "MIT",
        Width = settings.Sizes.Width,
        Depth = settings.Sizes.Depth,
        Heads = settings.Sizes.Heads,
        PredictorHidden = settings.Sizes.PredictorHidden,
        PatchEmbedding = settings.Sizes.PatchEmbedding,
        TimePositions = settings.Sizes.TimePositions == TimePositions.Absolute ? null : settings.Sizes.TimePositions,
        Stems = settings.Families is { } families ? [.. Stem.Roles, .. families.Select(family => Stem.Parse(family))] : null,
        Mean = frontEnd.Mean,
        Std = frontEnd.StandardDeviation,
        Corpus = new ModelCorpus { Name = corpusName, Songs = songs.Songs.Count, Hours = Math.Round(songs.Hours, 2),
            Steps = settings.TotalSteps },
    };

    private void Train(StemJepaNetwork network, AdamW optimiser, RunFolder.State state, CancellationToken cancellationToken)
    {
        var schedule = new Schedule(settings);
        var frontEnd = new LogMelSpectrogram(state.FrontEnd);
        using var step = new TrainingStep(network, optimiser, settings, Threads);
        using RetrievalEvaluation? validation = validationSongs.Count > 0 ? new RetrievalEvaluation(validationSongs, ValidationSeconds)
            : null;
        using var log = new TrainingLog(folder.LogPath, state.Step);
        using var batches = new BatchQueue(new BatchBuilder(songs, settings, frontEnd), state.Step, settings.TotalSteps);
        var sinceCheckpoint = Stopwatch.StartNew();
        for (long at = state.Step; at < settings.TotalSteps; at++)
        {
            var watch = Stopwatch.StartNew();
            using Batch batch = batches.Next();
            StepLosses losses = step.Run(batch, at);
            double seconds = watch.Elapsed.TotalSeconds;
            bool last = at + 1 == settings.TotalSteps;
            Retrieval? ranks = validation is not null && (last || settings.ValidationSteps > 0 && (at + 1) % settings.ValidationSteps == 0)
                ? Validate(network, schedule.IsContrastive(at), frontEnd, validation)
                : null;
            var row = new LogRow(at, schedule.IsContrastive(at) ? "contrastive" : "jepa", losses.Total, losses.Regression,
                losses.Contrastive,
                schedule.LearningRate(at), seconds, ranks?.Mean.RecallAt1, ranks?.Mean.MeanNormalizedRank, ranks?.Aligned.RecallAt1,
                losses.Shift, losses.Features);
            log.Write(row);
            if (ranks is not null)
                TrainingPlot.Write(folder.LogPath, folder.PlotPath);
            Report(new TrainingProgress(row, 1 / seconds));
            bool due = sinceCheckpoint.Elapsed >= CheckpointInterval || CheckpointSteps > 0 && (at + 1) % CheckpointSteps == 0;
            if (due || last || cancellationToken.IsCancellationRequested)
            {
                folder.SaveCheckpoint(network, optimiser, state with { Step = at + 1 });
                sinceCheckpoint.Restart();
            }
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private sealed record Retrieval(RetrievalMetrics Mean, RetrievalMetrics Aligned);

    /// <summary>
    /// Retrieval on the validation songs among stems of the right kind; in the contrastive stage, which does not learn kinds, the encoder
    /// alone serves mix and recording.
    /// </summary>
    private static Retrieval Validate(StemJepaNetwork network, bool contrastive, LogMelSpectrogram frontEnd, RetrievalEvaluation validation)
    {
        network.eval();
        var embeddings = new EmbeddingRetrieval(new NetworkEmbedder(network, frontEnd) { EncoderAlone = contrastive }, keepSequences: true);
        IReadOnlyList<RetrievalQuery> queries = validation.Show(embeddings);
        return new Retrieval(
            RetrievalResult.Compute(queries, embeddings.Affinities()).SameStem,
            RetrievalResult.Compute(queries, embeddings.AlignedAffinities(segmentPatches: 1)).SameStem);
    }
}
