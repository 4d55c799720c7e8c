using System.CommandLine;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Matching;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa search MIX --stem bass --in CATALOGUE</c>: which recording of a catalogue fits a mix best.</summary>
internal static class SearchCommand
{
    private const int DefaultTop = 20;

    public static Command Create(Terminal terminal)
    {
        Argument<string> mix = CommonOptions.Mix();
        Option<Stem> stem = CommonOptions.Stem();
        Option<string> catalog = CommonOptions.Catalog();
        Option<int?> top = CommonOptions.Top($"Show the best N; {DefaultTop} if it is left out.");
        var anyStem = new Option<bool>("--any-stem") { Description = "Also recordings that are another stem by the catalogue." };
        var match = new MatchOptions();
        var fit = new FitOptions();
        var tags = new Option<string[]>("--tag")
        {
            Description = "Only recordings with this tag; several: with all of them.",
            HelpName = "TAG",
        };
        var path = new Option<string?>("--path")
        {
            Description = "Only recordings whose path matches; * stands for any text.",
            HelpName = "PATTERN",
        };
        var shortest = new Option<double?>("--min-seconds") { Description = "Only recordings at least this long.", HelpName = "SECONDS" };
        var longest = new Option<double?>("--max-seconds") { Description = "Only recordings at most this long.", HelpName = "SECONDS" };
        var exact = new Option<bool>("--exact")
        {
            Description = "On servers: compare every recording, not only those that the vector sets come by. Folders always are.",
        };
        var partial = new Option<bool>("--partial")
        {
            Description = "On servers: leave out the shards of servers that do not answer, and say so.",
        };
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("search", "Which recording of my library fits my mix?")
        {
            mix, stem, catalog, top, anyStem, match, tags, path, shortest, longest, exact, partial, fit, json, model,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            string mixPath = parsed.GetRequiredValue(mix);
            var query = new SearchQuery(mixPath, parsed.GetValue(stem), parsed.GetValue(anyStem), match.Read(parsed, mixPath),
                parsed.GetValue(tags) ?? [], parsed.GetValue(path), parsed.GetValue(shortest), parsed.GetValue(longest));
            var search = new VectorSetSearch { IsExact = parsed.GetValue(exact), AllowPartial = parsed.GetValue(partial) };
            return Task.FromResult(Run(
                terminal, query, parsed.GetRequiredValue(catalog), search, parsed.GetValue(top) ?? DefaultTop, fit.Read(parsed),
                model.Read(parsed, terminal), parsed.GetValue(json), cancellationToken));
        });
        return command;
    }

    private static int Run(Terminal terminal, SearchQuery query, string place, VectorSetSearch search, int top, FitRequest fit,
        ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        InputFile.Require(query.Mix, "MIX");
        query.Check();
        fit.Check(query.Mix);
        using IStemAffinity model = choice.Open(query.Stem);
        using ICatalog catalog = CatalogChoice.Open(place, model.Model, search, cancellationToken);
        StemAnalysis? analysis = choice.Analyze(model, query.Mix, terminal, cancellationToken);
        MixFacts mix = query.Match.FactsOf(analysis, terminal.WriteWarning);
        CatalogFilter filter = query.ToFilter(catalog, mix);
        EmbeddedRecording prediction = terminal.Track("Embedding", 1,
            progress => new FileEmbedder(model, cancellationToken).Predict(query.Mix, query.Stem, progress));
        terminal.WarnOfLevels([prediction]);

        (IReadOnlyList<CatalogMatch> found, IReadOnlyList<string> warnings) = catalog.Search(prediction.Embedding,
            fit.IsAsked ? Math.Max(top, FitRanking.Most) : top, filter);
        foreach (string warning in warnings)
            terminal.WriteWarning(warning);
        AffinityScale? scale = AffinityBackground.TryLoad(model.Model, choice.Folder)?.Scale(prediction.Embedding, query.Stem)
            ?? catalog.RandomAffinities(prediction.Embedding, query.Stem);
        IReadOnlyList<RankedFile> results =
            [.. found.Select(match => new RankedFile(match.Entry.Path ?? match.Entry.Id, match.Affinity).With(match.Entry, mix, scale))];
        IReadOnlyList<SkippedFile> skipped = [];
        if (fit.IsAsked)
        {
            (results, skipped) = new FileFitter(terminal, model, choice, cancellationToken)
                .Fit(query.Mix, query.Stem, results, top, fit.Previews);
            terminal.WarnOfSkipped(skipped);
        }
        var report = new RankReport(query.Stem.Name, query.Mix, [.. results.Take(top)], skipped)
        {
            MixKey = mix.Key?.ToString(),
            MixTempo = mix.Tempo,
        };
        if (json)
            terminal.WriteJson(report, RankJson.Default.RankReport);
        else
            terminal.Write(report.ToTable());
        return skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }
}
