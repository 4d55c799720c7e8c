namespace StemJepa.Training.Evaluation;

/// <summary>All data sets that probes can be trained on.</summary>
internal static class ProbeDataSets
{
    private static readonly IProbeDataSet[] All =
        [new RenderedDataSet(), new GiantStepsDataSet(), new GtzanDataSet(), new MagnaTagATuneDataSet(), new NSynthDataSet(),
            new BallroomDataSet()];

    /// <summary>The tasks that the data set in a folder has labels for.</summary>
    /// <exception cref="StemJepaException">The folder is missing, or of no known layout.</exception>
    public static IReadOnlyList<string> TasksOf(string folder) => Reading(folder, dataSet => dataSet.Tasks);

    /// <summary>Finds out the layout of a folder and reads it.</summary>
    /// <exception cref="StemJepaException">The folder is missing, of no known layout, or has no labels for the task.</exception>
    public static ProbeData Read(ProbeRequest request) => Reading(request.Folder, dataSet => dataSet.Tasks.Contains(request.Task)
        ? dataSet.Read(request)
        : throw new StemJepaException(
            $"{request.Folder}: is {dataSet.Name}, which has no labels for {request.Task}; ask for {string.Join(" or ", dataSet.Tasks)}."));

    private static T Reading<T>(string folder, Func<IProbeDataSet, T> read)
    {
        if (!Directory.Exists(folder))
            throw new StemJepaException($"{folder}: there is no such folder; name the folder of a data set.");
        try
        {
            return read(Array.Find(All, dataSet => dataSet.Recognises(folder))
                ?? throw new StemJepaException(
                    $"{folder}: has the layout of no known data set; give a folder of {string.Join(", ",
                    All.Select(dataSet => dataSet.Name))}."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{folder}: cannot be read ({error.Message.TrimEnd('.')}); check the disk and the rights on its files.", error);
        }
    }
}

/// <summary>Reads a data set in the layout in which it is distributed. Stateless.</summary>
internal interface IProbeDataSet
{
    /// <summary>The name in reports.</summary>
    string Name { get; }

    /// <summary>The tasks that it has labels for.</summary>
    IReadOnlyList<string> Tasks { get; }

    /// <summary>Whether a folder has this layout.</summary>
    bool Recognises(string folder);

    /// <summary>Lists the recordings of all splits with their labels; audio is read later.</summary>
    /// <exception cref="StemJepaException">
    /// A file that the layout promises is missing or damaged, or there is nothing to train or to validate on.
    /// </exception>
    ProbeData Read(ProbeRequest request);
}

/// <summary>The part of a data set to read.</summary>
/// <param name="Folder">The data set's folder.</param>
/// <param name="Task">One of <see cref="ProbeTask.Names"/>.</param>
/// <param name="TestFolder">Another corpus of ours whose test split is measured; null for that of <paramref name="Folder"/>.</param>
/// <param name="Seconds">Only the first so many seconds of each recording.</param>
/// <param name="Remixed">Whether rendered mixes of the training split are also given with other gains of their stems.</param>
internal sealed record ProbeRequest(
    string Folder, string Task, string? TestFolder = null, double Seconds = double.PositiveInfinity, bool Remixed = false);
