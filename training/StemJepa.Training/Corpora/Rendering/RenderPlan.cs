namespace StemJepa.Training.Corpora;

/// <summary>All settings of a rendering: the same song and plan give the same audio. Immutable.</summary>
internal sealed record RenderPlan : ISongExcerpt
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

    /// <summary>Sounds of the parts that <see cref="SoundFont"/> does not play; empty: it plays all.</summary>
    public IReadOnlyDictionary<Part, PartSound> Sounds { get; init; } = new Dictionary<Part, PartSound>();

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

    /// <summary>The synthesisers of an electronic song; null for other songs.</summary>
    public ElectronicSounds? Electronic { get; init; }

    /// <summary>How the role vocals is sung; null for an instrument.</summary>
    public SungLead? Sung { get; init; }

    /// <summary>The instrument family that a part sounds as; null for drums and instruments without one.</summary>
    public string? FamilyOf(Part part) =>
        part.IsDrums ? null : InstrumentFamilies.Of(Sounds.GetValueOrDefault(part)?.Program ?? Programs[part]);

    /// <summary>Seed of the corpus for which the plan was drawn.</summary>
    public int Seed { get; init; }

    /// <summary>Length of the longest excerpt of an original in seconds; 240 s with its tail.</summary>
    public const double LongestSeconds = 240 - Fluidsynth.TailSeconds;

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

/// <summary>
/// What plays a part where it is not the plan's own soundfont: a preset of another soundfont. Drums in bank 128 stay on channel 10, a
/// drum kit in another
/// bank plays on channel 1. Immutable.
/// </summary>
/// <param name="Font">The soundfont.</param>
/// <param name="Bank">The preset's bank.</param>
/// <param name="Program">Its program, 0..127.</param>
/// <param name="Keys">For drum kits: the key that plays each General MIDI drum, -1 for drums that the kit lacks, which the plan's own
/// soundfont plays; null: all keys as written.</param>
internal sealed record PartSound(SoundFont Font, int Bank, int Program, IReadOnlyList<int>? Keys = null);

/// <summary>A song to render. Expensive work, such as composing, is deferred to <paramref name="Prepare"/>.</summary>
/// <param name="Name">Unique name in the corpus.</param>
/// <param name="Split">"train" or "test".</param>
/// <param name="Seed">Seed of the rendering; null for a song that is rendered as written.</param>
/// <param name="Prepare">Returns the song and its plan.</param>
internal sealed record CorpusItem(
    string Name, string Split, int? Seed, Func<CancellationToken, Task<(SourceSong Song, RenderPlan Plan)>> Prepare);
