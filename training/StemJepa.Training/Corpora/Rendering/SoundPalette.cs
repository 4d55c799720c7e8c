namespace StemJepa.Training.Corpora;

/// <summary>
/// Draws sounds for the parts of one song from several soundfonts: every part gets a preset of its General MIDI family that has all keys
/// which the part needs, in
/// FluidR3, TimGM6mb or a soundfont of real samples. A function of (seed, name of the rendered song) alone. Immutable; thread-safe.
/// </summary>
/// <param name="fonts">Soundfonts beside those of <see cref="SoundFont.Training"/>.</param>
/// <param name="seed">Seed of the corpus.</param>
internal sealed class SoundPalette(IReadOnlyList<SoundFont> fonts, int seed)
{
    /// <summary>How likely a lead is sung in vowels, whatever its family.</summary>
    public const double SungLeads = 0.15;

    private const int FirstEffectProgram = 112, DrumBank = 128;
    private readonly IReadOnlyList<SoundFont> _all = [.. SoundFont.Training, .. fonts];
    private readonly IReadOnlyList<PartSound> _kits = [.. fonts.SelectMany(SampledFonts.KitsOf)];

    /// <summary>The plan with sounds from several fonts.</summary>
    public RenderPlan Mix(SourceSong song, RenderPlan plan)
    {
        Random random = SeededRandom.For($"{seed}/sounds/{plan.Name}");
        var sounds = new Dictionary<Part, PartSound>();
        foreach (Part part in song.Midi.Parts)
        {
            PartSound? sound = part.IsDrums ? Kit(random) : Sound(part, song, plan, random);
            if (sound is not null) sounds[part] = sound;
        }
        return plan with { Sounds = sounds };
    }

    /// <summary>The plan with a kit from several fonts.</summary>
    public RenderPlan MixDrums(SourceSong song, RenderPlan plan) =>
        plan with { Sounds = Mix(song, plan).Sounds.Where(s => s.Key.IsDrums).ToDictionary() };

    /// <summary>An item whose song has its sounds mixed.</summary>
    public CorpusItem Mix(CorpusItem item) => item with
    {
        Prepare = async cancel =>
        {
            (SourceSong song, RenderPlan plan) = await item.Prepare(cancel);
            return (song, Mix(song, plan));
        },
    };

    /// <summary>One of the kits of real drums, or (one in five) the plan's own.</summary>
    private PartSound? Kit(Random random)
    {
        int kit = random.Next(_kits.Count + 1);
        return kit == _kits.Count ? null : _kits[kit];
    }

    private PartSound? Sound(Part part, SourceSong song, RenderPlan plan, Random random)
    {
        (double fontDraw, double presetDraw, double sungDraw) = (random.NextDouble(), random.NextDouble(), random.NextDouble());
        if (part.Program >= FirstEffectProgram) return null;
        bool isLead = song.Roles[part] == Stem.Vocals, keepsProgram = isLead && song.Labels is not null;
        int low = part.Notes.Min(n => n.Pitch) + plan.Transpose - NearbyVariants.MostSemitones,
            high = part.Notes.Max(n => n.Pitch) + plan.Transpose + NearbyVariants.MostSemitones;
        bool Fits(SoundFontPresets.Preset preset) => Enumerable.Range(low, high - low + 1)
            .All(k => k is >= 0 and < 128 && preset.HasKey[k]);
        bool InFamily(SoundFontPresets.Preset p) => keepsProgram ? p.Program == part.Program
            : p.Program / VariantPlanner.FamilySize == part.Program / VariantPlanner.FamilySize;
        IEnumerable<SoundFontPresets.Preset> Presets(SoundFont font) => fonts.Contains(font) ? SampledFonts.PitchedOf(font)
            : SoundFontPresets.Of(font.Path).Where(p => p.Bank == 0);

        bool isSung = isLead && sungDraw < SungLeads;
        (SoundFont Font, SoundFontPresets.Preset[] Presets)[] choices = isSung ? Choices(f => f.Name == SampledFonts.Vowels, _ => true)
            : [];
        if (choices.Length == 0) choices = Choices(_ => true, InFamily);
        if (choices.Length == 0) return null;
        (SoundFont chosen, SoundFontPresets.Preset[] presets) = choices[(int)(fontDraw * choices.Length)];
        SoundFontPresets.Preset preset = presets[(int)(presetDraw * presets.Length)];
        return new PartSound(chosen, preset.Bank, preset.Program);

        (SoundFont, SoundFontPresets.Preset[])[] Choices(Func<SoundFont, bool> isFont, Func<SoundFontPresets.Preset, bool> isPreset) =>
            [.. _all.Where(isFont).Select(f => (f, Presets(f).Where(p => p.Bank < DrumBank && isPreset(p) && Fits(p)).ToArray()))
                .Where(c => c.Item2.Length > 0)];
    }
}
