namespace StemJepa.Benchmarks.Comparison;

/// <summary>A temporary folder, and what the duels open; both end with the comparison.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly Stack<IDisposable> opened = [];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("stemjepa-compare");

    /// <summary>A path inside the folder.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Keeps something until the end.</summary>
    public T Keep<T>(T something) where T : IDisposable
    {
        opened.Push(something);
        return something;
    }

    public void Dispose()
    {
        while (opened.TryPop(out IDisposable? something))
            something.Dispose();
        folder.Delete(recursive: true);
    }
}
