namespace StemJepa.Training.Corpora;

/// <summary>A synthesiser's settings for one part; the names of <c>electronic.orc</c>. Immutable.</summary>
internal sealed record ElectronicPatch
{
    /// <summary>0 saw, 1 square, 2 triangle, 3 frequency modulation.</summary>
    public required int Wave { get; init; }

    /// <summary>Oscillators, 1, 3 or 5, and the cents between them.</summary>
    public required (int Voices, double Cents) Unison { get; init; }

    /// <summary>Cutoff in octaves above the note, octaves and seconds of its envelope, resonance 0..1.</summary>
    public required (double Octaves, double Envelope, double Seconds, double Resonance) Filter { get; init; }

    /// <summary>Attack, decay, sustain (0..1) and release; times in seconds.</summary>
    public required (double Attack, double Decay, double Sustain, double Release) Amplitude { get; init; }

    /// <summary>Level of an oscillator one octave below.</summary>
    public double Sub { get; init; }

    /// <summary>Cents of vibrato.</summary>
    public double Vibrato { get; init; }

    /// <summary>Ratio and index of frequency modulation.</summary>
    public (double Ratio, double Index) FrequencyModulation { get; init; } = (1, 1);

    /// <summary>The filter's oscillator: cycles in a bar, and octaves.</summary>
    public (double PerBar, double Octaves) Wobble { get; init; }

    /// <summary>Whether notes glide from the one before.</summary>
    public bool Glides { get; init; }
}

/// <summary>The effects of a part. Immutable.</summary>
/// <param name="Duck">How far the kick pushes the part down, 0..1.</param>
/// <param name="Drive">Saturation, from 0.</param>
/// <param name="Chorus">Level of the chorus.</param>
/// <param name="Delay">Sixteenths, feedback and level.</param>
/// <param name="Reverb">Level and seconds.</param>
/// <param name="Gate">Cuts in a bar, and depth 0..1.</param>
/// <param name="HighPass">Hertz.</param>
/// <param name="Sweep">Octaves by which the filter opens in a section, from and to.</param>
internal sealed record ElectronicEffects(
    double Duck, double Drive, double Chorus, (int Sixteenths, double Feedback, double Level) Delay, (double Level, double Seconds) Reverb,
    (int PerBar, double Depth) Gate, double HighPass, (double From, double To) Sweep);

/// <summary>The drums of a synthesised kit. Immutable.</summary>
internal sealed record ElectronicKit
{
    /// <summary>Hertz of the kick at its end and start, seconds between, length, drive and click.</summary>
    public required (double Low, double High, double Sweep, double Length, double Drive, double Click) Kick { get; init; }

    /// <summary>Hertz and share of the snare's tone, high-pass of its noise, length.</summary>
    public required (double Tone, double Share, double HighPass, double Length) Snare { get; init; }

    /// <summary>High-pass and length of the clap.</summary>
    public required (double HighPass, double Length) Clap { get; init; }

    /// <summary>High-pass, metal, and lengths of the closed and the open hat.</summary>
    public required (double HighPass, double Metal, double Closed, double Open) Hat { get; init; }

    /// <summary>Hertz, ratio, index and length of the percussion.</summary>
    public required (double Hertz, double Ratio, double Index, double Length) Percussion { get; init; }
}

/// <summary>All sounds of an electronic song, a function of seed and song. Immutable.</summary>
/// <param name="Kit">The drums; null leaves them to the plan's soundfonts.</param>
/// <param name="Patches">The synthesiser of each part.</param>
/// <param name="Effects">The effects of each part.</param>
internal sealed record ElectronicSounds(
    ElectronicKit? Kit, IReadOnlyDictionary<ElectronicPart, ElectronicPatch> Patches,
    IReadOnlyDictionary<ElectronicPart, ElectronicEffects> Effects)
{
    private static readonly ElectronicPart[] Pitched =
        [ElectronicPart.Bass, ElectronicPart.Pad, ElectronicPart.Arpeggio, ElectronicPart.Stabs, ElectronicPart.Riser, ElectronicPart.Lead];

    /// <summary>Draws the sounds of a song.</summary>
    public static ElectronicSounds Draw(string song, int seed)
    {
        Random random = SeededRandom.For($"{seed}/electronic sounds/{song}");
        ElectronicKit? kit = random.Chance(0.65) ? DrawKit(random) : null;
        double duck = random.Chance(0.7) ? Between(random, 0.25, 0.95) : 0;
        return new ElectronicSounds(kit, Pitched.ToDictionary(p => p, p => Patch(p, random)),
            Pitched.Append(ElectronicPart.Drums).ToDictionary(p => p, p => EffectsOf(p, duck, random)));
    }

    private static ElectronicKit DrawKit(Random random) => new()
    {
        Kick = (Between(random, 40, 62), Log(random, 120, 700), Log(random, 0.015, 0.08), Between(random, 0.16, 0.5),
            Between(random, 0.5, 5), Between(random, 0, 0.6)),
        Snare = (Between(random, 150, 260), Between(random, 0.2, 0.7), Log(random, 700, 3500), Between(random, 0.1, 0.35)),
        Clap = (Log(random, 700, 2000), Between(random, 0.12, 0.4)),
        Hat = (Between(random, 4500, 7500), Between(random, 0, 0.9), Between(random, 0.025, 0.09), Between(random, 0.15, 0.4)),
        Percussion = (Log(random, 180, 1200), Between(random, 0.7, 3.1), Between(random, 0, 4), Between(random, 0.08, 0.3)),
    };

    private static ElectronicPatch Patch(ElectronicPart part, Random random)
    {
        if (part == ElectronicPart.Bass) return Bass(random);
        if (part == ElectronicPart.Pad) return Pad(random);
        if (part == ElectronicPart.Lead) return LeadPatch(random);
        return Pluck(part == ElectronicPart.Stabs, random);
    }

    private static ElectronicPatch Bass(Random random)
    {
        int wave = random.Pick<int>([(0, 4), (1, 3), (2, 2), (3, 2)]);
        return new ElectronicPatch
        {
            Wave = wave,
            Unison = random.Chance(0.3) ? (3, Between(random, 5, 20)) : (1, 0),
            Filter = (Between(random, 0.5, 3.5), Between(random, 0, 4), Log(random, 0.05, 0.6), Between(random, 0, 0.75)),
            Amplitude = (0.004, Between(random, 0.08, 0.5), Between(random, 0.3, 1), Between(random, 0.02, 0.12)),
            Sub = random.Chance(0.4) ? Between(random, 0.2, 0.8) : 0,
            FrequencyModulation = (random.Pick([0.5, 1, 1, 2, 3]), Between(random, 0.5, 4)),
            Wobble = random.Chance(0.15) ? (random.Pick([1, 2, 4, 6, 8, 12]), Between(random, 0.5, 2.5)) : (0, 0),
            Glides = random.Chance(0.2),
        };
    }

    private static ElectronicPatch Pad(Random random) => new()
    {
        Wave = random.Pick<int>([(0, 6), (1, 2), (2, 1), (3, 1)]),
        Unison = random.Chance(0.8) ? (random.Pick([3, 5, 5]), Between(random, 6, 24)) : (1, 0),
        Filter = (Between(random, 1, 4.5), Between(random, 0, 1.5), Between(random, 0.3, 2), Between(random, 0, 0.4)),
        Amplitude = (Log(random, 0.01, 0.4), 0.5, Between(random, 0.6, 1), Log(random, 0.05, 0.5)),
        Sub = random.Chance(0.2) ? 0.3 : 0,
        FrequencyModulation = (random.Pick([1, 2, 3]), Between(random, 0.3, 2)),
        Wobble = random.Chance(0.3) ? (random.Pick([0.25, 0.5, 1]), Between(random, 0.3, 1.5)) : (0, 0),
    };

    private static ElectronicPatch LeadPatch(Random random) => new()
    {
        Wave = random.Pick<int>([(0, 4), (1, 3), (2, 2), (3, 1)]),
        Unison = random.Chance(0.5) ? (random.Pick([3, 5]), Between(random, 5, 20)) : (1, 0),
        Filter = (Between(random, 1.5, 4.5), Between(random, 0, 2), Between(random, 0.1, 0.8), Between(random, 0, 0.5)),
        Amplitude = (Log(random, 0.005, 0.06), 0.3, Between(random, 0.5, 1), Between(random, 0.05, 0.2)),
        Vibrato = random.Chance(0.5) ? Between(random, 5, 40) : 0,
        FrequencyModulation = (random.Pick([1, 2, 3]), Between(random, 0.5, 3)),
        Glides = random.Chance(0.5),
    };

    private static ElectronicPatch Pluck(bool isChord, Random random) => new()
    {
        Wave = random.Pick<int>([(0, 4), (1, 3), (2, 1), (3, 3)]),
        Unison = random.Chance(isChord ? 0.6 : 0.3) ? (random.Pick([3, 5]), Between(random, 5, 22)) : (1, 0),
        Filter = (Between(random, 0.3, 3.5), Between(random, 0.5, 4), Log(random, 0.05, 0.5), Between(random, 0, 0.6)),
        Amplitude = (Log(random, 0.002, 0.02), Log(random, 0.06, 0.5), Between(random, 0, 0.6), Log(random, 0.04, 0.4)),
        FrequencyModulation = (random.Pick([0.5, 1, 2, 3, 3.5, 7]), Between(random, 0.5, 5)),
    };

    private static ElectronicEffects EffectsOf(ElectronicPart part, double duck, Random random)
    {
        bool isBass = part == ElectronicPart.Bass, isDrums = part == ElectronicPart.Drums, isPad = part == ElectronicPart.Pad;
        double space = isBass ? 0.15 : isDrums ? 0.25 : 0.7;
        return new ElectronicEffects(
            isDrums || (part == ElectronicPart.Lead && random.Chance(0.7)) ? 0 : duck * Between(random, 0.6, 1),
            random.Chance(0.35) ? Log(random, 0.3, isDrums ? 3 : 6) : 0,
            !isDrums && !isBass && random.Chance(0.3) ? Between(random, 0.2, 0.8) : 0,
            random.Chance(isDrums || isBass ? 0.03 : 0.4)
                ? (random.Pick([2, 3, 3, 4, 6]), Between(random, 0.2, 0.6), Between(random, 0.15, 0.5)) : (3, 0, 0),
            random.Chance(space) ? (Log(random, 0.05, isDrums || isBass ? 0.15 : 0.5), Log(random, 0.4, isDrums ? 1.2 : 4)) : (0, 1),
            isPad && random.Chance(0.2) ? (random.Pick([8, 16]), Between(random, 0.5, 1)) : (16, 0),
            isBass || isDrums ? 25 : Log(random, 60, 350),
            isDrums || random.Chance(0.5) ? (0, 0) : (Between(random, -2.5, 0.5), Between(random, -0.5, 2)));
    }

    private static double Between(Random random, double low, double high) => Math.Round(low + (high - low) * random.NextDouble(), 4);

    private static double Log(Random random, double low, double high) => Math.Round(low * Math.Pow(high / low, random.NextDouble()), 4);
}
