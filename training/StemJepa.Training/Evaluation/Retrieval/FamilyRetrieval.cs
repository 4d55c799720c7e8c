using System.Text.Json.Serialization;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Retrieval by instrument family: each family of each song is taken out of all that the song plays, and the prediction for the rest is
/// compared with the stems of that family of every song.
/// </summary>
internal sealed record FamilyRetrieval
{
    /// <summary>The model, with a family's label if it knows the family, else with that of <c>other</c>.</summary>
    public const string ModelMethod = RetrievalReport.ModelMethod;

    /// <summary>The model with the label of <c>other</c>; measured where the model knows families.</summary>
    public const string OtherLabelMethod = "model_label_other";

    private const string LogMelMethod = "mean_log_mel", RandomMethod = "random";

    /// <summary>Figures by method and family.</summary>
    [JsonPropertyName("methods")]
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, FamilyFigures>> Methods { get; init; }

    /// <summary>
    /// Means by method over the families of at least <see cref="FamilyFigures.Candidates"/> stems; every family counts alike.
    /// </summary>
    [JsonPropertyName("mean")]
    public IReadOnlyDictionary<string, FamilyFigures> Mean => Methods.ToDictionary(method => method.Key, method =>
    {
        FamilyFigures[] counted = [.. method.Value.Values.Where(family => family.FirstOf8 is not null)];
        return new FamilyFigures
        {
            Queries = counted.Sum(family => family.Queries),
            RecallAt1 = counted.Select(family => family.RecallAt1).DefaultIfEmpty().Average(),
            FirstOf8 = counted.Average(family => family.FirstOf8),
        };
    });

    /// <summary>Measures a model, and the baselines if they are asked for.</summary>
    /// <exception cref="StemJepaException">No song has the stem of a family.</exception>
    public static FamilyRetrieval Measure(StemAffinity model, RetrievalEvaluation evaluation, bool baselines, Action<double> progress,
        CancellationToken cancellationToken)
    {
        Stem LabelOf(string family) => Stem.Parse(family) is var stem && model.Model.Stems.Contains(stem) ? stem : Stem.Other;
        var embedder = new ModelEmbedder(model);
        List<(string Name, IRetrievalEmbedder Embedder, Func<string, Stem> Label)> methods = [(ModelMethod, embedder, LabelOf)];
        if (model.Model.Stems.Count > Stem.Roles.Count)
            methods.Add((OtherLabelMethod, embedder, _ => Stem.Other));
        if (baselines)
            methods.Add((LogMelMethod, new MeanLogMelEmbedder(), LabelOf));
        var found = new SortedDictionary<string, EmbeddingRetrieval[]>(StringComparer.Ordinal);
        foreach ((string family, AudioClip mix, AudioClip target) in evaluation.FamilyQueries(progress))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!found.TryGetValue(family, out EmbeddingRetrieval[]? retrievals))
                found[family] = retrievals = [.. methods.Select(method => new EmbeddingRetrieval(method.Embedder))];
            for (int method = 0; method < methods.Count; method++)
                retrievals[method].Add(mix, methods[method].Label(family), target);
        }
        var figures = new Dictionary<string, IReadOnlyDictionary<string, FamilyFigures>>();
        foreach ((int index, var method) in methods.Index())
            figures[method.Name] = found.ToDictionary(family => family.Key,
                family => FamilyFigures.FromRanks(family.Value[index].Affinities(cancellationToken).Ranks()));
        if (baselines)
            figures[RandomMethod] = figures[ModelMethod].ToDictionary(family => family.Key,
                family => FamilyFigures.OfChance(family.Value.Queries));
        return new FamilyRetrieval { Methods = figures };
    }

    /// <summary>The figures as a table of Markdown, the families and their mean row by row.</summary>
    public string ToMarkdown(string modelName)
    {
        string NameOf(string method) => method switch
        {
            ModelMethod => modelName, OtherLabelMethod => $"{modelName}, label other", _ => method,
        };
        static string Percent(double? share) => share is { } known ? Invariant($"{100 * known:F1}") : "-";
        IEnumerable<string> Row(string name, Func<string, FamilyFigures> figures) =>
            [name, Invariant($"{figures(ModelMethod).Queries}"), .. Methods.Keys.SelectMany(method =>
                new[] { Percent(figures(method).RecallAt1), Percent(figures(method).FirstOf8) })];
        return DocumentTable.Of(
            ["", "queries", .. Methods.Keys.SelectMany(method => new[] { $"{NameOf(method)}: R@1 %", "first of 8 %" })],
            [.. Methods[ModelMethod].Keys.Select(family => (string[])[.. Row(family, method => Methods[method][family])]),
                [.. Row("mean of those with 8 stems or more", method => Mean[method])]]);
    }
}

/// <summary>The retrieval figures of one family, among the stems of that family; shares are 0..1.</summary>
internal sealed record FamilyFigures
{
    /// <summary>The number of candidates of <see cref="FirstOf8"/>.</summary>
    public const int Candidates = 8;

    [JsonPropertyName("queries")]
    public required int Queries { get; init; }

    [JsonPropertyName("recall@1")]
    public required double RecallAt1 { get; init; }

    /// <summary>
    /// How often the true stem comes first among it and seven random others (<see cref="RetrievalMetrics.TopAmong"/>); null if there are
    /// fewer.
    /// </summary>
    [JsonPropertyName("first_of_8")]
    public double? FirstOf8 { get; init; }

    /// <summary>The figures of the ranks of the true stems, from 1.</summary>
    public static FamilyFigures FromRanks(int[] ranks) => new()
    {
        Queries = ranks.Length,
        RecallAt1 = ranks.Count(rank => rank == 1) / (double)ranks.Length,
        FirstOf8 = ranks.Length < Candidates ? null : RetrievalMetrics.TopAmong(ranks, ranks.Length, Candidates),
    };

    /// <summary>The figures that chance gives on average.</summary>
    public static FamilyFigures OfChance(int queries) => new()
    {
        Queries = queries,
        RecallAt1 = 1.0 / queries,
        FirstOf8 = queries < Candidates ? null : 1.0 / Candidates,
    };
}
