using System.Text;
using CliWrap;

namespace StemJepa.Training.Corpora;

/// <summary>Reads the MIDI objects of Allegro data files through Allegro's program <c>dat</c>. Thread-safe.</summary>
internal static class AllegroDatafile
{
    /// <summary>Returns the name (with the folders inside the data file) and the Standard MIDI File of each MIDI object.</summary>
    /// <exception cref="StemJepaException">The data file cannot be read.</exception>
    public static async Task<IReadOnlyList<(string Name, byte[] Bytes)>> ReadMusicAsync(string path, CancellationToken cancel)
    {
        var listing = new StringBuilder();
        await Dat(["-l", path], PipeTarget.ToStringBuilder(listing), path, cancel);
        var music = new List<(string, byte[])>();
        foreach (string line in listing.ToString().Split('\n'))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 3 && fields[0] == "-" && fields[1] == "MIDI")
                music.Add((fields[3], await Extract(path, fields[3], cancel)));
        }
        return music;
    }

    private static async Task<byte[]> Extract(string path, string name, CancellationToken cancel)
    {
        using var folder = new ProgramFolder();
        await Dat(["-e", "-o", folder.Path + "/", path, name], PipeTarget.Null, path, cancel);
        string[] files = Directory.GetFiles(folder.Path);
        return files.Length == 1
            ? await File.ReadAllBytesAsync(files[0], cancel)
            : throw Failed(path, $"extracted {files.Length} files for {name}");
    }

    private static async Task Dat(string[] arguments, PipeTarget output, string path, CancellationToken cancel)
    {
        CommandResult result = await Cli.Wrap("dat").WithArguments(arguments).WithStandardOutputPipe(output)
            .WithValidation(CommandResultValidation.None).ExecuteAsync(cancel);
        if (!result.IsSuccess) throw Failed(path, $"failed with exit code {result.ExitCode}");
    }

    private static StemJepaException Failed(string path, string what) => new($"{path}: dat {what}; an intact Allegro data file is needed.");
}
