using System.CommandLine;
using StemJepa.Tool.Audio;
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
        Option<string?> model = CommonOptions.Model();
        var command = new Command("embed", "Write the embedding of each recording as a .npy file.") { files, folder, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(files),
            parsed.GetRequiredValue(folder), parsed.GetValue(model), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(
        Terminal terminal, string[] files, string folder, string? modelFolder, bool json, CancellationToken cancellationToken)
    {
        foreach (string file in files)
            CandidateFiles.Require(file, "FILES");
        if (File.Exists(folder))
            throw new UsageException($"--out '{folder}' is a file; give a folder.");
        using IStemAffinity model = CommonOptions.OpenModel(modelFolder);
        Directory.CreateDirectory(folder);

        string[] names = DistinctNames.For(files);
        var written = new List<EmbeddedFile>();
        var embedder = new FileEmbedder(model, cancellationToken);
        FileBatch batch = terminal.Track("Embedding", files.Length, progress => embedder.EmbedAll(files, progress, (index, recording) =>
        {
            string path = Path.Combine(folder, names[index] + ".npy");
            recording.Embedding.Save(path);
            written.Add(new EmbeddedFile(recording.Path, path, recording.Embedding.Seconds ?? 0, recording.Embedding.IsSilent));
        }));
        terminal.WarnOfSilence(batch.Embedded);
        terminal.WarnOfSkipped(batch.Skipped);

        if (json)
            terminal.WriteJson<IReadOnlyList<EmbeddedFile>>(written, ToolJsonContext.Default.IReadOnlyListEmbeddedFile);
        else
            terminal.Write(Tables.Embeddings(written));
        return batch.Skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }
}
