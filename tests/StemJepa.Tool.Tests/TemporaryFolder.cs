namespace StemJepa.Tool.Tests;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("stemjepa-tool-");

    public string Root => folder.FullName;

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => folder.Delete(recursive: true);
}
