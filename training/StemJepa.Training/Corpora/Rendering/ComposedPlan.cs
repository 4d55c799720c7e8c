namespace StemJepa.Training.Corpora;

/// <summary>
/// Draws the plan of a composed song: soundfont, programs of the same families, drum kit, balance, reverb and chorus. Thread-safe.
/// </summary>
internal static class ComposedPlan
{
    private const double GainDb = 5;

    /// <summary>Draws the plan, which depends only on the name of the song, the soundfonts and the seed.</summary>
    /// <param name="song">A song of <see cref="Composer"/>.</param>
    /// <param name="fonts">The soundfonts to choose from, with their drum kits.</param>
    /// <param name="seed">Seed of the corpus.</param>
    public static RenderPlan Draw(SourceSong song, IReadOnlyList<(SoundFont Font, IReadOnlyList<int> Kits)> fonts, int seed)
    {
        Random random = SeededRandom.For($"{seed}/plan/{song.Name}");
        (SoundFont font, IReadOnlyList<int> kits) = random.Pick(fonts);
        return new RenderPlan
        {
            Name = song.Name,
            StartTick = 0,
            EndTick = song.Labels!.End,
            SoundFont = font,
            DrumKit = random.Pick(kits),
            Programs = song.Midi.Parts.Where(p => !p.IsDrums).ToDictionary(p => p, p =>
            {
                int member = random.Next(VariantPlanner.FamilySize);
                return song.Roles[p] == Stem.Vocals ? p.Program : VariantPlanner.Swap(p.Program, member);
            }),
            GainsDb = Stem.Roles.ToDictionary(s => s, _ => GainDb * (2 * random.NextDouble() - 1)),
            EqualLoudness = true,
            Reverb = random.Chance(0.5),
            Chorus = random.Chance(0.5),
            Seed = seed,
        };
    }
}
