namespace StemJepa.Training.Corpora;

/// <summary>
/// Writes the parts of an electronic song except its lead: each has a loop of one or two bars, which plays over the chords wherever the
/// part does, with fills and variations. Not thread-safe.
/// </summary>
internal sealed class ElectronicParts
{
    private const int Kick = 36, Snare = 38, Clap = 39, ClosedHat = 42, OpenHat = 46, Crash = 49, LowTom = 45, Conga = 63, Rim = 37;
    private const long Step = ElectronicComposer.Quarter / 4, Bar = ElectronicStyle.Steps * Step;

    private static readonly string[] Rhythms =
    [
        "x..x..x...x..x..", "x...x...x...x...", "..x...x...x...x.", "x..x..x.x..x..x.", "x.......x.......", "x..x..x..x..x...",
        "..x..x....x..x..", "xx..x..xx..x..x.", "x.....x.....x...", "....x..x....x..x",
    ];

    private static readonly string[] ArpeggioRhythms =
        ["xxxxxxxxxxxxxxxx", "x.x.x.x.x.x.x.x.", "x.xx.xx.x.xx.xx.", "xx.xx.xx.xx.xx.x", "x..x..x..x..x.x.", "..xx..xx..xx..xx"];

    private readonly IReadOnlyList<ElectronicSection> _sections;
    private readonly Random _random;
    private readonly string _kick, _snare, _hat, _openHat, _bass, _stabs, _arpeggio;
    private readonly string? _percussion;
    private readonly int _backbeat, _order, _octaves, _arpeggioBase, _padBase, _seed;
    private readonly long _swing;
    private (bool Kick, bool Snare, bool Hat, bool OpenHat, bool Percussion) _layers = (true, true, true, true, true);

    public ElectronicParts(ElectronicStyle style, IReadOnlyList<ElectronicSection> sections, Random random)
    {
        (_sections, _random) = (sections, random);
        (_kick, _snare) = (random.Pick(style.Kicks), random.Pick(style.Snares));
        (_hat, _openHat) = (random.Pick(style.Hats), random.Pick(style.OpenHats));
        _bass = random.Pick(style.Basses);
        _stabs = random.Pick(Rhythms);
        _arpeggio = random.Pick(ArpeggioRhythms);
        _percussion = random.Chance(0.5) ? random.Pick(Rhythms) : null;
        _backbeat = random.Pick([Snare, Clap, Clap]);
        (_order, _octaves) = (random.Next(4), random.Next(1, 3));
        (_arpeggioBase, _padBase) = (random.Pick([60, 67, 72]), random.Pick([52, 55, 60]));
        _seed = random.Next();
        _swing = random.Chance(0.25) ? (long)(Step * (0.1 + 0.2 * random.NextDouble())) : 0;
    }

    /// <summary>The notes of each part, in order of time.</summary>
    public IEnumerable<(ElectronicPart Part, IReadOnlyList<MelodyNote> Notes)> Write() =>
    [
        (ElectronicPart.Drums, Of(ElectronicPart.Drums, Drums)), (ElectronicPart.Bass, Of(ElectronicPart.Bass, Bass)),
        (ElectronicPart.Pad, Of(ElectronicPart.Pad, Pad)), (ElectronicPart.Arpeggio, Of(ElectronicPart.Arpeggio, Arpeggio)),
        (ElectronicPart.Stabs, Of(ElectronicPart.Stabs, Stabs)), (ElectronicPart.Riser, Of(ElectronicPart.Riser, Riser)),
    ];

    private List<MelodyNote> Of(ElectronicPart part, Action<List<MelodyNote>, ElectronicSection, int, long> writeBar)
    {
        var notes = new List<MelodyNote>();
        long start = 0;
        foreach (ElectronicSection section in _sections)
        {
            for (int bar = 0; bar < section.Music.Bars.Count; bar++, start += Bar)
                if (section.Parts.Contains(part)) writeBar(notes, section, bar, start);
        }
        return [.. notes.OrderBy(n => n.Start)];
    }

    private void Drums(List<MelodyNote> notes, ElectronicSection section, int bar, long start)
    {
        int left = section.Music.Bars.Count - bar;
        if (bar == 0) _layers = DrawLayers();
        if (section.Builds)
        {
            int every = left > 2 ? 4 : left == 2 ? 2 : 1;
            for (int step = 0; step < ElectronicStyle.Steps; step += every)
                Add(notes, start, step, 1, _backbeat, 60 + 50 * (bar * 16 + step) / (16 * section.Music.Bars.Count));
            if (left > 1 && _random.Chance(0.6)) Strokes(notes, start, _kick, Kick, 112);
            return;
        }
        bool fills = left == 1 && _random.Chance(0.6);
        if (_layers.Kick) Strokes(notes, start, _kick, Kick, 115, fills ? 12 : 16);
        if (_layers.Snare) Strokes(notes, start, _snare, _backbeat, 105, fills ? 12 : 16);
        if (_layers.Hat) Strokes(notes, start, _hat, ClosedHat, 78);
        if (_layers.OpenHat) Strokes(notes, start, _openHat, OpenHat, 88);
        if (_layers.Percussion && _percussion is not null) Strokes(notes, start, _percussion, _seed % 2 == 0 ? Conga : Rim, 76);
        if (bar == 0) Add(notes, start, 0, 4, Crash, 96);
        if (!fills) return;
        for (int step = 12; step < 16; step++)
            if (_random.Chance(0.7))
                Add(notes, start, step, 1, _random.Pick([_backbeat, LowTom, LowTom + 2, LowTom + 5, _backbeat]), 90 + _random.Next(20));
    }

    /// <summary>What of the drums plays in a section: all, or some of it.</summary>
    private (bool, bool, bool, bool, bool) DrawLayers()
    {
        if (_random.Chance(0.5)) return (true, true, true, true, true);
        bool hasKick = _random.Chance(0.6);
        return (hasKick, _random.Chance(0.6), !hasKick || _random.Chance(0.7), _random.Chance(0.6), _random.Chance(0.6));
    }

    private void Strokes(List<MelodyNote> notes, long start, string pattern, int drum, int velocity, int until = 16)
    {
        for (int step = 0; step < until; step++)
        {
            if (pattern[step] == '.' || _random.Chance(0.02)) continue;
            int accent = pattern[step] == 'o' ? 0 : step % 4 == 0 ? -4 : step % 2 == 0 ? -10 : -20;
            Add(notes, start, step, 1, drum, velocity + accent + _random.Next(-4, 5));
        }
    }

    private void Bass(List<MelodyNote> notes, ElectronicSection section, int bar, long start)
    {
        for (int step = 0; step < ElectronicStyle.Steps; step++)
        {
            Chord chord = ChordAt(section, bar, step);
            int root = LowRoot(chord);
            char stroke = _bass[step];
            if (stroke == 'h') Add(notes, start, step, section.Music.Bars[bar].Count > 1 ? 8 : 16, root, 100);
            else if (stroke != '.')
            {
                bool leads = step == 15 && _random.Chance(0.15);
                int length = 1;
                while (step + length < 16 && _bass[step + length] == '.' && length < 3) length++;
                Add(notes, start, step, length * 0.9, leads ? root + 7 : stroke == 'O' ? root + 12 : root, 96 + _random.Next(-6, 7));
            }
        }
        if (_bass[0] == 'h' && section.Music.Bars[bar].Count > 1)
            Add(notes, start, 8, 8, LowRoot(section.Music.Bars[bar][1]), 100);
    }

    /// <summary>The chord's root from F1 on, in the range of a bass.</summary>
    private static int LowRoot(Chord chord) => 36 + (chord.Root + 7) % 12 - 7;

    private void Pad(List<MelodyNote> notes, ElectronicSection section, int bar, long start)
    {
        IReadOnlyList<Chord> chords = section.Music.Bars[bar];
        double length = 16.0 / chords.Count;
        for (int i = 0; i < chords.Count; i++)
            foreach (int pitch in Voiced(chords[i], _padBase)) Add(notes, start, i * 8, length * 0.99, pitch, 84);
    }

    private void Arpeggio(List<MelodyNote> notes, ElectronicSection section, int bar, long start)
    {
        var own = new Random(_seed);
        for (int step = 0; step < ElectronicStyle.Steps; step++)
        {
            int draw = own.Next(1 << 16);
            if (_arpeggio[step] == '.') continue;
            int[] tones = [.. Voiced(ChordAt(section, bar, step), _arpeggioBase)];
            int[] all = [.. Enumerable.Range(0, _octaves).SelectMany(octave => tones.Select(t => t + 12 * octave))];
            int place = _order switch
            {
                0 => step % all.Length,
                1 => all.Length - 1 - step % all.Length,
                2 => Math.Abs((step + all.Length - 1) % Math.Max(1, 2 * all.Length - 2) - (all.Length - 1)),
                _ => draw % all.Length,
            };
            Add(notes, start, step, 0.9, all[place], 88 + _random.Next(-8, 9));
        }
    }

    private void Stabs(List<MelodyNote> notes, ElectronicSection section, int bar, long start)
    {
        for (int step = 0; step < ElectronicStyle.Steps; step++)
        {
            if (_stabs[step] == '.') continue;
            foreach (int pitch in Voiced(ChordAt(section, bar, step), _padBase + 5))
                Add(notes, start, step, 1.5, pitch, 92 + _random.Next(-5, 6));
        }
    }

    private void Riser(List<MelodyNote> notes, ElectronicSection section, int bar, long start)
    {
        int length = Math.Min(4, section.Music.Bars.Count);
        if (section.Music.Bars.Count - bar == length) Add(notes, start, 0, length * 16, 60, 100);
    }

    private static Chord ChordAt(ElectronicSection section, int bar, int step)
    {
        IReadOnlyList<Chord> chords = section.Music.Bars[bar];
        return chords[step * chords.Count / ElectronicStyle.Steps];
    }

    /// <summary>The chord's tones in the octave from <paramref name="low"/> on, so that chords follow each other closely.</summary>
    private static IEnumerable<int> Voiced(Chord chord, int low) =>
        chord.Intervals.Select(i => low + ((chord.Root + i - low) % 12 + 12) % 12).Distinct().Order();

    private void Add(List<MelodyNote> notes, long bar, int step, double length, int pitch, int velocity)
    {
        long from = bar + step * Step + (step % 2 == 1 ? _swing : 0);
        notes.Add(new MelodyNote(from, from + Math.Max(1, (long)(length * Step)), pitch, Math.Clamp(velocity, 1, 127)));
    }
}
