using System.CommandLine;

namespace StemJepa.Training.Corpora;

/// <summary>
/// The command <c>demo-songs</c>: cuts the excerpts of <c>stemjepa demo</c> from the test songs of a corpus. The same corpus gives the same
/// file: <c>dotnet run --project training/StemJepa.Training -c Release -- demo-songs --corpus DIR --out
/// src/StemJepa.Reporting/demo-songs.zip</c>.
/// </summary>
internal static class DemoSongsCommand
{
    private const int Succeeded = 0, Failed = 1, Interrupted = 130;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var corpus = new Option<string>("--corpus") { Description = "The corpus folder that the command 'corpus' wrote.", Required = true };
        var file = new Option<string>("--out") { Description = "The zip file to write.", Required = true };
        var songs = new Option<int>("--songs")
        {
            Description = "At most this many songs, those whose stems play together most.",
            DefaultValueFactory = _ => 12,
        };
        var seconds = new Option<double>("--seconds") { Description = "Length of an excerpt.", DefaultValueFactory = _ => 8 };
        var command = new Command("demo-songs", "Cuts the excerpts of the tool's demo from the Freedoom songs of the test set.")
        {
            corpus, file, songs, seconds,
        };
        command.SetAction((parsed, cancel) => Task.FromResult(Run(
            parsed.GetRequiredValue(corpus), parsed.GetRequiredValue(file), parsed.GetValue(songs), parsed.GetValue(seconds), cancel)));
        return command;
    }

    private static int Run(string corpus, string file, int songs, double seconds, CancellationToken cancel)
    {
        try
        {
            IReadOnlyList<DemoExcerpt> excerpts = DemoExcerpts.Pick(corpus, songs, seconds, cancel);
            DemoArchive.Write(file, excerpts);
            foreach (DemoExcerpt excerpt in excerpts)
                Console.Error.WriteLine($"{excerpt.Title}: {excerpt.Song.Name} from {excerpt.StartSeconds:0.00} s");
            Console.Error.WriteLine($"{file}: {excerpts.Count} songs, {new FileInfo(file).Length / 1e6:0.0} MB");
            return Succeeded;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"Interrupted: {file} is unchanged.");
            return Interrupted;
        }
        catch (Exception e) when (e is StemJepaException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }
    }
}
