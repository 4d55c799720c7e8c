namespace StemJepa.Training.Corpora;

/// <summary>A drum performance as it was played, with General MIDI's drums. Immutable; thread-safe.</summary>
internal sealed class DrumPerformance
{
    /// <summary>The pads of Roland's kit that General MIDI has no drum for, or another one: rims, edges and the toms.</summary>
    private static readonly Dictionary<int, int> GeneralMidi = new()
    {
        [22] = 42, [26] = 46, [40] = 38, [50] = 48, [47] = 45, [58] = 43, [55] = 49, [52] = 57, [59] = 51,
    };

    private static readonly (string Style, GenreFamily[] Families)[] Styles =
    [
        ("rock-folk", [GenreFamily.Country]), ("rock-rockabilly", [GenreFamily.Country, GenreFamily.Rock]),
            ("rock-shuffle", [GenreFamily.Rock, GenreFamily.Blues, GenreFamily.Swing]),
        ("rock-halftime", [GenreFamily.Rock, GenreFamily.Ballad, GenreFamily.Pop]),
            ("rock", [GenreFamily.Rock, GenreFamily.Pop, GenreFamily.Country]),
        ("funk-purdieshuffle", [GenreFamily.Funk, GenreFamily.Blues]), ("funk-latin", [GenreFamily.Latin, GenreFamily.Funk]),
            ("funk", [GenreFamily.Funk, GenreFamily.Dance]),
        ("latin-reggaeton", [GenreFamily.Latin, GenreFamily.Dance]), ("latin", [GenreFamily.Latin]), ("afrocuban", [GenreFamily.Latin]),
            ("afrobeat", [GenreFamily.Latin, GenreFamily.Funk]),
        ("highlife", [GenreFamily.Latin, GenreFamily.Pop]), ("middleeastern", [GenreFamily.Latin]), ("jazz-march", [GenreFamily.March]),
            ("jazz-funk", [GenreFamily.Funk, GenreFamily.Jazz]),
        ("jazz", [GenreFamily.Jazz, GenreFamily.Swing]), ("hiphop", [GenreFamily.Funk, GenreFamily.Dance, GenreFamily.Pop]),
            ("soul", [GenreFamily.Funk, GenreFamily.Ballad, GenreFamily.Pop]),
        ("pop-soft", [GenreFamily.Ballad, GenreFamily.Pop]), ("pop", [GenreFamily.Pop, GenreFamily.Dance]),
            ("neworleans", [GenreFamily.Blues, GenreFamily.March, GenreFamily.Funk]),
        ("dance", [GenreFamily.Dance]), ("reggae", [GenreFamily.Reggae]), ("punk", [GenreFamily.Rock]),
            ("country", [GenreFamily.Country]), ("blues", [GenreFamily.Blues]),
        ("gospel", [GenreFamily.Ballad, GenreFamily.Blues]),
    ];

    private readonly MidiSong _midi;

    /// <summary>
    /// Describes a performance; a bar has <paramref name="beats"/> beats of which <paramref name="unit"/> make a whole note.
    /// </summary>
    public DrumPerformance(string name, string drummer, string style, int bpm, bool isFill, int beats, int unit, MidiSong midi)
    {
        (Name, Drummer, Style, Bpm, IsFill, Metre, BarQuarters, _midi) = (name, drummer, style, bpm, isFill, $"{beats}/{unit}",
            beats * 4.0 / unit, midi);
        double barTicks = BarQuarters * midi.TicksPerQuarter;
        Notes = [.. midi.Notes.Select(n => new Hit(n.Start / barTicks, GeneralMidi.GetValueOrDefault(n.Pitch, n.Pitch), n.Velocity))];
        Families = Styles.FirstOrDefault(s => style == s.Style || style.StartsWith(s.Style + "-", StringComparison.Ordinal)).Families ?? [];
    }

    /// <summary>A stroke: when, in bars from the start of the performance, on which General MIDI drum, and how hard (1..127).</summary>
    public readonly record struct Hit(double Bar, int Drum, int Velocity);

    /// <summary>Name in the zip file.</summary>
    public string Name { get; }

    /// <summary>Who plays.</summary>
    public string Drummer { get; }

    /// <summary>The style in the file's name, such as "funk-fast".</summary>
    public string Style { get; }

    /// <summary>Quarter notes a minute.</summary>
    public int Bpm { get; }

    /// <summary>True for fills, which last a bar or so.</summary>
    public bool IsFill { get; }

    /// <summary>The time signature, such as "4/4".</summary>
    public string Metre { get; }

    /// <summary>Quarter notes in a bar.</summary>
    public double BarQuarters { get; }

    /// <summary>The kinds of music that it suits.</summary>
    public IReadOnlyList<GenreFamily> Families { get; }

    /// <summary>The strokes in order.</summary>
    public IReadOnlyList<Hit> Notes { get; }

    /// <summary>Seconds from the start of the recording to its last stroke, at its own tempo.</summary>
    public double Seconds => Notes[^1].Bar * BarQuarters * 60 / Bpm;

    /// <summary>The first bar that is played from its beginning.</summary>
    public int FirstBar => (int)Math.Ceiling(Notes[0].Bar - 0.125);

    /// <summary>Bars that are played to their end, from <see cref="FirstBar"/> on.</summary>
    public int WholeBars => Math.Max(0, (int)Notes[^1].Bar - FirstBar);

    /// <summary>Pulses a minute of a song in this performance's tempo.</summary>
    public double PulsesPerMinute(Groove groove) => groove.BarPulses * Bpm / BarQuarters;

    /// <summary>How the strokes divide the pulses of a groove.</summary>
    public PulseDivision Division(Groove groove) => PulseDivisions.Detect(_midi, groove);
}
