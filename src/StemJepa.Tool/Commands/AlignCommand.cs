using System.CommandLine;
using StemJepa.Tool.Audio;
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
        var picture = new Option<string?>("--plot") { Description = "Draw affinity and correlation of every shift into this PNG file.", HelpName = "FILE" };
        var within = new Option<double>("--within") { Description = "The farthest that it may start from the mix's start, either way; any distance when left out.", HelpName = "SECONDS", DefaultValueFactory = _ => double.PositiveInfinity };
        within.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is var value && !(value >= 0))
                result.AddError($"--within {value} is no distance; use a number of seconds from 0 on, such as 8");
        });
        Option<bool> json = CommonOptions.Json();
        Option<string?> model = CommonOptions.Model();
        var command = new Command("align", "At which time does this recording fit my mix best?") { mix, candidate, stem, within, picture, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(mix), parsed.GetRequiredValue(candidate),
            parsed.GetValue(stem), parsed.GetValue(within), parsed.GetValue(picture), parsed.GetValue(model), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, string mix, string candidate, Stem stem, double within, string? picture, string? modelFolder, bool json,
        CancellationToken cancellationToken)
    {
        CandidateFiles.Require(mix, "MIX");
        CandidateFiles.Require(candidate, "STEM");
        using IStemAffinity model = CommonOptions.OpenModel(modelFolder);
        StemAlignment alignment = terminal.Track("Listening", 2, progress => new FileEmbedder(model, cancellationToken).Align(mix, candidate, stem, progress)).Within(within);
        if (picture is not null)
        {
            byte[] image = AlignmentPicture.Render(alignment, $"{Path.GetFileName(candidate)} against {Path.GetFileName(mix)}");
            AtomicFile.Write(picture, stream => stream.Write(image));
        }
        var report = new AlignReport(alignment.BestShift, alignment.Affinity, alignment.Sharpness, CommonOptions.NameOf(stem), mix, candidate,
            alignment.FirstShift, StemAlignment.Step, alignment.Curve.ToArray(), StemAlignment.CorrelationStep, alignment.CorrelationCurve.ToArray(), picture);
        if (json)
            terminal.WriteJson(report, ToolJsonContext.Default.AlignReport);
        else
            terminal.Write(Tables.Alignment(report));
        return ExitCode.Success;
    }
}
