namespace StemJepa.Training.Corpora;

/// <summary>What a singer sings.</summary>
internal enum Lyrics
{
    /// <summary>Plain words in random order.</summary>
    Words,

    /// <summary>Syllables such as "la".</summary>
    Scat,

    /// <summary>One vowel a phrase.</summary>
    Vowels,
}

/// <summary>A second voice: so many steps of the scale above the lead (0 doubles it, 7 is an octave), so loud against it, in such a share
/// of the phrases.</summary>
/// <param name="Steps">Steps of the scale.</param>
/// <param name="LevelDb">Decibels against the lead.</param>
/// <param name="Share">Share of the phrases, 0..1.</param>
/// <param name="Voice">The voice.</param>
/// <param name="Formant">How many times higher its formants are than the voice's own.</param>
internal sealed record BackingVoice(int Steps, double LevelDb, double Share, SungVoice Voice, double Formant);

/// <summary>
/// How the lead of a song is sung: the voice and its manner, which are functions of the corpus' seed and the song's name. Immutable.
/// </summary>
internal sealed record SungLead
{
    private const int TuningSteps = 40;

    /// <summary>The key of all random choices, and so of the sound.</summary>
    public required string Seed { get; init; }

    /// <summary>The song's transposition when this was drawn; it decides the octaves.</summary>
    public required int Transpose { get; init; }

    /// <summary>Festival's voice; not used where <see cref="Sampled"/> or <see cref="Spoken"/> is given.</summary>
    public required SungVoice Voice { get; init; }

    /// <summary>A sampled voice instead; null for festival.</summary>
    public SampledVoice? Sampled { get; init; }

    /// <summary>A speaker whose words are sung instead; null for none.</summary>
    public SpokenVoice? Spoken { get; init; }

    /// <summary>What is sung.</summary>
    public Lyrics Lyrics { get; init; }

    /// <summary>How many times higher the formants are than the voice's own, 0.85..1.25: other ages and sexes.</summary>
    public double Formant { get; init; } = 1;

    /// <summary>Hertz of the vibrato.</summary>
    public double VibratoHertz { get; init; } = 5.5;

    /// <summary>Depth of the vibrato in cents either way, 0..60.</summary>
    public double VibratoCents { get; init; }

    /// <summary>Seconds from a note's start to its vibrato's.</summary>
    public double VibratoDelay { get; init; } = 0.25;

    /// <summary>Seconds from one pitch to the next.</summary>
    public double GlideSeconds { get; init; } = 0.07;

    /// <summary>Share of longer notes that are approached from below.</summary>
    public double ScoopShare { get; init; }

    /// <summary>Deviation of the notes' pitches in cents.</summary>
    public double DriftCents { get; init; }

    /// <summary>Share of notes within a phrase that go on with the syllable before them.</summary>
    public double SlurShare { get; init; }

    /// <summary>Decibels of breathed noise against the voice; null for none.</summary>
    public double? BreathDb { get; init; }

    /// <summary>Decibels of the hiss of sibilants against the voice; null for none.</summary>
    public double? SibilanceDb { get; init; }

    /// <summary>Gain over 2 kHz in decibels.</summary>
    public double TiltDb { get; init; }

    /// <summary>Ratio of the compressor; 1 for none.</summary>
    public double Compression { get; init; } = 1;

    /// <summary>Seconds of the delay; 0 for none.</summary>
    public double DelaySeconds { get; init; }

    /// <summary>Decibels of the first echo.</summary>
    public double DelayDb { get; init; }

    /// <summary>Reverberation time of the plate in seconds; 0 for none.</summary>
    public double PlateSeconds { get; init; }

    /// <summary>Decibels of the plate against the voice.</summary>
    public double PlateDb { get; init; }

    /// <summary>Decibels against the song's accompaniment where stems are not made equally loud.</summary>
    public double LevelDb { get; init; }

    /// <summary>Doubles and harmonies.</summary>
    public IReadOnlyList<BackingVoice> Backing { get; init; } = [];

    /// <summary>How the lead of a song is sung, or null: in a share <paramref name="share"/> of the songs it is.</summary>
    /// <param name="plan">The song's plan.</param>
    /// <param name="font">The song's soundfont, whose choirs may sing.</param>
    /// <param name="share">0..1.</param>
    /// <param name="sampled">Sampled voices to choose from, beside festival's.</param>
    /// <param name="spoken">Share of those that are sung with the words of a speaker, 0..1.</param>
    /// <param name="seed">Seed of the corpus.</param>
    public static SungLead? Draw(ISongExcerpt plan, SoundFont font, double share, IReadOnlyList<SampledVoice> sampled, double spoken,
        int seed)
    {
        Random speakers = SeededRandom.For($"{seed}/spoken/{plan.Name}");
        Random random = SeededRandom.For($"{seed}/sung/{plan.Name}");
        if (!random.Chance(share)) return null;
        SungVoice voice = random.Pick(SungVoice.All);
        bool isTuned = random.Chance(0.15), isSampled = random.Chance(0.15);
        SampledVoice other = random.Pick([.. sampled, .. SampledVoice.Choirs(font)]);
        double formant = DrawFormant(random);
        SpokenVoice? speaker = speakers.Chance(spoken) ? speakers.Pick(SpokenVoice.All) : null;
        return new SungLead
        {
            Seed = FormattableString.Invariant($"{seed}/{plan.Name}"),
            Transpose = plan.Transpose,
            Voice = voice,
            Sampled = isSampled && speaker is null ? other : null,
            Spoken = speaker,
            Lyrics = random.Pick([(Lyrics.Words, 0.7), (Lyrics.Scat, 0.2), (Lyrics.Vowels, 0.1)]),
            Formant = formant,
            VibratoHertz = Between(random, 4.5, 6.5),
            VibratoCents = random.Chance(0.2) || isTuned ? 0 : Between(random, 8, 60),
            VibratoDelay = Between(random, 0.1, 0.5),
            GlideSeconds = isTuned ? 0.01 : Between(random, 0.04, 0.14),
            ScoopShare = isTuned ? 0 : Between(random, 0, 0.4),
            DriftCents = isTuned ? 0 : Between(random, 2, 14),
            SlurShare = Between(random, 0, 0.25),
            BreathDb = random.Chance(0.7) ? Between(random, -32, -18) : null,
            SibilanceDb = random.Chance(0.7) ? Between(random, -26, -12) : null,
            TiltDb = Between(random, -6, 9),
            Compression = random.Chance(0.7) ? Between(random, 1.5, 6) : 1,
            DelaySeconds = random.Chance(0.35) ? Between(random, 0.08, 0.45) : 0,
            DelayDb = Between(random, -24, -10),
            PlateSeconds = random.Chance(0.75) ? Between(random, 0.5, 2.8) : 0,
            PlateDb = Between(random, -24, -6),
            LevelDb = Between(random, -3, 6),
            Backing = DrawBacking(random, voice, formant),
        };
    }

    private static List<BackingVoice> DrawBacking(Random random, SungVoice voice, double formant)
    {
        var backing = new List<BackingVoice>();
        if (random.Chance(0.3)) backing.Add(new BackingVoice(0, Between(random, -9, -3), random.Chance(0.5) ? 1 : 0.5, voice, formant));
        if (!random.Chance(0.35)) return backing;
        int count = random.Next(1, 3);
        foreach (int steps in new[] { 2, -2, 4, -3, 7, -7 }.OrderBy(_ => random.Next()).Take(count).ToList())
        {
            bool isOther = random.Chance(0.5);
            backing.Add(new BackingVoice(steps, Between(random, -14, -6), Between(random, 0.3, 1),
                isOther ? random.Pick(SungVoice.All) : voice, isOther ? DrawFormant(random) : formant));
        }
        return backing;
    }

    /// <summary>A fortieth of the rates must be whole for a cheap resampler.</summary>
    private static double DrawFormant(Random random) =>
        random.Chance(0.3) ? 1 : Math.Round(TuningSteps * 0.85 * Math.Pow(1.25 / 0.85, random.NextDouble())) / TuningSteps;

    private static double Between(Random random, double low, double high) => Math.Round(low + (high - low) * random.NextDouble(), 3);
}

/// <summary>Who sings the lead, in <c>song.json</c>: the voice, the package (or file) and licence that it comes from, and its
/// manner.</summary>
internal sealed record SingerRecord(
    string Voice, string Package, string Licence, string Lyrics, double Formant, double VibratoHertz, double VibratoCents, bool IsTuned,
        double DelaySeconds, double PlateSeconds, IReadOnlyList<string> Backing)
{
    /// <summary>The record of a lead.</summary>
    public static SingerRecord From(SungLead lead) => new(
        NameOf(lead, lead.Voice), lead.Spoken?.Package ?? lead.Sampled?.Font.Package ?? lead.Voice.Package,
            lead.Spoken?.Licence ?? lead.Sampled?.Font.Licence ?? lead.Voice.Licence,
        lead.Spoken is not null ? "speech" : lead.Sampled is null ? lead.Lyrics.ToString().ToLowerInvariant() : "vowels",
            lead.Spoken is not null || lead.Sampled is null ? lead.Formant : 1,
            lead.VibratoHertz, lead.VibratoCents, lead.DriftCents == 0,
        lead.DelaySeconds, lead.PlateSeconds, [.. lead.Backing.Select(b =>
            FormattableString.Invariant($"{NameOf(lead, b.Voice)} {b.Steps:+0;-0;0} steps {b.LevelDb:0.0} dB"))]);

    private static string NameOf(SungLead lead, SungVoice voice) => lead.Spoken?.Name ?? lead.Sampled?.Name ?? voice.Name;
}
