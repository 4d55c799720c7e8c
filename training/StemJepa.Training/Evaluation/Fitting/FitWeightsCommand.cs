using System.CommandLine;
using StemJepa.Training.Corpora;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The command <c>fit-weights</c>: learns how much each feature speaks for a way to fit a candidate, from songs whose stems were moved.
/// </summary>
internal static class FitWeightsCommand
{
    private const int Seed = 1, Rhythms = 250, AllTrials = 4000, KeptTrials = 120, JudgedTrials = 24;
    private const double Decay = 0.01, StemDecay = 0.03;

    public static Command Create()
    {
        Option<string> corpus = EvaluationOptions.Corpus();
        corpus.Description = "Folder of a corpus, whose train split is used.";
        Option<string?> cache = CorpusFolder.CacheOption();
        Option<int> songs = EvaluationOptions.Songs();
        var output = new Option<string>("--out")
        {
            Description = "The file that the library embeds.",
            DefaultValueFactory = _ => $"src/StemJepa.Analysis/Fitting/{FitWeights.FileName}",
        };
        var command = new Command("fit-weights", "Learn by what candidates are fitted to a mix, from songs whose stems were moved.")
        {
            corpus, cache, songs, output,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            await RunAsync(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(songs), parse.GetRequiredValue(output),
                cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string corpus, string? cache, int count, string output, CancellationToken cancellation)
    {
        CorpusSong[] songs = [.. CorpusFolder.Songs(corpus, CorpusFolder.Train, cache, cancellation)];
        SeededRandom.For($"{Seed}/fit-weights").Shuffle(songs);
        songs = [.. songs.Take(count)];
        Provenance here = await Provenance.HereAsync();
        using StemAffinity model = StemAffinity.Create();
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        using var fitter = StemFitter.Create(model, analyzer);
        using var moved = new MovedStems(songs, Seed);
        float[] start = FitWeights.Simple();
        List<Found> found = await EvaluationOptions.RunWithProgressAsync("searching", progress =>
        {
            var all = new List<Found>();
            for (int song = 0; song < songs.Length; song++)
            {
                foreach (MovedStem stem in moved.Of(song))
                    all.Add(Search(fitter, analyzer, stem, start, cancellation));
                progress((song + 1.0) / songs.Length);
            }
            return all;
        }, cancellation);
        FitChoices[] searched = [.. found.Select(ways => ways.Choices())];
        if (!searched.Any(choices => choices.Teaches))
            throw new StemJepaException($"{corpus}: no stem was found again in {songs.Length} songs; name a corpus with more of them.");
        bool[] signals = [.. Enumerable.Range(0, FitWeights.Count)
            .Select(i => (FitFeature)i is not (FitFeature.Affinity or FitFeature.AffinityEvidence))];
        var weights = new Dictionary<Stem, float[]>();
        foreach (Stem stem in Enum.GetValues<Stem>())
            weights[stem] = LearnSignals(searched, stem, start, signals);
        FitChoices[] judged = await EvaluationOptions.RunWithProgressAsync("judging", progress => found.Select((ways, index) =>
        {
            progress((index + 1.0) / found.Count);
            return ways.Judge(model, weights[ways.Case.Stem], JudgedTrials, cancellation);
        }).ToArray(), cancellation);
        bool[] affinities = [.. signals.Select(isSignal => !isSignal)];
        foreach (Stem stem in Enum.GetValues<Stem>())
        {
            FitChoices[] own = [.. judged.Where(choices => choices.Stem == stem)];
            if (own.Any(choices => choices.Teaches))
                weights[stem] = FitLearning.Learn(own, weights[stem], affinities, Decay);
            Console.WriteLine(Invariant($"{stem}: {own.Length} cases, {own.Count(ways => ways.IsRight.Contains(true))} with a right way ")
                + Invariant($"among the {JudgedTrials} best, first {own.Count(ways => IsFirstRight(ways, weights[stem]))}"));
        }
        new FitWeights
        {
            Corpora = [CorpusFolder.Name(corpus)],
            Cases = found.Count,
            Date = here.Date,
            Commit = here.Commit,
            Stems = weights.ToDictionary(pair => ModelInfo.StemNames[(int)pair.Key],
                pair => pair.Value.Select(weight => MathF.Round(weight, 3)).ToArray()),
        }.Save(output);
    }

    /// <summary>Melodic stems learn together first; drums, which have no pitch, alone.</summary>
    private static float[] LearnSignals(FitChoices[] cases, Stem stem, float[] start, bool[] learned)
    {
        FitChoices[] own = [.. cases.Where(choices => choices.Stem == stem)];
        if (stem != Stem.Drums)
            start = FitLearning.Learn(cases.Where(choices => choices.Stem != Stem.Drums), start, learned, Decay);
        return FitLearning.Learn(own, start, learned, stem == Stem.Drums ? Decay : StemDecay);
    }

    private static bool IsFirstRight(FitChoices choices, float[] weights) => choices.IsRight.Length > 0
        && choices.IsRight[Enumerable.Range(0, choices.IsRight.Length)
            .MaxBy(way => choices.Features[way].Zip(weights, (x, w) => x * w).Sum())];

    private static Found Search(StemFitter fitter, StemAnalyzer analyzer, MovedStem moved, float[] weights, CancellationToken cancellation)
    {
        FitMix mix = fitter.Prepare(moved.Mix, moved.Stem, cancellation);
        FitFeatures features = FitFeatures.Extract(moved.Candidate.Samples.ToArray(), analyzer.Analyze(moved.Candidate, cancellation),
            cancellation);
        IReadOnlyList<FitEvidence> ways =
            new FitSearch(mix, features, new StemFitOptions(), weights).Find(Rhythms, AllTrials, cancellation);
        return new Found(moved, mix, [.. ways.Take(KeptTrials), .. ways.Skip(KeptTrials).Where(way => moved.IsNear(way.Trial)).Take(10)]);
    }

    /// <summary>The ways that were found for a case: the best by simple weights, and the right ones.</summary>
    private sealed record Found(MovedStem Case, FitMix Mix, IReadOnlyList<FitEvidence> Ways)
    {
        public FitChoices Choices() => ChoicesOf(Ways);

        public FitChoices Judge(StemAffinity model, float[] weights, int count, CancellationToken cancellation) =>
            ChoicesOf(new FitJudge(model, Mix).Judge(Case.Candidate.Samples.ToArray(),
                [.. Ways.OrderByDescending(way => way.Score(weights)).Take(count)], cancellation));

        private FitChoices ChoicesOf(IReadOnlyList<FitEvidence> ways) =>
            new(Case.Stem, [.. ways.Select(way => way.Values)], [.. ways.Select(way => Case.IsNear(way.Trial))]);
    }
}
