using StemJepa.Extensions;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Uploads;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>
/// Finds the recordings that a request names. Ids lead to uploads and, through the catalogue, to its recordings; never to a path that the
/// request gives. Thread-safe.
/// </summary>
internal sealed class SoundResolver(UploadStore uploads, IStemCatalog? catalog = null)
{
    /// <exception cref="RequestException">It is missing (400), or there is none of this id (404).</exception>
    public async Task<Sound> OneAsync(RequestForm form, FormField field, CancellationToken cancellationToken)
    {
        IReadOnlyList<Sound> sounds = await ManyAsync(form, field, cancellationToken).ConfigureAwait(false);
        return sounds.Count == 1
            ? sounds[0]
            : throw RequestException.Bad($"The field '{field.Name}' names {sounds.Count} recordings; give one.");
    }

    /// <inheritdoc cref="OneAsync"/>
    public async Task<IReadOnlyList<Sound>> ManyAsync(RequestForm form, FormField field, CancellationToken cancellationToken)
    {
        (IReadOnlyList<Upload> files, IReadOnlyList<string> ids) = form.Sounds(field);
        List<Sound> sounds = [.. files.Select(Sound.From)];
        foreach (string id in ids)
            sounds.Add(await FindAsync(id, cancellationToken).ConfigureAwait(false));
        return sounds.Count > 0 ? sounds : throw form.Missing(field);
    }

    public async Task<Sound> FindAsync(string id, CancellationToken cancellationToken) =>
        uploads.TryFind(id, out Upload? upload) ? Sound.From(upload)
            : Sound.From(await EntryAsync(id, cancellationToken).ConfigureAwait(false));

    /// <summary>What the catalogue knows of a recording.</summary>
    public async Task<CatalogEntry> EntryAsync(string id, CancellationToken cancellationToken)
    {
        CatalogEntry? entry = catalog is not null && RecordingDocument.ParseId(id) is { } catalogId
            ? await catalog.FindAsync(catalogId, cancellationToken).ConfigureAwait(false)
            : null;
        return entry ?? throw RequestException.NotFound(
            "There is no recording of this id; take one of a search or of an upload, which are kept for some hours.");
    }
}
