namespace StemJepa.Training.Corpora;

/// <summary>
/// Assigns a role to each part of a song. Drums are channel 10; the bass is every part with a General MIDI bass (programs 32 to 39), else
/// the lowest monophonic part; the role <see cref="Stem.Vocals"/> is the lead melody: of the remaining parts the most present, most
/// monophonic and highest one, with track names as hints; the rest is <see cref="Stem.Other"/>. Thread-safe.
/// </summary>
internal static class RoleAssignment
{
    /// <summary>Smallest fraction of the song's beats in which a role must sound.</summary>
    public const double LeastPresence = 0.05;

    /// <summary>Length of the shortest song, in seconds.</summary>
    public const double LeastSeconds = 12;

    private const int FirstBass = 32, LastBass = 39, FirstPercussiveProgram = 112;
    private const double MonophonicFrom = 0.85;
    private static readonly string[] MelodyHints = ["lead", "melod", "vocal", "voice", "vox", "sing", "solo", "theme"];

    /// <summary>Returns the role of each part, in the order of <see cref="MidiSong.Parts"/>.</summary>
    /// <exception cref="StemJepaException">The song is too short or lacks a role; the message says which.</exception>
    public static IReadOnlyDictionary<Part, Stem> Assign(MidiSong song)
    {
        if (song.Seconds < LeastSeconds)
            throw Reject(song, $"lasts {song.Seconds:0.0} s; at least {LeastSeconds} s are needed");
        var drums = song.Parts.Where(p => p.IsDrums).ToList();
        if (drums.Count == 0) throw Reject(song, "has no drums: channel 10 has no notes");
        var pitched = song.Parts.Where(p => !p.IsDrums).ToList();
        List<Part> bass = Basses(pitched);
        if (bass.Count == 0) throw Reject(song, "has no bass: neither programs 33 to 40 nor a low monophonic part");
        Part melody = pitched.Except(bass).Where(p => p.Program < FirstPercussiveProgram && p.Presence >= LeastPresence).MaxBy(MelodyScore)
            ?? throw Reject(song, "has no lead melody: no part is left beside drums and bass");
        var roles = new Dictionary<Part, Stem>();
        foreach (Part part in song.Parts)
            roles[part] = part.IsDrums ? Stem.Drums : bass.Contains(part) ? Stem.Bass : part == melody ? Stem.Vocals : Stem.Other;
        foreach (Stem stem in Stem.Roles)
        {
            double presence = PresenceOf(song, [.. roles.Where(r => r.Value == stem).Select(r => r.Key)]);
            if (presence == 0) throw Reject(song, $"has no part for the role {stem}");
            if (presence < LeastPresence)
                throw Reject(song, $"is nearly silent in the role {stem}: it sounds in {presence:P1} of the beats, "
                    + $"at least {LeastPresence:P0} are needed");
        }
        return roles;
    }

    private static StemJepaException Reject(MidiSong song, string why) => new($"{song.Name}: {why}.");

    private static List<Part> Basses(List<Part> pitched)
    {
        var basses = pitched.Where(p => p.Program is >= FirstBass and <= LastBass).ToList();
        if (basses.Count > 0) return basses;
        Part? lowest = pitched
            .Where(p => p.Monophony >= MonophonicFrom && p.Presence >= LeastPresence)
            .Where(p => p.MeanPitch < 60 && p.Program < FirstPercussiveProgram)
            .MinBy(p => p.MeanPitch);
        return lowest is null ? [] : [lowest];
    }

    private static double MelodyScore(Part part)
    {
        double height = Math.Clamp((part.MeanPitch - 36) / 48, 0.05, 1);
        bool hinted = MelodyHints.Any(h => part.TrackName.Contains(h, StringComparison.OrdinalIgnoreCase));
        return part.Presence * part.Monophony * part.Monophony * height * (hinted ? 2 : 1);
    }

    private static double PresenceOf(MidiSong song, Part[] parts)
    {
        if (parts.Length == 0) return 0;
        Note[] notes = [.. parts.SelectMany(p => p.Notes).OrderBy(n => n.Start)];
        return new Part(0, 0, "", notes, song.TicksPerQuarter, song.StartTick, song.EndTick).Presence;
    }
}
