namespace StemJepa;

/// <summary>A model in a folder on disk.</summary>
internal sealed class ModelFolder(string folder) : IModelSource
{
    private const long MaximumInfoBytes = 1 << 20;

    /// <inheritdoc/>
    public ModelInfo ReadInfo()
    {
        string path = NameOf(ModelInfo.FileName);
        if (!Directory.Exists(folder))
        {
            throw new StemJepaException(File.Exists(folder)
                ? $"{folder} is a file, not a model folder: name the folder that holds {ModelInfo.FileName}."
                : $"{folder} does not exist: name a model folder, the output of StemJepa.Export.");
        }
        return ModelInfo.Parse(ReadAll(ModelInfo.FileName, MaximumInfoBytes), path);
    }

    /// <inheritdoc/>
    public byte[] ReadFile(ModelInfo info, string name)
    {
        byte[] bytes = ReadAll(name, Array.MaxLength);
        ModelHash.Check(bytes, info.Sha256[name], NameOf(name));
        return bytes;
    }

    /// <inheritdoc/>
    public byte[]? ReadBeside(string name) => Path.Exists(NameOf(name)) ? ReadAll(name, Array.MaxLength) : null;

    private byte[] ReadAll(string name, long maximum)
    {
        string path = NameOf(name);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new StemJepaException(Directory.Exists(path)
                    ? $"{path} is a folder where a model has a file: copy the model folder again."
                    : $"{path} is missing: copy the whole model folder, or name another one.");
            }
            if (file.Length > maximum)
                throw new StemJepaException($"{path} has {file.Length} bytes, and at most {maximum} are taken: export the model again.");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path} cannot be read ({e.Message.TrimEnd('.')}): make it readable, or copy the model folder again.", e);
        }
    }

    /// <inheritdoc/>
    public string NameOf(string name) => Path.Combine(folder, name);
}
