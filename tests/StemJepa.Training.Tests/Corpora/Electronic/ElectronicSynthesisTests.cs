using StemJepa.TestSupport;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: what the score says is what sounds: pitches, times, and the kick that pushes the others down.</summary>
public sealed class ElectronicSynthesisTests
{
    private const int Rate = Fluidsynth.OutputRate;

    private static readonly ElectronicEffects Dry = new(0, 0, 0, (3, 0, 0), (0, 1), (16, 0), 20, (0, 0));

    private static readonly ElectronicKit Kit = new()
    {
        Kick = (50, 300, 0.04, 0.2, 1, 0.3),
        Snare = (200, 0.5, 1500, 0.2),
        Clap = (1000, 0.2),
        Hat = (6000, 0.5, 0.05, 0.2),
        Percussion = (400, 1.5, 2, 0.1),
    };

    [RequiresProgramFact("csound")]
    public void APartSoundsAtTheTimesAndPitchesOfItsNotesInAPlansKeyAndTempo()
    {
        SourceSong song = Song([(0, 1920, 69), (1920, 3840, 73)], []);
        RenderPlan plan = Plan(song) with { Transpose = 2, TempoFactor = 1.25 };
        float[] samples = Lead(song, plan, Sounds(Dry));
        double second = 4 * 0.5 / 1.25;
        Assert.True(Level(samples, 0.3, second - 0.2, 71) > 20 * Level(samples, 0.3, second - 0.2, 75));
        Assert.True(Level(samples, second + 0.3, 2 * second - 0.2, 75) > 20 * Level(samples, second + 0.3, 2 * second - 0.2, 71));
        Assert.True(Energy(samples, 2 * second + 0.3, 2 * second + 1) < 1e-4 * Energy(samples, 0.3, 1));
    }

    [RequiresProgramFact("csound")]
    public void AKickBeginsOnItsStrokeAndPushesOtherPartsDown()
    {
        SourceSong song = Song([(0, 7680, 69)], [1920, 3840, 5760]);
        float[] free = Lead(song, Plan(song), Sounds(Dry)), ducked = Lead(song, Plan(song), Sounds(Dry with { Duck = 0.9 }));
        Assert.True(Energy(ducked, 2.01, 2.05) < 0.25 * Energy(free, 2.01, 2.05));
        Assert.True(Energy(ducked, 2.6, 2.9) > 0.7 * Energy(free, 2.6, 2.9));
        Part drums = song.Midi.Parts.Single(p => p.IsDrums);
        float[] kicks = ElectronicSynthesis.Render(song, [drums], Plan(song), Sounds(Dry), CancellationToken.None)[0].Samples;
        Assert.All(new[] { 2.0, 4.0, 6.0 }, at =>
        {
            Assert.True(Energy(kicks, at, at + 0.05) > 1e-3);
            Assert.True(Energy(kicks, at - 0.1, at - 0.005) < 1e-4 * Energy(kicks, at, at + 0.05));
        });
    }

    [RequiresProgramFact("csound")]
    public void DrawnSoundsAreFiniteAudibleAndTheSameAgain()
    {
        for (int index = 1; index <= 6; index++)
        {
            SourceSong song = new ElectronicComposer(3).Compose(index, "1");
            ElectronicSounds sounds = ElectronicSounds.Draw(song.Name, seed: 3);
            IReadOnlyList<Part> parts = [.. song.Midi.Parts.Where(p => !p.IsDrums || sounds.Kit is not null)];
            var first = ElectronicSynthesis.Render(song, parts, Plan(song), sounds, CancellationToken.None);
            Assert.All(first, part => Assert.True(part.Samples.All(float.IsFinite) && part.Samples.Max(MathF.Abs) is > 0.005f and < 20,
                $"{song.Name} {part.Part.TrackName}: peak {part.Samples.Max(MathF.Abs)}"));
            if (index > 2) continue;
            var again = ElectronicSynthesis.Render(
                song, parts, Plan(song), ElectronicSounds.Draw(song.Name, seed: 3), CancellationToken.None);
            Assert.Equal(first.Select(p => p.Samples), again.Select(p => p.Samples));
        }
    }

    [RequiresProgramFact("csound")]
    public void ABrokenScoreIsAnErrorThatNamesTheSong()
    {
        var error = Assert.Throws<StemJepaException>(
            () => Csound.Render(ElectronicComposer.Orchestra, "i 1 0 1 7 1 50 300 0.05 1 0.2\n", 1, 1, "broken", CancellationToken.None));
        Assert.StartsWith("broken: csound failed with exit code", error.Message, StringComparison.Ordinal);
    }

    private static float[] Lead(SourceSong song, RenderPlan plan, ElectronicSounds sounds)
    {
        Part lead = song.Midi.Parts.Single(p => !p.IsDrums);
        return ElectronicSynthesis.Render(song, [lead], plan, sounds, CancellationToken.None)[0].Samples;
    }

    private static RenderPlan Plan(SourceSong song) =>
        RenderPlan.Original(song.Midi, 1) with { StartTick = 0, EndTick = song.Labels!.End };

    private static ElectronicSounds Sounds(ElectronicEffects effects)
    {
        var patch = new ElectronicPatch
        {
            Wave = 2, Unison = (1, 0), Filter = (5, 0, 0.1, 0), Amplitude = (0.005, 0.05, 0.9, 0.05),
        };
        return new ElectronicSounds(Kit, new Dictionary<ElectronicPart, ElectronicPatch> { [ElectronicPart.Lead] = patch },
            new Dictionary<ElectronicPart, ElectronicEffects> { [ElectronicPart.Lead] = effects, [ElectronicPart.Drums] = Dry });
    }

    /// <summary>A song of 120 quarter notes a minute with a lead, and a kick on the given ticks.</summary>
    private static SourceSong Song((long From, long To, int Pitch)[] notes, long[] kicks)
    {
        MidiEvent[] events =
        [
            .. notes.SelectMany(n => new[]
            {
                MidiEvent.ForChannel(n.From, 0x90, ElectronicPart.Lead.Channel, n.Pitch, 100),
                MidiEvent.ForChannel(n.To, 0x80, ElectronicPart.Lead.Channel, n.Pitch),
            }),
            .. kicks.SelectMany(k => new[]
            {
                MidiEvent.ForChannel(k, 0x90, Part.DrumChannel, 36, 110), MidiEvent.ForChannel(k + 120, 0x80, Part.DrumChannel, 36),
            }),
        ];
        MidiEvent[] ordered = [.. events.OrderBy(e => e.Tick).ThenBy(e => e.IsNoteOn)];
        var midi = new MidiSong(new MidiFile(0, 480, [new MidiTrack(ordered, ordered[^1].Tick)]), "sketch");
        var labels = new SongLabels(GenreFamily.Dance, ["electronic:house"], "4/4", [], [0, 1920], [], [], ordered[^1].Tick);
        return new SourceSong(new MidiSource("sketch", "csound", "1", "electronic.orc", "house", "MIT", []), midi,
            midi.Parts.ToDictionary(p => p, p => ElectronicPart.Of(p).Role), IsTest: false) { Labels = labels };
    }

    private static double Energy(float[] samples, double from, double to) =>
        samples[(int)(from * Rate)..(int)(to * Rate)].Average(s => (double)s * s);

    /// <summary>The amplitude of a pitch's fundamental.</summary>
    private static double Level(float[] samples, double from, double to, int pitch)
    {
        double hertz = 440 * Math.Pow(2, (pitch - 69) / 12.0), real = 0, imaginary = 0;
        for (int i = (int)(from * Rate); i < (int)(to * Rate); i++)
        {
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * hertz * i / Rate);
            (real, imaginary) = (real + samples[i] * cosine, imaginary + samples[i] * sine);
        }
        return Math.Sqrt(real * real + imaginary * imaginary);
    }
}
