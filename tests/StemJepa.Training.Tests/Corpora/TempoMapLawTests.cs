using CsCheck;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: time as the sum of tick lengths, and the law that ticks and seconds are each other's inverse.</summary>
public sealed class TempoMapLawTests
{
    private static MidiEvent Tempo(long tick, int microseconds) =>
        MidiEvent.Meta(tick, MidiEvent.Tempo, new[] { (byte)(microseconds >> 16), (byte)(microseconds >> 8), (byte)microseconds });

    [Fact]
    public void SecondsAreTheSumOfTheTicksLengths() =>
        Gen.Select(Gen.Select(Gen.Int[0, 2000], Gen.Int[100_000, 2_000_000]).List[0, 8], Gen.Int[0, 3000]).Sample((changes, tick) =>
        {
            List<MidiEvent> events = [.. changes.Select(c => Tempo(c.Item1, c.Item2)).OrderBy(e => e.Tick)];
            var map = new TempoMap(96, events);
            double expected = 0;
            int current = 500_000;
            for (int t = 0; t < tick; t++)
            {
                foreach ((int at, int microseconds) in events.Where(e => e.Tick == t).Select(e => ((int)e.Tick, (e.Payload.Span[0] << 16) | (e.Payload.Span[1] << 8) | e.Payload.Span[2])))
                    current = microseconds;
                expected += current * 1e-6 / 96;
            }
            Assert.Equal(expected, map.ToSeconds(tick), tolerance: 1e-6);
            Assert.InRange(map.ToTick(map.ToSeconds(tick) + 1e-7), tick, tick + 1);
        }, iter: 200);
}
