namespace StemJepa.Training.Corpora;

/// <summary>
/// Writes a melody for the sections of a song: phrases of four bars with two recurring rhythmic motives, chord tones on strong beats, scale
/// steps between them, a pitch contour for each phrase, and rests. Sections of one letter have one theme. Not thread-safe.
/// </summary>
/// <param name="lead">Instrument of the melody.</param>
/// <param name="barPulses">Number of pulses in a bar.</param>
/// <param name="pulseTicks">Length of a pulse in ticks.</param>
/// <param name="division">Division of the pulse.</param>
/// <param name="bpm">Tempo in pulses per minute; fast songs have longer notes.</param>
/// <param name="random">Random number generator.</param>
internal sealed class MelodyWriter(LeadInstrument lead, int barPulses, long pulseTicks, PulseDivision division, double bpm, Random random)
{
    private const int PhraseBars = 4, LongestLeap = 9, Humanised = 4;
    private const double Intro = 0.15, PhraseRests = 0.12, Varied = 0.35;
    private static readonly int[] MotiveOfBar = [0, 1, 0, 2];
    private readonly Dictionary<char, Theme> _themes = [];

    /// <summary>Writes the melody: notes in order of time that do not overlap.</summary>
    public IReadOnlyList<MelodyNote> Write(IReadOnlyList<SongSection> sections)
    {
        var notes = new List<MelodyNote>();
        int bar = 0, waits = random.Chance(Intro) ? random.Next(1, PhraseBars) : 0;
        int pitch = (lead.Low + lead.High) / 2;
        foreach (SongSection section in sections)
        {
            bool isRepeat = _themes.TryGetValue(section.Letter, out Theme? theme);
            if (!isRepeat) _themes[section.Letter] = theme = DrawTheme();
            int varied = isRepeat && random.Chance(Varied) ? random.Next() : 0;
            for (int i = 0; i < section.Bars.Count; i++, bar++)
                if (bar >= waits) pitch = WriteBar(notes, section, theme!, i, bar, varied, pitch);
        }
        return notes;
    }

    private Theme DrawTheme()
    {
        double activity = Math.Clamp(random.NextDouble() * 1.2 - (bpm > 130 ? 0.35 : 0), 0, 1);
        double span = lead.High - lead.Low, centre = lead.Low + span * (0.35 + 0.3 * random.NextDouble());
        return new Theme(
            [
                BarRhythm.Draw(barPulses, division, activity, random), BarRhythm.Draw(barPulses, division, activity, random),
                BarRhythm.Cadence(barPulses, random),
            ],
            [random.Next(), random.Next(), random.Next()], centre, Math.Min(10, span / 4), random.Next(4), random.Next());
    }

    private int WriteBar(List<MelodyNote> notes, SongSection section, Theme theme, int inSection, int bar, int varied, int pitch)
    {
        int phrase = inSection / PhraseBars, inPhrase = inSection % PhraseBars;
        bool rests = phrase > 0 && inPhrase >= 2 && new Random(theme.RestSeed + phrase).Chance(PhraseRests);
        if (rests) return pitch;
        bool closes = inPhrase == PhraseBars - 1 || inSection == section.Bars.Count - 1;
        int motive = closes ? 2 : MotiveOfBar[inPhrase];
        BarRhythm rhythm = theme.Rhythms[motive];
        var noise = new Random(theme.Seeds[motive] ^ (inPhrase >= 2 ? varied : 0));
        for (int i = 0; i < rhythm.Notes.Count; i++)
        {
            (double start, double length) = rhythm.Notes[i];
            IReadOnlyList<Chord> chords = section.Bars[inSection];
            Chord chord = chords[start >= (barPulses + 1) / 2 ? chords.Count - 1 : 0];
            bool strong = start == Math.Floor(start) && ((int)start % 2 == 0 || length >= 1);
            bool closing = closes && i == rhythm.Notes.Count - 1;
            double target = theme.Centre + theme.Height * Contour(theme.Shape, (inPhrase + start / barPulses) / PhraseBars);
            pitch = NextPitch(pitch, chord, section.Key, strong || closing, target, noise);
            Add(notes, bar, start, length, pitch, strong);
        }
        return pitch;
    }

    private void Add(List<MelodyNote> notes, int bar, double start, double length, int pitch, bool strong)
    {
        long barTick = bar * barPulses * pulseTicks;
        long from = Math.Max(0, barTick + Ticks(start) + random.Next(-Humanised, Humanised + 1));
        long to = barTick + Ticks(start + length) - pulseTicks / (length > 0.6 ? 12 : 20);
        if (notes.Count > 0 && notes[^1].End > from) notes[^1] = notes[^1] with { End = from };
        notes.Add(new MelodyNote(
            from, Math.Max(from + pulseTicks / 8, to), pitch, Math.Clamp((strong ? 100 : 88) + random.Next(-8, 9), 1, 127)));
    }

    private long Ticks(double pulses)
    {
        double whole = Math.Floor(pulses + 1e-9), part = pulses - whole;
        if (division == PulseDivision.Thirds && Math.Abs(part - 0.5) < 1e-9) part = 2 / 3.0;
        return (long)Math.Round((whole + part) * pulseTicks);
    }

    private int NextPitch(int from, Chord chord, Key key, bool strong, double target, Random noise)
    {
        int best = from;
        double bestScore = double.NegativeInfinity;
        for (int pitch = Math.Max(lead.Low, from - LongestLeap); pitch <= Math.Min(lead.High, from + LongestLeap); pitch++)
        {
            double draw = noise.NextDouble();
            bool inChord = chord.Holds(pitch);
            if (!inChord && (strong || !key.Scale.Contains(pitch % 12) || Clashes(pitch, chord, key))) continue;
            int interval = Math.Abs(pitch - from);
            double score = -0.25 * Math.Abs(pitch - target) - (strong ? 0.25 : 0.6) * Math.Max(0, interval - 2)
                - (interval == 0 ? 1.2 : 0) + (inChord ? 0.4 : 0) - 1.1 * Math.Log(-Math.Log(Math.Clamp(draw, 1e-9, 1 - 1e-9)));
            if (score <= bestScore) continue;
            (best, bestScore) = (pitch, score);
        }
        return best;
    }

    /// <summary>True for a note of the scale that the chord alters.</summary>
    private static bool Clashes(int pitch, Chord chord, Key key) =>
        (chord.Holds(pitch + 1) && !key.Scale.Contains((pitch + 1) % 12))
            || (chord.Holds(pitch + 11) && !key.Scale.Contains((pitch + 11) % 12));

    private static double Contour(int shape, double at) => shape switch
    {
        0 => Math.Sin(Math.PI * at),
        1 => 1 - 2 * at,
        2 => 2 * at - 1,
        _ => -Math.Sin(Math.PI * at),
    };

    private sealed record Theme(BarRhythm[] Rhythms, int[] Seeds, double Centre, double Height, int Shape, int RestSeed);
}

/// <summary>
/// A note of a melody, from <paramref name="Start"/> to <paramref name="End"/> in ticks from the start of the song, with MIDI pitch and
/// velocity 1..127.
/// </summary>
internal readonly record struct MelodyNote(long Start, long End, int Pitch, int Velocity);

/// <summary>An instrument for composed melodies: a General MIDI program (0..127) with its lowest and highest pitch. Immutable.</summary>
internal sealed record LeadInstrument(int Program, int Low, int High)
{
    /// <summary>Instruments of training songs.</summary>
    public static readonly IReadOnlyList<LeadInstrument> Training =
    [
        new(0, 57, 88), new(1, 57, 88), new(4, 55, 86), new(5, 55, 86), new(7, 57, 84), new(12, 55, 86), new(16, 55, 84),
        new(18, 55, 84), new(21, 57, 84), new(23, 57, 84), new(24, 52, 79), new(25, 52, 79), new(27, 52, 81), new(28, 52, 79),
        new(29, 52, 81), new(30, 52, 81), new(40, 57, 90), new(42, 45, 72), new(46, 55, 86), new(48, 57, 86), new(51, 57, 84),
        new(52, 55, 79), new(53, 55, 79), new(54, 55, 79), new(56, 57, 82), new(57, 45, 70), new(59, 57, 80), new(61, 52, 77),
        new(64, 57, 84), new(65, 52, 80), new(66, 46, 75), new(67, 40, 68), new(69, 54, 79), new(71, 52, 84), new(72, 72, 96),
        new(73, 62, 91), new(74, 65, 91), new(76, 60, 86), new(78, 62, 88), new(79, 60, 84), new(80, 57, 86), new(81, 57, 86),
        new(83, 57, 86), new(84, 55, 84), new(85, 55, 81), new(87, 52, 81), new(104, 52, 79), new(105, 55, 81), new(110, 57, 86),
    ];

    /// <summary>
    /// Instruments that composed training songs never use; they play the melodies of test songs in the soundfonts of training.
    /// </summary>
    public static readonly IReadOnlyList<LeadInstrument> TestOnly =
    [
        new(2, 57, 88), new(11, 55, 86), new(19, 55, 84), new(22, 60, 84), new(26, 52, 79), new(41, 50, 79), new(60, 48, 74),
        new(68, 60, 86), new(75, 62, 88), new(82, 57, 86), new(107, 55, 81), new(111, 60, 84),
    ];
}
