namespace StemJepa.Training.Evaluation;

/// <summary>A feature that several tasks are to look at.</summary>
/// <param name="For">The feature as a task sees it, by the task's name.</param>
/// <param name="IsShared">Whether it is the same for all tasks, and its pooled row the mean of its columns, so that recordings need be heard once only.</param>
internal sealed record ProbeFeatureSource(Func<string, IProbeFeature> For, bool IsShared);
