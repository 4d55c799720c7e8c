namespace StemJepa;

/// <summary>Where a model comes from: a folder, or the library itself.</summary>
internal interface IModelSource
{
    /// <summary>Reads and checks <c>model.json</c>.</summary>
    /// <exception cref="StemJepaException">It is missing or wrong.</exception>
    ModelInfo ReadInfo();

    /// <summary>
    /// Reads one of the files that <paramref name="info"/> names and makes sure that it is what the model was exported with.
    /// </summary>
    /// <exception cref="StemJepaException">It is missing or altered.</exception>
    byte[] ReadFile(ModelInfo info, string name);

    /// <summary>How errors name a file.</summary>
    string NameOf(string name);
}

/// <summary>The model inside the library's own assembly.</summary>
internal sealed class EmbeddedModel : IModelSource
{
    private const string Prefix = "Model/";

    /// <inheritdoc/>
    public ModelInfo ReadInfo() => ModelInfo.Parse(Read(ModelInfo.FileName), NameOf(ModelInfo.FileName));

    /// <inheritdoc/>
    public byte[] ReadFile(ModelInfo info, string name) => Read(name);

    /// <inheritdoc/>
    public string NameOf(string name) => AssemblyFile.NameOf<EmbeddedModel>(name);

    private byte[] Read(string name) => AssemblyFile.TryRead<EmbeddedModel>(Prefix + name)
        ?? throw new StemJepaException($"{NameOf(name)} is missing from this build: use StemAffinity.Load with a model folder.");
}
