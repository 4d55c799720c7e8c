using System.Reflection;

namespace StemJepa;

/// <summary>The model inside the library's own assembly. Its content is not hashed again at run time: the assembly is the package's.</summary>
internal sealed class EmbeddedModel : IModelSource
{
    private const string Prefix = "Model/";

    /// <inheritdoc/>
    public ModelInfo ReadInfo() => ModelInfo.Parse(Read(ModelInfo.FileName), NameOf(ModelInfo.FileName));

    /// <inheritdoc/>
    public byte[] ReadFile(ModelInfo info, string name) => Read(name);

    /// <inheritdoc/>
    public byte[]? ReadBeside(string name) => TryRead(name);

    /// <inheritdoc/>
    public string NameOf(string name) => $"{name} inside StemJepa.Core";

    private byte[] Read(string name) => TryRead(name)
        ?? throw new StemJepaException($"{NameOf(name)} is missing from this build: use StemAffinity.Load with a model folder.");

    private static byte[]? TryRead(string name)
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
