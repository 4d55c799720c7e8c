namespace StemJepa.Training.Corpora;

/// <summary>Creates the record of a rendered song. Labels require a plan that starts with the song. Thread-safe.</summary>
internal static class SongDescription
{
    private static readonly string[] KeyNames = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
    private static readonly Dictionary<char, int> Letters =
        new() { ['C'] = 0, ['D'] = 2, ['E'] = 4, ['F'] = 5, ['G'] = 7, ['A'] = 9, ['B'] = 11 };

    /// <summary>Converts a tick of the song to seconds of the rendered audio.</summary>
    public static double SecondsAt(MidiSong song, RenderPlan plan, long tick) =>
        (song.Tempo.ToSeconds(tick) - song.Tempo.ToSeconds(plan.StartTick)) / plan.TempoFactor;

    /// <summary>Returns where a song's file comes from.</summary>
    public static SourceRecord SourceOf(SourceSong song) =>
        new(song.Source.Package, song.Source.Version, song.Source.Path, song.Source.Lump, song.Source.Licence,
            SourceSong.Hash(song.Source.Bytes));

    /// <summary>Creates the record; <paramref name="seconds"/> is the length of the audio.</summary>
    public static SongRecord Create(SourceSong song, RenderPlan plan, double seconds) => new()
    {
        Name = plan.Name,
        Song = song.Name,
        Split = song.Split,
        Source = SourceOf(song),
        Soundfont = plan.SoundFont.Name,
        Seconds = seconds,
        Start = Math.Round(song.Midi.Tempo.ToSeconds(plan.StartTick), 3),
        TempoMap = TempoMap(song.Midi, plan),
        Metre = song.Labels?.Metre ?? song.Midi.Metre,
        Key = song.Labels is { } labels ? labels.Keys[0].Key.Transpose(plan.Transpose).Name : Transposed(song.Midi.Key, plan.Transpose),
        GenreFamily = song.Labels?.Family.ToString().ToLowerInvariant(),
        Drumming = song.Labels?.Drumming,
        Groove = song.Labels?.Grooves[0],
        Grooves = song.Labels?.Grooves,
        Beats = song.Labels?.Beats.Select(t => Rounded(song.Midi, plan, t)).ToList(),
        Downbeats = song.Labels?.Downbeats.Select(t => Rounded(song.Midi, plan, t)).ToList(),
        Chords = song.Labels?.Chords
            .Select(c => new LabelRecord(Rounded(song.Midi, plan, c.Tick), c.Chord.Transpose(plan.Transpose).Name)).ToList(),
        Keys = song.Labels?.Keys
            .Select(k => new LabelRecord(Rounded(song.Midi, plan, k.Tick), k.Key.Transpose(plan.Transpose).Name)).ToList(),
        Parts = song.Roles.Where(r => !r.Key.IsDrums).GroupBy(r => r.Value)
            .ToDictionary(g => CorpusSong.RoleName(g.Key), g => (IReadOnlyList<PartRecord>)[.. g.Select(r => Describe(r.Key, plan))]),
        DrumSoundfont = plan.Sounds.FirstOrDefault(s => s.Key.IsDrums).Value is { } drums ? $"{drums.Font.Name} {NameOf(drums)}" : null,
        DrumKit = plan.DrumKit,
        Transpose = plan.Transpose,
        TempoFactor = plan.TempoFactor,
        GainsDb = plan.GainsDb.ToDictionary(g => CorpusSong.RoleName(g.Key), g => Math.Round(g.Value, 3)),
        EqualLoudness = plan.EqualLoudness,
        Reverb = plan.Reverb,
        Chorus = plan.Chorus,
        Singer = plan.Sung is { } sung ? SingerRecord.From(sung) : null,
        Seed = plan.Seed,
    };

    private static PartRecord Describe(Part part, RenderPlan plan)
    {
        PartSound? sound = plan.Sounds.GetValueOrDefault(part);
        return new PartRecord(part.Channel + 1, part.TrackName, part.Program, plan.Programs[part])
        {
            Soundfont = sound?.Font.Name,
            Preset = NameOf(sound),
        };
    }

    private static string? NameOf(PartSound? sound) => sound is null ? null : FormattableString.Invariant($"{sound.Bank}:{sound.Program}");

    private static double Rounded(MidiSong song, RenderPlan plan, long tick) => Math.Round(SecondsAt(song, plan, tick), 4);

    private static List<TempoRecord> TempoMap(MidiSong song, RenderPlan plan)
    {
        var map = new List<TempoRecord>();
        foreach (TempoChange change in song.Tempo.Changes.Where(c => c.Tick < plan.EndTick))
        {
            double seconds = Math.Max(0, SecondsAt(song, plan, change.Tick));
            if (map.Count > 0 && map[^1].Seconds == seconds) map.RemoveAt(map.Count - 1);
            map.Add(new TempoRecord(Math.Round(seconds, 4), Math.Round(60e6 / change.MicrosecondsPerQuarter * plan.TempoFactor, 3)));
        }
        return map;
    }

    private static string? Transposed(string? key, int semitones)
    {
        if (key is null || semitones == 0) return key;
        string[] words = key.Split(' ');
        int pitch = Letters[words[0][0]] + (words[0].EndsWith('#') ? 1 : words[0].EndsWith('b') ? -1 : 0);
        return $"{KeyNames[(pitch + semitones + 24) % 12]} {words[1]}";
    }
}
