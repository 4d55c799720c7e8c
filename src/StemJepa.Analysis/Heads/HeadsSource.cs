namespace StemJepa;

/// <summary>Where heads are read from: a model folder, or this library's assembly.</summary>
/// <param name="Read">Reads a file by its name; null if there is none.</param>
/// <param name="NameOf">Returns how errors name a file.</param>
internal sealed record HeadsSource(Func<string, byte[]?> Read, Func<string, string> NameOf)
{
    /// <summary>The heads that the library carries, for the model that it carries.</summary>
    internal static HeadsSource Shipped { get; } =
        new(name => AssemblyFile.TryRead<HeadsSource>("Heads/" + name), AssemblyFile.NameOf<HeadsSource>);

    /// <summary>The heads in a model folder.</summary>
    internal static HeadsSource FromFolder(string folder)
    {
        var files = new ModelFolder(folder);
        return new HeadsSource(files.ReadBeside, files.NameOf);
    }
}
