using System.Buffers.Binary;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Lets a person play the drums of a composed song: a performance of the song's metre, kind, division of the pulse and about its tempo,
/// which becomes the song's, takes the place
/// of mma's drums with its own timing. A function of (seed, name of the song). Immutable; thread-safe.
/// </summary>
/// <param name="performances">The performances to choose from.</param>
/// <param name="seed">Seed of the corpus.</param>
internal sealed class HumanDrums(DrumPerformances performances, int seed)
{
    /// <summary>How likely a song that a performance suits is played by a person.</summary>
    public const double Share = 0.7;

    /// <summary>How likely the other parts follow the drummer's beat; else they stay with the metronome.</summary>
    public const double Follows = 0.5;

    private const double TempoRoom = 1.15, FillTempoRoom = 1.25, FillChance = 0.6, Early = 1 / 32.0, LongestFill = 1.3;
    private const int NoteTicksDivisor = 8;

    /// <summary>The song as it is played with a person's drums.</summary>
    /// <param name="Composition">The composition in the performance's tempo.</param>
    /// <param name="Accompaniment">mma's accompaniment in that tempo, with the person's drums.</param>
    /// <param name="Record">What song.json says of it.</param>
    /// <param name="Strokes">Ticks of the strokes.</param>
    public sealed record Played(Composition Composition, MidiFile Accompaniment, DrummingRecord Record, IReadOnlyList<long> Strokes);

    /// <summary>Chooses a performance and plays it; null if none suits, or if the song is to keep mma's drums.</summary>
    /// <param name="composition">The composition.</param>
    /// <param name="accompaniment">What mma plays.</param>
    public Played? Play(Composition composition, MidiFile accompaniment)
    {
        Random random = SeededRandom.For($"{seed}/drummer/{composition.Name}");
        if (!random.Chance(Share)) return null;
        Groove groove = composition.Groove;
        PulseDivision division = PulseDivisions.Detect(new MidiSong(accompaniment, composition.Name), groove);
        (int low, int high) = GenreFamilies.TempoRange(groove);
        bool HasTempo(DrumPerformance p) => p.PulsesPerMinute(groove) >= low / TempoRoom && p.PulsesPerMinute(groove) <= high * TempoRoom;
        bool Suits(DrumPerformance p) => p.Metre == groove.Metre && p.WholeBars >= 2 && HasTempo(p)
            && (p.Families.Contains(groove.Family) || groove.Family == GenreFamily.Waltz);
        DrumPerformance[] suitable = [.. performances.Beats.Where(p => Suits(p) && p.Division(groove) == division)];
        return suitable.Length == 0 ? null : Play(composition, accompaniment, random.Pick<DrumPerformance>(suitable), random);
    }

    private Played Play(Composition composition, MidiFile accompaniment, DrumPerformance performance, Random random)
    {
        int bars = composition.Sections.Sum(s => s.Bars.Count), barTicks = composition.Groove.BarBeats * accompaniment.TicksPerQuarter;
        int whole = performance.WholeBars, room = Math.Max(0, whole - bars), length = whole >= 4 ? whole / 4 * 4 : whole / 2 * 2;
        int first = performance.FirstBar + random.Next(room / 4 + 1) * 4;
        var hits = new List<DrumPerformance.Hit>();
        for (int bar = 0; bar < bars; bar++) hits.AddRange(Slice(performance, first + (whole >= bars ? bar : bar % length), 1, bar));
        List<string> fills = AddFills(hits, composition, performance, random);
        double tempo = performance.PulsesPerMinute(composition.Groove);
        MidiFile played = Tempo(Replace(accompaniment, Events(hits, barTicks, accompaniment.TicksPerQuarter)), composition.Bpm / tempo);
        var record = new DrummingRecord(performance.Name, performance.Drummer, performance.Style, performance.Bpm, first, fills,
            random.Chance(Follows));
        return new Played(composition with { Bpm = (int)Math.Round(tempo) }, played, record, [.. hits.Select(h => Tick(h, barTicks))]);
    }

    /// <summary>Strokes of some bars of a performance, a little early ones too, put at bar <paramref name="to"/>.</summary>
    private static IEnumerable<DrumPerformance.Hit> Slice(DrumPerformance performance, double from, double bars, double to) =>
        performance.Notes.Where(n => n.Bar >= from - Early && n.Bar < from + bars - Early).Select(n => n with { Bar = n.Bar - from + to });

    private List<string> AddFills(List<DrumPerformance.Hit> hits, Composition composition, DrumPerformance performance, Random random)
    {
        DrumPerformance[] suitable = [.. performances.Fills.Where(f => f.Metre == performance.Metre && f.Notes[^1].Bar <= LongestFill
            && f.Style.Split('-')[0] == performance.Style.Split('-')[0]
                && Math.Max(f.Bpm, performance.Bpm) <= FillTempoRoom * Math.Min(f.Bpm, performance.Bpm))];
        if (suitable.Any(f => f.Drummer == performance.Drummer)) suitable = [.. suitable.Where(f => f.Drummer == performance.Drummer)];
        var used = new List<string>();
        int bar = 0;
        foreach (SongSection section in composition.Sections.SkipLast(1))
        {
            bar += section.Bars.Count;
            if (suitable.Length == 0 || !random.Chance(FillChance)) continue;
            DrumPerformance fill = random.Pick<DrumPerformance>(suitable);
            double start = bar - 1 + Math.Floor(fill.Notes[0].Bar * 4 + 0.25) / 4;
            hits.RemoveAll(h => h.Bar >= start - Early && h.Bar < bar - Early);
            hits.AddRange(Slice(fill, 0, LongestFill, bar - 1).Where(h => h.Bar < bar - Early
                || !hits.Exists(o => o.Drum == h.Drum && Math.Abs(o.Bar - h.Bar) < Early)));
            used.Add(fill.Name);
        }
        return used;
    }

    private static long Tick(DrumPerformance.Hit hit, int barTicks) => Math.Max(0, (long)Math.Round(hit.Bar * barTicks));

    private static MidiTrack Events(IEnumerable<DrumPerformance.Hit> hits, int barTicks, int ticksPerQuarter)
    {
        var events = new List<MidiEvent> { MidiEvent.Meta(0, MidiEvent.TrackName, Encoding.ASCII.GetBytes("Drummer")) };
        foreach (DrumPerformance.Hit hit in hits)
        {
            long tick = Tick(hit, barTicks);
            events.Add(MidiEvent.ForChannel(tick, 0x90, Part.DrumChannel, hit.Drum, hit.Velocity));
            events.Add(MidiEvent.ForChannel(tick + ticksPerQuarter / NoteTicksDivisor, 0x80, Part.DrumChannel, hit.Drum));
        }
        MidiEvent[] ordered = [.. events.OrderBy(e => e.Tick).ThenBy(e => e.IsNoteOn)];
        return new MidiTrack(ordered, ordered[^1].Tick);
    }

    private static MidiFile Replace(MidiFile file, MidiTrack drums) => file with
    {
        Tracks = [.. file.Tracks.Select(t => t with { Events = [.. t.Events.Where(e =>
            !((e.IsNoteOn || e.IsNoteOff) && e.Channel == Part.DrumChannel))] }), drums],
    };

    /// <summary>The file with quarter notes <paramref name="factor"/> times as long.</summary>
    private static MidiFile Tempo(MidiFile file, double factor) => file with
    {
        Tracks = [.. file.Tracks.Select(t => t with { Events = [.. t.Events.Select(e => e.IsMeta && e.Data1 == MidiEvent.Tempo
            && e.Payload.Length == 3 ? Longer(e, factor) : e)] })],
    };

    private static MidiEvent Longer(MidiEvent tempo, double factor)
    {
        ReadOnlySpan<byte> old = tempo.Payload.Span;
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, (int)Math.Clamp(Math.Round(((old[0] << 16) | (old[1] << 8) | old[2]) * factor), 1,
            0xFFFFFF));
        return tempo with { Payload = payload.AsMemory(1) };
    }
}
