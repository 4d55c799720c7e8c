using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>The losses of one step.</summary>
internal sealed record StepLosses(double Total, double Regression, double Contrastive);

/// <summary>One update of the networks from one batch.</summary>
internal sealed class TrainingStep(StemJepaNetwork network, AdamW optimiser, TrainingSettings settings)
{
    private readonly Schedule schedule = new(settings);

    private const long ManagedBytesOfStep = 1L << 30;

    /// <summary>
    /// Runs one step. The garbage collector is held off meanwhile: TorchSharp passes temporary scalars to libtorch by handles that a
    /// collection during the call would free.
    /// </summary>
    public StepLosses Run(Batch batch, long step)
    {
        bool held = GC.TryStartNoGCRegion(ManagedBytesOfStep);
        try
        {
            return Update(batch, step);
        }
        finally
        {
            if (held)
                AllowCollections();
        }
    }

    private static void AllowCollections()
    {
        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // More was allocated than asked for, which ended the region already.
        }
    }

    private StepLosses Update(Batch batch, long step)
    {
        using var scope = NewDisposeScope();
        long stageStep = schedule.StepOfStage(step);
        if (stageStep == 0)
        {
            optimiser.Reset();
            network.CopyEncoderToTarget();
        }
        bool contrastive = schedule.IsContrastive(step);
        // The batches of the JEPA stage hold mixes only: their statistics must not move the batch norms, which recordings use too.
        network.Encoder.train(contrastive);
        network.TargetEncoder.train(false);
        optimiser.ClearGradients();
        (Tensor total, Tensor? regression, Tensor? contrast) = batch switch
        {
            ContrastiveBatch pairs => Contrastive(pairs),
            JepaBatch pairs => Jepa(pairs),
            _ => throw new ArgumentException($"A batch of type {batch.GetType().Name} belongs to no stage.", nameof(batch)),
        };
        double loss = total.item<float>();
        if (!double.IsFinite(loss))
            throw new StemJepaException($"The loss is not finite at step {step}; resume from the last checkpoint with a smaller learning rate, or without bfloat16.");
        total.backward();
        optimiser.ClipGradients(settings.GradientClip);
        optimiser.Step(schedule.LearningRate(step), stageStep + 1);
        if (!contrastive)
            network.UpdateTarget(schedule.Tau(step));
        return new StepLosses(loss, regression?.item<float>() ?? 0, contrast?.item<float>() ?? 0);
    }

    private (Tensor, Tensor?, Tensor?) Contrastive(ContrastiveBatch batch)
    {
        Tensor embeddings = Losses.Pool(network.Encoder.forward(LogMels(batch, 0, batch.Count))).view(5, batch.Windows, -1);
        Tensor loss = Losses.AcrossStems(
            embeddings, Flags(batch.Active, 5, batch.Windows), Flags(batch.InMix, 4, batch.Windows), settings.Temperature);
        return (loss, null, loss);
    }

    private (Tensor, Tensor?, Tensor?) Jepa(JepaBatch batch)
    {
        Tensor target;
        using (no_grad())
            target = network.TargetEncoder.forward(LogMels(batch, batch.Pairs, batch.Pairs));
        Tensor stem = tensor(batch.Stems).to(ScalarType.Int64);
        bool contrastive = settings.JepaContrastiveWeight > 0;
        Tensor encoded = network.Encoder.forward(LogMels(batch, 0, contrastive ? batch.Count : batch.Pairs));
        Tensor prediction = network.Predictor.forward(encoded.narrow(0, 0, batch.Pairs), stem);
        Tensor regression = Losses.Regression(prediction, target);
        if (!contrastive)
            return (regression, regression, null);
        Tensor recordings = Losses.Pool(encoded.narrow(0, batch.Pairs, batch.Pairs));
        Tensor contrast = Losses.InfoNce(Losses.Pool(prediction), recordings, settings.Temperature);
        return (regression + settings.JepaContrastiveWeight * contrast, regression, contrast);
    }

    private static Tensor LogMels(Batch batch, int first, int count)
    {
        int size = FrontEndSettings.MelBands * batch.Frames;
        return tensor(new Memory<float>(batch.LogMels, first * size, count * size), [count, FrontEndSettings.MelBands, batch.Frames]);
    }

    private static Tensor Flags(bool[] flags, int rows, int columns) => tensor(flags, [rows, columns]).to(ScalarType.Float32);
}
