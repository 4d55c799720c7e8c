namespace StemJepa.Training.Evaluation;

/// <summary>What is read of a data set.</summary>
/// <param name="Folder">The data set's folder.</param>
/// <param name="Task">One of <see cref="ProbeTask.Names"/>.</param>
/// <param name="TestFolder">Another corpus of ours whose test split is measured; null for that of <paramref name="Folder"/>.</param>
/// <param name="Seconds">Only the first so many seconds of each recording.</param>
internal sealed record ProbeRequest(string Folder, string Task, string? TestFolder = null, double Seconds = double.PositiveInfinity);
