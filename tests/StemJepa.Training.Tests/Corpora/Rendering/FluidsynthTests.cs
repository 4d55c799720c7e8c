using System.Diagnostics;
using System.Runtime.InteropServices;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

using Loudness = StemJepa.Training.Corpora.Loudness;

/// <summary>Oracle: the program fluidsynth.</summary>
public sealed class FluidsynthTests
{
    private static float[] Render(byte[] midi, bool effects) =>
        Fluidsynth.Render(midi, "test", SoundFont.TimGm6Mb, effects, effects, CancellationToken.None);

    [FactWithSynthesiser]
    public void TheLibraryRendersWhatTheProgramRendersWhateverCameBefore()
    {
        byte[] midi = MidiWriter.Write(SongSketch.FourRoles(8).File()),
            other = MidiWriter.Write(new SongSketch().Line(0, 48, "", 5, 50, 55).File());
        string folder = Directory.CreateTempSubdirectory("stemjepa-fluidsynth-").FullName, path = Path.Combine(folder, "song.mid"),
            raw = Path.Combine(folder, "song.raw");
        File.WriteAllBytes(path, midi);
        string[] arguments =
        [
            "-n", "-i", "-q", "-o", "synth.dynamic-sample-loading=1", "-z", "4096", "-r", "48000", "-T", "raw", "-O", "float", "-E",
            "little", "-F", raw, SoundFont.TimGm6Mb.Path, path,
        ];
        var start = new ProcessStartInfo("fluidsynth", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using (Process program = Process.Start(start)!) program.WaitForExit();
        ReadOnlySpan<float> frames = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(raw));
        var mono = new float[frames.Length / 2];
        for (int i = 0; i < mono.Length; i++) mono[i] = 0.5f * (frames[2 * i] + frames[2 * i + 1]);
        Directory.Delete(folder, recursive: true);

        float[] expected = Resampler.Resample(mono, 48_000, Fluidsynth.OutputRate), first = Render(midi, true);
        Render(other, true);
        Assert.Equal(expected, first);
        Assert.Equal(expected, Render(midi, true));
        Assert.NotEqual(expected, Render(midi, false));
    }

    [FactWithSynthesiser]
    public void ACompressedSoundfontSounds()
    {
        byte[] midi = MidiWriter.Write(new SongSketch().Line(0, 73, "", 2, 69).File());
        float[] samples = Fluidsynth.Render(midi, "test", SoundFont.MuseScore, false, false, CancellationToken.None);
        Assert.InRange(Loudness.Compute(samples), 1e-3f, 1);
        Assert.NotEmpty(SoundFont.ReadDrumKits(SoundFont.MuseScore.Path));
    }

    [FactWithSynthesiser]
    public void AMissingSoundfontIsNamed()
    {
        SoundFont font = SoundFont.TimGm6Mb with { Path = "/nowhere/font.sf2" };
        string message = Assert.Throws<StemJepaException>(
            () => Fluidsynth.Render([1], "test", font, false, false, CancellationToken.None)).Message;
        Assert.StartsWith("/nowhere/font.sf2: ", message);
        Assert.Contains("apt-get install", message);
    }
}
