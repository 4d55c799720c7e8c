namespace StemJepa;

/// <summary>Where a model comes from: a folder, or the library itself.</summary>
internal interface IModelSource
{
    /// <summary>Reads and checks <c>model.json</c>.</summary>
    /// <exception cref="StemJepaException">It is missing or wrong.</exception>
    ModelInfo ReadInfo();

    /// <summary>Reads one of the files that <paramref name="info"/> names and checks its SHA-256.</summary>
    /// <exception cref="StemJepaException">It is missing or altered.</exception>
    byte[] ReadFile(ModelInfo info, string name);
}
