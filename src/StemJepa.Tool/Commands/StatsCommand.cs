using System.CommandLine;
using System.Text.Json.Serialization;
using Spectre.Console;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa stats --in CATALOGUE</c>: what a catalogue holds.</summary>
internal static class StatsCommand
{
    private const double SecondsPerHour = 3600;

    public static Command Create(Terminal terminal)
    {
        Option<string> catalog = CommonOptions.Catalog();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("stats", "What does a catalogue hold?") { catalog, json };
        command.SetAction((parsed, cancellationToken) =>
            Task.FromResult(Run(terminal, parsed.GetRequiredValue(catalog), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, string place, bool json, CancellationToken cancellationToken)
    {
        using ICatalog catalog = CatalogChoice.Open(place, null, new VectorSetSearch(), cancellationToken);
        StatsReport report = CreateReport(catalog);
        if (json)
            terminal.WriteJson(report, StatsJson.Default.StatsReport);
        else
            terminal.Write(report.ToTable());
        return ExitCode.Success;
    }

    private static StatsReport CreateReport(ICatalog catalog)
    {
        CatalogStatistics counted = catalog.CountAll();
        var stems = counted.Stems.ToDictionary(pair => pair.Key.Name, pair => pair.Value);
        stems["unknown"] = stems.GetValueOrDefault("unknown") + counted.Recordings - counted.Stems.Values.Sum();
        return new StatsReport(catalog.Place, catalog.ModelName, catalog.EmbeddingLength, catalog.Precision, counted.Recordings,
            stems, counted.Seconds / SecondsPerHour, counted.KnownTempo, counted.KnownKey, counted.Silent, counted.Bytes, counted.Segments,
            counted.Dead);
    }
}

/// <summary>The JSON document of <c>stemjepa stats --json</c>.</summary>
/// <param name="Catalog">The catalogue, as given; without user and password.</param>
/// <param name="Model">The name of the model whose embeddings it holds.</param>
/// <param name="EmbeddingLength">Values in an embedding.</param>
/// <param name="Precision">How they are kept: <c>single</c> or <c>int8</c>.</param>
/// <param name="Recordings">Recordings in it.</param>
/// <param name="Stems">How many of them are which stem; <c>unknown</c> counts the rest.</param>
/// <param name="Hours">The sum of their lengths.</param>
/// <param name="KnownTempo">Recordings of known tempo.</param>
/// <param name="KnownKey">Recordings of known key.</param>
/// <param name="Silent">Silent recordings; searches leave them out.</param>
/// <param name="Bytes">Bytes that hold recordings: of files, or on servers of values.</param>
/// <param name="Segments">How many such files, or shards on servers, there are.</param>
/// <param name="Dead">Replaced recordings that still take room.</param>
internal sealed record StatsReport(
    [property: JsonPropertyName("catalogue")] string Catalog,
    string Model,
    int EmbeddingLength,
    string Precision,
    int Recordings,
    IReadOnlyDictionary<string, int> Stems,
    double Hours,
    int KnownTempo,
    int KnownKey,
    int Silent,
    long Bytes,
    int Segments,
    int Dead)
{
    public Table ToTable()
    {
        Table table = ConsoleTable.Create("Catalogue", Catalog);
        void Row(string name, FormattableString value) =>
            table.AddRow(ConsoleTable.Cell(name), ConsoleTable.Cell(FormattableString.Invariant(value)));
        Row("Model", $"{Model}, {EmbeddingLength} values, {Precision}");
        Row("Recordings", $"{Recordings}");
        foreach ((string stem, int count) in Stems)
            Row($"  {stem}", $"{count}");
        Row("Hours", $"{Hours:0.00}");
        Row("Tempo known", $"{KnownTempo}");
        Row("Key known", $"{KnownKey}");
        Row("Silent", $"{Silent}");
        Row("Megabytes", $"{Bytes / 1e6:0.0}");
        Row("Segments", $"{Segments}, {Dead} replaced recordings in them");
        return table;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StatsReport))]
internal sealed partial class StatsJson : JsonSerializerContext;
