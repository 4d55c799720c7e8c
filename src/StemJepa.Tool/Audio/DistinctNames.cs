namespace StemJepa.Tool.Audio;

/// <summary>Names for files that are made from recordings.</summary>
internal static class DistinctNames
{
    /// <summary>
    /// The file names without folder and extension; where two recordings would get the same name (also in another case, which many file
    /// systems do not tell apart), the later ones get <c>-2</c>, <c>-3</c> and so on.
    /// </summary>
    public static string[] For(IReadOnlyList<string> paths)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new string[paths.Count];
        for (int i = 0; i < names.Length; i++)
        {
            string stem = Path.GetFileNameWithoutExtension(paths[i]);
            string name = stem;
            for (int number = 2; !taken.Add(name); number++)
                name = $"{stem}-{number}";
            names[i] = name;
        }
        return names;
    }
}
