using System.Globalization;

namespace StemJepa;

/// <summary>The files of a catalogue's folder.</summary>
internal static class CatalogFiles
{
    private const string ManifestName = "catalog";
    private const string LockName = "lock";
    private const string SegmentExtension = ".segment";

    internal static string Manifest(string folder) => Path.Combine(folder, ManifestName);

    internal static string Lock(string folder) => Path.Combine(folder, LockName);

    internal static string Segment(string folder, long number) => Path.Combine(folder, SegmentName(number));

    /// <summary>Whether a name is one that writers make, finished or not.</summary>
    internal static bool IsOurs(string name) =>
        name is ManifestName or LockName || name.StartsWith(ManifestName + '.', StringComparison.Ordinal) || IsSegment(name);

    /// <summary>
    /// Deletes segments that are not named and files that a killed writer left unfinished. Only the holder of the lock may call
    /// it. What cannot be deleted now, for example because a reader has it open on Windows, is deleted another time.
    /// </summary>
    internal static void DeleteUnused(string folder, IReadOnlyList<ManifestSegment> segments)
    {
        var used = segments.Select(segment => SegmentName(segment.Number)).ToHashSet(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(path);
            if (name is ManifestName or LockName || !IsOurs(name) || used.Contains(name))
                continue;
            try
            {
                File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    private static string SegmentName(long number) => number.ToString("D6", CultureInfo.InvariantCulture) + SegmentExtension;

    private static bool IsSegment(string name)
    {
        int digits = name.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits >= 6 && name.AsSpan(digits).StartsWith(SegmentExtension)
            && (name.Length == digits + SegmentExtension.Length || name[digits + SegmentExtension.Length] == '.');
    }
}
