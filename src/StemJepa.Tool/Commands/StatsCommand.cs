using System.CommandLine;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa stats --in CATALOGUE</c>: what a catalogue holds.</summary>
internal static class StatsCommand
{
    private const double SecondsPerHour = 3600;

    public static Command Create(Terminal terminal)
    {
        Option<string> catalogue = CommonOptions.Catalogue();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("stats", "What does a catalogue hold?") { catalogue, json };
        command.SetAction((parsed, _) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(catalogue), parsed.GetValue(json))));
        return command;
    }

    private static int Run(Terminal terminal, string folder, bool json)
    {
        using StemCatalog catalog = CommonOptions.OpenCatalogue(folder);
        StatsReport report = CreateReport(catalog, folder);
        if (json)
            terminal.WriteJson(report, ToolJsonContext.Default.StatsReport);
        else
            terminal.Write(Tables.Statistics(report));
        return ExitCode.Success;
    }

    private static StatsReport CreateReport(StemCatalog catalog, string folder)
    {
        CatalogStatistics counted = catalog.CountAll();
        var stems = counted.Stems.ToDictionary(pair => CommonOptions.NameOf(pair.Key), pair => pair.Value);
        stems.Add("unknown", counted.Recordings - counted.Stems.Values.Sum());
        return new StatsReport(folder, catalog.ModelName, catalog.EmbeddingLength, catalog.Precision.ToString().ToLowerInvariant(), counted.Recordings,
            stems, counted.Seconds / SecondsPerHour, counted.KnownTempo, counted.KnownKey, counted.Silent, counted.Bytes, counted.Segments, counted.Dead);
    }
}
