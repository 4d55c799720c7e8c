using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>evaluate failures</c>.</summary>
internal static class FailuresCommand
{
    private const string JsonName = "failures.json", PageName = "index.html", Template = "failures.liquid";
    private const int DefaultCases = 12;

    private sealed record Options(string Corpus, string? Cache, string? Model, string Out, int Cases, int Songs, double Seconds,
        bool Sound);

    public static Command Create()
    {
        Option<string> corpus = EvaluationOptions.Corpus();
        Option<string?> cache = CorpusFolder.CacheOption();
        Option<string?> model = EvaluationOptions.Model();
        var to = new Option<string>("--out")
        {
            Description = $"Folder for {PageName}, {JsonName} and the sounds of the cases; made if it is missing.",
            Required = true,
        };
        var cases = new Option<int>("--cases")
        {
            Description = "At most so many cases of each kind.",
            DefaultValueFactory = _ => DefaultCases,
        };
        Option<int> songs = EvaluationOptions.Songs();
        var seconds = new Option<double>("--seconds")
        {
            Description = "Only the first so many seconds of each song.",
            DefaultValueFactory = _ => double.PositiveInfinity,
        };
        var noSound = new Option<bool>("--no-sound") { Description = "Write no clips, and a page without players." };
        cases.Require(value => value >= 1, "--cases is a whole number from 1 on, such as 12.");
        seconds.Require(value => value > 0, "--seconds is a number above 0, such as 60.");
        var command = new Command("failures", "Where retrieval fails: a page to look at and listen to.")
        {
            corpus, cache, model, to, cases, songs, seconds, noSound,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            await RunAsync(new Options(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(model),
                parse.GetRequiredValue(to), parse.GetValue(cases),
                parse.GetValue(songs), parse.GetValue(seconds), !parse.GetValue(noSound)), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(Options options, CancellationToken cancellation)
    {
        if (File.Exists(options.Out))
            throw new StemJepaException($"{options.Out}: is a file, but --out names a folder to write; choose another name.");
        using StemAffinity model = EvaluationOptions.LoadModel(options.Model);
        CorpusSong[] songs = [.. CorpusFolder.Songs(options.Corpus, CorpusFolder.Test, options.Cache, cancellation).Take(options.Songs)];
        Dictionary<string, CorpusSong> byName = songs.ToDictionary(song => song.Name);
        Dictionary<string, QueryFacts> facts = songs.ToDictionary(song => song.Name, QueryFacts.FromSong);
        using var evaluation = new RetrievalEvaluation(songs, options.Seconds);
        var method = new MeasuredQueries(new EmbeddingRetrieval(new ModelEmbedder(model)));
        IReadOnlyList<RetrievalQuery> queries = await EvaluationOptions.RunWithProgressAsync(
            model.Model.Name, report => evaluation.Show(method, report, cancellation), cancellation);
        if (queries.Count < 2)
            throw new StemJepaException(
                $"{options.Corpus}: has {queries.Count} stem that is not silent, so there is nothing to confuse it with; name a corpus of "
                + $"several songs.");
        AffinityMatrix affinities = method.Affinities(cancellation);
        Directory.CreateDirectory(options.Out);
        var clips = new ClipWriter(options.Out, byName);
        FailureReport report = FailureReport.Create(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Corpus))),
            model.Model.Name, queries, affinities,
            QueryOutcome.FromQueries(queries, affinities, method.Loudness, song => facts[song]), options.Cases, options.Sound ? clips.Write
                : null, await Provenance.HereAsync());
        AtomicFile.Write(Path.Combine(options.Out, JsonName), report.Write);
        AtomicFile.Write(Path.Combine(options.Out, PageName), stream =>
            HtmlPage.Write(stream, typeof(FailuresCommand).Assembly, Template, report.ToJson().RootElement));
        Console.WriteLine($"{Path.Combine(options.Out, PageName)}: {report.Misses.Misses} misses of {report.All.Queries} queries");
    }
}
