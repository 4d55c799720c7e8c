using System.Globalization;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Draws the variants of a song: an excerpt in which all roles play, with another key, tempo, soundfont, instruments of the same families,
/// drum kit, balance, reverb and chorus. A variant depends only on seed, song and round. Immutable; thread-safe.
/// </summary>
/// <param name="drumKits">The drum kits of each soundfont.</param>
/// <param name="seed">Seed of the corpus.</param>
internal sealed class VariantPlanner(IReadOnlyDictionary<SoundFont, IReadOnlyList<int>> drumKits, int seed)
{
    /// <summary>Length of the longest excerpt of a variant in seconds; 75 s with its tail.</summary>
    public const double LongestSeconds = 75 - StemMidi.TailSeconds;

    /// <summary>Number of programs in a General MIDI family.</summary>
    public const int FamilySize = 8;

    private const int FirstEffectProgram = 112;
    private const double LowestTempo = 0.8, HighestTempo = 1.25, GainDb = 6, AlmostSameTempo = 0.03;

    /// <summary>Draws the plan of round <paramref name="round"/>, from 1.</summary>
    public RenderPlan Plan(MidiSong song, IReadOnlyDictionary<Part, Stem> roles, int round)
    {
        Random random = SeededRandom.For($"{seed}/{song.Name}/{round}");
        double tempo = LowestTempo * Math.Pow(HighestTempo / LowestTempo, random.NextDouble());
        int transpose = random.Next(-6, 7);
        int instead = random.Next(2) == 0 ? random.Next(-6, 0) : random.Next(1, 7);
        if (transpose == 0 && Math.Abs(tempo - 1) < AlmostSameTempo) transpose = instead;
        SoundFont soundFont = SoundFont.Training[random.Next(SoundFont.Training.Count)];
        IReadOnlyList<int> kits = SoundFont.DrumSets(drumKits[soundFont]);
        (long start, long end) = Excerpt(song, roles, LongestSeconds * tempo, random);
        return new RenderPlan
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{song.Name}{CorpusSong.VariantMark}{round:00}"),
            StartTick = start,
            EndTick = end,
            Transpose = transpose,
            TempoFactor = tempo,
            SoundFont = soundFont,
            DrumKit = kits[random.Next(kits.Count)],
            Programs = song.Parts.Where(p => !p.IsDrums).ToDictionary(p => p, p => Swap(p.Program, random.Next(FamilySize))),
            GainsDb = Stem.Roles.ToDictionary(s => s, _ => GainDb * (2 * random.NextDouble() - 1)),
            Reverb = random.Next(2) == 0,
            Chorus = random.Next(2) == 0,
            Seed = seed,
        };
    }

    /// <summary>
    /// Returns program <paramref name="member"/> (0..7) of the family of <paramref name="program"/>; percussion and effects are unchanged.
    /// </summary>
    public static int Swap(int program, int member) =>
        program >= FirstEffectProgram ? program : program / FamilySize * FamilySize + member;

    /// <summary>
    /// Draws one of the excerpts, which start at whole seconds, whose least present role is nearly as present as in the best excerpt.
    /// </summary>
    private static (long Start, long End) Excerpt(MidiSong song, IReadOnlyDictionary<Part, Stem> roles, double seconds, Random random)
    {
        double origin = song.Tempo.ToSeconds(song.StartTick);
        double choice = random.NextDouble();
        if (song.Seconds <= seconds) return (song.StartTick, song.EndTick);
        int window = (int)seconds, starts = (int)(song.Seconds - seconds) + 1;
        var least = new int[starts];
        Array.Fill(least, int.MaxValue);
        foreach (Stem stem in Stem.Roles)
        {
            int[] sums = RunningSums(song, roles, stem, origin);
            for (int s = 0; s < starts; s++)
                least[s] = Math.Min(least[s], sums[Math.Min(s + window, sums.Length - 1)] - sums[s]);
        }
        int good = (int)Math.Ceiling(least.Max() * 0.8);
        int[] candidates = [.. Enumerable.Range(0, starts).Where(s => least[s] >= good)];
        double start = origin + candidates[(int)(choice * candidates.Length)];
        return (song.Tempo.ToTick(start), Math.Min(song.EndTick, song.Tempo.ToTick(start + seconds)));
    }

    private static int[] RunningSums(MidiSong song, IReadOnlyDictionary<Part, Stem> roles, Stem stem, double origin)
    {
        var sums = new int[(int)song.Seconds + 2];
        foreach (Note note in roles.Where(r => r.Value == stem).SelectMany(r => r.Key.Notes))
        {
            int first = (int)(song.Tempo.ToSeconds(note.Start) - origin), last = (int)(song.Tempo.ToSeconds(note.End) - origin);
            for (int s = first; s <= last && s + 1 < sums.Length; s++) sums[s + 1] = 1;
        }
        for (int s = 1; s < sums.Length; s++) sums[s] += sums[s - 1];
        return sums;
    }
}
