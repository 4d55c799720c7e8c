namespace StemJepa.Training.Evaluation.Probes.Datasets;

/// <summary>All data sets that probes can be trained on.</summary>
internal static class ProbeDataSets
{
    private static readonly IProbeDataSet[] All =
        [new RenderedDataSet(), new GiantStepsDataSet(), new GtzanDataSet(), new MagnaTagATuneDataSet(), new NSynthDataSet(), new BallroomDataSet()];

    /// <summary>Finds out the layout of a folder and reads it.</summary>
    /// <exception cref="StemJepaException">The folder is missing, of no known layout, or has no labels for the task.</exception>
    public static ProbeData Read(ProbeRequest request)
    {
        if (!Directory.Exists(request.Folder))
            throw new StemJepaException($"{request.Folder}: there is no such folder; name the folder of a data set.");
        try
        {
            IProbeDataSet found = Array.Find(All, dataSet => dataSet.Recognises(request.Folder))
                ?? throw new StemJepaException($"{request.Folder}: has the layout of no known data set; give a folder of {string.Join(", ", All.Select(dataSet => dataSet.Name))}.");
            if (!found.Tasks.Contains(request.Task))
                throw new StemJepaException($"{request.Folder}: is {found.Name}, which has no labels for {request.Task}; ask for {string.Join(" or ", found.Tasks)}.");
            return found.Read(request);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{request.Folder}: cannot be read ({error.Message.TrimEnd('.')}); check the disk and the rights on its files.", error);
        }
    }
}
