using System.CommandLine;
using StemJepa.Training.Corpora;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The command <c>coherence-weights</c>: learns what onsets and harmony count beside the affinity in time, from pairs of 5 s of the songs
/// that a corpus holds out for validation, which the model has not been trained on.
/// </summary>
internal static class CoherenceWeightsCommand
{
    private const int Seed = 2, ChunkSeconds = 5, Candidates = 16;
    private const double Decay = 0.0003;

    /// <summary>What the affinity counts to begin with, as high as the softmax needs it.</summary>
    private const float Sharpness = 20;

    public static Command Create()
    {
        Option<string> corpus = EvaluationOptions.Corpus();
        corpus.Description = "Folder of a corpus, whose validation songs are used.";
        Option<string?> cache = CorpusFolder.CacheOption();
        var pairs = new Option<int>("--pairs") { Description = "Pairs that are drawn.", DefaultValueFactory = _ => 2000 };
        pairs.Require(value => value >= 2, "--pairs is a whole number from 2 on, such as 2000.");
        var output = new Option<string>("--out")
        {
            Description = "The file that the library embeds.",
            DefaultValueFactory = _ => $"src/StemJepa.Analysis/Coherence/{CoherenceWeights.FileName}",
        };
        var command = new Command("coherence-weights", "Learn what onsets and harmony count beside the affinity in time.")
        {
            corpus, cache, pairs, output,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            await RunAsync(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(pairs), parse.GetRequiredValue(output),
                cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string corpus, string? cache, int pairs, string output, CancellationToken cancellation)
    {
        IReadOnlyList<CorpusSong> songs =
            ValidationSplit.Create(CorpusFolder.Songs(corpus, CorpusFolder.Train, cache, cancellation)).Validation;
        Provenance here = await Provenance.HereAsync();
        using StemAffinity model = StemAffinity.Create();
        using var audio = new CoherenceAudio(songs);
        var learning = await EvaluationOptions.RunWithProgressAsync("comparing", progress =>
        {
            var evaluation = new CoherenceEvaluation(audio, ChunkSeconds * FrontEndSettings.SampleRate, [Candidates], pairs, Seed);
            var method = new CoherenceLearning(model, evaluation.Pairs);
            evaluation.Measure(method, progress, cancellation);
            return method;
        }, cancellation);
        IReadOnlyDictionary<string, float[]> stems = learning.Learn(Sharpness, Decay);
        foreach ((string stem, float[] weights) in stems)
            Console.WriteLine(Invariant($"{stem}: {string.Join(' ', weights.Select(weight => Invariant($"{weight:0.000}")))}"));
        new CoherenceWeights
        {
            Corpora = [CorpusFolder.Name(corpus)], Pairs = pairs, Date = here.Date, Commit = here.Commit, Stems = stems,
        }.Save(output);
    }

    /// <summary>Keeps of each query what its positives have in common with its anchor, those of all rules at once.</summary>
    private sealed class CoherenceLearning(StemAffinity model, IReadOnlyList<CoherencePair> pairs) : ICoherenceMethod
    {
        private const int Count = CoherenceWeights.Count + 1;

        private readonly ModelCoherence _model = new(model, pairs);
        private readonly FitChoices[] _choices = new FitChoices[pairs.Count];

        public IReadOnlyList<string> Scores { get; } = [ModelCoherence.InTime];

        public void SetAnchor(int pair, AudioClip anchor) => _model.SetAnchor(pair, anchor);

        public void SetPositive(int pair, AudioClip positive) => _model.SetPositive(pair, positive);

        public float[][] Compare(int anchor, IReadOnlyList<int> positives)
        {
            Stem[] sought = pairs[anchor].Positive;
            float[] affinities = _model.Compare(anchor, positives)[_model.Scores.Index().First(s => s.Item == ModelCoherence.InTime).Index];
            float[][] features = [.. positives.Select((positive, index) =>
            {
                var row = new float[Count * Stem.Roles.Count];
                foreach (Stem stem in sought)
                {
                    float[] values = [affinities[index], .. _model.InCommon(anchor, positive, stem)];
                    for (int i = 0; i < Count; i++)
                        row[stem.Role * Count + i] = values[i] / sought.Length;
                }
                return row;
            })];
            _choices[anchor] = new FitChoices(sought[0], features, [.. positives.Select(positive => positive == anchor)]);
            return [affinities];
        }

        /// <summary>The weights by stem, where the affinity counts 1.</summary>
        public IReadOnlyDictionary<string, float[]> Learn(float sharpness, double decay)
        {
            float[] start = new float[Count * Stem.Roles.Count];
            foreach (Stem stem in Stem.Roles)
                start[stem.Role * Count] = sharpness;
            float[] learned = FitLearning.Learn(_choices.Where(choices => choices is not null), start,
                [.. start.Select(_ => true)], decay);
            return Stem.Roles.ToDictionary(stem => stem.Name, stem => (float[])[.. learned.Skip(stem.Role * Count + 1)
                .Take(Count - 1).Select(weight => MathF.Round(weight / learned[stem.Role * Count], 4))]);
        }
    }
}
