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
    /// <exception cref="StemJepaException">A soundfont or the MIDI cannot be played.</exception>
    public static float[] Render(SourceSong song, Stem stem, RenderPlan plan, CancellationToken cancel)
    {
        float[] sum = [];
        foreach ((SoundFont font, MidiFile midi) in Files(song, stem, plan))
        {
            float[] samples = Fluidsynth.Render(MidiWriter.Write(midi), plan.Name, font, plan.Reverb, plan.Chorus, cancel);
            (float[] shorter, float[] longer) = sum.Length < samples.Length ? (sum, samples) : (samples, sum);
            TensorPrimitives.Add(shorter, longer.AsSpan(0, shorter.Length), longer.AsSpan(0, shorter.Length));
            sum = longer;
        }
        return sum;
    }

    /// <summary>
    /// The MIDI files that together are the stem, each with the soundfont that plays it; one file where the plan has no sounds of its own
    /// for the parts.
    /// </summary>
    public static IEnumerable<(SoundFont Font, MidiFile Midi)> Files(SourceSong song, Stem stem, RenderPlan plan)
    {
        bool IsIn(Part part) => song.Roles[part] == stem;
        if (!song.Midi.Parts.Any(p => IsIn(p) && plan.Sounds.ContainsKey(p)))
        {
            yield return (plan.SoundFont, StemMidi.Build(song.Midi, IsIn, plan));
            yield break;
        }
        foreach (var group in song.Midi.Parts.Where(IsIn).GroupBy(p => plan.Sounds.GetValueOrDefault(p) is { } s
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
                yield return (font, bank == 0 ? midi : WithBank(midi, bank));
                continue;
            }
            yield return (font, OnKit(midi, keys, bank));
            if (Rest(StemMidi.Build(song.Midi, group.Contains, plan), keys) is { } rest) yield return (plan.SoundFont, rest);
        }
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
