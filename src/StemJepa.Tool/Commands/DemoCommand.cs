using System.CommandLine;
using StemJepa.Tool.Demo;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary>
/// <c>stemjepa demo</c>: finds the missing stems of songs that the model was not trained on, without network or arguments.
/// </summary>
internal static class DemoCommand
{
    private const string PictureName = "stemjepa-demo.png";

    public static Command Create(Terminal terminal)
    {
        var folder = new Option<string>("--out")
        {
            Description = $"The folder for the picture {PictureName}; made if it is missing.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => ".",
        };
        var licenses = new Option<bool>("--licenses")
        {
            Description = "Show who wrote the songs and under which licences they come, and stop.",
        };
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("demo", "Take a stem out of real songs and see which one the model misses.")
        {
            folder, licenses, json, model,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(parsed.GetValue(licenses)
            ? ShowLicenses(terminal)
            : Run(terminal, parsed.GetRequiredValue(folder), model.Read(parsed, terminal), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int ShowLicenses(Terminal terminal)
    {
        terminal.WriteText(DemoSongs.ReadAttribution());
        terminal.WriteText(PictureFont.ReadLicense());
        return ExitCode.Success;
    }

    private static int Run(Terminal terminal, string folder, ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        if (File.Exists(folder))
            throw new UsageException($"--out '{folder}' is a file; give a folder.");
        using IStemAffinity model = choice.Open();
        IReadOnlyList<DemoSong> songs = DemoSongs.Load();
        IReadOnlyList<DemoRanking> rankings = terminal.Track("Embedding", DemoExperiment.Steps(songs),
            progress => DemoExperiment.Run(model, songs, progress, cancellationToken));

        string picture = Path.Combine(folder, PictureName);
        DemoReport report = CreateReport(songs, rankings, picture);
        Directory.CreateDirectory(folder);
        byte[] image = AffinityPicture.Render(rankings, [.. songs.Select(song => song.Title)], DemoTable.Summarize(report));
        AtomicFile.Write(picture, stream => stream.Write(image));
        if (json)
        {
            terminal.WriteJson(report, DemoJson.Default.DemoReport);
            return ExitCode.Success;
        }
        terminal.Write(DemoTable.Create(report));
        terminal.WriteLine(DemoTable.Summarize(report));
        terminal.WriteLine($"Picture: {Path.GetFullPath(picture)}");
        terminal.WriteLine(
            "Songs: Freedoom contributors (BSD-3-Clause), played by FluidR3 (MIT); 'stemjepa demo --licenses' has the details.");
        return ExitCode.Success;
    }

    private static DemoReport CreateReport(IReadOnlyList<DemoSong> songs, IReadOnlyList<DemoRanking> rankings, string picture)
    {
        DemoResult[] results = [.. songs.SelectMany((song, index) => rankings.Select(ranking => new DemoResult(
            song.Title, ranking.Stem.Name, ranking.RankOfTrue(index), songs[ranking.Best(index)].Title)))];
        double recall = (double)results.Count(result => result.Rank == 1) / results.Length;
        return new DemoReport(songs.Count, results.Length, recall, results, picture);
    }
}
