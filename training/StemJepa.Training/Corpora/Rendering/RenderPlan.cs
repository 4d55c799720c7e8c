namespace StemJepa.Training.Corpora;

/// <summary>Everything that decides how a song sounds: the same song and plan give the same audio. Immutable.</summary>
public sealed record RenderPlan
{
    /// <summary>Name of the rendered song: the song's own, or SONG~01 for its first variant.</summary>
    public required string Name { get; init; }

    /// <summary>Where the excerpt begins in the MIDI song, in ticks.</summary>
    public required long StartTick { get; init; }

    /// <summary>Where it ends, in ticks.</summary>
    public required long EndTick { get; init; }

    /// <summary>Semitones that all parts but the drums are moved by, -6..6.</summary>
    public int Transpose { get; init; }

    /// <summary>How many times faster than written, 0.8..1.25.</summary>
    public double TempoFactor { get; init; } = 1;

    /// <summary>The soundfont.</summary>
    public required SoundFont SoundFont { get; init; }

    /// <summary>The program that each pitched part is played with.</summary>
    public required IReadOnlyDictionary<Part, int> Programs { get; init; }

    /// <summary>What plays the parts that are not played by <see cref="SoundFont"/>; empty: it plays all.</summary>
    public IReadOnlyDictionary<Part, PartSound> Sounds { get; init; } = new Dictionary<Part, PartSound>();

    /// <summary>Program of the drum kit; null keeps the song's own kits.</summary>
    public int? DrumKit { get; init; }

    /// <summary>Gain of each stem in decibels, -6..6; stems that are absent keep their level.</summary>
    public IReadOnlyDictionary<Stem, double> GainsDb { get; init; } = new Dictionary<Stem, double>();

    /// <summary>Whether the stems are made equally loud before their gains: sequencers' levels differ by more than mixes do.</summary>
    public bool EqualLoudness { get; init; }

    /// <summary>The synthesiser's reverb.</summary>
    public bool Reverb { get; init; } = true;

    /// <summary>The synthesiser's chorus.</summary>
    public bool Chorus { get; init; } = true;

    /// <summary>The corpus seed that the plan was drawn with.</summary>
    public int Seed { get; init; }

    /// <summary>Longest excerpt of an original in seconds; with its tail it lasts 240 s.</summary>
    public const double LongestSeconds = 240 - StemMidi.TailSeconds;

    /// <summary>The song as it was written: from its first note, up to <see cref="LongestSeconds"/>, in FluidR3.</summary>
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
