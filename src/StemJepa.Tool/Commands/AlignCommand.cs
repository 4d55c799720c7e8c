using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa align MIX STEM --stem bass</c>: at which time a recording fits a mix best.</summary>
internal static class AlignCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> mix = CommonOptions.Mix();
        var candidate = new Argument<string>("STEM") { Description = "The recording that might fit." };
        Option<Stem> stem = CommonOptions.Stem();
        var picture = new Option<string?>("--plot")
        {
            Description = "Draw affinity and correlation of every shift into this PNG file.",
            HelpName = "FILE",
        };
        var within = new Option<double?>("--within")
        {
            Description = "The farthest that it may start from the mix's start, either way; any distance when left out.",
            HelpName = "SECONDS",
        };
        within.Refuse(value => value is null or >= 0 ? null
            : $"--within {value} is no distance; use a number of seconds from 0 on, such as 8");
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("align", "At which time does this recording fit my mix best?")
        {
            mix, candidate, stem, within, picture, json, model,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            terminal, parsed.GetRequiredValue(mix), parsed.GetRequiredValue(candidate), parsed.GetValue(stem),
            parsed.GetValue(within) ?? double.PositiveInfinity,
            parsed.GetValue(picture), model.Read(parsed, terminal), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, string mix, string candidate, Stem stem, double within, string? picture, ModelChoice choice,
        bool json, CancellationToken cancellationToken)
    {
        InputFile.Require(mix, "MIX");
        InputFile.Require(candidate, "STEM");
        if (picture is not null)
            OutputFile.Require(picture, "--plot", mix, candidate);
        using IStemAffinity model = choice.Open(stem);
        (StemAlignment whole, IReadOnlyList<string> overdriven) = terminal.Track(
            "Aligning", 2, progress => new FileEmbedder(model, cancellationToken).Align(mix, candidate, stem, progress));
        foreach (string path in overdriven)
            terminal.WarnOfOverdriven(path);
        StemAlignment alignment = whole.Within(
            within <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(within) : TimeSpan.MaxValue);
        if (picture is not null)
        {
            byte[] image = AlignmentPicture.Render(alignment, $"{Path.GetFileName(candidate)} against {Path.GetFileName(mix)}");
            AtomicFile.Write(picture, stream => stream.Write(image));
        }
        var report = new AlignReport(alignment.BestShift.TotalSeconds, alignment.Affinity, alignment.Sharpness, stem.Name, mix,
            candidate,
            alignment.FirstShift.TotalSeconds, StemAlignment.Step.TotalSeconds, alignment.Curve.ToArray(),
            StemAlignment.CorrelationStep.TotalSeconds,
            alignment.CorrelationCurve.ToArray(), picture);
        if (json)
            terminal.WriteJson(report, AlignJson.Default.AlignReport);
        else
            terminal.Write(report.ToTable());
        return ExitCode.Success;
    }
}

/// <summary>The JSON document of <c>stemjepa align --json</c>.</summary>
/// <param name="BestShift">How much later than the mix the candidate is to start, in seconds; negative: earlier.</param>
/// <param name="Affinity">The affinity at that shift, -1..1.</param>
/// <param name="Sharpness">How far it stands out, in standard deviations over all shifts.</param>
/// <param name="Stem">The missing stem's name.</param>
/// <param name="Mix">The mix, as given.</param>
/// <param name="Candidate">The candidate, as given.</param>
/// <param name="FirstShift">The shift of both curves' first values, in seconds.</param>
/// <param name="Step">Seconds from one affinity to the next.</param>
/// <param name="Curve">The affinity of every shift.</param>
/// <param name="CorrelationStep">Seconds from one correlation to the next.</param>
/// <param name="CorrelationCurve">How well harmony, spectrum and onsets move together at every shift, about -1..1.</param>
/// <param name="Picture">Where the curves were drawn, if that was asked for.</param>
internal sealed record AlignReport(
    double BestShift, float Affinity, double Sharpness, string Stem, string Mix, string Candidate, double FirstShift, double Step,
    IReadOnlyList<float> Curve, double CorrelationStep, IReadOnlyList<float> CorrelationCurve, string? Picture)
{
    public Table ToTable()
    {
        Table table = ConsoleTable.Create("Starts", "Affinity", "Sharpness", "Stem", "Mix", "Candidate");
        string starts = string.Create(CultureInfo.InvariantCulture,
            $"{Math.Abs(BestShift):0.00} s {(BestShift < 0 ? "before the mix" : "into the mix")}");
        table.AddRow(ConsoleTable.Cell(starts), ConsoleTable.Cell(Affinity.ToString("0.000", CultureInfo.InvariantCulture)),
            ConsoleTable.Cell(Sharpness.ToString("0.0", CultureInfo.InvariantCulture)),
            ConsoleTable.Cell(Stem), ConsoleTable.Cell(Mix), ConsoleTable.Cell(Candidate));
        return table;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(AlignReport))]
internal sealed partial class AlignJson : JsonSerializerContext;
