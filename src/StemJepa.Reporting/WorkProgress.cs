using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace StemJepa.Reporting;

/// <summary>Progress through a list of items, shown as a bar. Not thread-safe.</summary>
internal sealed class WorkProgress
{
    private readonly ProgressTask? _task;
    private int _done;

    /// <summary>Reports to a task of a progress bar; to nothing where it is null.</summary>
    public WorkProgress(ProgressTask? task) => _task = task;

    /// <summary>Called with the number of completed items.</summary>
    public Action<int>? Completed { get; init; }

    /// <summary>
    /// Runs <paramref name="work"/> under a progress bar of <paramref name="items"/> steps; without a bar when the console is not a
    /// terminal. Nothing else may be written to the console meanwhile.
    /// </summary>
    public static T Track<T>(IAnsiConsole console, string title, int items, Func<WorkProgress, T> work)
    {
        if (!console.Profile.Out.IsTerminal)
            return work(new WorkProgress(null));
        return console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ItemsColumn(), new RemainingTimeColumn())
            .Start(context => work(new WorkProgress(context.AddTask(Markup.Escape(title), maxValue: items))));
    }

    /// <summary>Reports the completed fraction of the current item, 0..1; above 1 it includes the items after it.</summary>
    public void ReportPart(double fraction)
    {
        if (_task is not null)
            _task.Value = _done + Math.Max(0, fraction);
    }

    /// <summary>Completes the current item.</summary>
    public void CompleteItem()
    {
        _done++;
        Completed?.Invoke(_done);
        if (_task is not null)
            _task.Value = _done;
    }

    /// <summary>Completed and total items, and items per second.</summary>
    private sealed class ItemsColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(string.Create(
            CultureInfo.InvariantCulture,
            $"{(long)task.Value}/{(long)task.MaxValue}{(task.Speed is { } speed ? $"  {speed:0.0}/s" : "")}"));
    }
}
