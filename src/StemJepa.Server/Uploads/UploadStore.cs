using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StemJepa.Server.Work;

namespace StemJepa.Server.Uploads;

/// <summary>
/// Uploads in a temporary folder of their own, which only this user can read and which is deleted with the store. Thread-safe.
/// </summary>
internal sealed class UploadStore : IDisposable
{
    private const int IdBytes = 16;
    private const int LongestName = 200;

    private readonly StemJepaServerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, Upload> _uploads = new(StringComparer.Ordinal);
    private readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("stemjepa-uploads-").FullName);

    public UploadStore(IOptions<StemJepaServerOptions> options, TimeProvider? clock = null) =>
        (_options, _clock) = (options.Value, clock ?? TimeProvider.System);

    /// <summary>The folder; null until something was kept.</summary>
    internal string? Folder => _folder.IsValueCreated ? _folder.Value : null;

    /// <summary>Writes what a client sends into a new file.</summary>
    /// <param name="content">Read to its end.</param>
    /// <param name="name">The name that the client gave.</param>
    /// <param name="maximumBytes">The most bytes that it may have.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <exception cref="RequestException">It is larger, or empty.</exception>
    public async Task<Upload> SaveAsync(Stream content, string? name, long maximumBytes, CancellationToken cancellationToken)
    {
        string shown = ShownName(name), id = NewId();
        string path = Path.Combine(_folder.Value, id + SafeExtension(shown));
        try
        {
            long bytes = 0;
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                var block = new byte[1 << 16];
                for (int read; (read = await content.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
                {
                    if ((bytes += read) > maximumBytes)
                        throw TooLarge(shown);
                    await file.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                }
            }
            if (bytes == 0)
                throw RequestException.Bad($"{shown}: is empty; send a recording.");
            return Keep(new Upload(id, shown, path, bytes));
        }
        catch
        {
            TryDelete(path);
            throw;
        }
    }

    /// <summary>Keeps a recording that the server made, such as a fitted candidate, under a new id.</summary>
    /// <param name="name">Its name for clients.</param>
    /// <param name="write">Writes a WAV file at the path that it is given.</param>
    public Upload Create(string name, Action<string> write)
    {
        string id = NewId(), path = Path.Combine(_folder.Value, id + ".wav");
        try
        {
            write(path);
            return Keep(new Upload(id, ShownName(name), path, new FileInfo(path).Length));
        }
        catch
        {
            TryDelete(path);
            throw;
        }
    }

    public bool TryFind(string id, [NotNullWhen(true)] out Upload? upload)
    {
        if (!_uploads.TryGetValue(id, out upload))
            return false;
        upload.LastUsed = _clock.GetTimestamp();
        return true;
    }

    /// <returns>Whether there was one.</returns>
    public bool Delete(string id)
    {
        if (!_uploads.TryRemove(id, out Upload? upload))
            return false;
        TryDelete(upload.Path);
        return true;
    }

    /// <summary>The error for a request of more bytes than are allowed.</summary>
    public RequestException TooLarge(string name) =>
        new(413, $"{name}: is more than the {_options.MaximumUploadBytes >> 20} MiB that a request may have; send a shorter part of it, "
            + "or a compressed file.");

    public void Dispose()
    {
        _uploads.Clear();
        if (!_folder.IsValueCreated)
            return;
        try
        {
            Directory.Delete(_folder.Value, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    private Upload Keep(Upload upload)
    {
        upload.LastUsed = _clock.GetTimestamp();
        _uploads[upload.Id] = upload;
        Upload[] oldestFirst = [.. _uploads.Values.OrderBy(kept => kept.LastUsed)];
        long bytes = oldestFirst.Sum(kept => kept.Bytes);
        foreach (Upload kept in oldestFirst.Where(kept => kept != upload))
        {
            if (bytes <= _options.MaximumStoredBytes && _clock.GetElapsedTime(kept.LastUsed) < _options.UploadLifetime)
                break;
            Delete(kept.Id);
            bytes -= kept.Bytes;
        }
        return upload;
    }

    private static string NewId() => "u" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>The last part of a name, without control characters, for messages and downloads.</summary>
    private static string ShownName(string? name)
    {
        string last = (name ?? "").Split('/', '\\')[^1];
        string shown = string.Concat(last.Where(c => !char.IsControl(c)).Take(LongestName)).Trim();
        return shown.Length > 0 ? shown : "recording";
    }

    /// <summary>Readers go by the content; the extension only improves what they say about damage.</summary>
    private static string SafeExtension(string name) => AudioFile.HasAudioExtension(name) ? Path.GetExtension(name).ToLowerInvariant() : "";

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
