using CsCheck;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the law that reading gives back what was written, and that a damaged file gives a file or one sentence.</summary>
public sealed class MidiRoundTripLawTests
{
    private static readonly Gen<MidiEvent> GenEvent = Gen.OneOf(
        Gen.Select(Gen.Int[8, 14], Gen.Int[0, 15], Gen.Int[0, 127], Gen.Int[0, 127],
            (kind, channel, a, b) => MidiEvent.ForChannel(0, kind << 4, channel, a, MidiEvent.DataLength(kind << 4) == 2 ? b : 0)),
        Gen.Select(Gen.Int[0, 127].Where(t => t != MidiEvent.EndOfTrack), Gen.Byte.Array[0, 200],
            (type, payload) => MidiEvent.Meta(0, (byte)type, payload)),
        Gen.Byte.Array[0, 20].Select(payload => new MidiEvent(0, 0xF0, 0, 0, payload)));

    private static readonly Gen<MidiTrack> GenTrack =
        Gen.Select(Gen.Select(Gen.OneOf(Gen.Int[0, 300], Gen.Int[0, 100_000]), GenEvent).List[0, 40], Gen.Int[0, 1000], (list, rest) =>
        {
            long tick = 0;
            List<MidiEvent> events = [.. list.Select(item => item.Item2 with { Tick = tick += item.Item1 })];
            return new MidiTrack(events, tick + rest);
        });

    private static readonly Gen<MidiFile> GenFile =
        Gen.Select(Gen.Int[1, 32767], GenTrack.List[1, 5], (ticks, tracks) => new MidiFile(tracks.Count == 1 ? 0 : 1, ticks, tracks));

    [Fact]
    public void ReadingGivesBackWhatWasWritten() => GenFile.Sample(file =>
    {
        MidiFile read = MidiReader.Read(MidiWriter.Write(file), "law");
        Assert.Equal((file.Format, file.TicksPerQuarter, file.Tracks.Count), (read.Format, read.TicksPerQuarter, read.Tracks.Count));
        foreach ((MidiTrack a, MidiTrack b) in file.Tracks.Zip(read.Tracks))
        {
            Assert.Equal(a.EndTick, b.EndTick);
            Assert.Equal(a.Events.Select(Flat), b.Events.Select(Flat));
        }
    }, iter: 300);

    [Fact]
    public void ADamagedFileGivesAFileOrOneSentence() =>
        Gen.Select(GenFile, Gen.Select(Gen.Int[0, 5000], Gen.Byte).List[1, 8], Gen.Int[0, 5000]).Sample((file, changes, length) =>
        {
            byte[] bytes = MidiWriter.Write(file);
            foreach ((int at, byte value) in changes) bytes[at % bytes.Length] = value;
            if (length < bytes.Length) bytes = bytes[..length];
            try
            {
                MidiReader.Read(bytes, "fuzz");
            }
            catch (StemJepaException e)
            {
                Assert.StartsWith("fuzz: ", e.Message);
            }
        }, iter: 2000);

    private static string Flat(MidiEvent e) => $"{e.Tick} {e.Status:X2} {e.Data1} {e.Data2} {Convert.ToHexString(e.Payload.Span)}";
}

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
                foreach ((int at, int microseconds) in events.Where(e => e.Tick == t)
                    .Select(e => ((int)e.Tick, (e.Payload.Span[0] << 16) | (e.Payload.Span[1] << 8) | e.Payload.Span[2])))
                    current = microseconds;
                expected += current * 1e-6 / 96;
            }
            Assert.Equal(expected, map.ToSeconds(tick), tolerance: 1e-6);
            Assert.InRange(map.ToTick(map.ToSeconds(tick) + 1e-7), tick, tick + 1);
        }, iter: 200);
}
