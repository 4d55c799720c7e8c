namespace StemJepa.Training.Evaluation;

/// <summary>All data sets that probes can be trained on.</summary>
internal static class ProbeDataSets
{
    private static readonly IProbeDataSet[] All =
        [new RenderedDataSet(), new GiantStepsDataSet(), new GtzanDataSet(), new MagnaTagATuneDataSet(), new NSynthDataSet(), new BallroomDataSet()];

    /// <summary>The tasks that the data set in a folder has labels for.</summary>
    /// <exception cref="StemJepaException">The folder is missing, or of no known layout.</exception>
    public static IReadOnlyList<string> TasksOf(string folder) => Reading(folder, dataSet => dataSet.Tasks);

    /// <summary>Finds out the layout of a folder and reads it.</summary>
    /// <exception cref="StemJepaException">The folder is missing, of no known layout, or has no labels for the task.</exception>
    public static ProbeData Read(ProbeRequest request) => Reading(request.Folder, dataSet => dataSet.Tasks.Contains(request.Task)
        ? dataSet.Read(request)
        : throw new StemJepaException($"{request.Folder}: is {dataSet.Name}, which has no labels for {request.Task}; ask for {string.Join(" or ", dataSet.Tasks)}."));

    private static T Reading<T>(string folder, Func<IProbeDataSet, T> read)
    {
        if (!Directory.Exists(folder))
            throw new StemJepaException($"{folder}: there is no such folder; name the folder of a data set.");
        try
        {
            return read(Array.Find(All, dataSet => dataSet.Recognises(folder))
                ?? throw new StemJepaException($"{folder}: has the layout of no known data set; give a folder of {string.Join(", ", All.Select(dataSet => dataSet.Name))}."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{folder}: cannot be read ({error.Message.TrimEnd('.')}); check the disk and the rights on its files.", error);
        }
    }
}
