using System.Text;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: WAD and SoundFont files put together by hand.</summary>
public sealed class SourceFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private void WriteWad(string id, int count, int directory, params (int Offset, int Size, string Name)[] entries)
    {
        using var writer = new BinaryWriter(File.Create(_path));
        writer.Write(Encoding.ASCII.GetBytes(id));
        writer.Write(count);
        writer.Write(directory);
        writer.Write("abcdefgh"u8);
        foreach ((int offset, int size, string name) in entries)
        {
            writer.Write(offset);
            writer.Write(size);
            writer.Write(Encoding.ASCII.GetBytes(name.PadRight(8, '\0')));
        }
    }

    [Fact]
    public void MusicLumpsAreFoundByName()
    {
        WriteWad("IWAD", 3, 20, (12, 3, "D_ONE"), (15, 5, "SPRITE"), (15, 5, "D_LONGNA"));
        Assert.Equal([("D_ONE", "abc"), ("D_LONGNA", "defgh")],
            WadReader.ReadMusic(_path).Select(l => (l.Name, Encoding.ASCII.GetString(l.Bytes))));
    }

    [Theory]
    [InlineData("ZWAD", 1, 20, 12, "IWAD")]
    [InlineData("PWAD", 1, 4000, 12, "directory")]
    [InlineData("PWAD", int.MaxValue, 20, 12, "directory")]
    [InlineData("PWAD", -1, 20, 12, "directory")]
    [InlineData("PWAD", 1, 20, 2000, "lump D_X")]
    [InlineData("PWAD", 1, 20, -5, "lump D_X")]
    public void DamagedWadsGiveOneSentence(string id, int count, int directory, int offset, string reason)
    {
        WriteWad(id, count, directory, (offset, 3, "D_X"));
        Assert.Contains(reason, Assert.Throws<StemJepaException>(() => WadReader.ReadMusic(_path)).Message);
    }

    [Fact]
    public void DrumKitsAreThePresetsOfBank128()
    {
        (int Program, int Bank)[] presets = [(0, 0), (25, 128), (8, 128), (8, 0), (0, 0)];
        using (var writer = new BinaryWriter(File.Create(_path)))
        {
            writer.Write("RIFF\0\0\0\0sfbkLIST\u0006\0\0\0INFOxxLIST"u8);
            writer.Write(4 + 8 + presets.Length * 38);
            writer.Write("pdtaphdr"u8);
            writer.Write(presets.Length * 38);
            foreach ((int program, int bank) in presets)
            {
                writer.Write(new byte[20]);
                writer.Write((ushort)program);
                writer.Write((ushort)bank);
                writer.Write(new byte[14]);
            }
        }
        Assert.Equal([8, 25], SoundFont.ReadDrumKits(_path));
    }

    [Fact]
    public void OtherFilesAreNoSoundFonts()
    {
        File.WriteAllText(_path, "RIFF, but not much more than that");
        Assert.Contains("SoundFont 2", Assert.Throws<StemJepaException>(() => SoundFont.ReadDrumKits(_path)).Message);
    }
}
