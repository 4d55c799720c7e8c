using StemJepa.Tool.Audio;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Matching;

/// <summary>A catalogue, or a folder of recordings that are embedded now, by the paths of files that fit. Not thread-safe.</summary>
internal sealed class SearchableLibrary : IDisposable
{
    private readonly ICatalog? _catalog;
    private readonly IReadOnlyList<EmbeddedRecording> _recordings;

    private SearchableLibrary(ICatalog? catalog, IReadOnlyList<EmbeddedRecording> recordings) =>
        (_catalog, _recordings) = (catalog, recordings);

    /// <exception cref="UsageException">It is no catalogue, and no folder with recordings.</exception>
    /// <exception cref="StemJepaException">It is damaged, cannot be reached, or holds another model's embeddings.</exception>
    public static SearchableLibrary Open(Terminal terminal, string place, string mix, IStemAffinity model,
        CancellationToken cancellationToken)
    {
        if (!Directory.Exists(place) || StemCatalog.Exists(place))
            return new SearchableLibrary(CatalogChoice.Open(place, model.Model, new VectorSetSearch(), cancellationToken), []);
        IReadOnlyList<string> files = RecordingFiles.Expand([place], mix);
        if (files.Count == 0)
            throw new UsageException($"--in '{place}' holds neither a catalogue nor recordings; give a folder that does.");
        FileBatch batch = terminal.Track("Embedding", files.Count,
            progress => new FileEmbedder(model, cancellationToken) { Named = [] }.EmbedAll(files, progress));
        terminal.WarnOfSkipped(batch.Skipped);
        return new SearchableLibrary(null, batch.Embedded);
    }

    /// <summary>Finds the paths of recordings that fit; in a folder, those whose names do not say that they are another stem.</summary>
    public IReadOnlyList<string> Search(StemEmbedding prediction, Stem stem, int count, CancellationToken cancellationToken)
    {
        if (_catalog is not null)
        {
            var filter = new CatalogFilter { Stem = stem, IncludeUnknownStem = true };
            return [.. _catalog.Search(prediction, count, filter).Matches.Select(match => match.Entry.Path ?? match.Entry.Id)];
        }
        return [.. _recordings.Where(recording => !recording.Embedding.IsSilent
                && (NameHints.FromPath(recording.Path).Stem ?? stem) == stem)
            .OrderByDescending(recording => prediction.Similarity(recording.Embedding)).Take(count).Select(recording => recording.Path)];
    }

    public void Dispose() => _catalog?.Dispose();
}
