using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracles: the presets that fluidsynth's own listing and the soundfonts' table name, and the rules of the palette.</summary>
public sealed class SoundPaletteTests
{
    private static SourceSong Song(string name = "mixed")
    {
        MidiFile file = SongSketch.FourRoles(28).File();
        var midi = new MidiSong(file, name);
        return new SourceSong(new MidiSource(name, "none", "1", "m.mid", null, "MIT", MidiWriter.Write(file)), midi,
            RoleAssignment.Assign(midi), IsTest: false);
    }

    private static SoundPalette Palette(int seed) => new(SampledFonts.In(FactWithSampledFontsAttribute.Folder!), seed);

    private static RenderPlan Plan(SourceSong song, int seed, string? name = null)
    {
        RenderPlan plan = RenderPlan.Original(song.Midi, seed) with { SoundFont = SoundFont.TimGm6Mb, Reverb = false, Chorus = false };
        return Palette(seed).Mix(song, plan with { Name = name ?? song.Name });
    }

    [FactWithSampledFonts]
    public void Presets_are_read_with_their_keys()
    {
        string folder = FactWithSampledFontsAttribute.Folder!;
        SoundFontPresets.Preset vowel = SoundFontPresets.Of(Path.Combine(folder, "sung_vowels.sf2"))
            .Single(p => (p.Bank, p.Program) == (1, 54));
        Assert.Equal("Solo na", vowel.Name);
        Assert.Equal(Enumerable.Range(57, 26), vowel.HasKey.Index().Where(k => k.Item).Select(k => k.Index));
        int[] kit = [.. Enumerable.Range(35, 19), 55, 57, 59];
        Assert.All(SoundFontPresets.Of(Path.Combine(folder, "muldjord_drums.sf2")), p =>
            Assert.Equal(kit, p.HasKey.Index().Where(k => k.Item).Select(k => k.Index)));
        Assert.Equal(128, SoundFontPresets.Of(SoundFont.FluidR3.Path).Count(p => p.Bank == 0));
        Assert.Equal(SoundFont.ReadDrumKits(SoundFont.TimGm6Mb.Path), SoundFontPresets.Of(SoundFont.TimGm6Mb.Path)
            .Where(p => p.Bank == 128).Select(p => p.Program).Order());
    }

    [FactWithSampledFonts]
    public void Parts_stay_in_their_family_and_within_the_keys_of_their_preset()
    {
        SourceSong song = Song();
        var fonts = new HashSet<string>();
        bool mixes = false;
        for (int seed = 0; seed < 60; seed++)
        {
            RenderPlan plan = Plan(song, seed);
            mixes |= plan.Sounds.Values.Select(s => s.Font).Distinct().Count() >= 3;
            foreach ((Part part, PartSound sound) in plan.Sounds)
            {
                fonts.Add(sound.Font.Name);
                if (part.IsDrums) continue;
                bool isSung = sound.Font.Name == SampledFonts.Vowels && song.Roles[part] == Stem.Vocals;
                if (!isSung) Assert.Equal(part.Program / 8, sound.Program / 8);
                SoundFontPresets.Preset preset = SoundFontPresets.Of(sound.Font.Path)
                    .Single(p => (p.Bank, p.Program) == (sound.Bank, sound.Program));
                Assert.All(part.Notes, n => Assert.True(preset.HasKey[n.Pitch - 3] && preset.HasKey[n.Pitch + 3]));
            }
        }
        Assert.True(mixes);
        Assert.DoesNotContain(SoundFont.MuseScore.Name, fonts);
        Assert.Superset(new HashSet<string> { "FluidR3_GM", "TimGM6mb", "muldjord_drums", "Black_Pearl_4_LV2", "Red_Zeppelin_4_LV2",
            "sung_vowels", "band_cc0" }, fonts);
    }

    [FactWithSampledFonts]
    public void The_same_seed_and_name_give_the_same_sounds_and_nearby_variants_keep_them()
    {
        SourceSong song = Song();
        RenderPlan plan = Plan(song, 3);
        Assert.Equal(plan.Sounds.Select(s => (s.Key, s.Value.Font, s.Value.Bank, s.Value.Program)), Plan(song, 3)
            .Sounds.Select(s => (s.Key, s.Value.Font, s.Value.Bank, s.Value.Program)));
        Assert.Same(plan.Sounds, NearbyVariants.Moved(plan, "mixed~nearby", 4, 3).Sounds);
        Assert.True(Enumerable.Range(0, 8).Select(i => string.Join(' ', Plan(song, 3, $"mixed~{i}").Sounds.Values)).Distinct()
            .Count() >= 6);
    }

    [FactWithSampledFonts]
    public void A_kit_outside_bank_128_plays_its_drums_and_the_plans_font_plays_the_others()
    {
        MidiFile file = new SongSketch().Line(9, 0, "kit", 28, 35, 38, 62, 42).Line(0, 33, "low", 28, 36, 43)
            .Line(1, 48, "chords", 28, 60).Line(2, 73, "lead", 28, 72, 74).File();
        var midi = new MidiSong(file, "kits");
        var song = new SourceSong(new MidiSource("kits", "none", "1", "k.mid", null, "MIT", []), midi, RoleAssignment.Assign(midi),
            IsTest: false);
        PartSound kit = SampledFonts.KitsOf(SampledFonts.In(FactWithSampledFontsAttribute.Folder!)
            .First(f => f.Name.StartsWith("Red", StringComparison.Ordinal))).Single();
        Part drums = midi.Parts.Single(p => p.IsDrums);
        RenderPlan plan = RenderPlan.Original(midi, 1) with { Sounds = new Dictionary<Part, PartSound> { [drums] = kit } };

        (SoundFont Font, MidiFile Midi)[] files =
            [.. StemSynthesis.Files(song, StemSynthesis.PartsOf(song, Stem.Drums), plan).Select(f => (f.Font, f.Midi))];
        Assert.Equal(["Red_Zeppelin_4_LV2", "FluidR3_GM"], files.Select(f => f.Font.Name));
        int[][] keys = [.. files.Select(f => f.Midi.Tracks[0].Events.Where(e => e.IsNoteOn).Select(e => (int)e.Data1).Distinct().Order()
            .ToArray())];
        Assert.Equal([36, 38, 42], keys[0]);
        Assert.Equal([62], keys[1]);
        Assert.All(files[0].Midi.Tracks[0].Events.Where(e => e.IsChannelMessage), e => Assert.Equal(0, e.Channel));
        Assert.Contains(files[0].Midi.Tracks[0].Events, e => e.IsChannelMessage && e.Kind == 0xC0 && e.Data1 == 0);
        Assert.Single(StemSynthesis.Files(song, StemSynthesis.PartsOf(song, Stem.Bass), plan));
    }

    [FactWithSampledFonts]
    public void Every_stem_of_a_mixed_song_sounds()
    {
        SourceSong song = Song();
        for (int seed = 0; seed < 4; seed++)
        {
            RenderPlan plan = Plan(song, seed);
            foreach (Stem stem in Stem.Roles)
            {
                float[] samples = StemSynthesis.Render(song, stem, plan, CancellationToken.None);
                for (int second = 0; second < 12; second++)
                    Assert.True(samples.AsSpan(second * 16000, 16000).ToArray().Max(Math.Abs) > 0.003f,
                        $"seed {seed}, {stem}, second {second}: {plan.Sounds.FirstOrDefault(s => song.Roles[s.Key] == stem).Value}");
            }
        }
    }
}
