namespace StemJepa.Training.Corpora;

/// <summary>All settings of a rendering: the same song and plan give the same audio. Immutable.</summary>
internal sealed record RenderPlan
{
    /// <summary>Name of the rendering: the name of the song, or SONG~01 for its first variant.</summary>
    public required string Name { get; init; }

    /// <summary>Start of the excerpt in the MIDI song, in ticks.</summary>
    public required long StartTick { get; init; }

    /// <summary>End of the excerpt, in ticks.</summary>
    public required long EndTick { get; init; }

    /// <summary>Transposition of all parts except the drums in semitones, -6..6.</summary>
    public int Transpose { get; init; }

    /// <summary>Tempo relative to the song as written, 0.8..1.25.</summary>
    public double TempoFactor { get; init; } = 1;

    /// <summary>The soundfont.</summary>
    public required SoundFont SoundFont { get; init; }

    /// <summary>General MIDI program of each pitched part.</summary>
    public required IReadOnlyDictionary<Part, int> Programs { get; init; }

    /// <summary>Program of the drum kit; null keeps the kits of the song.</summary>
    public int? DrumKit { get; init; }

    /// <summary>Gain of each stem in decibels, -6..6; 0 for stems that are not listed.</summary>
    public IReadOnlyDictionary<Stem, double> GainsDb { get; init; } = new Dictionary<Stem, double>();

    /// <summary>
    /// True to make the stems equally loud before the gains, because the levels of sequencers differ more than those of mixes.
    /// </summary>
    public bool EqualLoudness { get; init; }

    /// <summary>True to use the synthesiser's reverb.</summary>
    public bool Reverb { get; init; } = true;

    /// <summary>True to use the synthesiser's chorus.</summary>
    public bool Chorus { get; init; } = true;

    /// <summary>Seed of the corpus for which the plan was drawn.</summary>
    public int Seed { get; init; }

    /// <summary>Length of the longest excerpt of an original in seconds; 240 s with its tail.</summary>
    public const double LongestSeconds = 240 - StemMidi.TailSeconds;

    /// <summary>
    /// Creates the plan of the song as written: from its first note, at most <see cref="LongestSeconds"/> long, with FluidR3.
    /// </summary>
    public static RenderPlan Original(MidiSong song, int seed) => new()
    {
        Name = song.Name,
        StartTick = song.StartTick,
        EndTick = Math.Min(song.EndTick, song.Tempo.ToTick(song.Tempo.ToSeconds(song.StartTick) + LongestSeconds)),
        SoundFont = SoundFont.FluidR3,
        Programs = song.Parts.Where(p => !p.IsDrums).ToDictionary(p => p, p => p.Program),
        Seed = seed,
    };
}
