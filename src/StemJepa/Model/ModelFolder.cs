using System.Security.Cryptography;

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
                : $"{folder} does not exist: name a model folder, the output of StemJepa.Export.", StemJepaErrorKind.NotFound);
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

    /// <summary>Reads a file that <c>model.json</c> does not name; null if there is none.</summary>
    /// <exception cref="StemJepaException">It cannot be read.</exception>
    internal byte[]? ReadBeside(string name) => Path.Exists(NameOf(name)) ? ReadAll(name, Array.MaxLength) : null;

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
                    : $"{path} is missing: copy the whole model folder, or name another one.", StemJepaErrorKind.NotFound);
            }
            if (file.Length > maximum)
                throw new StemJepaException($"{path} has {file.Length} bytes, and at most {maximum} are taken: export the model again.");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{path} cannot be read ({e.Message.TrimEnd('.')}): make it readable, or copy the model folder again.", e,
                StemJepaErrorKind.Access);
        }
    }

    /// <inheritdoc/>
    public string NameOf(string name) => Path.Combine(folder, name);
}

/// <summary>The SHA-256 of a model's files.</summary>
internal static class ModelHash
{
    /// <summary>
    /// Compares the content of a file with what a description says; <paramref name="source"/> and <paramref name="description"/> name them
    /// in the error.
    /// </summary>
    /// <exception cref="StemJepaException">They differ.</exception>
    internal static void Check(ReadOnlySpan<byte> content, string expected, string source, string description = ModelInfo.FileName)
    {
        string actual = Convert.ToHexStringLower(SHA256.HashData(content));
        if (actual != expected)
        {
            throw new StemJepaException(
                $"{source} is damaged or altered ({content.Length} bytes with SHA-256 {actual[..12]}..., {description} says "
                + $"{expected[..12]}...): copy the model folder again.");
        }
    }
}
