using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>The command <c>corpus</c>: renders a corpus of real and composed songs.</summary>
internal static class CorpusCommand
{
    private const int Succeeded = 0, Failed = 1, Interrupted = 130, MostVariants = 99, MostComposed = 99999;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "The corpus folder.", Required = true };
        var variants = new Option<int>("--variants")
        {
            Description = "Rounds of variants of the real training songs in other keys, tempi and instruments, after the originals.",
        };
        var composed = new Option<int>("--composed")
        {
            Description = "Composed training songs, after the real ones: mma's grooves with chords and melodies of our own.",
        };
        var composedOnly = new Option<bool>("--composed-only") { Description = "Leave the real songs out." };
        var electronic = new Option<int>("--electronic")
        {
            Description = "Electronic training songs, after the composed ones: loops, synthesisers and effects of our own, "
                + "played by Csound.",
        };
        var nearby = new Option<bool>("--nearby")
        {
            Description = "One more variant of every training song, composed ones too: "
                + "the same sounds, 1 to 3 semitones or 4 to 12 % of tempo away.",
        };
        var sung = new Option<double>("--sung")
        {
            Description = "Share (0 to 1) of the composed songs and of the variants whose lead is sung by festival's voices.",
        };
        var spoken = new Option<double>("--spoken")
        {
            Description = "Share (0 to 1) of the leads that are sung whose words are those of recorded speakers.",
        };
        var sungVowels = new Option<string?>("--sung-vowels")
        {
            Description = "The soundfont sung_vowels.sf2: its voices sing some of the leads that are sung.",
        };
        var jobs = new Option<int>("--jobs") { Description = "Songs rendered at once; each takes one core.", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed")
        {
            Description = "Seed of the variants and of the composed songs.",
            DefaultValueFactory = _ => 1,
        };
        var songs = new Option<string[]>("--songs")
        {
            Description = "Only these songs.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var testSet = new Option<string?>("--test-set")
        {
            Description = $"Build this test set, and nothing else, and compare it with its committed manifest: {Rendered150.Name}.",
        };
        testSet.AcceptOnlyFromAmong(Rendered150.Name);
        var manifest = new Option<string?>("--manifest")
        {
            Description = "Write the manifest of the originals, or of the test set, to this file.",
        };
        var soundFonts = new Option<string?>("--soundfonts")
        {
            Description = "Folder of soundfonts of real samples: variants and composed songs then mix presets of several soundfonts, "
                + "real drum kits among them.",
        };
        var grooveMidi = new Option<string?>("--groove-midi")
        {
            Description = "Zip file of the Groove MIDI Dataset (MIDI only): its drummers play in composed songs.",
        };
        var moreSongs = new Option<bool>("--more-songs")
        {
            Description = "Add songs of further packages: tracker modules, LMMS projects and more MIDI.",
        };
        var moreManifest = new Option<string?>("--more-manifest") { Description = "Write the manifest of those songs to this file." };
        var families = new Option<bool>("--families")
        {
            Description = "Write a stem for each instrument family too, such as families/guitar.wav; the four stems stay the same. "
                + "Songs rendered without them are rendered again.",
        };
        Range(variants, 0, MostVariants);
        Range(composed, 0, MostComposed);
        Range(electronic, 0, MostComposed);
        Range(jobs, 1, 1024);
        foreach (Option<double> share in (Option<double>[])[sung, spoken])
        {
            share.Validators.Add(result =>
            {
                if (double.TryParse(result.Tokens.SingleOrDefault()?.Value, CultureInfo.InvariantCulture, out double value)
                    && value is not (>= 0 and <= 1))
                    result.AddError($"{share.Name} {value}: a share from 0 to 1 is needed.");
            });
        }
        sungVowels.Validators.Add(result =>
        {
            if (result.Tokens.SingleOrDefault()?.Value is { } path && !File.Exists(path))
                result.AddError($"{sungVowels.Name} {path}: is not a file; the soundfont sung_vowels.sf2 is needed.");
        });
        var command = new Command("corpus", "Renders songs of Debian packages, and songs composed over mma's grooves, to four stems each "
            + "(the role vocals is the lead melody), in MUSDB18-HQ's layout at 16 kHz.")
        {
            folder, variants, composed, composedOnly, nearby, sung, spoken, sungVowels, jobs, seed, songs, testSet, manifest, soundFonts,
                grooveMidi,
            moreSongs, moreManifest, families, electronic,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new CorpusOptions(
                parsed.GetRequiredValue(folder), parsed.GetValue(variants), parsed.GetValue(composed), parsed.GetValue(composedOnly),
                parsed.GetValue(nearby), parsed.GetValue(jobs), parsed.GetValue(seed), parsed.GetValue(songs) ?? [],
                parsed.GetValue(testSet), parsed.GetValue(manifest))
            {
                Sung = parsed.GetValue(sung),
                Spoken = parsed.GetValue(spoken),
                SungVowels = parsed.GetValue(sungVowels),
                SoundFonts = parsed.GetValue(soundFonts),
                GrooveMidi = parsed.GetValue(grooveMidi),
                MoreSongs = parsed.GetValue(moreSongs),
                MoreManifest = parsed.GetValue(moreManifest),
                Families = parsed.GetValue(families),
                Electronic = parsed.GetValue(electronic),
            }, cancel));
        return command;
    }

    private static void Range(Option<int> option, int low, int high) =>
        option.Validators.Add(result =>
        {
            if (int.TryParse(result.Tokens.SingleOrDefault()?.Value, out int value) && (value < low || value > high))
                result.AddError($"{option.Name} {value}: a number from {low} to {high} is needed.");
        });

    private static async Task<int> RunAsync(CorpusOptions options, CancellationToken cancel)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        try
        {
            await (options.TestSet is null
                ? new CorpusBuilder(options, console).BuildAsync(cancel)
                : new TestSetBuilder(options, console).BuildAsync(cancel));
            return Succeeded;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted: finished songs are kept, run again to go on.");
            return Interrupted;
        }
        catch (Exception e) when (e is StemJepaException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }
}

/// <summary>Options of <c>corpus</c>.</summary>
/// <param name="Folder">The corpus folder; created if missing.</param>
/// <param name="Variants">Number of rounds of variants of the real training songs, 0..99.</param>
/// <param name="Composed">Number of composed training songs, 0..99999.</param>
/// <param name="ComposedOnly">True to leave out the real songs.</param>
/// <param name="Nearby">True to add a variant of every training song that differs only in key or tempo.</param>
/// <param name="Jobs">Number of songs rendered in parallel, at least 1.</param>
/// <param name="Seed">Seed of the variants and of the composed songs.</param>
/// <param name="Songs">Names of the songs to render; empty for all.</param>
/// <param name="TestSet">Name of the test set to build; null for a training corpus.</param>
/// <param name="Manifest">Path of the manifest to write, or null.</param>
internal sealed record CorpusOptions(
    string Folder, int Variants, int Composed, bool ComposedOnly, bool Nearby, int Jobs, int Seed, IReadOnlyList<string> Songs,
    string? TestSet, string? Manifest)
{
    /// <summary>Number of electronic training songs, 0..99999.</summary>
    public int Electronic { get; init; }

    /// <summary>
    /// Share of training songs, except for the originals of real ones and their nearby variants, whose lead is sung, 0..1.
    /// </summary>
    public double Sung { get; init; }

    /// <summary>Share of these leads that are sung with the words of speakers, 0..1.</summary>
    public double Spoken { get; init; }

    /// <summary>Path of the soundfont sung_vowels.sf2, whose voices sing some of them; null for none.</summary>
    public string? SungVowels { get; init; }

    /// <summary>
    /// Folder of the soundfonts of real samples; null: one General MIDI soundfont plays all parts of a variant or composed song.
    /// </summary>
    public string? SoundFonts { get; init; }

    /// <summary>Zip file of the Groove MIDI Dataset, whose drummers play in composed songs, or null.</summary>
    public string? GrooveMidi { get; init; }

    /// <summary>True to add songs of further packages: tracker modules, LMMS projects, more MIDI.</summary>
    public bool MoreSongs { get; init; }

    /// <summary>Path of the manifest of those songs, or null.</summary>
    public string? MoreManifest { get; init; }

    /// <summary>True to write the stems of instrument families (<see cref="FamilyStems"/>) beside the four.</summary>
    public bool Families { get; init; }
}
