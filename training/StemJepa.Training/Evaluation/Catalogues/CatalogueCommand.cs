using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>evaluate catalogue</c>: every test stem in a catalogue on disk, searched from end to end.</summary>
internal static class CatalogueCommand
{
    private const int Best = 10;

    public static Command Create()
    {
        var corpus = new Option<string>("--corpus") { Description = "Folder of a corpus; its test split is used.", Required = true };
        Option<string?> cache = CorpusFolder.CacheOption();
        var model = new Option<string?>("--model") { Description = "Model folder; the shipped model when left out." };
        var json = new Option<string?>("--json") { Description = "Write the figures to this file; - is standard output." };
        Option<string[]> documents = DocumentTable.Option();
        var command = new Command("catalogue", "Retrieval through catalogues on disk, in each precision, beside retrieval without.") { corpus, cache, model, json, documents };
        command.SetAction(async (parse, cancellation) =>
        {
            string[] texts = parse.GetRequiredValue(documents);
            DocumentTable.Check(texts, CatalogueReport.Mark);
            CatalogueReport report = await MeasureAsync(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(model), cancellation);
            DocumentTable.Write(texts, (CatalogueReport.Mark, report.ToMarkdown()));
            if (!await ReportFiles.WriteAsync(parse.GetValue(json), null, report.Write, () => []))
                Console.Write(report.ToMarkdown());
            return 0;
        });
        return command;
    }

    private static async Task<CatalogueReport> MeasureAsync(string corpus, string? cache, string? modelFolder, CancellationToken cancellation)
    {
        using StemAffinity model = modelFolder is null ? StemAffinity.Create() : StemAffinity.Load(modelFolder);
        using var evaluation = new RetrievalEvaluation(CorpusFolder.Songs(corpus, CorpusFolder.Test, cache, cancellation), double.PositiveInfinity);
        var retrieval = new CatalogueRetrieval(model);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        IReadOnlyList<RetrievalQuery> queries = await console.Progress().StartAsync(context => Task.Run(() =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(model.Model.Name), maxValue: 1);
            return evaluation.Show(retrieval, share => task.Value = share, cancellation);
        }, cancellation));
        AffinityMatrix exact = retrieval.Affinities(cancellation);
        string root = Directory.CreateTempSubdirectory("stemjepa-catalogue-").FullName;
        try
        {
            var catalogues = new Dictionary<string, CatalogueReport.Row>();
            foreach (CatalogPrecision precision in Enum.GetValues<CatalogPrecision>())
            {
                string name = precision.ToString().ToLowerInvariant(), folder = Path.Combine(root, name);
                retrieval.Fill(folder, precision);
                using StemCatalog catalog = StemCatalog.Open(folder, model.Model);
                catalogues[name] = new CatalogueReport.Row(
                    RetrievalResult.Of(queries, retrieval.Affinities(catalog, cancellation)).All, retrieval.RecallOfBest(catalog, exact, Best, cancellation));
            }
            return new CatalogueReport(CorpusFolder.Name(corpus), model.Model.Name, RetrievalResult.Of(queries, exact).All, catalogues, await Provenance.HereAsync());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
