namespace StemJepa.Training.Tests.Corpora;

/// <summary>Finds what lies in a folder "shared" beside the repository.</summary>
internal static class SharedFiles
{
    public static string? Find(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", name) is var path && (Directory.Exists(path) || File.Exists(path))) return path;
        return null;
    }
}
