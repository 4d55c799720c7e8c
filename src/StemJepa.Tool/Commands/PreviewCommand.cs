using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary>
/// <c>stemjepa preview MIX CANDIDATE --stem bass --out preview.wav</c>: what a recording sounds like in a mix, fitted to it.
/// </summary>
internal static class PreviewCommand
{
    private sealed record Options(string Mix, string Candidate, Stem Stem, string Out, bool Solo, StemFitOptions Fit,
        FitRenderOptions Render, int? Bars);

    public static Command Create(Terminal terminal)
    {
        Argument<string> mix = CommonOptions.Mix();
        var candidate = new Argument<string>("CANDIDATE") { Description = "The recording to hear in it." };
        Option<Stem> stem = CommonOptions.Stem();
        var file = new Option<string>("--out") { Description = "The WAV file to write, 24 bits.", HelpName = "FILE", Required = true };
        var solo = new Option<bool>("--solo")
        {
            Description = "Only the fitted candidate, at its own rate, from its first sample: to drag into a project.",
        };
        var noStretch = new Option<bool>("--no-stretch") { Description = "Leave the candidate's tempo as it is." };
        var noTranspose = new Option<bool>("--no-transpose") { Description = "Leave the candidate's pitch as it is." };
        var gain = new Option<double>("--gain")
        {
            Description = "How much louder than usual for the stem the candidate is to be; negative: quieter.",
            HelpName = "DB",
        };
        const int largest = FitRenderOptions.LargestGain;
        gain.Refuse(value => value is >= -largest and <= largest ? null
            : $"--gain is a number of decibels from -{largest} to {largest}, such as -3");
        var bars = new Option<int?>("--bars")
        {
            Description = "Only so many bars of the mix, from where the candidate begins.",
            HelpName = "N",
        };
        bars.Refuse(value => value < 1 ? $"--bars {value} is no number of bars; use 1 or more" : null);
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("preview", "What does this recording sound like in my mix, in its tempo and key?")
        {
            mix, candidate, stem, file, solo, noStretch, noTranspose, gain, bars, json, model,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, new Options(parsed.GetRequiredValue(mix),
            parsed.GetRequiredValue(candidate), parsed.GetValue(stem), parsed.GetRequiredValue(file), parsed.GetValue(solo),
            new StemFitOptions { Stretch = !parsed.GetValue(noStretch), Transpose = !parsed.GetValue(noTranspose) },
            new FitRenderOptions { GainDecibels = parsed.GetValue(gain) }, parsed.GetValue(bars)),
            model.Read(parsed, terminal), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, Options options, ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        InputFile.Require(options.Mix, "MIX");
        InputFile.Require(options.Candidate, "CANDIDATE");
        OutputFile.Require(options.Out, "--out", options.Mix, options.Candidate);
        using IStemAffinity model = choice.Open(options.Stem);
        using StemAnalyzer analyzer = choice.OpenAnalyzer(model);
        using var fitter = StemFitter.Create(model, analyzer);
        MultichannelClip mix = AudioFile.LoadChannels(options.Mix, cancellationToken: cancellationToken);
        MultichannelClip candidate = AudioFile.LoadChannels(options.Candidate, cancellationToken: cancellationToken);
        StemFit fit = terminal.Track("Fitting", 1, progress =>
        {
            StemFit found = fitter.Fit(mix.ToMono(), candidate.ToMono(), options.Stem, options.Fit, cancellationToken);
            FittedAudio rendered = FittedAudio.Render(found, mix, candidate, options.Render, cancellationToken);
            (options.Solo ? rendered.Audio : rendered.UnderMix(mix, options.Bars)).Save(options.Out);
            progress.CompleteItem();
            return found;
        });
        terminal.WarnOfFits(options.Mix, [(options.Candidate, fit)]);
        var report = new PreviewReport(fit.AffinityBefore, fit.Affinity, fit.Semitones, fit.TempoRatio, fit.Start.TotalSeconds,
            options.Out);
        if (json)
            terminal.WriteJson(report, PreviewJson.Default.PreviewReport);
        else
            terminal.Write(report.ToTable(fit));
        return ExitCode.Success;
    }
}

/// <summary>The JSON document of <c>stemjepa preview --json</c>.</summary>
/// <param name="AffinityBefore">The affinity in time of the candidate as it is, -1..1.</param>
/// <param name="Affinity">The affinity in time of the fitted candidate, -1..1.</param>
/// <param name="Semitones">Its transposition.</param>
/// <param name="TempoRatio">Its new tempo / its old tempo.</param>
/// <param name="Start">Seconds from the mix's first sample to that of the fitted candidate; negative: before it.</param>
/// <param name="Preview">The file that was written.</param>
internal sealed record PreviewReport(float AffinityBefore, float Affinity, int Semitones, double TempoRatio, double Start, string Preview)
{
    public Table ToTable(StemFit fit)
    {
        Table table = ConsoleTable.Create("Affinity", "Before", "Tempo", "Semitones", "Starts", "Rhythm", "Mix", "Candidate", "Preview");
        static string Show(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        table.AddRow(ConsoleTable.Cell(Show($"{Affinity:0.000}")), ConsoleTable.Cell(Show($"{AffinityBefore:0.000}")),
            ConsoleTable.Cell(Show($"{100 * (TempoRatio - 1):+0.0;-0.0;0} %")), ConsoleTable.Cell(Show($"{Semitones:+0;-0;0}")),
            ConsoleTable.Cell(Show($"{Math.Abs(Start):0.00} s {(Start < 0 ? "before the mix" : "into the mix")}")),
            ConsoleTable.Cell(Show($"{fit.RhythmRelation.ToString().ToLowerInvariant()} ({fit.Rhythm:0.00})")),
            ConsoleTable.Cell(Show($"{fit.MixTempo:0.0} BPM, {fit.MixKey}")),
            ConsoleTable.Cell(Show($"{fit.CandidateTempo:0.0} BPM, {fit.CandidateKey}{(fit.IsLoop ? ", a loop" : "")}")),
            ConsoleTable.Cell(Preview));
        return table;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(PreviewReport))]
internal sealed partial class PreviewJson : JsonSerializerContext;
