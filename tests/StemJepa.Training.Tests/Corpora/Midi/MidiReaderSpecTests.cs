using System.IO.Compression;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: files written out by hand after the Standard MIDI File specification.</summary>
public sealed class MidiReaderSpecTests
{
    // Three channels with program changes, 96 ticks a quarter note; notes by running status and ended by velocity 0.
    private const string Format0 = """
        4D546864 00000006 0000 0001 0060
        4D54726B 0000003B
        00FF58 04 04021808
        00FF51 03 07A120
        00C005 00C12E 00C246
        00923060 003C60
        60914340
        60904C20
        8140823040 003C40
        00814340
        00804C40
        00FF2F00
        """;

    private static byte[] Bytes(string hex) => Convert.FromHexString(string.Concat(hex.Where(c => !char.IsWhiteSpace(c))));

    private static byte[] File(string track, string header = "4D546864 00000006 0000 0001 0060")
    {
        byte[] body = Bytes(track);
        return [.. Bytes(header), .. "MTrk"u8, .. BitConverter.GetBytes(body.Length).Reverse(), .. body];
    }

    [Fact]
    public void TheSpecificationsFormatZeroExample()
    {
        MidiFile file = MidiReader.Read(Bytes(Format0), "spec.mid");
        MidiTrack track = Assert.Single(file.Tracks);
        Assert.Equal((0, 96), (file.Format, file.TicksPerQuarter));
        Assert.Equal(384, track.EndTick);
        Assert.Equal([(0, 48), (0, 60), (96, 67), (192, 76)], track.Events.Where(e => e.IsNoteOn).Select(e => ((int)e.Tick, (int)e.Data1)));
        Assert.Equal([(0, 5), (1, 46), (2, 70)],
            track.Events.Where(e => e.Kind == 0xC0 && e.IsChannelMessage).Select(e => (e.Channel, (int)e.Data1)));
        Assert.Equal([7, 0xA1, 0x20], track.Events.Single(e => e.IsMeta && e.Data1 == MidiEvent.Tempo).Payload.ToArray());
        Assert.All(track.Events.Where(e => e.IsNoteOff), e => Assert.Equal(384, e.Tick));
    }

    [Fact]
    public void RunningStatusAndVelocityZero()
    {
        MidiTrack track = MidiReader.Read(File("00903C40 60 3C00 8100 3E40 00FF2F00"), "running.mid").Tracks[0];
        Assert.Equal([(0L, true, 60), (96L, false, 60), (224L, true, 62)], track.Events.Select(e => (e.Tick, e.IsNoteOn, (int)e.Data1)));
    }

    [Fact]
    public void SystemExclusiveEventsKeepTheirBytes()
    {
        MidiEvent e = MidiReader.Read(File("00F0 05 7E7F0901F7 00FF2F00"), "sysex.mid").Tracks[0].Events[0];
        Assert.Equal(0xF0, e.Status);
        Assert.Equal(Bytes("7E7F0901F7"), e.Payload.ToArray());
    }

    [Fact]
    public void UnknownChunksAreSkipped()
    {
        byte[] file = [.. Bytes("4D546864 00000006 0000 0001 0060"), .. "XFIH"u8, 0, 0, 0, 2, 1, 2, .. Bytes("4D54726B 00000004 00FF2F00")];
        Assert.Empty(Assert.Single(MidiReader.Read(file, "chunks.mid").Tracks).Events);
    }

    [Fact]
    public void GzippedFilesReadAsPlainOnes()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true)) gzip.Write(Bytes(Format0));
        Assert.Equal(MidiWriter.Write(MidiReader.Read(Bytes(Format0), "a")), MidiWriter.Write(MidiReader.Read(zipped.ToArray(), "a.gz")));
    }

    [Theory]
    [InlineData("", "header")]
    [InlineData("4D546864 00000006 0002 0001 0060", "format 2")]
    [InlineData("4D546864 00000006 0001 0001 E728", "SMPTE")]
    [InlineData("4D546864 00000006 0001 0001 0000", "0 ticks per quarter")]
    [InlineData("4D546864 00000006 0001 017C 0060", "380 tracks")]
    [InlineData("4D546864 00000006 0000 0002 0060", "2 tracks in format 0")]
    [InlineData("4D546864 7FFFFFFF 0001 0001 0060", "header of 2147483647")]
    [InlineData("4D546864 00000006 0001 0001 0060", "ends after 0 of 1 tracks")]
    [InlineData("4D546864 00000006 0001 0001 0060 4D54726B FFFFFFFF 00", "cut short")]
    [InlineData("4D546864 00000006 0001 0001 0060 4D54726B 00000004 00903C40", "without an end-of-track")]
    [InlineData("4D546864 00000006 0001 0001 0060 4D54726B 00000003 00903C", "stops inside an event")]
    [InlineData("4D546864 00000006 0001 0001 0060 4D54726B 00000004 003C4000", "where an event must begin")]
    [InlineData("4D546864 00000006 0001 0001 0060 4D54726B 00000004 0090F040", "where a data byte must be")]
    [InlineData("4D546864 00000006 0001 0001 0060 4D54726B 00000004 00F40000", "status byte F4")]
    [InlineData("4D546864 00000006 0001 0001 0060 4D54726B 00000006 00FF01 8FFF7F", "runs over")]
    [InlineData("4D546864 00000006 0001 0001 0060 4D54726B 00000008 FFFFFFFF7F FF2F00", "more than 4 bytes")]
    [InlineData("1F8B0800", "header")]
    [InlineData("1F8B080000000000000307", "gzip")]
    public void BadFilesGiveOneSentence(string hex, string reason)
    {
        var e = Assert.Throws<StemJepaException>(() => MidiReader.Read(Bytes(hex), "bad.mid"));
        Assert.StartsWith("bad.mid: ", e.Message);
        Assert.Contains(reason, e.Message);
    }

    [Fact]
    public void AGzipBombIsNotUnpacked()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(new byte[MidiReader.MaxBytes + 100]);
        Assert.Contains("at most", Assert.Throws<StemJepaException>(() => MidiReader.Read(zipped.ToArray(), "bomb.mid.gz")).Message);
    }
}
