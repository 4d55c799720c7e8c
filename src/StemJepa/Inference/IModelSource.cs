namespace StemJepa;

/// <summary>Where a model comes from: a folder, or the library itself.</summary>
internal interface IModelSource
{
    /// <summary>Reads and checks <c>model.json</c>.</summary>
    /// <exception cref="StemJepaException">It is missing or wrong.</exception>
    ModelInfo ReadInfo();

    /// <summary>Reads one of the files that <paramref name="info"/> names and makes sure that it is what the model was exported with.</summary>
    /// <exception cref="StemJepaException">It is missing or altered.</exception>
    byte[] ReadFile(ModelInfo info, string name);

    /// <summary>Reads a file beside the model that <c>model.json</c> does not name; null if there is none.</summary>
    /// <exception cref="StemJepaException">It cannot be read.</exception>
    byte[]? ReadBeside(string name);

    /// <summary>How errors name a file.</summary>
    string NameOf(string name);
}
