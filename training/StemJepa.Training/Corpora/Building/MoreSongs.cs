namespace StemJepa.Training.Corpora;

/// <summary>
/// The manifest of the songs that <c>--more-songs</c> adds, <c>more-songs.json</c>: every song with its package, licence, split, roles
/// and hash, and the files that were not used and why.
/// </summary>
internal sealed record MoreSongs
{
    /// <summary>What is to be known about the roles.</summary>
    public required string Note { get; init; }

    /// <summary>The songs.</summary>
    public required IReadOnlyList<Song> Songs { get; init; }

    /// <summary>The files that are not in the corpus.</summary>
    public required IReadOnlyList<RejectedSource> Rejected { get; init; }

    /// <summary>A song; <paramref name="Renderer"/> is what rendered it, <paramref name="Roles"/> are those that it has.</summary>
    public sealed record Song(string Name, SourceRecord Source, string Split, double Seconds, string Renderer, IReadOnlyList<string> Roles);

    /// <summary>Describes a corpus in which the songs are rendered.</summary>
    /// <exception cref="StemJepaException">A song is missing.</exception>
    public static MoreSongs Describe(string corpus, IReadOnlyList<(string Name, string Split, SourceRecord Source)> songs,
        IReadOnlyList<RejectedSource> rejected, Func<string, string> rejectionOf)
    {
        ILookup<bool, (string Name, string Split, SourceRecord Source)> unusable = songs.ToLookup(s => File.Exists(rejectionOf(s.Name)));
        return new MoreSongs
        {
            Note = "The role vocals is the lead melody. Modules and projects have their roles from the names, the use and the sound " +
                "of their instruments and tracks; song.json lists what was measured.",
            Songs = [.. unusable[false].Select(s => Describe(Path.Combine(corpus, s.Split, s.Name), s))],
            Rejected = [.. rejected, .. unusable[true].Select(s => new RejectedSource(s.Name, s.Source.Package, s.Source.Path, null,
                s.Source.Sha256, File.ReadAllText(rejectionOf(s.Name))))],
        };
    }

    private static Song Describe(string folder, (string Name, string Split, SourceRecord Source) song)
    {
        SongRecord record = SongRecord.Load(folder);
        return new Song(song.Name, song.Source, song.Split, Math.Round(record.Seconds, 3), record.Soundfont,
            [.. Stem.Roles.Where(s => File.Exists(Path.Combine(folder, CorpusSong.FileOf(s))))
                .Select(CorpusSong.RoleName)]);
    }
}
