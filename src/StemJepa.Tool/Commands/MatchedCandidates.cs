using StemJepa.Tool.Audio;
using StemJepa.Tool.Indexing;
using StemJepa.Tool.Matching;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary>The candidates whose key and tempo match a mix's, by their sound, names and tags.</summary>
/// <param name="Mix">What the mix is.</param>
/// <param name="Entries">What is known of those that match; the id is the path.</param>
/// <param name="Embeddings">Their embeddings; null if the model has no heads, and names and tags alone have decided.</param>
/// <param name="LeftOut">How many do not match.</param>
/// <param name="Skipped">Files that cannot be used.</param>
internal sealed record MatchedCandidates(
    MixFacts Mix, IReadOnlyList<CatalogEntry> Entries, IReadOnlyList<StemEmbedding>? Embeddings, int LeftOut,
    IReadOnlyList<SkippedFile> Skipped)
{
    /// <summary>Analyses the mix and each candidate, in one pass that embeds it too.</summary>
    /// <exception cref="UsageException">The tempo or key of the mix is wanted and not known.</exception>
    /// <exception cref="StemJepaException">The mix cannot be used.</exception>
    public static MatchedCandidates Find(Terminal terminal, MatchRequest match, IReadOnlyList<string> candidates, HashSet<string> named,
        IStemAffinity model, ModelChoice choice, CancellationToken cancellationToken)
    {
        MixFacts mix = match.FactsOf(choice.Analyze(model, match.Mix, terminal, cancellationToken), terminal.WriteWarning);
        MatchFilter filter = match.FilterFor(mix);
        if (!choice.HasHeads)
        {
            CatalogEntry[] byHints = [.. candidates.Select(path => RecordingFacts.Resolve(RecordingFacts.FromFile(path), null))
                .Where(filter.Passes)];
            return new MatchedCandidates(mix, byHints, null, candidates.Count - byHints.Length, []);
        }
        var entries = new List<CatalogEntry>();
        var embeddings = new List<StemEmbedding>();
        using StemAnalyzer analyzer = choice.OpenAnalyzer(model);
        var embedder = new FileEmbedder(model, cancellationToken, analyzer) { Named = named };
        IReadOnlyList<SkippedFile> skipped = terminal.Track("Analyzing", candidates.Count,
            progress => embedder.AnalyzeEach(candidates, progress, (index, analysis) =>
            {
                CatalogEntry entry = RecordingFacts.Resolve(RecordingFacts.FromFile(candidates[index]) with
                {
                    Seconds = analysis.Embedding.Duration?.TotalSeconds,
                    Detected = RecordingFacts.From(analysis),
                }, null);
                if (!filter.Passes(entry))
                    return;
                entries.Add(entry);
                embeddings.Add(analysis.Embedding);
            }));
        return new MatchedCandidates(mix, entries, embeddings, candidates.Count - entries.Count - skipped.Count, skipped);
    }

    /// <summary>Those that match as a batch; null if they are not embedded.</summary>
    public FileBatch? ToBatch() => Embeddings is null ? null
        : new FileBatch([.. Entries.Zip(Embeddings, (entry, embedding) => new EmbeddedRecording(entry.Id, embedding))], []);
}
