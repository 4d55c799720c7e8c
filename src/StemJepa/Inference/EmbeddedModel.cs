namespace StemJepa;

/// <summary>The model inside the library's own assembly.</summary>
internal sealed class EmbeddedModel : IModelSource
{
    private const string Prefix = "Model/";

    /// <inheritdoc/>
    public ModelInfo ReadInfo() => ModelInfo.Parse(Read(ModelInfo.FileName), NameOf(ModelInfo.FileName));

    /// <inheritdoc/>
    public byte[] ReadFile(ModelInfo info, string name) => Read(name);

    /// <inheritdoc/>
    public byte[]? ReadBeside(string name) => AssemblyFile.TryRead(Prefix + name);

    /// <inheritdoc/>
    public string NameOf(string name) => AssemblyFile.NameOf(name);

    private byte[] Read(string name) => ReadBeside(name)
        ?? throw new StemJepaException($"{NameOf(name)} is missing from this build: use StemAffinity.Load with a model folder.");
}
