using StemJepa.TestSupport;

namespace StemJepa.Formats.Tests;

public sealed class RecordingFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_stands_for_the_recordings_in_it_and_below()
    {
        string below = Directory.CreateDirectory(_folder.PathOf("b")).FullName;
        string[] files = [_folder.PathOf("a.wav"), Path.Combine(below, "c.flac"), _folder.PathOf("d.MP3")];
        foreach (string path in (string[])[.. files, _folder.PathOf("notes.txt"), _folder.PathOf(".hidden.wav")])
            File.WriteAllBytes(path, []);
        Directory.CreateSymbolicLink(Path.Combine(below, "up"), _folder.Root);
        Assert.Equal(files, RecordingFiles.In(_folder.Root));
    }

    [Fact]
    public void A_file_that_comes_up_twice_stays_once_and_the_mix_is_left_out_of_folders()
    {
        string[] files = [_folder.PathOf("a.wav"), _folder.PathOf("b.wav"), _folder.PathOf("mix.wav")];
        foreach (string path in files)
            File.WriteAllBytes(path, []);
        Assert.Equal([files[1], files[0]], RecordingFiles.Expand([files[1], _folder.Root, files[0]], files[2]));
        Assert.Equal([files[2]], RecordingFiles.Expand([files[2]], files[2]));
    }
}
