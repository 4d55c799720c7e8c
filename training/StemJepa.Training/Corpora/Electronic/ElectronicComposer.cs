using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Composes electronic songs: a style, loops of four bars over a progression, and sections in which parts come and go. A song depends on
/// seed and index alone. Thread-safe.
/// </summary>
/// <param name="seed">Seed of the corpus.</param>
internal sealed class ElectronicComposer(int seed)
{
    /// <summary>Prefix of the songs' names.</summary>
    public const string Prefix = "electronic_";

    /// <summary>Name of the instruments that play them, a resource of this assembly.</summary>
    public const string Orchestra = "electronic.orc";

    /// <summary>Ticks of a quarter note.</summary>
    public const int Quarter = 480;

    private const double MinorKeys = 0.6, Seconds = 56;
    private const string Licence = "MIT";

    /// <summary>Range of the melody: sung, or played by a synthesiser.</summary>
    private static readonly LeadInstrument Lead = new(80, 57, 81);

    /// <summary>Returns the name of song <paramref name="index"/>, from 1.</summary>
    public static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{index:00000}");

    /// <summary>Composes song <paramref name="index"/>, from 1.</summary>
    /// <param name="index">Number of the song.</param>
    /// <param name="version">Version of Csound, for the song's record.</param>
    public SourceSong Compose(int index, string version)
    {
        string name = NameOf(index);
        Random random = SeededRandom.For($"{seed}/electronic/{index}");
        ElectronicStyle style = random.Pick(ElectronicStyle.All);
        int bpm = random.Next(style.Slowest, style.Fastest + 1);
        var key = new Key(random.Next(12), random.Chance(MinorKeys));
        IReadOnlyList<ElectronicSection> sections = ElectronicSection.Draw(style, key, (int)Math.Round(Seconds * bpm / 60 / 4), random);
        SongSection[] bars = [.. sections.Select(s => s.Music)];
        var parts = new ElectronicParts(style, sections, random);
        MelodyNote[] melody = [.. new MelodyWriter(Lead, 4, Quarter, PulseDivision.Even, bpm, random).Write(bars)
            .Where(n => sections.First(s => n.Start < s.EndTick).Sings)];
        MidiTrack[] tracks =
        [
            new MidiTrack([TempoEvent(bpm)], 0),
            .. parts.Write().Append((ElectronicPart.Lead, melody)).Where(p => p.Item2.Count > 0).Select(p => Track(p.Item1, p.Item2)),
        ];
        byte[] file = MidiWriter.Write(new MidiFile(1, Quarter, tracks));
        var midi = new MidiSong(MidiReader.Read(file, name), name);
        SongLabels labels = new Composition(name, bars[0].Groove, bpm, bars, Lead, 1).CreateLabels(Quarter)
            with { Family = GenreFamily.Dance };
        var source = new MidiSource(name, Csound.Package, version, Orchestra, style.Name, Licence, file);
        return new SourceSong(source, midi, midi.Parts.ToDictionary(p => p, p => ElectronicPart.Of(p).Role), IsTest: false)
        {
            Labels = labels,
        };
    }

    private static MidiEvent TempoEvent(int bpm)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, 60_000_000 / bpm);
        return MidiEvent.Meta(0, MidiEvent.Tempo, payload.AsMemory(1));
    }

    private static MidiTrack Track(ElectronicPart part, IReadOnlyList<MelodyNote> notes)
    {
        var events = new List<MidiEvent> { MidiEvent.Meta(0, MidiEvent.TrackName, Encoding.ASCII.GetBytes(part.Name)) };
        if (part.Channel != Part.DrumChannel) events.Add(MidiEvent.ForChannel(0, 0xC0, part.Channel, part.Program));
        foreach (MelodyNote note in notes)
        {
            events.Add(MidiEvent.ForChannel(note.Start, 0x90, part.Channel, note.Pitch, note.Velocity));
            events.Add(MidiEvent.ForChannel(note.End, 0x80, part.Channel, note.Pitch));
        }
        MidiEvent[] ordered = [.. events.OrderBy(e => e.Tick).ThenBy(e => e.IsNoteOn)];
        return new MidiTrack(ordered, ordered[^1].Tick);
    }
}

/// <summary>A part of an electronic song: its MIDI channel, General MIDI program and role. Immutable.</summary>
internal sealed record ElectronicPart(string Name, int Channel, int Program, Stem Role)
{
    public static readonly ElectronicPart
        Drums = new("Drums", Part.DrumChannel, -1, Stem.Drums),
        Bass = new("Bass", 0, 38, Stem.Bass),
        Pad = new("Pad", 1, 90, Stem.Other),
        Arpeggio = new("Arpeggio", 2, 81, Stem.Other),
        Stabs = new("Stabs", 3, 91, Stem.Other),
        Riser = new("Riser", 4, 119, Stem.Other),
        Lead = new("Lead", 5, 80, Stem.Vocals);

    private static readonly ElectronicPart[] All = [Drums, Bass, Pad, Arpeggio, Stabs, Riser, Lead];

    /// <summary>Which of them a song's part is.</summary>
    public static ElectronicPart Of(Part part) => All.First(p => p.Channel == part.Channel);
}

/// <summary>A section: its chords, and what plays in it. Immutable.</summary>
/// <param name="Music">Key, chords and letter.</param>
/// <param name="EndTick">Where it ends.</param>
/// <param name="Parts">The parts that play, without the lead.</param>
/// <param name="Sings">Whether the lead does.</param>
/// <param name="Builds">Whether it rises towards the next one.</param>
internal sealed record ElectronicSection(
    SongSection Music, long EndTick, IReadOnlySet<ElectronicPart> Parts, bool Sings, bool Builds)
{
    private enum Kind { Intro, Verse, Build, Drop, Break }

    private static readonly (Kind[], double)[] Orders =
    [
        ([Kind.Verse, Kind.Build, Kind.Drop, Kind.Break], 3), ([Kind.Drop, Kind.Break, Kind.Build, Kind.Drop], 3),
        ([Kind.Intro, Kind.Verse, Kind.Drop], 2), ([Kind.Break, Kind.Build, Kind.Drop], 2), ([Kind.Verse, Kind.Drop], 2),
        ([Kind.Verse, Kind.Break, Kind.Verse, Kind.Drop], 1),
    ];

    /// <summary>Sections of 4 or 8 bars that together have <paramref name="bars"/> bars, rounded to four.</summary>
    public static IReadOnlyList<ElectronicSection> Draw(ElectronicStyle style, Key key, int bars, Random random)
    {
        Kind[] order = random.Pick<Kind[]>(Orders);
        var groove = new Groove("electronic", style.Name, 4, IsCompound: false);
        IReadOnlyList<IReadOnlyList<Chord>> first = Loop(key, random), second = random.Chance(0.6) ? first : Loop(key, random);
        bool hasBassInBreaks = random.Chance(0.3), isDense = random.Chance(0.5);
        double sings = 0.3 + 0.7 * random.NextDouble();
        var sections = new List<ElectronicSection>();
        int done = 0;
        for (int i = 0; done < bars - 2; i++)
        {
            Kind kind = order[i % order.Length];
            int length = kind == Kind.Build || random.Chance(0.4) ? 4 : 8;
            bool isSecond = kind is Kind.Break or Kind.Build;
            IReadOnlyList<IReadOnlyList<Chord>> loop = isSecond ? second : first;
            done += length;
            var music = new SongSection(isSecond ? 'B' : kind == Kind.Drop ? 'C' : 'A', key,
                [.. Enumerable.Range(0, length).Select(bar => loop[bar % loop.Count])], groove);
            sections.Add(new ElectronicSection(music, done * 4L * ElectronicComposer.Quarter,
                PartsOf(kind, hasBassInBreaks, isDense, random),
                random.Chance(kind == Kind.Intro ? 0.3 : kind == Kind.Drop ? 0.7 * sings : sings), kind == Kind.Build));
        }
        if (!sections.Any(s => s.Sings)) sections[0] = sections[0] with { Sings = true };
        if (!sections.Any(s => s.Parts.Contains(ElectronicPart.Drums)))
            sections[^1] = sections[^1] with { Parts = PartsOf(Kind.Drop, true, true, random) };
        return sections;
    }

    /// <summary>Chords of four bars, each one or two bars long, as loops have them.</summary>
    private static IReadOnlyList<IReadOnlyList<Chord>> Loop(Key key, Random random)
    {
        if (random.Chance(0.15)) return [.. Enumerable.Repeat(Harmony.Section(key, 2, GenreFamily.Rock, false, true, random)[1], 4)];
        IReadOnlyList<IReadOnlyList<Chord>> chords =
            Harmony.Section(key, 4, GenreFamily.Dance, random.Chance(0.2), random.Chance(0.7), random);
        return random.Chance(0.25) ? [chords[0], chords[0], chords[2], chords[2]] : chords;
    }

    private static HashSet<ElectronicPart> PartsOf(Kind kind, bool bassInBreaks, bool isDense, Random random)
    {
        var parts = new HashSet<ElectronicPart>();
        void Add(ElectronicPart part, double share)
        {
            if (random.Chance(share)) parts.Add(part);
        }
        double fill = isDense ? 0.2 : 0;
        Add(ElectronicPart.Drums, kind == Kind.Break ? 0.25 : 1);
        Add(ElectronicPart.Bass, kind switch { Kind.Break => bassInBreaks ? 0.8 : 0.1, Kind.Build => 0.5, _ => 0.95 });
        Add(ElectronicPart.Pad, (kind switch { Kind.Break => 0.9, Kind.Intro => 0.3, _ => 0.55 }) + fill);
        Add(ElectronicPart.Arpeggio, (kind switch { Kind.Drop => 0.75, Kind.Break => 0.4, _ => 0.5 }) + fill);
        Add(ElectronicPart.Stabs, (kind switch { Kind.Drop => 0.65, Kind.Break => 0.35, _ => 0.4 }) + fill);
        Add(ElectronicPart.Riser, kind == Kind.Build ? 0.8 : 0.1);
        if (!parts.Overlaps([ElectronicPart.Pad, ElectronicPart.Arpeggio, ElectronicPart.Stabs]))
            parts.Add(random.Pick([ElectronicPart.Pad, ElectronicPart.Arpeggio, ElectronicPart.Stabs]));
        return parts;
    }
}
