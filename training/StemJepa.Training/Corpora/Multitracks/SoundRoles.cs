using System.Text.RegularExpressions;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Gives the voices of a song their roles by name, use and sound. Names come first. Then drums are what is short or noisy on few pitches;
/// the bass is what is periodic below 140 Hz with most of
/// its energy there; the role <see cref="Stem.Vocals"/> is the lead: of the remaining periodic, monophonic voices the most present,
/// highest and loudest; the rest is <see cref="Stem.Other"/>.
/// Noise of many pitches, and noise that is rare, such as effects, has no role. Thread-safe.
/// </summary>
internal static partial class SoundRoles
{
    /// <summary>A song needs this many roles.</summary>
    public const int LeastRoles = 3;

    private const double NoisyBelow = 0.5, NoiseBelow = 0.4, TonalFrom = 0.75, KickBelow = 120, PeriodicFrom = 0.6, BassBelow = 140,
        BassLow = 0.4, ShortSeconds = 0.3, LeastPresence = 0.05, LeastMonophony = 0.8, LeastLeadMonophony = 0.4, LeadAbove = 180,
        LeastEnergy = 1e-6, LeadEnergyPower = 0.25;
    private const int FewPitches = 3, SeveralPitches = 6, RareNotes = 8;

    /// <summary>A voice: its name (may be empty), how it is used and how it sounds.</summary>
    public sealed record Voice(string Name, VoiceUse Use, VoiceSound Sound);

    /// <summary>The role of each voice; null for voices that cannot be told or do not sound.</summary>
    public static IReadOnlyList<Stem?> Assign(IReadOnlyList<Voice> voices)
    {
        double energy = voices.Sum(v => v.Sound.Energy);
        var roles = new Stem?[voices.Count];
        var open = new List<int>();
        for (int i = 0; i < voices.Count; i++)
        {
            Voice voice = voices[i];
            if (voice.Sound.Energy <= LeastEnergy * energy || voice.Use.Notes == 0) continue;
            roles[i] = ByName(voice) ?? BySound(voice);
            if (roles[i] is null && !CannotBeTold(voice)) open.Add(i);
        }
        bool CanLead(int i) => voices[i] is var v && v.Sound.Periodicity >= PeriodicFrom && v.Sound.Presence >= LeastPresence
            && v.Use.Pitches > FewPitches;
        int[] leads = [.. open.Where(i => LeadName().IsMatch(voices[i].Name) && CanLead(i))];
        if (leads.Length == 0) leads = [.. open.Where(i => CanLead(i) && voices[i].Sound.Hertz >= LeadAbove
            && voices[i].Use.Monophony >= LeastLeadMonophony).OrderByDescending(i => LeadScore(voices[i], energy)).Take(1)];
        foreach (int i in open) roles[i] = leads.Contains(i) ? Stem.Vocals : Stem.Other;
        return roles;
    }

    private static Stem? ByName(Voice voice) =>
        DrumName().IsMatch(voice.Name) ? Stem.Drums
        : BassName().IsMatch(voice.Name) && voice.Sound.LowShare > BassLow / 2 ? Stem.Bass
        : null;

    private static Stem? BySound(Voice voice)
    {
        (VoiceUse use, VoiceSound sound) = (voice.Use, voice.Sound);
        bool isFew = use.Pitches <= FewPitches;
        bool isStruck = sound.Length <= ShortSeconds && (sound.Periodicity < TonalFrom
            || (use.Pitches == 1 && sound.Hertz is > 0 and < KickBelow));
        if (use.Notes >= RareNotes && isFew && (isStruck || sound.Periodicity < NoisyBelow)) return Stem.Drums;
        if (use.Notes >= RareNotes && use.Pitches <= SeveralPitches && sound.Periodicity < NoiseBelow) return Stem.Drums;
        if (sound.Periodicity >= PeriodicFrom && sound.Hertz is > 0 and < BassBelow && sound.LowShare >= BassLow
            && use.Monophony >= LeastMonophony) return Stem.Bass;
        return null;
    }

    private static bool CannotBeTold(Voice voice) =>
        voice.Sound.Periodicity < NoiseBelow || (voice.Sound.Periodicity < NoisyBelow
            && (voice.Use.Notes < RareNotes || voice.Use.Pitches <= FewPitches));

    private static double LeadScore(Voice voice, double energy) =>
        Math.Pow(voice.Sound.Energy / energy, LeadEnergyPower) * voice.Sound.Presence
        * voice.Use.Monophony * voice.Use.Monophony * Math.Clamp(Math.Log2(voice.Sound.Hertz / 65.4) / 4, 0.05, 1);

    [GeneratedRegex(@"\b(bass|base)[ _-]?dr(u|um|ums)?\b|bassdrum|bdrum|\bbd|bd\b|kick|snare|\bsd\b|clap|hi-?h(h?a|i)?t|\bhat|hihat|" +
        @"\bhh\b|cymbal|crash|\bride\b|\btoms?\b|drum|\bperc|shaker|tambour|\brim|conga|bongo|cowbell|triangle\b.*perc|" +
        @"breakbeat", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DrumName();

    [GeneratedRegex("bass", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BassName();

    [GeneratedRegex(@"\blead|lead\b|melod|\bvocal|\bvoice\b|\bsolo\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LeadName();
}
