using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Matching;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa complete MIX --in LIBRARY --stems drums,bass,other</c>: an arrangement of what a library holds.</summary>
internal static class CompleteCommand
{
    private sealed record Options(string Mix, string Library, IReadOnlyList<Stem> Stems, string? Out, StemCompleterOptions Search);

    public static Command Create(Terminal terminal)
    {
        var usual = new StemCompleterOptions();
        Argument<string> mix = CommonOptions.Mix();
        mix.Description = "The mix to complete: a recording.";
        var library = new Option<string>("--in")
        {
            Description = "Where recordings come from: a catalogue that 'stemjepa index' made, or a folder of recordings.",
            HelpName = "LIBRARY",
            Required = true,
        };
        var stems = new Option<Stem[]>("--stems")
        {
            Description = "The stems that the mix lacks, in the order in which they are looked for, of "
                + $"{CommonOptions.KnownStems}.",
            HelpName = "STEM,STEM",
            Required = true,
            CustomParser = result =>
            {
                string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                Stem?[] found = [.. text.Split(',').Select(name => Stem.TryParse(name.Trim(), out Stem stem) ? stem : (Stem?)null)];
                if (found.Contains(null) || found.Distinct().Count() != found.Length)
                    result.AddError($"--stems '{text}' is no list of stems; use each of "
                        + $"{string.Join(", ", Stem.Roles)}, and others that the model knows, at most once, such as drums,bass");
                return [.. found.Select(stem => stem.GetValueOrDefault())];
            },
        };
        var file = new Option<string?>("--out") { Description = "Write the best arrangement to this WAV file.", HelpName = "FILE" };
        var beam = new Option<int>("--beam")
        {
            Description = $"How many arrangements are kept after each stem; {usual.Beam} if it is left out.",
            HelpName = "N",
            DefaultValueFactory = _ => usual.Beam,
        };
        beam.Refuse(value => value is < 1 or > 100 ? $"--beam {value} is out of range; use 1 to 100" : null);
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("complete", "Which recordings of my library make an arrangement of my mix?")
        {
            mix, library, stems, file, beam, json, model,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, new Options(parsed.GetRequiredValue(mix),
            parsed.GetRequiredValue(library), parsed.GetRequiredValue(stems), parsed.GetValue(file),
            usual with { Beam = parsed.GetValue(beam) }), model.Read(parsed, terminal), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, Options options, ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        InputFile.Require(options.Mix, "MIX");
        if (options.Out is not null)
            OutputFile.Require(options.Out, "--out", options.Mix);
        using IStemAffinity model = choice.Open(options.Stems);
        using StemAnalyzer analyzer = choice.OpenAnalyzer(model);
        using var fitter = StemFitter.Create(model, analyzer);
        using SearchableLibrary library = SearchableLibrary.Open(terminal, options.Library, options.Mix, model, cancellationToken);
        MultichannelClip mix = AudioFile.LoadChannels(options.Mix, cancellationToken: cancellationToken);
        IReadOnlyList<Arrangement> arrangements = terminal.Track("Completing", options.Stems.Count, progress =>
            new StemCompleter(model, fitter).Complete(mix, options.Stems, library.Search,
                path => AudioFile.LoadChannels(path, cancellationToken: cancellationToken), options.Search, _ => progress.CompleteItem(),
                cancellationToken));
        if (options.Out is not null)
            arrangements[0].Audio.Save(options.Out);
        var report = new CompleteReport(options.Mix, [.. options.Stems.Select(stem => stem.Name)],
            [.. arrangements.Select(ArrangementReport.From)], options.Out);
        if (json)
            terminal.WriteJson(report, CompleteJson.Default.CompleteReport);
        else
            terminal.Write(report.ToTable());
        return ExitCode.Success;
    }
}

/// <summary>The JSON document of <c>stemjepa complete --json</c>.</summary>
/// <param name="Mix">The mix, as given.</param>
/// <param name="Stems">The stems, in the order in which they were looked for.</param>
/// <param name="Arrangements">The arrangements, best first.</param>
/// <param name="Preview">Where the best one was written; null if that was not asked for.</param>
internal sealed record CompleteReport(string Mix, IReadOnlyList<string> Stems, IReadOnlyList<ArrangementReport> Arrangements,
    string? Preview)
{
    public IRenderable ToTable()
    {
        Table table = ConsoleTable.Create(["#", "Score", "Affinity", .. Stems]);
        for (int i = 0; i < Arrangements.Count; i++)
        {
            table.AddRow([ConsoleTable.Cell($"{i + 1}"),
                ConsoleTable.Cell(Arrangements[i].Score.ToString("0.0", CultureInfo.InvariantCulture)),
                ConsoleTable.Cell(Arrangements[i].Affinity.ToString("0.000", CultureInfo.InvariantCulture)),
                .. Arrangements[i].Parts.Select(part => ConsoleTable.Cell(part.Describe()))]);
        }
        return Preview is null ? table : new Rows(table, ConsoleTable.Cell($"Preview of the best: {Preview}"));
    }
}

/// <summary>An arrangement.</summary>
/// <param name="Affinity">The mean of the parts' affinities after fitting.</param>
/// <param name="Score">The sum of the parts' scores, by which arrangements are ordered: without bounds or unit.</param>
/// <param name="Parts">Its parts, in the order of the stems.</param>
internal sealed record ArrangementReport(float Affinity, double Score, IReadOnlyList<PartReport> Parts)
{
    public static ArrangementReport From(Arrangement arrangement) =>
        new(arrangement.Affinity, Math.Round(arrangement.Score, 4), [.. arrangement.Parts.Select(part => new PartReport(
            part.Fit.Stem.Name, part.Id, part.Fit.Affinity, part.Fit.Semitones, part.Fit.TempoRatio,
            part.Fit.Start.TotalSeconds))]);
}

/// <summary>A recording of an arrangement, as <see cref="PreviewReport"/>.</summary>
internal sealed record PartReport(string Stem, string File, float Affinity, int Semitones, double TempoRatio, double Start)
{
    public string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{File} ({100 * (TempoRatio - 1):+0.0;-0.0;0} % tempo, {Semitones:+0;-0;0} semitones, {Affinity:0.000})");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CompleteReport))]
internal sealed partial class CompleteJson : JsonSerializerContext;
