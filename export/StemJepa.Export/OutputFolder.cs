using System.Text.Json;

namespace StemJepa.Export;

/// <summary>
/// The folder that an export makes. It is written beside and renamed, so that nobody sees half a model; it takes the place of an older
/// model folder (with its heads and background, which would not fit the new encoder) or of an empty folder, and of nothing else.
/// </summary>
internal sealed class OutputFolder
{
    private const long MaximumInfoBytes = 1 << 20;
    private readonly string _given;
    private readonly string _path;

    /// <summary>Checks that the folder may be written.</summary>
    /// <exception cref="StemJepaException">Something is there that must not be replaced.</exception>
    public OutputFolder(string path)
    {
        _given = path;
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Guarded(CheckReplaceable);
    }

    /// <summary>Fills a new folder by <paramref name="fill"/> and puts it in place.</summary>
    /// <exception cref="StemJepaException">It cannot be written; an older model is untouched.</exception>
    public void Write(Action<string> fill)
    {
        string suffix = Guid.NewGuid().ToString("N")[..8];
        string beside = $"{_path}.{suffix}.new", old = $"{_path}.{suffix}.old";
        Guarded(() =>
        {
            try
            {
                Directory.CreateDirectory(beside);
                fill(beside);
                CheckReplaceable();
                if (Directory.Exists(_path))
                    Directory.Move(_path, old);
                try
                {
                    Directory.Move(beside, _path);
                }
                catch when (Directory.Exists(old))
                {
                    Directory.Move(old, _path);
                    throw;
                }
            }
            finally
            {
                Remove(beside);
                Remove(old);
            }
        });
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private void CheckReplaceable()
    {
        if (File.Exists(_path))
            throw new StemJepaException($"{_given}: is a file, but --out names a folder to write; choose another name.");
        if (!Directory.Exists(_path) || !Directory.EnumerateFileSystemEntries(_path).Any())
            return;
        if (!HoldsModel())
            throw new StemJepaException($"{_given}: holds files but no StemJepa model, so it is not replaced; choose a new folder.");
        string? stranger = Directory.EnumerateFileSystemEntries(_path).Select(Path.GetFileName)
            .FirstOrDefault(name => name is not (ModelInfo.FileName or HeadsInfo.FileName or BackgroundFile.Name)
                && Path.GetExtension(name) != ".onnx");
        if (stranger is not null)
            throw new StemJepaException(
                $"{_given}: holds '{stranger}' beside the model, which replacing the folder would delete; move it away or choose a new "
                    + "folder.");
    }

    /// <summary>True when the folder has a <c>model.json</c> of ours, of any version.</summary>
    private bool HoldsModel()
    {
        var info = new FileInfo(Path.Combine(_path, ModelInfo.FileName));
        if (!info.Exists || info.Length > MaximumInfoBytes)
            return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(info.FullName));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("format", out JsonElement format)
                && format.ValueKind == JsonValueKind.String && format.ValueEquals(ModelInfo.FormatName);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{_given}: cannot be written ({error.Message.TrimEnd('.')}); choose a folder that you may write to, with enough free "
                    + "space.", error);
        }
    }
}
