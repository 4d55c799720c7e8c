namespace StemJepa.Benchmarks.Measuring;

/// <summary>A temporary folder, and objects that are disposed with it in reverse order. Not thread-safe.</summary>
internal sealed class Fixture : IDisposable
{
    private readonly Stack<IDisposable> _owned = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stemjepa-benchmarks-");

    /// <summary>Returns a path inside the folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Takes ownership of an object.</summary>
    /// <returns>The same object.</returns>
    public T Own<T>(T value) where T : IDisposable
    {
        _owned.Push(value);
        return value;
    }

    /// <summary>Disposes the objects and deletes the folder.</summary>
    public void Dispose()
    {
        while (_owned.TryPop(out IDisposable? value))
            value.Dispose();
        _folder.Delete(recursive: true);
    }
}
