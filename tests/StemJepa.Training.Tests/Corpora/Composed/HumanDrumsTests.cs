using System.IO.Compression;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: performances written by hand, whose strokes are known to the tick.</summary>
public sealed class HumanDrumsTests : IDisposable
{
    private const int Tpq = 480, Bar = 4 * Tpq, MmaTpq = 192, Bars = 8;
    private static readonly Groove Rock = new("stdlib/rock", "Rock", 4, false);
    private readonly string _zip = Path.GetTempFileName();

    public void Dispose() => File.Delete(_zip);

    /// <summary>A kick that drags 20 ticks and Roland's closed hi-hat edge between, in eighths.</summary>
    private static MidiFile Performance(int bars, int late = 20, int last = 22)
    {
        var events = new List<MidiEvent>();
        for (int eighth = 0; eighth < bars * 8; eighth++)
        {
            int key = eighth % 2 == 0 ? 36 : last;
            events.Add(MidiEvent.ForChannel(eighth * Tpq / 2 + late, 0x90, 9, key, 70 + eighth % 8));
            events.Add(MidiEvent.ForChannel(eighth * Tpq / 2 + late + 60, 0x80, 9, key));
        }
        return new MidiFile(0, Tpq, [new MidiTrack(events, bars * Bar)]);
    }

    private DrumPerformances Zip(params (string Name, MidiFile File)[] files)
    {
        using (ZipArchive zip = new(File.Create(_zip), ZipArchiveMode.Create))
            foreach ((string name, MidiFile file) in files)
            {
                using Stream stream = zip.CreateEntry(name).Open();
                stream.Write(MidiWriter.Write(file));
            }
        return DrumPerformances.Read(_zip);
    }

    private static Composition Song(Groove groove, string name) => new(name, groove, 120,
        [.. "AB".Select(letter => new SongSection(letter, new Key(0, false),
            [.. Enumerable.Repeat((IReadOnlyList<Chord>)[new Chord(0, ChordQuality.Major)], Bars / 2)], groove))],
            LeadInstrument.Training[0], 1);

    private static MidiFile Accompaniment()
    {
        var tempo = new MidiTrack([MidiEvent.Meta(0, MidiEvent.Tempo, new byte[] { 0x07, 0xA1, 0x20 })], 0);
        MidiEvent[] Notes(int channel, int key) => [.. Enumerable.Range(0, Bars * 8).SelectMany(i => new[]
            { MidiEvent.ForChannel(i * MmaTpq / 2, 0x90, channel, key, 80),
                MidiEvent.ForChannel(i * MmaTpq / 2 + 48, 0x80, channel, key) })];
        return new MidiFile(1, MmaTpq, [tempo, new MidiTrack(Notes(9, 42), Bars * 4 * MmaTpq),
            new MidiTrack(Notes(0, 40), Bars * 4 * MmaTpq)]);
    }

    private static HumanDrums.Played? FirstPlayed(DrumPerformances performances, Groove groove, Func<HumanDrums.Played,
        bool>? isWanted = null) =>
        Enumerable.Range(0, 60).Select(seed => new HumanDrums(performances, seed).Play(Song(groove, "song"), Accompaniment()))
            .FirstOrDefault(p => p is not null && (isWanted?.Invoke(p) ?? true));

    [Fact]
    public void A_performance_takes_the_place_of_the_drums_with_its_timing_and_tempo()
    {
        DrumPerformances performances = Zip(("groove/drummer1/session1/1_rock_110_beat_4-4.mid", Performance(5)),
            ("groove/drummer1/session1/2_rock_110_beat_4-4.mid", Performance(2)));
        Assert.Single(performances.Beats);
        HumanDrums.Played played = FirstPlayed(performances, Rock)!;
        var midi = new MidiSong(played.Accompaniment, "played");
        Note[] drums = [.. midi.Notes.Where(n => n.Channel == 9)];
        Assert.Equal(Bars * 8, drums.Length);
        Assert.All(drums.Index(), d => Assert.Equal((d.Index * MmaTpq / 2 + 8, d.Index % 2 == 0 ? 36 : 42, 70 + d.Index % 8),
            ((int)d.Item.Start, d.Item.Pitch, d.Item.Velocity)));
        Assert.Equal(110, 60e6 / midi.Tempo.Changes[0].MicrosecondsPerQuarter, 2);
        Assert.Equal((110, "groove/drummer1/session1/1_rock_110_beat_4-4.mid", "drummer1", "rock"),
            (played.Composition.Bpm, played.Record.Performance, played.Record.Drummer, played.Record.Style));
    }

    [Fact]
    public void Style_metre_division_and_tempo_must_match()
    {
        foreach (string name in (string[])["1_jazz_110_beat_4-4", "1_rock_110_beat_3-4", "1_rock_40_beat_4-4"])
            Assert.Null(FirstPlayed(Zip(($"groove/d/s/{name}.mid", Performance(20))), Rock));
        MidiFile shuffled = Performance(20);
        shuffled = shuffled with { Tracks = [.. shuffled.Tracks.Select(t =>
            t with { Events = [.. t.Events.Select(e => e with { Tick = (e.Tick - 20) % Tpq / 240 == 1 ? e.Tick + 80 : e.Tick })] })] };
        Assert.Null(FirstPlayed(Zip(("groove/d/s/1_rock_110_beat_4-4.mid", shuffled)), Rock));
    }

    [Fact]
    public void Fills_end_sections_and_both_ways_to_follow_happen()
    {
        DrumPerformances performances = Zip(("groove/d/s/1_rock_110_beat_4-4.mid", Performance(20)),
            ("groove/d/s/2_rock_115_fill_4-4.mid", Performance(1, 0, 45)));
        HumanDrums.Played filled = FirstPlayed(performances, Rock, p => p.Record.Fills.Count == 1)!;
        Note[] toms = [.. new MidiSong(filled.Accompaniment, "filled").Notes.Where(n => n.Channel == 9 && n.Pitch == 45)];
        Assert.All(toms, n => Assert.Equal(Bars / 2 - 1, n.Start / (4 * MmaTpq)));
        Assert.Equal(4, toms.Length);
        Assert.NotNull(FirstPlayed(performances, Rock, p => p.Record.Followed));
        Assert.NotNull(FirstPlayed(performances, Rock, p => !p.Record.Followed));
        Assert.Contains(Enumerable.Range(0, 60), seed => new HumanDrums(performances, seed)
            .Play(Song(Rock, "song"), Accompaniment()) is null);
    }

    [Fact]
    public void The_song_moves_to_the_drummers_beat()
    {
        const long pulse = 192;
        var warp = new BeatWarp([10, 182, 2 * pulse - 6, 5 * pulse + 12, 6 * pulse + 60], pulse, 8 * pulse);
        Assert.Equal([10, pulse - 10, 2 * pulse - 6, 3 * pulse, 4 * pulse + 6, 5 * pulse + 12, 6 * pulse + 12], Enumerable.Range(0, 7)
            .Select(p => warp.Tick(p * pulse)));
        Assert.Equal(pulse / 2, warp.Tick(pulse / 2));
        long[] moved = [.. Enumerable.Range(0, (int)(9 * pulse)).Select(t => warp.Tick(t))];
        Assert.Equal(moved.Order(), moved);
        MidiFile file = warp.Apply(Accompaniment());
        long[] expected = [.. Accompaniment().Tracks[2].Events.Select(e => e.Tick == 0 ? 0 : warp.Tick(e.Tick))];
        Assert.Equal(expected, file.Tracks[2].Events.Select(e => e.Tick));
        Assert.Equal(Accompaniment().Tracks[1].Events.Select(e => e.Tick), file.Tracks[1].Events.Select(e => e.Tick));
    }

    [FactWithGrooveMidi]
    public void The_data_set_is_read_and_nearly_all_of_it_can_be_used()
    {
        DrumPerformances performances = DrumPerformances.Read(FactWithGrooveMidiAttribute.File!);
        Assert.InRange(performances.Beats.Count, 430, 445);
        Assert.InRange(performances.Fills.Count, 640, 650);
        Assert.All(performances.Beats, p => Assert.NotEmpty(p.Families));
        Assert.All(performances.Beats.Concat(performances.Fills).SelectMany(p => p.Notes), n =>
            Assert.Contains(n.Drum, (int[])[36, 37, 38, 42, 43, 44, 45, 46, 48, 49, 51, 53, 57]));
        Assert.InRange(performances.Beats.Sum(p => p.Seconds) / 3600, 12.5, 13.5);
    }

    [FactWithGrooveMidi]
    public async Task A_composed_song_is_played_by_a_person()
    {
        if (Requirements.Missing(real: false, composed: true, testSet: false) is not null) return;
        var drummers = new HumanDrums(DrumPerformances.Read(FactWithGrooveMidiAttribute.File!), 3);
        var composer = new Composer(GrooveLibrary.Read(), 3, isTest: false) { Drummers = drummers };
        for (int index = 1; index <= 12; index++)
        {
            SourceSong song = await composer.ComposeAsync(index, 13, LeadInstrument.Training, CancellationToken.None);
            if (song.Labels!.Drumming is not { } drumming) continue;
            Assert.Equal(60e6 / song.Midi.Tempo.Changes[0].MicrosecondsPerQuarter, drumming.Bpm, 1);
            Assert.EndsWith(DrumPerformances.Licence, song.Source.Licence, StringComparison.Ordinal);
            Assert.Single(song.Midi.TrackNames, "Drummer");
            Assert.Equal(song.Labels.Beats.Order(), song.Labels.Beats);
            Assert.Equal(drumming.Followed, song.Labels.Beats.Any(b => b % song.Midi.TicksPerQuarter != 0));
            return;
        }
        Assert.Fail("None of 12 songs was played by a person.");
    }
}
