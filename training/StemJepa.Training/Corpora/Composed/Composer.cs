using System.Globalization;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Composes songs: a groove of mma, a key, a tempo, chords in a form, and a melody over them. A song depends only on seed, split, index and
/// the installed mma. Thread-safe.
/// </summary>
/// <param name="library">The grooves.</param>
/// <param name="seed">Seed of the corpus.</param>
/// <param name="isTest">True to use only grooves of test files, false to use only those of training files.</param>
internal sealed class Composer(GrooveLibrary library, int seed, bool isTest)
{
    /// <summary>Prefixes of the names of composed songs: of all, of training songs, of test songs.</summary>
    public const string Prefix = "composed", TrainingPrefix = Prefix + "_", TestPrefix = Prefix + "-test_";

    private const string Licence = "GPL-2.0-or-later";
    private const int Attempts = 100;
    private const double MinorKeys = 0.45;
    private readonly IReadOnlyList<GrooveFile> _files = library.Split(isTest);
    private readonly string _split = isTest ? SongSplit.Test : SongSplit.Train;

    /// <summary>People who play the drums of some songs; null: mma plays them all.</summary>
    public HumanDrums? Drummers { get; init; }

    /// <summary>Returns the name of song <paramref name="index"/>, from 1.</summary>
    public string NameOf(int index) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{(isTest ? TestPrefix : TrainingPrefix)}{index.ToString(isTest ? "000" : "00000", CultureInfo.InvariantCulture)}");

    /// <summary>Composes song <paramref name="index"/> and lets mma play it.</summary>
    /// <param name="index">Number of the song, from 1.</param>
    /// <param name="seconds">Approximate length.</param>
    /// <param name="leads">Instruments that may play the melody.</param>
    /// <param name="cancel">Cancels the composition.</param>
    /// <exception cref="StemJepaException">mma is not installed, or no groove is usable.</exception>
    public async Task<SourceSong> ComposeAsync(int index, double seconds, IReadOnlyList<LeadInstrument> leads, CancellationToken cancel)
    {
        Random random = SeededRandom.For($"{seed}/composed/{_split}/{index}");
        string version = await DebianPackages.VersionAsync(Mma.Package, cancel);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            GrooveFile file = attempt == 0 ? FileOf(index) : random.Pick(_files);
            IReadOnlyList<Groove> usable = await file.UsableAsync(cancel);
            if (usable.Count == 0) continue;
            Groove groove = random.Pick(usable);
            Groove[] grooves =
                [groove, .. usable.Where(g => g != groove && (g.BarBeats, g.IsCompound) == (groove.BarBeats, groove.IsCompound))];
            Composition composition = Draw(NameOf(index), grooves, seconds, leads, random);
            if (await Play(composition, random, version, cancel) is { } song) return song;
        }
        throw new StemJepaException(
            $"{NameOf(index)}: none of {Attempts} grooves in {GrooveLibrary.Folder} gives drums, bass and accompaniment; "
            + "an intact mma library is needed.");
    }

    /// <summary>
    /// Returns the file that song <paramref name="index"/>, from 1, tries first. All files are used once, in an order given by the seed,
    /// before one is repeated.
    /// </summary>
    public GrooveFile FileOf(int index)
    {
        int round = (index - 1) / _files.Count;
        GrooveFile[] order = [.. _files];
        SeededRandom.For($"{seed}/files/{_split}/{round}").Shuffle(order);
        return order[(index - 1) % order.Length];
    }

    private static Composition Draw(
        string name, IReadOnlyList<Groove> grooves, double seconds, IReadOnlyList<LeadInstrument> leads, Random random)
    {
        var key = new Key(random.Next(12), random.Chance(MinorKeys));
        (int low, int high) = GenreFamilies.TempoRange(grooves[0]);
        int bpm = (int)Math.Round(low * Math.Pow((double)high / low, random.NextDouble()));
        int bars = Math.Max(4, (int)Math.Round(seconds * bpm / 60 / grooves[0].BarPulses));
        IReadOnlyList<SongSection> sections = SongForm.Draw(key, grooves, bars, random);
        return new Composition(name, grooves[0], bpm, sections, random.Pick(leads), random.Next(1, 1 << 30));
    }

    private async Task<SourceSong?> Play(Composition composition, Random random, string version, CancellationToken cancel)
    {
        MidiFile accompaniment = await Mma.RunAsync(composition.ToMmaScript(), composition.Name, cancel);
        HumanDrums.Played? played = Drummers?.Play(composition, accompaniment);
        if (played is not null) (composition, accompaniment) = (played.Composition, played.Accompaniment);
        var accompanied = new MidiSong(accompaniment, composition.Name);
        int channel = Enumerable.Range(0, 16).Where(c => c != Part.DrumChannel).Except(accompanied.Parts.Select(p => p.Channel))
            .FirstOrDefault(-1);
        if (channel < 0) return null;
        Groove groove = composition.Groove;
        var writer = new MelodyWriter(
            composition.Lead, groove.BarPulses, groove.PulseBeats * accompaniment.TicksPerQuarter,
            PulseDivisions.Detect(accompanied, groove),
            composition.Bpm, random);
        MidiTrack lead = LeadTrack(writer.Write(composition.Sections), composition.Lead.Program, channel);
        var file = new MidiFile(1, accompaniment.TicksPerQuarter, [.. accompaniment.Tracks, lead]);
        SongLabels labels = composition.CreateLabels(file.TicksPerQuarter) with { Drumming = played?.Record };
        if (played is { Record.Followed: true })
        {
            var warp = new BeatWarp(played.Strokes, (long)groove.PulseBeats * file.TicksPerQuarter, labels.End);
            (file, labels) = (warp.Apply(file), warp.Apply(labels));
        }
        var midi = new MidiSong(file, composition.Name);
        Dictionary<Part, Stem> roles = midi.Parts.ToDictionary(p => p, MmaRoles.RoleOf);
        if (Stem.Roles.Except(roles.Values).Any()) return null;
        var source = new MidiSource(
            composition.Name, Mma.Package, version, $"{GrooveLibrary.Folder}/{groove.File}.mma", groove.Name,
            played is null ? Licence : $"{Licence} AND {DrumPerformances.Licence}", MidiWriter.Write(file));
        bool isTestSong = composition.Name.StartsWith(TestPrefix, StringComparison.Ordinal);
        return new SourceSong(source, midi, roles, isTestSong) { Labels = labels };
    }

    private static MidiTrack LeadTrack(IReadOnlyList<MelodyNote> melody, int program, int channel)
    {
        var events = new List<MidiEvent>
        {
            MidiEvent.Meta(0, MidiEvent.TrackName, Encoding.ASCII.GetBytes(MmaRoles.LeadTrack)),
            MidiEvent.ForChannel(0, 0xC0, channel, program),
        };
        foreach (MelodyNote note in melody)
        {
            events.Add(MidiEvent.ForChannel(note.Start, 0x90, channel, note.Pitch, note.Velocity));
            events.Add(MidiEvent.ForChannel(note.End, 0x80, channel, note.Pitch));
        }
        MidiEvent[] ordered = [.. events.OrderBy(e => e.Tick).ThenBy(e => e.IsNoteOn)];
        return new MidiTrack(ordered, ordered[^1].Tick);
    }
}
