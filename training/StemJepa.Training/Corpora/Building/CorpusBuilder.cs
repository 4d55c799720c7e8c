using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Builds a corpus folder in MUSDB18-HQ's layout, in this order: the originals of <see cref="MidiCollections"/>, training songs before test
/// songs; the composed songs; the nearby variants of both; the variants of the real training songs, round by round. Finished songs are
/// kept, so an interrupted run can continue.
/// </summary>
/// <param name="options">Options of the command.</param>
/// <param name="console">Console for progress: standard error.</param>
internal sealed class CorpusBuilder(CorpusOptions options, IAnsiConsole console)
{
    /// <summary>Renders the missing songs and writes the manifest if requested.</summary>
    /// <exception cref="StemJepaException">A package is not installed, another run is writing to the folder, or a song is
    /// unknown.</exception>
    public async Task BuildAsync(CancellationToken cancel)
    {
        if (options.ComposedOnly && options.Manifest is not null)
            throw new StemJepaException("--manifest: describes the real songs, which --composed-only leaves out; give one of the two.");
        if (options.Spoken > 0 && options.Sung == 0)
            throw new StemJepaException("--spoken: is a share of the leads that are sung; give --sung too.");
        if (Requirements.Missing(real: !options.ComposedOnly, composed: options.Composed > 0, testSet: false,
            sung: options.Sung > 0, spoken: options.Spoken > 0, electronic: options.Electronic > 0) is { } missing)
            throw new StemJepaException(missing);
        if (options.MoreSongs && Requirements.MissingForMore() is { } more) throw new StemJepaException(more);
        using var writer = new CorpusWriter(options.Folder, options.Jobs, options.Families, console);
        (IReadOnlyList<SourceSong> all, IReadOnlyList<RejectedSource> rejected) =
            options.ComposedOnly ? ([], []) : SourceSong.Select(await MidiCollections.ReadAllAsync(cancel));
        if (options.MoreSongs) await WriteMore(all, writer, cancel);
        await writer.WriteAsync(Rounds(Chosen(all), options.Composed), cancel);
        if (options.Manifest is not { } manifest) return;
        CorpusJson.Write(manifest, RealSongs.Describe(options.Folder, all, [.. rejected, .. RejectedAfterRendering(all, writer)]));
        console.MarkupLineInterpolated($"Manifest: {manifest}");
    }

    /// <summary>
    /// Renders the songs of further packages: those that come as separate voices, and MIDI files, which are rendered as the others are.
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
            [.. multitracks.Select(m => (m.Name, m.Split, m.Source)),
                .. songs.Select(s => (s.Name, s.Split, SongDescription.SourceOf(s)))],
            [.. again, .. rejected], writer.RejectionOf));
        console.MarkupLineInterpolated($"Manifest: {manifest}");
    }

    private bool IsWanted(string name) => options.Songs.Count == 0 || options.Songs.Contains(name);

    private List<SourceSong> Chosen(IReadOnlyList<SourceSong> all)
    {
        if (options.Songs.Count == 0) return [.. all];
        if (options.MoreSongs) return [.. all.Where(s => IsWanted(s.Name))];
        string? unknown = options.Songs.FirstOrDefault(n => all.All(s => s.Name != n));
        if (unknown is not null)
            throw new StemJepaException(
                $"--songs {unknown}: is not one of the {all.Count} songs of the corpus; names are like {all[0].Name}.");
        return [.. all.Where(s => options.Songs.Contains(s.Name))];
    }

    private List<IReadOnlyList<CorpusItem>> Rounds(List<SourceSong> songs, int composed)
    {
        var planner = new VariantPlanner(SoundFont.Training.ToDictionary(s => s, s => SoundFont.ReadDrumKits(s.Path)), options.Seed);
        SoundPalette? palette = options.SoundFonts is { } folder ? new SoundPalette(SampledFonts.In(folder), options.Seed) : null;
        CorpusItem Mixed(CorpusItem item) => palette?.Mix(item) ?? item;
        DrumPerformances? drummers = options.GrooveMidi is { } zip ? DrumPerformances.Read(zip) : null;
        List<IReadOnlyList<CorpusItem>> rounds =
            [[.. songs.OrderBy(s => s.IsTest).Select(s => Item(s, RenderPlan.Original(s.Midi, options.Seed), null))]];
        if (composed > 0) rounds.Add(Sung([.. ComposedSongs.Training(composed, options.Seed, drummers).Select(Mixed)]));
        if (options.Electronic > 0) rounds.Add(Sung(ElectronicSongs.Training(options.Electronic, options.Seed, palette)));
        if (options.Nearby)
            rounds.Add(NearbyVariants.Create(rounds.SelectMany(r => r).Where(i => i.Split == SongSplit.Train), options.Seed));
        for (int round = 1; round <= options.Variants; round++)
            rounds.Add(Sung([.. songs.Where(s => !s.IsTest)
                .Select(s => Mixed(Item(s, planner.Plan(s.Midi, s.Roles, round), options.Seed)))]));
        return rounds;
    }

    /// <summary>
    /// Lets some of the songs be sung. Their nearby variants have the same singer, since their plans are made from these.
    /// </summary>
    private IReadOnlyList<CorpusItem> Sung(IReadOnlyList<CorpusItem> items)
    {
        if (options.Sung == 0) return items;
        IReadOnlyList<SampledVoice> sampled = options.SungVowels is { } path ? SampledVoice.SungVowels(path) : [];
        return [.. items.Select(item => item with
        {
            Prepare = async cancel =>
            {
                (SourceSong song, RenderPlan plan) = await item.Prepare(cancel);
                SungLead? lead = SungLead.Draw(plan, plan.SoundFont, options.Sung, sampled, options.Spoken, options.Seed);
                return (song, plan with { Sung = lead });
            },
        })];
    }

    private static CorpusItem Item(SourceSong song, RenderPlan plan, int? seed) =>
        new(plan.Name, song.Split, seed, _ => Task.FromResult((song, plan)));

    private static IEnumerable<RejectedSource> RejectedAfterRendering(IReadOnlyList<SourceSong> all, CorpusWriter writer) =>
        all.Where(s => File.Exists(writer.RejectionOf(s.Name))).Select(s =>
            new RejectedSource(s.Name, s.Source.Package, s.Source.Path, s.Source.Lump, SourceSong.Hash(s.Source.Bytes),
                File.ReadAllText(writer.RejectionOf(s.Name))));
}

/// <summary>The composed songs of a training corpus. Thread-safe.</summary>
internal static class ComposedSongs
{
    /// <summary>Approximate length of a training song.</summary>
    public const double Seconds = 40;

    /// <summary>
    /// Lists training songs 1 to <paramref name="count"/>; song n does not depend on <paramref name="count"/>. With
    /// <paramref name="drummers"/>, people play the drums of some.
    /// </summary>
    /// <exception cref="StemJepaException">mma or a soundfont is not installed.</exception>
    public static IReadOnlyList<CorpusItem> Training(int count, int seed, DrumPerformances? drummers = null)
    {
        var composer = new Composer(GrooveLibrary.Read(), seed, isTest: false)
        {
            Drummers = drummers is null ? null : new HumanDrums(drummers, seed),
        };
        IReadOnlyList<(SoundFont, IReadOnlyList<int>)> fonts = SoundFont.ReadDrumSets(SoundFont.Training);
        return [.. Enumerable.Range(1, count).Select(index => new CorpusItem(composer.NameOf(index), SongSplit.Train, seed, async cancel =>
        {
            SourceSong song = await composer.ComposeAsync(index, Seconds, LeadInstrument.Training, cancel);
            return (song, ComposedPlan.Draw(song, fonts, seed));
        }))];
    }
}

/// <summary>The electronic songs of a training corpus. Thread-safe.</summary>
internal static class ElectronicSongs
{
    /// <summary>
    /// Lists songs 1 to <paramref name="count"/>; song n does not depend on <paramref name="count"/>. With <paramref name="palette"/>, its
    /// kits play some of the drums that no synthesiser does.
    /// </summary>
    /// <exception cref="StemJepaException">A soundfont is not installed.</exception>
    public static IReadOnlyList<CorpusItem> Training(int count, int seed, SoundPalette? palette)
    {
        var composer = new ElectronicComposer(seed);
        IReadOnlyList<(SoundFont, IReadOnlyList<int>)> fonts = SoundFont.ReadDrumSets(SoundFont.Training);
        return [.. Enumerable.Range(1, count).Select(index => new CorpusItem(ElectronicComposer.NameOf(index), SongSplit.Train, seed,
            async cancel =>
            {
                SourceSong song = composer.Compose(index, await DebianPackages.VersionAsync(Csound.Package, cancel));
                RenderPlan plan = ComposedPlan.Draw(song, fonts, seed) with
                {
                    Programs = song.Midi.Parts.Where(p => !p.IsDrums).ToDictionary(p => p, p => p.Program),
                    Electronic = ElectronicSounds.Draw(song.Name, seed),
                };
                return (song, palette?.MixDrums(song, plan) ?? plan);
            }))];
    }
}

/// <summary>The Debian packages that are needed to build a corpus. Thread-safe.</summary>
internal static class Requirements
{
    /// <summary>Returns one sentence with the <c>apt-get install</c> line of all missing packages; null if none is missing.</summary>
    public static string? Missing(bool real, bool composed, bool testSet, bool sung = false, bool spoken = false, bool electronic = false)
    {
        (string Package, bool IsInstalled)[] needs =
        [
            .. real ? MidiCollections.Packages : [],
            .. composed ? [(Mma.Package, DebianPackages.HasProgram(Mma.Package) && Directory.Exists(GrooveLibrary.Folder))]
                : (IEnumerable<(string, bool)>)[],
            .. sung ? Festival.Packages : [],
            .. spoken ? [("ffmpeg", DebianPackages.HasProgram("ffmpeg")),
                .. SpokenVoice.All.Select(v => (v.Package, v.IsInstalled)).Distinct()] : (IEnumerable<(string, bool)>)[],
            .. electronic ? [(Csound.Package, DebianPackages.HasProgram(Csound.Package))] : (IEnumerable<(string, bool)>)[],
            ("libfluidsynth3", FluidsynthLibrary.IsInstalled),
            .. (testSet ? SoundFont.All : SoundFont.Training).Select(s => (s.Package, File.Exists(s.Path))),
        ];
        string[] missing = [.. needs.Where(n => !n.IsInstalled).Select(n => n.Package)];
        return Sentence(missing);
    }

    /// <summary>Returns the same sentence for the songs of <c>--more-songs</c>.</summary>
    public static string? MissingForMore() =>
        Sentence([.. MultitrackCollections.Packages.Concat(MoreMidi.Packages).Concat(MidiCollections.Packages).Where(n => !n.IsInstalled)
            .Select(n => n.Package)]);

    private static string? Sentence(string[] missing) =>
        missing.Length == 0 ? null
            : $"The corpus needs {missing.Length} package(s) that are not installed here: "
                + $"apt-get install --no-install-recommends {string.Join(' ', missing)}";
}
