using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>The losses of one step before its update, with their graphs; the total holds the others with their weights.</summary>
internal sealed record LossTensors(
    Tensor Total, Tensor? Regression, Tensor? Contrastive, Tensor? Shift = null, Tensor? Features = null);

/// <summary>
/// The loss of a batch of the JEPA stage: the paper's regression on the target encoder's patches, and, with the weights of the settings,
/// InfoNCE, the shift contrast and what features teach (<see cref="TimeFeatures"/>) between predictions and the encoder's own patches of
/// the recordings. Until the dispose scope ends.
/// </summary>
/// <param name="settings">The experiment.</param>
/// <param name="batch">The batch.</param>
/// <param name="bfloat16">Whether the products of comparisons in time are computed in bfloat16.</param>
internal sealed class JepaLoss(TrainingSettings settings, JepaBatch batch, bool bfloat16)
{
    private readonly int _pairs = batch.Pairs, _time = batch.Frames / FrontEndSettings.PatchFrames;
    private readonly TimeAlignment? _alignment =
        batch.Shifts is { } shifts ? new TimeAlignment(shifts, batch.Frames / FrontEndSettings.PatchFrames) : null;

    /// <summary>Whether the encoder's patches of the recordings follow the predictions in the outputs.</summary>
    public bool NeedsRecordings => settings.JepaContrastiveWeight > 0 || settings.ShiftWeight > 0 || batch.Features is not null;

    /// <summary>Computes the loss.</summary>
    /// <param name="outputs">
    /// Predictions, and then the encoder's patches of the recordings if needed: [1 or 2 x pairs, 5, time, width].
    /// </param>
    /// <param name="target">The target encoder's patches of the recordings, [pairs, 5, time, width], without gradient.</param>
    public LossTensors Compute(Tensor outputs, Tensor target)
    {
        Tensor regression = Losses.Regression(outputs.narrow(0, 0, _pairs), target, _alignment), total = regression;
        if (!NeedsRecordings)
            return new LossTensors(regression, regression, null);
        Tensor? contrast = null, shift = null, features = null;
        Lazy<Tensor> timePatches = new(() => Losses.TimePatches(outputs));
        if (settings.JepaContrastiveWeight > 0)
        {
            contrast = Compared(settings.MomentwiseShare, () => Losses.Pool(outputs), () => InTime(timePatches.Value),
                (embeddings, inTime) => Losses.InfoNce(First(embeddings), Second(embeddings), settings.Temperature,
                    batch.Repeats?.ToTensor(inTime, _pairs, _pairs), settings.LabelSmoothing));
            total = total + settings.JepaContrastiveWeight * contrast;
        }
        if (settings.ShiftWeight > 0)
        {
            Tensor compared = TrainingStep.Rounded(timePatches.Value, bfloat16);
            shift = Losses.ShiftContrast(
                First(compared), Second(compared), batch.Shifts ?? new int[_pairs], _time / 2, settings.Temperature);
            total = total + settings.ShiftWeight * shift;
        }
        if (batch.Features is { } taught)
        {
            Tensor compared = TrainingStep.Rounded(timePatches.Value, bfloat16);
            features = taught.Loss(First(compared), Second(compared), settings);
            total = total + features;
        }
        return new LossTensors(total, regression, contrast, shift, features);
    }

    /// <summary>
    /// A contrastive loss of the embeddings averaged over time, and of the embeddings compared in time (frame-wise), in the share given;
    /// <paramref name="loss"/> is told whether it is the latter.
    /// </summary>
    public static Tensor Compared(double share, Func<Tensor> pooled, Func<Tensor> inTime, Func<Tensor, bool, Tensor> loss)
    {
        if (share == 0)
            return loss(pooled(), false);
        Tensor momentwise = loss(inTime(), true);
        return share == 1 ? momentwise : (1 - share) * loss(pooled(), false) + share * momentwise;
    }

    private Tensor First(Tensor rows) => rows.narrow(0, 0, _pairs);

    private Tensor Second(Tensor rows) => rows.narrow(0, _pairs, _pairs);

    private Tensor InTime(Tensor timePatches)
    {
        Tensor sequence = (timePatches / Math.Sqrt(_time)).flatten(1);
        if (_alignment is not null)
            sequence = cat([First(sequence), Losses.AlignedSequence(Second(timePatches), _alignment)]);
        return TrainingStep.Rounded(sequence, bfloat16);
    }
}
