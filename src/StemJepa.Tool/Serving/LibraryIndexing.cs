using StemJepa.Server;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Indexing;

namespace StemJepa.Tool.Serving;

/// <summary>What <c>stemjepa index</c> does, for the server.</summary>
/// <param name="model">Embeds the recordings.</param>
/// <param name="catalog">The catalogue.</param>
/// <param name="analyzer">Analyses them; null from models that cannot.</param>
internal sealed class LibraryIndexing(IStemAffinity model, string catalog, StemAnalyzer? analyzer) : IStemIndexer
{
    public Task<StemIndexReport> IndexAsync(string folder, IProgress<StemIndexProgress> progress, CancellationToken cancellationToken) =>
        Task.Run(() => Index(folder, progress, cancellationToken), cancellationToken);

    private StemIndexReport Index(string folder, IProgress<StemIndexProgress> progress, CancellationToken cancellationToken)
    {
        string[] files = [.. RecordingFiles.In(Path.GetFullPath(folder))];
        if (files.Length == 0)
            throw new StemJepaException($"{folder} holds no recordings; give a folder that does, such as WAV files.");
        progress.Report(new StemIndexProgress(0, files.Length));
        using ICatalog target = CatalogChoice.OpenOrCreate(catalog, model.Model, null, cancellationToken);
        IndexReport report = new LibraryIndexer(model, target, null, cancellationToken, analyzer)
            .Run(files, new WorkProgress(null) { Completed = done => progress.Report(new StemIndexProgress(done, files.Length)) });
        return new StemIndexReport(report.Indexed, report.Unchanged, report.Recordings,
            [.. report.Skipped.Select(file => new SkippedRecording(file.File, file.Error))]);
    }
}
