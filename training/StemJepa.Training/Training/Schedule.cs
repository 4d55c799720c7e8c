namespace StemJepa.Training.Training;

/// <summary>Schedules that depend on the step alone: the stage, the learning rate, the rate of the moving average.</summary>
internal sealed class Schedule(TrainingSettings settings)
{
    public bool IsContrastive(long step) => step < settings.ContrastiveSteps;

    /// <summary>Whether a step has long windows.</summary>
    public bool IsLong(long step) => !IsContrastive(step) && step >= settings.TotalSteps - settings.JepaLongSteps;

    /// <summary>The step within its stage, from 0.</summary>
    public long StepOfStage(long step) => IsContrastive(step) ? step : step - settings.ContrastiveSteps;

    /// <summary>Linear warm-up, then a cosine to zero, anew in each stage.</summary>
    public double LearningRate(long step)
    {
        long length = IsContrastive(step) ? settings.ContrastiveSteps : settings.JepaSteps;
        double peak = IsContrastive(step) ? settings.ContrastiveLearningRate : settings.JepaLearningRate;
        long at = StepOfStage(step);
        long warmup = Math.Min(settings.WarmupSteps, length);
        return at < warmup
            ? peak * (at + 1) / warmup
            : peak * 0.5 * (1 + Math.Cos(Math.PI * (at - warmup) / Math.Max(1, length - warmup)));
    }

    /// <summary>From <see cref="TrainingSettings.TauStart"/> to <see cref="TrainingSettings.TauEnd"/> over the JEPA stage.</summary>
    public double Tau(long step) =>
        settings.TauStart + (settings.TauEnd - settings.TauStart) * StepOfStage(step) / Math.Max(1, settings.JepaSteps - 1);
}
