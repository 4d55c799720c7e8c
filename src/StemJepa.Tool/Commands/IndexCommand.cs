using System.CommandLine;
using System.Text.Json;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Indexing;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary>
/// <c>stemjepa index FOLDER --to CATALOGUE</c>: embeds and analyses a library once, so that it can be searched in milliseconds.
/// </summary>
internal static class IndexCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "The recordings in and below it are indexed; those that have not changed since are not read again.",
        };
        var catalog = new Option<string>("--to")
        {
            Description = "The catalogue: a folder of its own, or redis://HOST:PORT/NAME on servers with vector sets; "
                + "made if it is missing.",
            HelpName = "CATALOGUE",
            Required = true,
        };
        Option<Stem?> stem = CommonOptions.KnownStem();
        var precision = new Option<CatalogPrecision?>("--precision")
        {
            Description = "How a new catalogue keeps its values: single (the default), or int8, half as large and faster.",
            HelpName = "single|int8",
        };
        precision.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0
                && !Enum.GetNames<CatalogPrecision>().Contains(result.Tokens[0].Value, StringComparer.OrdinalIgnoreCase))
                result.AddError($"--precision '{result.Tokens[0].Value}' is not known; use single or int8");
        });
        var shard = new Option<Shard?>("--shard")
        {
            Description = "Index only the i-th of n shares of the files, such as 3/16; "
                + "shares of other jobs may go into the same catalogue.",
            HelpName = "I/N",
            CustomParser = result =>
            {
                string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (Shard.Parse(text) is { } parsed)
                    return parsed;
                result.AddError($"--shard '{text}' is not a share; use I/N with I from 1 to N, such as 3/16");
                return Shard.Whole;
            },
        };
        var noAnalysis = new Option<bool>("--no-analysis")
        {
            Description = "Know stems, keys and tempi by the names of the files alone; faster.",
        };
        var watch = new Option<bool>("--watch")
        {
            Description = "Then follow changes of the folder until Ctrl-C: one line, or with --json one document a line, for each file.",
        };
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("index", "Embed and analyse a library once, for 'stemjepa search'.")
        {
            folder, catalog, stem, precision, shard, noAnalysis, watch, json, model,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            terminal, parsed.GetRequiredValue(folder), parsed.GetRequiredValue(catalog),
            parsed.GetValue(stem), parsed.GetValue(precision), parsed.GetValue(shard) ?? Shard.Whole,
            !parsed.GetValue(noAnalysis), parsed.GetValue(watch), model.Read(parsed, terminal), parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, string folder, string catalog, Stem? stem, CatalogPrecision? precision, Shard shard,
        bool analyze, bool watch, ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"FOLDER '{folder}' is not a folder; give one that holds recordings.");
        CatalogChoice.Require("--to", catalog);
        string root = Path.GetFullPath(folder);
        string[] all = [.. RecordingFiles.In(root)];
        if (all.Length == 0 && !watch)
            throw new UsageException($"FOLDER '{folder}' holds no recordings; give one that does, such as WAV files.");
        string[] files = [.. all.Where(file => shard.Holds(Path.GetRelativePath(root, file)))];

        using IStemAffinity model = choice.Open(stem is { } known ? [known] : []);
        using ICatalog target = CatalogChoice.OpenOrCreate(catalog, model.Model, precision, cancellationToken);
        using StemAnalyzer? analyzer = analyze && choice.HasHeads ? choice.OpenAnalyzer(model) : null;
        var indexer = new LibraryIndexer(model, target, stem, cancellationToken, analyzer);
        var follower = new FolderWatch(root, shard, indexer, change => Write(terminal, change, json));
        if (watch)
            files = [.. follower.Begin()];
        IndexReport report = terminal.Track("Indexing", files.Length, progress => indexer.Run(files, progress));
        terminal.WarnOfLevels(indexer.Overdriven);
        terminal.WarnOfSkipped(report.Skipped);
        if (watch && json)
            terminal.WriteText(JsonSerializer.Serialize(report, IndexLineJson.Default.IndexReport));
        else if (json)
            terminal.WriteJson(report, IndexJson.Default.IndexReport);
        else
            terminal.WriteLine(
                $"{report.Catalog} holds {report.Recordings} recordings: {report.Indexed} indexed now, "
                + $"{report.Unchanged} unchanged, {report.Skipped.Count} skipped.");
        if (watch)
            follower.Run(target, cancellationToken);
        return report.Skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static void Write(Terminal terminal, FolderChange change, bool json)
    {
        if (json)
            terminal.WriteText(JsonSerializer.Serialize(change, FolderChangeJson.Default.FolderChange));
        else if (change.Error is not null)
            terminal.WriteWarning(change.ToLine());
        else
            terminal.WriteLine(change.ToLine());
    }
}
