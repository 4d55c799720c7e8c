using Spectre.Console;

namespace StemJepa.Tool.Output;

/// <summary>How far a list of files has been worked through. Not thread-safe.</summary>
internal sealed class WorkProgress(ProgressTask? task)
{
    private int done;

    /// <summary>Reports how much of the current file is done, 0..1, or, above 1, of the files after it too.</summary>
    public void ReportPart(double fraction)
    {
        if (task is not null)
            task.Value = done + Math.Max(0, fraction);
    }

    /// <summary>Ends the current file.</summary>
    public void CompleteItem()
    {
        done++;
        if (task is not null)
            task.Value = done;
    }
}
