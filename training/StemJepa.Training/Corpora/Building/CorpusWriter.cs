using System.Diagnostics;
using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Renders songs into a corpus folder, which it locks against other runs. Finished songs are kept, so an interrupted run can continue; for
/// a song that cannot be used the reason is kept under <c>.rejected</c>, and it is not tried again.
/// </summary>
internal sealed class CorpusWriter : IDisposable
{
    private const string RejectedFolder = ".rejected", LockFile = ".lock";
    private readonly string _folder, _partial;
    private readonly int _jobs;
    private readonly bool _families;
    private readonly IAnsiConsole _console;
    private readonly SongRenderer _renderer;
    private readonly FileStream _guard;

    /// <summary>Creates the folder if it is missing, and locks it.</summary>
    /// <param name="folder">The corpus folder.</param>
    /// <param name="jobs">Number of songs rendered in parallel.</param>
    /// <param name="families">True to write instrument families; songs that were finished without them are rendered again.</param>
    /// <param name="console">Console for progress and warnings.</param>
    /// <exception cref="StemJepaException">Another run is writing to the folder.</exception>
    public CorpusWriter(string folder, int jobs, bool families, IAnsiConsole console)
    {
        (_folder, _jobs, _families, _console, _renderer, _partial) =
            (folder, jobs, families, console, new SongRenderer(folder, families), Path.Combine(folder, SongRenderer.PartialFolder));
        Directory.CreateDirectory(folder);
        _guard = Lock();
        if (Directory.Exists(_partial)) Directory.Delete(_partial, recursive: true);
    }

    /// <summary>Renders the missing songs, round by round.</summary>
    public async Task WriteAsync(IReadOnlyList<IReadOnlyList<CorpusItem>> rounds, CancellationToken cancel)
    {
        int rendered = 0, failed = 0;
        var clock = Stopwatch.StartNew();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _jobs, CancellationToken = cancel };
        ProgressColumn[] columns =
            [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
        await _console.Progress().Columns(columns).StartAsync(async progress =>
        {
            ProgressTask task = progress.AddTask("rendering", maxValue: rounds.Sum(r => r.Count));
            foreach (IReadOnlyList<CorpusItem> round in rounds)
            {
                await Parallel.ForEachAsync(round, parallel, async (item, token) =>
                {
                    if (!IsDone(item))
                    {
                        task.Description = item.Name.EscapeMarkup();
                        if (await TryRender(item, token)) Interlocked.Increment(ref rendered);
                        else Interlocked.Increment(ref failed);
                    }
                    task.Increment(1);
                });
            }
        });
        double mean = clock.Elapsed.TotalSeconds / Math.Max(1, rendered + failed),
            processor = Environment.CpuUsage.TotalTime.TotalSeconds / Math.Max(1, rendered + failed);
        _console.WriteLine($"{rendered} songs rendered, {failed} rejected, mean {mean:0.00} s per song with {_jobs} job(s), "
            + $"{processor:0.00} s of processor time per song without mma's.");
        if (Directory.Exists(_partial)) Directory.Delete(_partial);
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _guard.Dispose();

    private async Task<bool> TryRender(CorpusItem item, CancellationToken cancel)
    {
        (SourceSong song, RenderPlan plan) = await item.Prepare(cancel);
        if (await _renderer.RenderAsync(song, plan, cancel) is not { } reason) return true;
        Directory.CreateDirectory(Path.Combine(_folder, RejectedFolder));
        await File.WriteAllTextAsync(RejectionOf(item.Name), reason, cancel);
        _console.MarkupLineInterpolated($"rejected {reason}");
        return false;
    }

    /// <summary>Returns the path of the file with the reason why a song is not in the corpus; it exists only for such songs.</summary>
    public string RejectionOf(string name) => Path.Combine(_folder, RejectedFolder, name + ".txt");

    private bool IsDone(CorpusItem item)
    {
        if (File.Exists(RejectionOf(item.Name))) return true;
        string folder = _renderer.FolderOf(item.Split, item.Name);
        if (!Directory.Exists(folder) || _families && SongRecord.Load(folder).Families is null) return false;
        if (item.Seed is not { } wanted) return true;
        int seed = SongRecord.Load(folder).Seed;
        return seed == wanted
            ? true
            : throw new StemJepaException($"{folder}: was rendered with seed {seed}; give --seed {seed} or another --out.");
    }

    private FileStream Lock()
    {
        try
        {
            return new FileStream(
                Path.Combine(_folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new StemJepaException(
                $"{_folder}: another run is writing this corpus, or the folder is not writable ({e.Message}); "
                + "wait for it or choose another --out.", e);
        }
    }
}
