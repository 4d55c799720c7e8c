using System.Diagnostics;
using Spectre.Console;
using StemJepa.Training.Corpus.Rendering;
using StemJepa.Training.Corpus.Sources;

namespace StemJepa.Training.Corpus;

/// <summary>
/// Builds a corpus folder in MUSDB18-HQ's layout from the songs of <see cref="MidiCollections"/>: the originals first, training songs before
/// test songs, then the composed songs, then the variants of the training songs, round by round. Finished songs are kept, so a run that was killed goes on.
/// </summary>
/// <param name="options">What to build.</param>
/// <param name="console">Where progress goes: standard error.</param>
public sealed class CorpusBuilder(CorpusOptions options, IAnsiConsole console)
{
    private const string RejectedFolder = ".rejected", LockFile = ".lock";
    private readonly SongRenderer _renderer = new(options.Folder);

    /// <summary>Renders what is missing and writes the manifest if one is asked for.</summary>
    /// <exception cref="StemJepaException">Something is not installed, another run is writing there, or a song is unknown.</exception>
    public async Task BuildAsync(CancellationToken cancel)
    {
        if (options.ComposedOnly && options.Manifest is not null)
            throw new StemJepaException("--manifest: describes the real songs, which --composed-only leaves out; give one of the two.");
        if (Requirements.Missing(real: !options.ComposedOnly, composed: options.Composed > 0) is { } missing) throw new StemJepaException(missing);
        Directory.CreateDirectory(options.Folder);
        using FileStream guard = Lock();
        string partial = Path.Combine(options.Folder, SongRenderer.PartialFolder);
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        (IReadOnlyList<SourceSong> all, IReadOnlyList<RejectedSource> rejected) = options.ComposedOnly ? ([], []) : SourceSong.Select(await MidiCollections.ReadAllAsync(cancel));
        List<IReadOnlyList<CorpusItem>> rounds = options.ComposedOnly ? [] : Rounds(Chosen(all));
        if (options.Composed > 0) rounds.Insert(Math.Min(1, rounds.Count), ComposedSongs.Training(options.Composed, options.Seed));
        await RenderAll(rounds, cancel);
        if (Directory.Exists(partial)) Directory.Delete(partial);
        if (options.Manifest is not { } manifest) return;
        CorpusJson.Write(manifest, RealSongs.Describe(options.Folder, all, [.. rejected, .. RejectedByEar(all)]));
        console.MarkupLineInterpolated($"Manifest: {manifest}");
    }

    private FileStream Lock()
    {
        try
        {
            return new FileStream(Path.Combine(options.Folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new StemJepaException($"{options.Folder}: another run is writing this corpus, or the folder is not writable ({e.Message}); wait for it or choose another --out.", e);
        }
    }

    private List<SourceSong> Chosen(IReadOnlyList<SourceSong> all)
    {
        if (options.Songs.Count == 0) return [.. all];
        string? unknown = options.Songs.FirstOrDefault(n => all.All(s => s.Name != n));
        if (unknown is not null)
            throw new StemJepaException($"--songs {unknown}: is not one of the {all.Count} songs of the corpus; names are like {all[0].Name}.");
        return [.. all.Where(s => options.Songs.Contains(s.Name))];
    }

    private List<IReadOnlyList<CorpusItem>> Rounds(List<SourceSong> songs)
    {
        var planner = new VariantPlanner(SoundFont.All.ToDictionary(s => s, s => SoundFont.ReadDrumKits(s.Path)), options.Seed);
        List<IReadOnlyList<CorpusItem>> rounds = [[.. songs.OrderBy(s => s.IsTest).Select(s => Item(s, RenderPlan.Original(s.Midi, options.Seed), null))]];
        for (int round = 1; round <= options.Variants; round++)
            rounds.Add([.. songs.Where(s => !s.IsTest).Select(s => Item(s, planner.Plan(s.Midi, s.Roles, round), options.Seed))]);
        return rounds;
    }

    private static CorpusItem Item(SourceSong song, RenderPlan plan, int? seed) => new(plan.Name, song.Split, seed, _ => Task.FromResult((song, plan)));

    private async Task RenderAll(IReadOnlyList<IReadOnlyList<CorpusItem>> rounds, CancellationToken cancel)
    {
        int rendered = 0, failed = 0;
        var clock = Stopwatch.StartNew();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancel };
        await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
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
        double mean = clock.Elapsed.TotalSeconds / Math.Max(1, rendered + failed), processor = Environment.CpuUsage.TotalTime.TotalSeconds / Math.Max(1, rendered + failed);
        console.MarkupLineInterpolated($"{rendered} songs rendered, {failed} rejected, mean {mean:0.00} s a song with {options.Jobs} job(s), {processor:0.00} s of processor time a song without mma's.");
    }

    private async Task<bool> TryRender(CorpusItem item, CancellationToken cancel)
    {
        (SourceSong song, RenderPlan plan) = await item.Prepare(cancel);
        if (await _renderer.RenderAsync(song, plan, cancel) is not { } reason) return true;
        Directory.CreateDirectory(Path.Combine(options.Folder, RejectedFolder));
        await File.WriteAllTextAsync(RejectionOf(item.Name), reason, cancel);
        console.MarkupLineInterpolated($"rejected {reason}");
        return false;
    }

    private string RejectionOf(string name) => Path.Combine(options.Folder, RejectedFolder, name + ".txt");

    private bool IsDone(CorpusItem item)
    {
        if (File.Exists(RejectionOf(item.Name))) return true;
        string folder = _renderer.FolderOf(item.Split, item.Name);
        if (!Directory.Exists(folder)) return false;
        if (item.Seed is not { } wanted) return true;
        int seed = SongRecord.Load(folder).Seed;
        return seed == wanted ? true : throw new StemJepaException($"{folder}: was rendered with seed {seed}; give --seed {seed} or another --out.");
    }

    private IEnumerable<RejectedSource> RejectedByEar(IReadOnlyList<SourceSong> all) =>
        all.Where(s => File.Exists(RejectionOf(s.Name))).Select(s =>
            new RejectedSource(s.Name, s.Source.Package, s.Source.Path, s.Source.Lump, SourceSong.Hash(s.Source.Bytes), File.ReadAllText(RejectionOf(s.Name))));
}
