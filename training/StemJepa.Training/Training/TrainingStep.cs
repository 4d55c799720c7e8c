using StemJepa.Training.Corpora;
using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>The losses of one step.</summary>
internal sealed record StepLosses(double Total, double Regression, double Contrastive, double? Shift = null, double? Features = null);

/// <summary>One update of the networks from one batch.</summary>
/// <param name="network">The networks.</param>
/// <param name="optimiser">Changes their weights.</param>
/// <param name="settings">The experiment.</param>
/// <param name="threads">
/// Parts computed at once. Whole batches are one part for each thread in the JEPA stage; in the contrastive stage, whose batch norms want
/// the whole batch, libtorch's own threads share them.
/// </param>
internal sealed class TrainingStep(StemJepaNetwork network, AdamW optimiser, TrainingSettings settings, int threads = 1) : IDisposable
{
    private const int WindowsOfPart = 4, RowsOfPart = 16, PositionStride = 7;

    private readonly Schedule _schedule = new(settings);
    private readonly GradientCache? _cache = settings.WholeBatch && threads == 1 ? null : new(network, threads, settings.WholeBatch);

    /// <summary>Runs one step: gradients of the batch's losses, and the update. The garbage collector is paused meanwhile.</summary>
    /// <param name="batch">A batch of the stage that <paramref name="step"/> belongs to.</param>
    /// <param name="step">From 0, over both stages.</param>
    /// <exception cref="StemJepaException">The loss is not finite.</exception>
    public StepLosses Run(Batch batch, long step)
    {
        using CollectionPause pause = CollectionPause.Begin();
        return Update(batch, step);
    }

    private StepLosses Update(Batch batch, long step)
    {
        using var scope = NewDisposeScope();
        long stageStep = _schedule.StepOfStage(step);
        if (stageStep == 0)
        {
            optimiser.Reset();
            if (step > 0 || settings.StartedFrom is null)
                network.CopyEncoderToTarget();
        }
        bool contrastive = _schedule.IsContrastive(step);
        // The batches of the JEPA stage hold mixes only: their statistics must not move the batch norms, which recordings use too.
        network.Encoder.train(contrastive);
        network.TargetEncoder.train(false);
        GradientCache? cache = contrastive && settings.WholeBatch ? null : _cache;
        set_num_threads(cache is null ? threads : 1);
        cache?.Refresh();
        optimiser.ClearGradients();
        StepLosses losses = batch switch
        {
            ContrastiveBatch pairs => Contrastive(pairs, step, cache),
            JepaBatch pairs => Jepa(pairs, step, cache),
            _ => throw new ArgumentException($"A batch of type {batch.GetType().Name} belongs to no stage.", nameof(batch)),
        };
        if (!double.IsFinite(losses.Total))
            throw new StemJepaException(
                $"The loss is not finite at step {step}; resume from the last checkpoint with a smaller learning rate, or without "
                + $"bfloat16.");
        optimiser.ClipGradients(settings.GradientClip);
        optimiser.Step(_schedule.LearningRate(step), stageStep + 1);
        if (!contrastive)
            network.UpdateTarget(_schedule.Tau(step));
        return losses;
    }

    private StepLosses Contrastive(ContrastiveBatch batch, long step, GradientCache? cache)
    {
        Tensor logMels = LogMels(batch);
        long[][] rows = cache is null ? [Rows(5 * batch.Windows)] : [.. RowsOfParts(batch.Windows)];
        GradientCache.Part[] parts = [.. rows.Select((part, index) =>
            new GradientCache.Part(part.Length, copy => Encode(copy.Encoder, logMels, part, step + index)))];
        Tensor active = Flags(batch.Active, 5, batch.Windows), inMix = Flags(batch.InMix, 4, batch.Windows);
        Tensor order = tensor(rows.SelectMany(part => part).ToArray()).argsort();
        StepLosses losses = Run(cache, parts, encoded =>
        {
            Tensor inOrder = encoded.index_select(0, order);
            Tensor loss = JepaLoss.Compared(settings.MomentwiseShare, () => Losses.Pool(inOrder), () => InTime(inOrder),
                (embeddings, inTime) => Losses.AcrossStems(embeddings.view(5, batch.Windows, -1), active, inMix, settings.Temperature,
                    batch.Repeats?.ToTensor(inTime, CorpusAudio.Stems, batch.Windows, batch.Windows)));
            return new LossTensors(loss, null, loss);
        });
        cache?.CollectStatistics();
        return losses;
    }

    /// <summary>
    /// The rows of each part: each of the five views of some windows, and no window twice, since batch norm would reveal which rows share a
    /// part, and so which belong together.
    /// </summary>
    internal static IEnumerable<long[]> RowsOfParts(int windows)
    {
        int[][] groups = [.. Enumerable.Range(0, windows).Chunk(WindowsOfPart)];
        return groups.Select((_, part) => Enumerable.Range(0, 5).SelectMany(view =>
            groups[(part + view) % groups.Length].Select(window => (long)view * windows + window)).ToArray());
    }

    private StepLosses Jepa(JepaBatch batch, long step, GradientCache? cache)
    {
        Tensor logMels = LogMels(batch);
        long[][] rows = [.. Rows(batch.Pairs).Chunk(!settings.WholeBatch ? RowsOfPart : (batch.Pairs + threads - 1) / threads)];
        Tensor stems = batch.Labels is { } weights ? tensor(weights, [batch.Pairs, settings.Labels])
            : tensor(batch.Stems).to(ScalarType.Int64);
        Tensor target = WithoutGradient(cache, [.. rows.Select((part, index) => new GradientCache.Part(part.Length, _ =>
            Encode(network.TargetEncoder, logMels, Targets(batch, part), step + index)))]);
        IEnumerable<GradientCache.Part> parts = rows.Select((part, index) => new GradientCache.Part(part.Length, copy =>
            copy.Predictor.forward(Encode(copy.Encoder, logMels, part, step + index), stems.narrow(0, part[0], part.Length))));
        var loss = new JepaLoss(settings, batch, network.UseBfloat16);
        if (loss.NeedsRecordings)
            parts = parts.Concat(rows.Select((part, index) =>
                new GradientCache.Part(part.Length, copy => Encode(copy.Encoder, logMels, Targets(batch, part), step + index))));
        return Run(cache, [.. parts], outputs => loss.Compute(outputs, target));
    }

    /// <summary>Encodes some rows; windows shorter than the grid of positions are put all over it in turn.</summary>
    private static Tensor Encode(Encoder encoder, Tensor logMels, long[] rows, long turn)
    {
        long places = PatchGrid.MaxTimePatches - logMels.shape[2] / PatchGrid.PatchSize + 1;
        return encoder.Encode(logMels.index_select(0, tensor(rows)), (int)(turn * PositionStride % places));
    }

    private static long[] Targets(JepaBatch batch, long[] rows) => [.. rows.Select(row => batch.Pairs + row)];

    private StepLosses Run(GradientCache? cache, IReadOnlyList<GradientCache.Part> parts, Func<Tensor, LossTensors> loss)
    {
        Tensor outputs = cache is null ? AtOnce(parts) : cache.ForwardToLearn(parts);
        LossTensors losses = loss(outputs);
        losses.Total.backward();
        cache?.Backward(parts, outputs.grad!);
        return new StepLosses(losses.Total.item<float>(), losses.Regression?.item<float>() ?? 0, losses.Contrastive?.item<float>() ?? 0,
            losses.Shift?.item<float>(), losses.Features?.item<float>());
    }

    private Tensor AtOnce(IReadOnlyList<GradientCache.Part> parts) =>
        cat([.. parts.Select(part => part.Compute(network).to(ScalarType.Float32))]);

    private Tensor WithoutGradient(GradientCache? cache, IReadOnlyList<GradientCache.Part> parts)
    {
        if (cache is not null)
            return cache.Forward(parts);
        using var noGradient = no_grad();
        return AtOnce(parts);
    }

    private static long[] Rows(int count) => [.. Enumerable.Range(0, count).Select(row => (long)row)];

    /// <summary>All rows of a batch; until the batch is disposed.</summary>
    private static Tensor LogMels(Batch batch) =>
        tensor(batch.LogMels.AsMemory(0, batch.Count * FrontEndSettings.MelBands * batch.Frames),
            [batch.Count, FrontEndSettings.MelBands, batch.Frames]);

    private Tensor InTime(Tensor patches) => Rounded(Losses.Sequence(patches), network.UseBfloat16);

    /// <summary>Values in bfloat16, if the network multiplies in it.</summary>
    internal static Tensor Rounded(Tensor values, bool bfloat16) => bfloat16 ? values.to(ScalarType.BFloat16) : values;

    private static Tensor Flags(bool[] flags, int rows, int columns) => tensor(flags, [rows, columns]).to(ScalarType.Float32);

    public void Dispose() => _cache?.Dispose();
}
