namespace StemJepa.Training.Corpora;

/// <summary>Compares a rendered test set with its manifest. Thread-safe.</summary>
public static class TestSetCheck
{
    /// <summary>
    /// Sentences on the songs that differ. <c>Errors</c>: other songs, other music or other sounds, so figures would not be comparable.
    /// <c>Warnings</c>: the same music and sounds, but audio that differs in at least one bit.
    /// </summary>
    public static (IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Compare(TestSetManifest wanted, TestSetManifest found)
    {
        var errors = new List<string>();
        var warnings = new List<string>();
        Dictionary<string, TestSong> here = found.Songs.ToDictionary(s => s.Name);
        foreach (SoundFontRecord font in wanted.Soundfonts)
            if (found.Soundfonts.FirstOrDefault(f => f.Name == font.Name) is { } other && other.Sha256 != font.Sha256)
                errors.Add($"{other.Path}: is not the soundfont of the manifest (SHA-256 {other.Sha256}, {font.Sha256} is needed): install the version of {font.Package} that Debian 12 has.");
        foreach (TestSong song in wanted.Songs)
        {
            if (!here.Remove(song.Name, out TestSong? other))
                errors.Add($"{song.Name}: is in the manifest but not among the songs here; install {song.Package} {song.Version}.");
            else if (other.MidiSha256 != song.MidiSha256)
                errors.Add($"{song.Name}: its MIDI file is not the manifest's (SHA-256 {other.MidiSha256}, {song.MidiSha256} is needed): install {song.Package} {song.Version}; {other.Version} is here.");
            else if (SoundOf(other) != SoundOf(song))
                errors.Add($"{song.Name}: is rendered as {SoundOf(other)}, in the manifest as {SoundOf(song)}; use the program that the manifest was made with.");
            else if (song.Audio.FirstOrDefault(a => other.Audio[a.Key] != a.Value) is { Key: not null } audio)
                warnings.Add($"{song.Name}: {audio.Key}.wav has SHA-256 {other.Audio[audio.Key]}, in the manifest {audio.Value}; the same notes in the same sounds, but another processor or fluidsynth.");
        }
        errors.AddRange(here.Keys.Select(name => $"{name}: is not in the manifest."));
        return (errors, warnings);
    }

    private static string SoundOf(TestSong song) =>
        FormattableString.Invariant($"{song.Soundfont}, {song.Transpose} semitones, tempo x {song.TempoFactor}, kit {song.DrumKit}, programs {string.Join(' ', song.Programs.OrderBy(p => p.Key).Select(p => p.Key + ":" + string.Join(',', p.Value)))}");
}
