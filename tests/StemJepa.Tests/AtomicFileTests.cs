using StemJepa.TestSupport;

namespace StemJepa.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_killed_process_left_is_deleted_by_the_next_write_there_and_nothing_else_is()
    {
        string orphan = Old(".stemjepa-abcdefgh.xyz"), busy = Old(".stemjepa-hgfedcba.123");
        string[] others =
            [Old("mix.mixdown1.wav"), Old(".stemjepa"), Old(".stemjepa-notes.txt"), _folder.Write(".stemjepa-abcdefgh.new", [1])];
        using (new FileStream(busy, FileMode.Open, FileAccess.Write, FileShare.Delete))
            AtomicFile.Write(_folder.PathOf("a.txt"), stream => stream.Write([1, 2]));
        Assert.False(File.Exists(orphan));
        Assert.All([.. others, busy], path => Assert.True(File.Exists(path), path));
        Assert.Equal([1, 2], File.ReadAllBytes(_folder.PathOf("a.txt")));
    }

    [Fact]
    public void An_orphan_from_the_future_is_deleted_too()
    {
        string orphan = _folder.Write(".stemjepa-abcdefgh.xyz", [1]);
        File.SetLastWriteTimeUtc(orphan, DateTime.UtcNow.AddYears(1));
        AtomicFile.Write(_folder.PathOf("a.txt"), _ => { });
        Assert.False(File.Exists(orphan));
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_no_file_beside_it()
    {
        string path = _folder.Write("a.txt", [7]);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([1, 2]);
            Assert.Equal(2, Directory.GetFiles(_folder.Root).Length);
            throw new InvalidOperationException();
        }));
        Assert.Equal([7], File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.Root))));
    }

    [Fact]
    public void The_longest_name_that_a_file_may_have_can_be_written()
    {
        string path = _folder.PathOf(new string('n', 251) + ".txt");
        AtomicFile.Write(path, stream => stream.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_device_is_not_replaced_by_a_file()
    {
        if (OperatingSystem.IsWindows())
            return;
        Assert.Contains("/dev/null", Assert.Throws<StemJepaException>(() => AtomicFile.Write("/dev/null", _ => { })).Message);
    }

    private string Old(string name)
    {
        string path = _folder.Write(name, [1]);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-1));
        return path;
    }
}
