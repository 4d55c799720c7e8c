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
        if (options.MoreSongs && Requirements.MissingForMore() is { } more) throw new StemJepaException(more);
        using var writer = new CorpusWriter(options.Folder, options.Jobs, console);
        (IReadOnlyList<SourceSong> all, IReadOnlyList<RejectedSource> rejected) = options.ComposedOnly ? ([], []) : SourceSong.Select(await MidiCollections.ReadAllAsync(cancel));
        if (options.MoreSongs) await WriteMore(all, writer, cancel);
        await writer.WriteAsync(Rounds(Chosen(all), options.Composed), cancel);
        if (options.Manifest is not { } manifest) return;
        CorpusJson.Write(manifest, RealSongs.Describe(options.Folder, all, [.. rejected, .. RejectedByEar(all, writer)]));
        console.MarkupLineInterpolated($"Manifest: {manifest}");
    }

    /// <summary>
    /// Songs of further packages: those that come as separate voices, and those of MIDI, which are rendered as the others are.
    /// </summary>
    private async Task WriteMore(IReadOnlyList<SourceSong> known, CorpusWriter writer, CancellationToken cancel)
    {
        (IReadOnlyList<Multitrack> multitracks, IReadOnlyList<RejectedSource> again) = await MultitrackCollections.ReadAllAsync(cancel);
        multitracks = [.. multitracks.Where(m => IsWanted(m.Name))];
        var voices = new MultitrackWriter(options.Folder, options.Seed, console);
        await voices.WriteAsync(multitracks, options.Nearby, options.Variants, options.Jobs, cancel);
        if (known.Count == 0) known = SourceSong.Select(await MidiCollections.ReadAllAsync(cancel)).Songs;
        (IReadOnlyList<SourceSong> songs, IReadOnlyList<RejectedSource> rejected) = await MoreMidi.SelectAsync(known, cancel);
        songs = [.. songs.Where(s => IsWanted(s.Name))];
        await writer.WriteAsync(Rounds([.. songs], composed: 0), cancel);
        if (options.MoreManifest is not { } manifest) return;
        CorpusJson.Write(manifest, MoreSongs.Describe(options.Folder,
            [.. multitracks.Select(m => (m.Name, m.Split, m.Source)), .. songs.Select(s =>
                (s.Name, s.Split, SongDescription.SourceOf(s)))], [.. again, .. rejected], writer.RejectionOf));
        console.MarkupLineInterpolated($"Manifest: {manifest}");
    }

    private bool IsWanted(string name) => options.Songs.Count == 0 || options.Songs.Contains(name);

    private List<SourceSong> Chosen(IReadOnlyList<SourceSong> all)
    {
        if (options.Songs.Count == 0) return [.. all];
        if (options.MoreSongs) return [.. all.Where(s => IsWanted(s.Name))];
        string? unknown = options.Songs.FirstOrDefault(n => all.All(s => s.Name != n));
        if (unknown is not null)
            throw new StemJepaException($"--songs {unknown}: is not one of the {all.Count} songs of the corpus; names are like " +
                $"{all[0].Name}.");
        return [.. all.Where(s => options.Songs.Contains(s.Name))];
    }

    private List<IReadOnlyList<CorpusItem>> Rounds(List<SourceSong> songs, int composed)
    {
        var planner = new VariantPlanner(SoundFont.Training.ToDictionary(s => s, s => SoundFont.ReadDrumKits(s.Path)), options.Seed);
        SoundPalette? palette = options.SoundFonts is { } folder ? new SoundPalette(SampledFonts.In(folder), options.Seed) : null;
        CorpusItem Mixed(CorpusItem item) => palette?.Mix(item) ?? item;
        List<IReadOnlyList<CorpusItem>> rounds = [[.. songs.OrderBy(s => s.IsTest).Select(s => Item(s, RenderPlan.Original(s.Midi, options.Seed), null))]];
        if (composed > 0) rounds.Add([.. ComposedSongs.Training(composed, options.Seed, options.GrooveMidi is { } zip
            ? DrumPerformances.Read(zip) : null).Select(Mixed)]);
        if (options.Nearby) rounds.Add(NearbyVariants.Of(rounds.SelectMany(r => r).Where(i => i.Split == CorpusFolder.Train), options.Seed));
        for (int round = 1; round <= options.Variants; round++)
            rounds.Add([.. songs.Where(s => !s.IsTest).Select(s => Mixed(Item(s, planner.Plan(s.Midi, s.Roles, round), options.Seed)))]);
        return rounds;
    }

    private static CorpusItem Item(SourceSong song, RenderPlan plan, int? seed) => new(plan.Name, song.Split, seed, _ => Task.FromResult((song, plan)));

    private static IEnumerable<RejectedSource> RejectedByEar(IReadOnlyList<SourceSong> all, CorpusWriter writer) =>
        all.Where(s => File.Exists(writer.RejectionOf(s.Name))).Select(s =>
            new RejectedSource(s.Name, s.Source.Package, s.Source.Path, s.Source.Lump, SourceSong.Hash(s.Source.Bytes), File.ReadAllText(writer.RejectionOf(s.Name))));
}
