using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa embed FILES --out DIR</c>: one <c>.npy</c> file of 5 x width values for each recording.</summary>
internal static class EmbedCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILES") { Description = "Recordings.", Arity = ArgumentArity.OneOrMore };
        var folder = new Option<string>("--out")
        {
            Description = "The folder for the embeddings, NAME.npy for each recording; made if it is missing.",
            HelpName = "DIR",
            Required = true,
        };
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("embed", "Write the embedding of each recording as a .npy file.") { files, folder, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(files),
            parsed.GetRequiredValue(folder), model.Read(parsed, terminal), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(
        Terminal terminal, string[] files, string folder, ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        foreach (string file in files)
            InputFile.Require(file, "FILES");
        if (File.Exists(folder))
            throw new UsageException($"--out '{folder}' is a file; give a folder.");
        using IStemAffinity model = choice.Open();
        Directory.CreateDirectory(folder);

        string[] names = DistinctNames.For(files);
        var written = new List<EmbeddedFile>();
        var embedder = new FileEmbedder(model, cancellationToken);
        FileBatch batch = terminal.Track("Embedding", files.Length, progress => embedder.EmbedAll(files, progress, (index, recording) =>
        {
            string path = Path.Combine(folder, names[index] + ".npy");
            recording.Embedding.Save(path);
            written.Add(
                new EmbeddedFile(recording.Path, path, recording.Embedding.Duration?.TotalSeconds ?? 0, recording.Embedding.IsSilent));
        }));
        terminal.WarnOfLevels(batch.Embedded);
        terminal.WarnOfSkipped(batch.Skipped);

        if (json)
            terminal.WriteJson<IReadOnlyList<EmbeddedFile>>(written, EmbedJson.Default.IReadOnlyListEmbeddedFile);
        else
            terminal.Write(CreateTable(written));
        return batch.Skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static Table CreateTable(IEnumerable<EmbeddedFile> files)
    {
        Table table = ConsoleTable.Create("Seconds", "Recording", "Embedding", "Note");
        foreach (EmbeddedFile file in files)
        {
            table.AddRow(ConsoleTable.Cell(file.Seconds.ToString("0.00", CultureInfo.InvariantCulture)), ConsoleTable.Cell(file.File),
                ConsoleTable.Cell(file.Embedding), ConsoleTable.Cell(file.Silent ? "silent" : ""));
        }
        return table;
    }
}

/// <summary>One file of <c>stemjepa embed</c>.</summary>
/// <param name="File">The recording, as given.</param>
/// <param name="Embedding">The <c>.npy</c> file that was written.</param>
/// <param name="Seconds">The recording's length.</param>
/// <param name="Silent">Whether nothing in the recording is audible, so that its embedding says nothing.</param>
internal sealed record EmbeddedFile(string File, string Embedding, double Seconds, bool Silent);

/// <summary>Names for files that are made from recordings.</summary>
internal static class DistinctNames
{
    /// <summary>
    /// The file names without folder and extension; where two recordings would get the same name (also in another case, which many file
    /// systems do not tell apart), the later ones get <c>-2</c>, <c>-3</c> and so on.
    /// </summary>
    public static string[] For(IReadOnlyList<string> paths)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new string[paths.Count];
        for (int i = 0; i < names.Length; i++)
        {
            string stem = Path.GetFileNameWithoutExtension(paths[i]);
            string name = stem;
            for (int number = 2; !taken.Add(name); number++)
                name = $"{stem}-{number}";
            names[i] = name;
        }
        return names;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<EmbeddedFile>))]
internal sealed partial class EmbedJson : JsonSerializerContext;
