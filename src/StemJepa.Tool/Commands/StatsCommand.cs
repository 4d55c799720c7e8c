using System.CommandLine;
using StemJepa.Tool.Catalogues;
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
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(catalogue), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, string place, bool json, CancellationToken cancellationToken)
    {
        using ICatalogue catalog = CatalogueChoice.Open(place, null, new VectorSetSearch(), cancellationToken);
        StatsReport report = CreateReport(catalog);
        if (json)
            terminal.WriteJson(report, ToolJsonContext.Default.StatsReport);
        else
            terminal.Write(Tables.Statistics(report));
        return ExitCode.Success;
    }

    private static StatsReport CreateReport(ICatalogue catalog)
    {
        CatalogStatistics counted = catalog.CountAll();
        var stems = counted.Stems.ToDictionary(pair => CommonOptions.NameOf(pair.Key), pair => pair.Value);
        stems.Add("unknown", counted.Recordings - counted.Stems.Values.Sum());
        return new StatsReport(catalog.Place, catalog.ModelName, catalog.EmbeddingLength, catalog.Precision, counted.Recordings,
            stems, counted.Seconds / SecondsPerHour, counted.KnownTempo, counted.KnownKey, counted.Silent, counted.Bytes, counted.Segments, counted.Dead);
    }
}
