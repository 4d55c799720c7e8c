using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>Renders a test set into a folder of its own and compares it with the committed manifest, or writes a new one.</summary>
/// <param name="options">The folder, the jobs and the manifest.</param>
/// <param name="console">Where progress and warnings go.</param>
public sealed class TestSetBuilder(CorpusOptions options, IAnsiConsole console)
{
    private const int MostSentences = 8;

    /// <summary>Renders what is missing and checks all of it.</summary>
    /// <exception cref="StemJepaException">Something is not installed, the folder holds other songs, or what was rendered is not the manifest's set.</exception>
    public async Task BuildAsync(CancellationToken cancel)
    {
        if (options.Composed > 0 || options.ComposedOnly || options.Nearby || options.Variants > 0 || options.Songs.Count > 0)
            throw new StemJepaException($"--test-set {options.TestSet}: is a fixed set; give it without --composed, --composed-only, --nearby, --variants and --songs.");
        if (Requirements.Missing(real: true, composed: true, testSet: true) is { } missing) throw new StemJepaException(missing);
        using var writer = new CorpusWriter(options.Folder, options.Jobs, console);
        IReadOnlyList<TestSongPlan> plans = await Rendered150.PlanAsync(cancel);
        RefuseStrangers(plans);
        await writer.WriteAsync([[.. plans.Select(p => new CorpusItem(p.Name, CorpusFolder.Test, Rendered150.Seed, _ => p.Music.Value))]], cancel);
        if (plans.FirstOrDefault(p => File.Exists(writer.RejectionOf(p.Name))) is { } rejected)
            throw new StemJepaException($"{rejected.Name}: cannot be in the test set ({File.ReadAllText(writer.RejectionOf(rejected.Name))})");
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
        (IReadOnlyList<string> errors, IReadOnlyList<string> warnings) = TestSetCheck.Compare(TestSetManifest.Committed(options.TestSet!), found);
        foreach (string warning in warnings.Take(MostSentences)) console.MarkupLineInterpolated($"{warning}");
        if (errors.Count > 0)
            throw new StemJepaException($"{options.Folder}: {errors.Count} of the differences from the manifest change the test: {string.Join(" ", errors.Take(MostSentences))}");
        console.MarkupLineInterpolated($"{found.Songs.Count} songs are those of the manifest; the audio of {found.Songs.Count - warnings.Count} is the same to the bit, {warnings.Count} differ.");
    }

    private void RefuseStrangers(IReadOnlyList<TestSongPlan> plans)
    {
        string split = Path.Combine(options.Folder, CorpusFolder.Test);
        if (!Directory.Exists(split)) return;
        HashSet<string> names = [.. plans.Select(p => p.Name)];
        if (Directory.EnumerateDirectories(split).Select(Path.GetFileName).FirstOrDefault(n => !names.Contains(n!)) is { } stranger)
            throw new StemJepaException($"{Path.Combine(split, stranger)}: is not a song of {options.TestSet}, and would be tested with it; choose a folder of its own for --out.");
    }
}
