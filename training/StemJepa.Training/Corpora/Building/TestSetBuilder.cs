using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>Renders a test set into a folder of its own and compares it with the committed manifest, or writes a new one.</summary>
/// <param name="options">The folder, the jobs and the manifest.</param>
/// <param name="console">Console for progress and warnings.</param>
internal sealed class TestSetBuilder(CorpusOptions options, IAnsiConsole console)
{
    private const int MostSentences = 8;

    /// <summary>Renders the missing songs and checks all songs.</summary>
    /// <exception cref="StemJepaException">A package is not installed, the folder holds other songs, or the rendered songs are not those of
    /// the manifest.</exception>
    public async Task BuildAsync(CancellationToken cancel)
    {
        if (options.Composed > 0 || options.ComposedOnly || options.Nearby || options.Variants > 0 || options.Songs.Count > 0)
            throw new StemJepaException($"--test-set {options.TestSet}: is a fixed set; "
                + "give it without --composed, --composed-only, --nearby, --variants and --songs.");
        if (Requirements.Missing(real: true, composed: true, testSet: true) is { } missing) throw new StemJepaException(missing);
        using var writer = new CorpusWriter(options.Folder, options.Jobs, options.Families, console);
        IReadOnlyList<TestSongPlan> plans = await Rendered150.PlanAsync(cancel);
        RefuseStrangers(plans);
        await writer.WriteAsync(
            [[.. plans.Select(p => new CorpusItem(p.Name, SongSplit.Test, Rendered150.Seed, _ => p.Music.Value))]], cancel);
        if (plans.FirstOrDefault(p => File.Exists(writer.RejectionOf(p.Name))) is { } rejected)
            throw new StemJepaException(
                $"{rejected.Name}: cannot be in the test set ({File.ReadAllText(writer.RejectionOf(rejected.Name))})");
        TestSetManifest found = TestSetManifest.Describe(options.Folder, plans);
        if (options.Manifest is { } path)
        {
            CorpusJson.Write(path, found);
            console.MarkupLineInterpolated($"Manifest: {path}");
        }
        else
        {
            Check(found);
        }
    }

    private void Check(TestSetManifest found)
    {
        (IReadOnlyList<string> errors, IReadOnlyList<string> warnings) =
            TestSetCheck.Compare(TestSetManifest.Committed(options.TestSet!), found);
        foreach (string warning in warnings.Take(MostSentences)) console.MarkupLineInterpolated($"{warning}");
        if (errors.Count > 0)
            throw new StemJepaException($"{options.Folder}: {errors.Count} of the differences from the manifest change the test: "
                + $"{string.Join(" ", errors.Take(MostSentences))}");
        console.WriteLine($"{found.Songs.Count} songs are those of the manifest; "
            + $"the audio of {found.Songs.Count - warnings.Count} is the same to the bit, {warnings.Count} differ.");
    }

    private void RefuseStrangers(IReadOnlyList<TestSongPlan> plans)
    {
        string split = Path.Combine(options.Folder, SongSplit.Test);
        if (!Directory.Exists(split)) return;
        HashSet<string> names = [.. plans.Select(p => p.Name)];
        if (Directory.EnumerateDirectories(split).Select(Path.GetFileName).FirstOrDefault(n => !names.Contains(n!)) is { } stranger)
            throw new StemJepaException($"{Path.Combine(split, stranger)}: is not a song of {options.TestSet}, "
                + "and would be tested with it; choose a folder of its own for --out.");
    }
}

/// <summary>Compares a rendered test set with its manifest. Thread-safe.</summary>
internal static class TestSetCheck
{
    /// <summary>
    /// Returns one sentence per difference. <c>Errors</c>: other songs, other music or other sounds, so figures would not be comparable.
    /// <c>Warnings</c>: the same music and sounds, but audio that differs in at least one bit.
    /// </summary>
    public static (IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Compare(TestSetManifest wanted, TestSetManifest found)
    {
        var errors = new List<string>();
        var warnings = new List<string>();
        Dictionary<string, TestSong> here = found.Songs.ToDictionary(s => s.Name);
        foreach (SoundFontRecord font in wanted.Soundfonts)
            if (found.Soundfonts.FirstOrDefault(f => f.Name == font.Name) is { } other && other.Sha256 != font.Sha256)
                errors.Add($"{other.Path}: is not the soundfont of the manifest (SHA-256 {other.Sha256}, {font.Sha256} is needed): "
                    + $"install the version of {font.Package} that Debian 12 has.");
        foreach (TestSong song in wanted.Songs)
        {
            if (!here.Remove(song.Name, out TestSong? other))
                errors.Add($"{song.Name}: is in the manifest but not among the songs here; install {song.Package} {song.Version}.");
            else if (other.MidiSha256 != song.MidiSha256)
                errors.Add($"{song.Name}: its MIDI file is not the manifest's (SHA-256 {other.MidiSha256}, {song.MidiSha256} is needed): "
                    + $"install {song.Package} {song.Version}; {other.Version} is here.");
            else if (SoundOf(other) != SoundOf(song))
                errors.Add($"{song.Name}: is rendered as {SoundOf(other)}, in the manifest as {SoundOf(song)}; "
                    + "use the program that the manifest was made with.");
            else if (song.Audio.FirstOrDefault(a => other.Audio[a.Key] != a.Value) is { Key: not null } audio)
                warnings.Add($"{song.Name}: {audio.Key}.wav has SHA-256 {other.Audio[audio.Key]}, in the manifest {audio.Value}; "
                    + "the same notes in the same sounds, but another processor or fluidsynth.");
        }
        errors.AddRange(here.Keys.Select(name => $"{name}: is not in the manifest."));
        return (errors, warnings);
    }

    private static string SoundOf(TestSong song)
    {
        string programs = string.Join(' ', song.Programs.OrderBy(p => p.Key).Select(p => p.Key + ":" + string.Join(',', p.Value)));
        return FormattableString.Invariant(
            $"{song.Soundfont}, {song.Transpose} semitones, tempo x {song.TempoFactor}, kit {song.DrumKit}, programs {programs}");
    }
}
