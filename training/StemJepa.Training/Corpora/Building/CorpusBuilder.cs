using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Builds a corpus folder in MUSDB18-HQ's layout from the songs of <see cref="MidiCollections"/>: the originals first, training songs before
/// test songs, then the composed songs, then the nearby variants of both, then the variants of the real training songs, round by round. Finished songs are kept, so a run that was killed goes on.
/// </summary>
/// <param name="options">What to build.</param>
/// <param name="console">Where progress goes: standard error.</param>
public sealed class CorpusBuilder(CorpusOptions options, IAnsiConsole console)
{
    /// <summary>Renders what is missing and writes the manifest if one is asked for.</summary>
    /// <exception cref="StemJepaException">Something is not installed, another run is writing there, or a song is unknown.</exception>
    public async Task BuildAsync(CancellationToken cancel)
    {
        if (options.ComposedOnly && options.Manifest is not null)
            throw new StemJepaException("--manifest: describes the real songs, which --composed-only leaves out; give one of the two.");
        if (Requirements.Missing(real: !options.ComposedOnly, composed: options.Composed > 0, testSet: false) is { } missing) throw new StemJepaException(missing);
        using var writer = new CorpusWriter(options.Folder, options.Jobs, console);
        (IReadOnlyList<SourceSong> all, IReadOnlyList<RejectedSource> rejected) = options.ComposedOnly ? ([], []) : SourceSong.Select(await MidiCollections.ReadAllAsync(cancel));
        await writer.WriteAsync(Rounds(Chosen(all)), cancel);
        if (options.Manifest is not { } manifest) return;
        CorpusJson.Write(manifest, RealSongs.Describe(options.Folder, all, [.. rejected, .. RejectedByEar(all, writer)]));
        console.MarkupLineInterpolated($"Manifest: {manifest}");
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
        var planner = new VariantPlanner(SoundFont.Training.ToDictionary(s => s, s => SoundFont.ReadDrumKits(s.Path)), options.Seed);
        List<IReadOnlyList<CorpusItem>> rounds = [[.. songs.OrderBy(s => s.IsTest).Select(s => Item(s, RenderPlan.Original(s.Midi, options.Seed), null))]];
        if (options.Composed > 0) rounds.Add(ComposedSongs.Training(options.Composed, options.Seed));
        if (options.Nearby) rounds.Add(NearbyVariants.Create(rounds.SelectMany(r => r).Where(i => i.Split == SongSplit.Train), options.Seed));
        for (int round = 1; round <= options.Variants; round++)
            rounds.Add([.. songs.Where(s => !s.IsTest).Select(s => Item(s, planner.Plan(s.Midi, s.Roles, round), options.Seed))]);
        return rounds;
    }

    private static CorpusItem Item(SourceSong song, RenderPlan plan, int? seed) => new(plan.Name, song.Split, seed, _ => Task.FromResult((song, plan)));

    private static IEnumerable<RejectedSource> RejectedByEar(IReadOnlyList<SourceSong> all, CorpusWriter writer) =>
        all.Where(s => File.Exists(writer.RejectionOf(s.Name))).Select(s =>
            new RejectedSource(s.Name, s.Source.Package, s.Source.Path, s.Source.Lump, SourceSong.Hash(s.Source.Bytes), File.ReadAllText(writer.RejectionOf(s.Name))));
}

/// <summary>The composed songs of a training corpus. Thread-safe.</summary>
public static class ComposedSongs
{
    /// <summary>About how long a training song is.</summary>
    public const double Seconds = 40;

    /// <summary>Training songs 1 to <paramref name="count"/>; more songs do not change the first ones.</summary>
    /// <exception cref="StemJepaException">mma or a soundfont is not installed.</exception>
    public static IReadOnlyList<CorpusItem> Training(int count, int seed)
    {
        var composer = new Composer(GrooveLibrary.Read(), seed, isTest: false);
        IReadOnlyList<(SoundFont, IReadOnlyList<int>)> fonts = SoundFont.ReadDrumSets(SoundFont.Training);
        return [.. Enumerable.Range(1, count).Select(index => new CorpusItem(composer.NameOf(index), SongSplit.Train, seed, async cancel =>
        {
            SourceSong song = await composer.ComposeAsync(index, Seconds, LeadInstrument.Training, cancel);
            return (song, ComposedPlan.Draw(song, fonts, seed));
        }))];
    }
}

/// <summary>The Debian packages that making a corpus needs. Thread-safe.</summary>
public static class Requirements
{
    /// <summary>One sentence with the <c>apt-get install</c> line of everything that is missing here; null if nothing is.</summary>
    public static string? Missing(bool real, bool composed, bool testSet)
    {
        (string Package, bool IsInstalled)[] needs =
        [
            .. real ? MidiCollections.Packages : [],
            .. composed ? [(Mma.Package, DebianPackages.HasProgram(Mma.Package) && Directory.Exists(GrooveLibrary.Folder))] : (IEnumerable<(string, bool)>)[],
            ("libfluidsynth3", FluidsynthLibrary.IsInstalled),
            .. (testSet ? SoundFont.All : SoundFont.Training).Select(s => (s.Package, File.Exists(s.Path))),
        ];
        string[] missing = [.. needs.Where(n => !n.IsInstalled).Select(n => n.Package)];
        return missing.Length == 0 ? null
            : $"The corpus needs {missing.Length} package(s) that are not installed here: apt-get install --no-install-recommends {string.Join(' ', missing)}";
    }
}
