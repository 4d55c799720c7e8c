using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpus;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>evaluate retrieval</c>.</summary>
internal static class EvaluateCommand
{
    private const int RandomSeed = 1, TableWidth = 120;

    public static Command Create()
    {
        var corpus = new Option<string>("--corpus") { Description = "Folder of a corpus, MUSDB18-HQ, MUSDB18, MoisesDB or Slakh2100; its test split is used.", Required = true };
        Option<string?> cache = CorpusFolder.CacheOption();
        var model = new Option<string?>("--model") { Description = "Model folder; the shipped model when left out." };
        var json = new Option<string?>("--json") { Description = "Write the figures to this file; - is standard output." };
        var retrieval = new Command("retrieval", "How often the true stem is found among all stems of all songs, by the paper's protocol.") { corpus, cache, model, json };
        retrieval.SetAction(async (parse, cancellation) =>
        {
            RetrievalReport report = await RetrievalAsync(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(model), cancellation);
            string? target = parse.GetValue(json);
            if (target == "-")
            {
                await using Stream output = Console.OpenStandardOutput();
                report.Write(output);
                return 0;
            }
            if (target is not null)
                AtomicFile.Write(target, report.Write);
            AnsiConsole.Profile.Width = TableWidth;
            AnsiConsole.Write(report.ToTable());
            return 0;
        });
        return new Command("evaluate", "Measure a model.") { retrieval };
    }

    private static async Task<RetrievalReport> RetrievalAsync(string corpus, string? cache, string? modelFolder, CancellationToken cancellation)
    {
        using StemAffinity model = modelFolder is null ? StemAffinity.Create() : StemAffinity.Load(modelFolder);
        using var evaluation = new RetrievalEvaluation(CorpusFolder.Songs(corpus, "test", cache, cancellation));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().StartAsync(async context =>
        {
            RetrievalResult Measure(string name, IRetrievalEmbedder embedder)
            {
                ProgressTask task = context.AddTask(name, maxValue: 1);
                return evaluation.Run(embedder, share => task.Value = share, cancellation);
            }
            RetrievalResult result = Measure(model.Model.Name, new ModelEmbedder(model));
            return new RetrievalReport
            {
                Corpus = Path.GetFileName(Path.TrimEndingDirectorySeparator(corpus)),
                ModelName = model.Model.Name,
                Model = result.All,
                PerStem = result.PerStem.ToDictionary(pair => pair.Key.ToString().ToLowerInvariant(), pair => pair.Value),
                SameStem = result.SameStem,
                Baselines = new Dictionary<string, RetrievalMetrics>
                {
                    ["random"] = Measure("random", new RandomEmbedder(RandomSeed)).All,
                    ["mean_log_mel"] = Measure("mean log-mel", new MeanLogMelEmbedder()).All,
                },
                Measured = await Provenance.HereAsync(),
            };
        });
    }
}
