using System.CommandLine;
using MathNet.Numerics.Statistics;
using StemJepa.Training.Corpora;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The command <c>fit-weights</c>: learns how much each feature speaks for a way to fit a candidate, from songs whose stems were moved.
/// </summary>
internal static class FitWeightsCommand
{
    private const int Seed = 1, Rhythms = 250, AllTrials = 4000, KeptTrials = 120, JudgedTrials = 24, MostJudged = 80;
    private const double LongestTransposed = 13;
    private const double Decay = 0.003, StemDecay = 0.01;

    public static Command Create()
    {
        Option<string> corpus = EvaluationOptions.Corpus();
        corpus.Description = "Folder of a corpus, whose train split is used.";
        Option<string?> cache = CorpusFolder.CacheOption();
        Option<int> songs = EvaluationOptions.Songs();
        var transposed = new Option<int>("--transposed")
        {
            Description = "Number of further songs, of which only transpositions are learned, at the right tempo and start.",
            DefaultValueFactory = _ => 300,
        };
        transposed.Require(value => value >= 0, "--transposed is a whole number from 0 on, such as 300.");
        var output = new Option<string>("--out")
        {
            Description = "The file that the library embeds.",
            DefaultValueFactory = _ => $"src/StemJepa.Analysis/Fitting/{FitWeights.FileName}",
        };
        var command = new Command("fit-weights", "Learn by what candidates are fitted to a mix, from songs whose stems were moved.")
        {
            corpus, cache, songs, transposed, output,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            await RunAsync(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(songs), parse.GetValue(transposed),
                parse.GetRequiredValue(output), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string corpus, string? cache, int count, int transposed, string output,
        CancellationToken cancellation)
    {
        CorpusSong[] all = [.. CorpusFolder.Songs(corpus, CorpusFolder.Train, cache, cancellation)];
        SeededRandom.For($"{Seed}/fit-weights").Shuffle(all);
        CorpusSong[] songs = [.. all.Take(count)];
        Provenance here = await Provenance.HereAsync();
        using StemAffinity model = StemAffinity.Create();
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        using var fitter = StemFitter.Create(model, analyzer);
        using var moved = new MovedStems(songs, Seed);
        float[] start = FitWeights.Simple();
        Found[] found = await EvaluationOptions.RunWithProgressAsync("searching", progress => OfEach(songs.Length,
            song => moved.Of(song).Select(stem => Search(fitter, analyzer, stem, start, cancellation)), progress), cancellation);
        FitChoices[] transpositions = await EvaluationOptions.RunWithProgressAsync("transposing",
            progress => Transpose([.. all.Skip(count).Take(transposed)], analyzer, progress, cancellation), cancellation);
        FitChoices[] searched = [.. found.Select(ways => ways.Choices())];
        if (!searched.Any(choices => choices.Teaches))
            throw new StemJepaException($"{corpus}: no stem was found again in {songs.Length} songs; name a corpus with more of them.");
        bool[] signals = [.. Enumerable.Range(0, FitWeights.Count)
            .Select(i => (FitFeature)i is not (FitFeature.Affinity or FitFeature.AffinityEvidence))];
        var weights = new Dictionary<Stem, float[]>();
        foreach (Stem stem in Stem.Roles)
            weights[stem] = LearnSignals([.. searched, .. transpositions], stem, start, signals);
        int judgedCases = Math.Min(MostJudged, found.Length);
        FitChoices[] judged = await EvaluationOptions.RunWithProgressAsync("judging", progress => OfEach<FitChoices>(judgedCases, index =>
            [found[index].Judge(model, weights[found[index].Case.Stem], JudgedTrials, cancellation)], progress), cancellation);
        bool[] affinities = [.. signals.Select(isSignal => !isSignal)];
        foreach (Stem stem in Stem.Roles)
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
            Cases = found.Length + transpositions.Length,
            Date = here.Date,
            Commit = here.Commit,
            Levels = MeasureLevels(songs, cancellation),
            Stems = weights.ToDictionary(pair => pair.Key.Name,
                pair => pair.Value.Select(weight => MathF.Round(weight, 3)).ToArray()),
        }.Save(output);
    }

    /// <summary>Medians over songs in which the stem and others sound, to half a LU.</summary>
    private static Dictionary<string, double> MeasureLevels(CorpusSong[] songs, CancellationToken cancellation)
    {
        const double step = 0.5;
        using var audio = new CorpusAudio(songs);
        List<double>[] levels = [.. Stem.Roles.Select(_ => new List<double>())];
        for (int song = 0; song < songs.Length; song++)
        {
            cancellation.ThrowIfCancellationRequested();
            float[][] stems = audio.ReadAll(song, 0, audio.Length(song));
            for (int stem = 0; stem < stems.Length; stem++)
            {
                double level = LoudnessOf(stems[stem]) - LoudnessOf(CorpusAudio.MixWithout(stems, stem));
                if (double.IsFinite(level))
                    levels[stem].Add(level);
            }
        }
        return Stem.Roles.ToDictionary(stem => stem.Name,
            stem => Math.Round(levels[stem.Role].Median() / step) * step);
    }

    private static double LoudnessOf(float[] samples) => Loudness.Integrated(new AudioClip(samples, FrontEndSettings.SampleRate));

    /// <summary>What each of so many gives, in their order, on all cores.</summary>
    private static T[] OfEach<T>(int count, Func<int, IEnumerable<T>> find, Action<double> progress)
    {
        int done = 0;
        var results = new T[count][];
        Parallel.For(0, count, index =>
        {
            results[index] = [.. find(index)];
            lock (results)
                progress(++done / (double)count);
        });
        return [.. results.SelectMany(result => result)];
    }

    /// <summary>All transpositions of moved stems at the right tempo and start, of short excerpts.</summary>
    private static FitChoices[] Transpose(CorpusSong[] songs, StemAnalyzer analyzer, Action<double> progress,
        CancellationToken cancellation)
    {
        using var moved = new MovedStems(songs, Seed);
        return OfEach(songs.Length, song => moved.Of(song)
            .Where(stem => stem.Stem != Stem.Drums && stem.Mix.Duration.TotalSeconds <= LongestTransposed).Select(ChoicesOf), progress);

        FitChoices ChoicesOf(MovedStem stem)
        {
            (FitFeatures mix, FitFeatures candidate) = (Extract(stem.Mix), Extract(stem.Candidate));
            var prepared = new FitMix(stem.Stem, mix.Analysis, stem.Mix.Duration, mix, [], 1);
            FitEvidence[] ways = [.. new FitSearch(prepared, candidate, new StemFitOptions(), FitWeights.Simple())
                .AllTranspositions(stem.Answer.Ratio, stem.Answer.Start)];
            return new FitChoices(stem.Stem, [.. ways.Select(way => way.Values)],
                [.. ways.Select(way => way.Trial.Semitones == stem.Answer.Semitones)]);
        }

        FitFeatures Extract(AudioClip clip) =>
            FitFeatures.Extract(clip.Samples.ToArray(), analyzer.Analyze(clip, cancellation), cancellation);
    }

    /// <summary>Melodic stems learn together first, and then each for itself; drums, which have no pitch, alone.</summary>
    private static float[] LearnSignals(FitChoices[] cases, Stem stem, float[] start, bool[] learned)
    {
        FitChoices[] own = [.. cases.Where(choices => choices.Stem == stem)];
        if (stem == Stem.Drums)
            return FitLearning.Learn(own, start, learned, Decay);
        float[] shared = FitLearning.Learn(cases.Where(choices => choices.Stem != Stem.Drums), start, learned, Decay);
        return FitLearning.Learn(own, shared, learned, StemDecay, shared);
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
