using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Renders one stem of a plan: the parts of each soundfont and bank together, each such group with a synthesiser of its own, and their
/// sum. Thread-safe.
/// </summary>
internal static class StemSynthesis
{
    private const int Controller = 0xB0, BankSelect = 0, DrumBank = 128;

    /// <summary>Mono samples at 16 kHz.</summary>
    /// <param name="song">The song.</param>
    /// <param name="stem">The stem.</param>
    /// <param name="plan">All settings.</param>
    /// <param name="cancel">Stops the synthesiser.</param>
    /// <param name="families">Takes what each instrument family plays of the stem; the stem is the same with it and without.</param>
    /// <exception cref="StemJepaException">A soundfont or the MIDI cannot be played.</exception>
    public static float[] Render(
        SourceSong song, Stem stem, RenderPlan plan, CancellationToken cancel, Dictionary<string, float[]>? families = null)
    {
        float[] sum = [];
        if (plan.Electronic is { } sounds && (stem != Stem.Drums || sounds.Kit is not null))
        {
            foreach ((Part part, float[] samples) in ElectronicSynthesis.Render(song, PartsOf(song, stem), plan, sounds, cancel))
            {
                if (families is not null && plan.FamilyOf(part) is { } family)
                    families[family] = Sum(families.GetValueOrDefault(family, []), [.. samples]);
                sum = Sum(sum, samples);
            }
            return sum;
        }
        foreach ((SoundFont font, MidiFile midi, IReadOnlyList<Part> parts) in Files(song, PartsOf(song, stem), plan))
        {
            float[] samples = Play(midi, font, plan, cancel);
            if (families is not null) AddFamilies(families, song, parts, samples, plan, cancel);
            sum = Sum(sum, samples);
        }
        return sum;
    }

    /// <summary>The parts of a stem.</summary>
    public static IReadOnlyList<Part> PartsOf(SourceSong song, Stem stem) => [.. song.Midi.Parts.Where(p => song.Roles[p] == stem)];

    /// <summary>
    /// The MIDI files that together are some parts, each with the soundfont that plays it and the parts that it holds; one file where the
    /// plan has no sounds of its own for the parts.
    /// </summary>
    public static IEnumerable<(SoundFont Font, MidiFile Midi, IReadOnlyList<Part> Parts)> Files(
        SourceSong song, IReadOnlyList<Part> parts, RenderPlan plan)
    {
        if (!parts.Any(plan.Sounds.ContainsKey))
        {
            yield return (plan.SoundFont, StemMidi.Build(song.Midi, parts.Contains, plan), parts);
            yield break;
        }
        foreach (var group in parts.GroupBy(p => plan.Sounds.GetValueOrDefault(p) is { } s
            ? (s.Font, s.Bank, s.Keys) : (plan.SoundFont, 0, null)))
        {
            (SoundFont font, int bank, IReadOnlyList<int>? keys) = group.Key;
            RenderPlan own = plan with
            {
                Programs = plan.Programs.ToDictionary(p => p.Key, p => plan.Sounds.GetValueOrDefault(p.Key)?.Program ?? p.Value),
                DrumKit = group.Select(p => p.IsDrums ? plan.Sounds.GetValueOrDefault(p)?.Program : null)
                    .FirstOrDefault(k => k is not null) ?? plan.DrumKit,
            };
            MidiFile midi = StemMidi.Build(song.Midi, group.Contains, own);
            if (keys is null)
            {
                yield return (font, bank == 0 ? midi : WithBank(midi, bank), [.. group]);
                continue;
            }
            yield return (font, OnKit(midi, keys, bank), [.. group]);
            if (Rest(StemMidi.Build(song.Midi, group.Contains, plan), keys) is { } rest) yield return (plan.SoundFont, rest, [.. group]);
        }
    }

    /// <summary>
    /// Takes a file's samples apart by family. The parts without a family, else the family with the most notes, are what the others leave,
    /// since a synthesiser's voices, reverb and chorus add up: a file takes as many renderings as it has families.
    /// </summary>
    private static void AddFamilies(Dictionary<string, float[]> families, SourceSong song, IReadOnlyList<Part> parts, float[] samples,
        RenderPlan plan, CancellationToken cancel)
    {
        float[] left = [.. samples];
        (string? Family, Part[] Parts)[] played = [.. parts.GroupBy(plan.FamilyOf).Select(g => (g.Key, g.ToArray()))
            .OrderBy(g => g.Key is null).ThenBy(g => g.Item2.Sum(p => p.Notes.Count)).ThenBy(g => g.Key, StringComparer.Ordinal)];
        foreach ((string? family, Part[] its) in played.SkipLast(1))
        {
            (SoundFont font, MidiFile midi, _) = Files(song, its, plan).Single();
            float[] own = Play(midi, font, plan, cancel);
            int shared = Math.Min(own.Length, left.Length);
            TensorPrimitives.Subtract(left.AsSpan(0, shared), own.AsSpan(0, shared), left);
            Add(family!, own);
        }
        if (played[^1].Family is { } last) Add(last, left);

        void Add(string family, float[] own) => families[family] = Sum(families.GetValueOrDefault(family, []), own);
    }

    private static float[] Play(MidiFile midi, SoundFont font, RenderPlan plan, CancellationToken cancel) =>
        Fluidsynth.Render(MidiWriter.Write(midi), plan.Name, font, plan.Reverb, plan.Chorus, cancel);

    /// <summary>The sum of two recordings, in the memory of the longer one.</summary>
    public static float[] Sum(float[] first, float[] second)
    {
        (float[] shorter, float[] longer) = first.Length < second.Length ? (first, second) : (second, first);
        TensorPrimitives.Add(shorter, longer.AsSpan(0, shorter.Length), longer.AsSpan(0, shorter.Length));
        return longer;
    }

    private static MidiFile WithBank(MidiFile midi, int bank) => midi with
    {
        Tracks = [.. midi.Tracks.Select(t => t with { Events = [.. t.Events.Where(e => e.IsChannelMessage).Select(e => e.Channel)
            .Distinct().Select(c => MidiEvent.ForChannel(0, Controller, c, BankSelect, bank)), .. t.Events] })],
    };

    /// <summary>The drums that the kit has, on its keys; a kit outside bank 128 plays on channel 1.</summary>
    private static MidiFile OnKit(MidiFile midi, IReadOnlyList<int> keys, int bank)
    {
        int channel = bank == DrumBank ? Part.DrumChannel : 0;
        return Rewrite(midi, e =>
        {
            if (!e.IsChannelMessage) return e;
            bool isNote = e.IsNoteOn || e.IsNoteOff;
            if (isNote && keys[e.Data1] < 0) return null;
            return e with { Status = (byte)(e.Kind | channel), Data1 = isNote ? (byte)keys[e.Data1] : e.Data1 };
        });
    }

    /// <summary>The drums that the kit lacks, or null if there are none.</summary>
    private static MidiFile? Rest(MidiFile midi, IReadOnlyList<int> keys)
    {
        MidiFile rest = Rewrite(midi, e => (e.IsNoteOn || e.IsNoteOff) && keys[e.Data1] >= 0 ? null : e);
        return rest.Tracks.Any(t => t.Events.Any(e => e.IsNoteOn)) ? rest : null;
    }

    private static MidiFile Rewrite(MidiFile midi, Func<MidiEvent, MidiEvent?> change) => midi with
    {
        Tracks = [.. midi.Tracks.Select(t => t with { Events = [.. t.Events.Select(change).OfType<MidiEvent>()] })],
    };
}
