using CsCheck;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the rules of the melody, as laws over seeds.</summary>
public sealed class MelodyWriterTests
{
    private const long Pulse = 192;
    private const int Bars = 24;

    private static readonly Groove[] Grooves =
        [new("a/b", "C", 4, false), new("a/b", "C", 3, false), new("a/b", "C", 6, true), new("a/b", "C", 5, false)];

    private static readonly Gen<(Groove Groove, PulseDivision Division, int Seed)> Songs = Gen.Select(
        Gen.Int[0, 3].Select(i => Grooves[i]), Gen.Bool.Select(even => even ? PulseDivision.Even : PulseDivision.Thirds), Gen.Int);

    private static (IReadOnlyList<SongSection> Sections, IReadOnlyList<MelodyNote> Notes, LeadInstrument Lead) Write(
        Groove groove, PulseDivision division, int seed)
    {
        var random = new Random(seed);
        LeadInstrument lead = random.Pick([.. LeadInstrument.Training, .. LeadInstrument.TestOnly]);
        IReadOnlyList<SongSection> sections = SongForm.Draw(new Key(random.Next(12), random.Chance(0.5)), [groove], Bars, random);
        return (sections, new MelodyWriter(lead, groove.BarPulses, Pulse, division, random.Next(60, 200), random).Write(sections), lead);
    }

    [Fact]
    public void NotesAreInRangeInOrderAndInTheSong() => Songs.Sample((groove, division, seed) =>
    {
        (_, IReadOnlyList<MelodyNote> notes, LeadInstrument lead) = Write(groove, division, seed);
        Assert.True(notes.Count >= 8);
        Assert.All(notes, n => Assert.InRange(n.Pitch, lead.Low, lead.High));
        Assert.All(notes, n => Assert.True(n.Start >= 0 && n.End >= n.Start && n.Start < Bars * groove.BarPulses * Pulse));
        for (int i = 1; i < notes.Count; i++) Assert.True(notes[i].Start >= notes[i - 1].End);
    });

    [Fact]
    public void NotesOnTheFirstBeatAreOfTheChord() => Songs.Sample((groove, division, seed) =>
    {
        (IReadOnlyList<SongSection> sections, IReadOnlyList<MelodyNote> notes, _) = Write(groove, division, seed);
        Chord[] firsts = [.. sections.SelectMany(s => s.Bars).Select(bar => bar[0])];
        int onBeat = 0;
        for (int bar = 0; bar < Bars; bar++)
        {
            foreach (MelodyNote note in notes.Where(n => Math.Abs(n.Start - bar * groove.BarPulses * Pulse) <= 6))
            {
                onBeat++;
                Assert.True(firsts[bar].Holds(note.Pitch), $"bar {bar}: {note.Pitch} is not in {firsts[bar].Name}");
            }
        }
        Assert.True(onBeat >= 2);
    });

    [Fact]
    public void FormsHaveTheirBarsAndSectionsOfOneLetterOneProgression() => Gen.Select(Gen.Int[4, 60], Gen.Int).Sample((bars, seed) =>
    {
        var random = new Random(seed);
        IReadOnlyList<SongSection> sections =
            SongForm.Draw(new Key(0, seed % 2 == 0), [new Groove("stdlib/swing", "Swing", 4, false)], bars, random);
        Assert.Equal(bars, sections.Sum(s => s.Bars.Count));
        foreach (IGrouping<char, SongSection> letter in sections.GroupBy(s => s.Letter))
        {
            SongSection first = letter.First();
            foreach (SongSection again in letter)
            {
                int up = again.Key.Tonic - first.Key.Tonic;
                Assert.Equal(first.Bars.Take(again.Bars.Count).Select(bar => bar.Select(c => c.Transpose(up))), again.Bars);
            }
        }
    });
}
