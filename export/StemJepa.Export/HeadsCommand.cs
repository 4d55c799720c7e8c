using System.CommandLine;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;

namespace StemJepa.Export;

/// <summary>The command <c>heads</c>: trains the heads that recordings are analysed with, and exports them into a model folder.</summary>
internal static class HeadsCommand
{
    private const int DefaultSongs = 600;
    private const double DefaultSeconds = 32;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var dataSet = new Option<string>("--dataset")
        {
            Description = "Folder of a corpus that the corpus command rendered; its training split is used.",
            Required = true,
        };
        var testSet = new Option<string?>("--test-set")
        {
            Description =
                "Folder of another corpus, none of whose test songs, nor a variant of one, may be among those of training; of its songs "
                    + "only the names are read.",
        };
        var model = new Option<string>("--model") { Description = "Model folder whose encoder the heads are for.", Required = true };
        var to = new Option<string?>("--out") { Description = "Folder for heads_*.onnx and heads.json; the model folder when left out." };
        var songs = new Option<int>("--songs")
        {
            Description = "At most so many songs for training and as many to choose heads by, each with its variants.",
            DefaultValueFactory = _ => DefaultSongs,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Only the first so many seconds of each recording.",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        var only = new Option<string?>("--only")
        {
            Description = "Train this head alone (tempo: with that of the beats), and keep the others of the folder as they are.",
        };
        only.AcceptOnlyFromAmong(ProbeTask.Key, ProbeTask.Tempo, ProbeTask.Instrument, ProbeTask.Stem);
        songs.Require(value => value >= 1, "--songs is a whole number from 1 on, such as 600.");
        seconds.Require(value => value > 0, "--seconds is a number above 0, such as 32.");
        var command = new Command("heads", "Trains heads for key, tempo, beats, instrument and stem on a frozen encoder, and exports them.")
        {
            dataSet, testSet, model, to, only, songs, seconds,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                string folder = parsed.GetRequiredValue(model);
                await RunAsync(parsed.GetRequiredValue(dataSet), parsed.GetValue(testSet), folder, parsed.GetValue(to) ?? folder,
                    parsed.GetValue(only), parsed.GetValue(songs), parsed.GetValue(seconds), output, error, cancellation);
                return ExportCommand.Done;
            }
            catch (StemJepaException failure)
            {
                await error.WriteLineAsync(failure.Message);
                return ExportCommand.BadData;
            }
        });
        return command;
    }

    private static async Task RunAsync(string dataSet, string? testSet, string modelFolder, string to, string? only, int songs,
        double seconds,
        TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        using StemAffinity model = StemAffinity.Load(modelFolder);
        string last = "";
        IReadOnlyList<ChosenHead> heads = new TrainedHeads(model, dataSet, testSet, songs, seconds).Train(only, (what, _) =>
        {
            if (what != last)
                error.WriteLine(last = what);
        }, cancellation);
        HeadsInfo info = HeadsExporter.Write(to, model.Model, CorpusFolder.Name(dataSet), heads,
            double.IsFinite(seconds) ? seconds : null, await Provenance.HereAsync(), keepOthers: only is not null);
        foreach (ChosenHead head in heads)
            head.Head.Dispose();
        foreach ((string name, HeadInfo head) in info.Heads.Where(head => heads.Any(trained => trained.Data.Task.Name == head.Key)))
        {
            string figures =
                string.Join(", ", head.Validation.Select(figure => FormattableString.Invariant($"{figure.Key} {100 * figure.Value:F1} %")));
            await output.WriteLineAsync(
                $"{Path.Combine(to, head.File)}: {name}, {head.Network} on {head.Input}, {head.TrainClips} clips; on "
                    + $"{head.ValidationClips} validation clips {figures}");
        }
    }
}
