using System.Diagnostics;
using System.Globalization;
using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>Oracle: what was acknowledged before the kill. The campaign kills more often than the few times here.</summary>
public sealed class CatalogCrashTests
{
    private const int FewKills = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Killing_writers_at_any_moment_loses_nothing_that_was_acknowledged(int writers)
    {
        using var folder = new TemporaryFolder();
        await CrashRun.KillAsync(folder.PathOf("catalogue"), writers, FewKills, Environment.TickCount);
    }

    /// <summary>In a small file system of its own, where the system lets one make one.</summary>
    [Fact]
    public async Task A_full_disk_is_an_error_and_loses_nothing_that_was_acknowledged()
    {
        using var folder = new TemporaryFolder();
        string disk = folder.PathOf("disk");
        Directory.CreateDirectory(disk);
        if (!OperatingSystem.IsLinux() || (await Run("unshare", "-rm", "mount", "-t", "tmpfs", "none", disk)).Code != 0)
            return;
        (int code, string output) = await Run("unshare", "-rm", "sh", "-c",
            "mount -t tmpfs -o size=2m none \"$0\" && exec dotnet \"$1\" --full \"$0/c\"", disk,
            typeof(CrashWriter).Assembly.Location);
        Assert.True(code == 0, output);
        string[] words = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.True(words[^2] == "full" && int.Parse(words[^1], CultureInfo.InvariantCulture) > 10, output);
    }

    [Fact]
    public async Task A_catalogue_on_a_read_only_file_system_can_be_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("catalogue");
        using (CatalogWriter writer = CatalogWriter.Open(path, Samples.Model()))
        {
            for (int i = 0; i < 5; i++)
                writer.Set(new CatalogEntry { Id = $"{i}" }, Samples.Embedding(i));
            writer.Commit();
        }
        if (!OperatingSystem.IsLinux() || (await Run("unshare", "-rm", "mount", "--bind", path, path)).Code != 0)
            return;
        (int code, string output) = await Run("unshare", "-rm", "sh", "-c",
            "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && ! touch \"$0/x\" 2>/dev/null "
            + "&& exec dotnet \"$1\" --read \"$0\"",
            path, typeof(CrashWriter).Assembly.Location);
        Assert.Equal((0, "5 5 False\n"), (code, output));
    }

    private static async Task<(int Code, string Output)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await errors + output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
