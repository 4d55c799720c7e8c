namespace StemJepa.Training.Corpora;

/// <summary>
/// MIDI of further Debian packages, with the licences of their copyright files,
/// beside <see cref="MidiCollections"/>, which stays as it is, so that its songs, their split and the test sets do not change. A
/// song that shares material with one of
/// those is left out, so that no test song is trained on. Thread-safe.
/// </summary>
internal static class MoreMidi
{
    private const string Gpl3 = "GPL-3.0-or-later";

    private static readonly (string Collection, string Package, string Folder, (string File, string Licence)[] Files)[] Collections =
    [
        ("planetblupi", "planetblupi-music-midi", "/usr/share/planetblupi/music",
            [.. Enumerable.Range(0, 10).Select(i => ($"music{i:000}.mid", Gpl3))]),
    ];

    /// <summary>The packages, and whether they are installed.</summary>
    public static IReadOnlyList<(string Package, bool IsInstalled)> Packages =>
        [.. Collections.Select(c => (c.Package, Directory.Exists(c.Folder)))];

    /// <summary>The songs, and the files that cannot be used.</summary>
    /// <param name="known">The songs of <see cref="MidiCollections"/>.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<(IReadOnlyList<SourceSong> Songs,
        IReadOnlyList<RejectedSource> Rejected)> SelectAsync(IReadOnlyList<SourceSong> known, CancellationToken cancel)
    {
        var sources = new List<MidiSource>();
        foreach ((string collection, string package, string folder, (string, string)[] files) in Collections)
        {
            string version = await DebianPackages.VersionAsync(package, cancel);
            foreach ((string file, string licence) in files)
            {
                string path = Path.Combine(folder, file);
                sources.Add(new MidiSource($"{collection}_{Path.GetFileNameWithoutExtension(file)}", package, version, path, null,
                    licence, await File.ReadAllBytesAsync(path, cancel)));
            }
        }
        (IReadOnlyList<SourceSong> songs, IReadOnlyList<RejectedSource> rejected) = SourceSong.Select(sources);
        ILookup<bool, SourceSong> shares = songs.ToLookup(s => known.Any(k =>
            SharedMaterial.Overlap(s.Midi, k.Midi) >= SharedMaterial.LeastOverlap));
        return ([.. shares[false]], [.. rejected, .. shares[true].Select(s =>
            new RejectedSource(s.Name, s.Source.Package, s.Source.Path, null, SourceSong.Hash(s.Source.Bytes),
            $"{s.Name}: shares material with a song of the corpus."))]);
    }
}
