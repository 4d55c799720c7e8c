using System.Globalization;

namespace StemJepa.Training.Corpora;

/// <summary>
/// A song that is an LMMS project: its voices are the tracks, which the program lmms renders one by one. Thread-safe: one process and one
/// temporary folder per call.
/// </summary>
internal sealed class LmmsSong(string name, SourceRecord source, byte[] bytes) : Multitrack(name, source, canMove: false)
{
    private const int SynthesisRate = 48_000;

    /// <inheritdoc/>
    public override string Renderer => "lmms";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Voice>> RenderAsync(Move move, Func<int, bool> isDrums, CancellationToken cancel)
    {
        IReadOnlyList<(string Name, VoiceUse Use)> tracks = LmmsProject.Tracks(bytes, Source.Path);
        using var folder = new ProgramFolder();
        (int exitCode, _) = await folder.RunAsync("lmms",
            ["--allowroot", "rendertracks", Source.Path, "-f", "wav", "-a", "-x", "1", "-s", $"{SynthesisRate}", "-o", folder.Path + "/"],
            cancel);
        string[] files = [.. Directory.GetFiles(folder.Path, "*.wav").OrderBy(Number)];
        if (exitCode != 0 || files.Length == 0)
            throw new StemJepaException($"{Source.Path}: lmms rendered {files.Length} tracks and ended with exit code " +
                $"{exitCode}; lmms 1.2 and an intact project are needed.");
        return [.. files.Select(file => Load(file, tracks, cancel))];
    }

    private static Voice Load(string file, IReadOnlyList<(string Name, VoiceUse Use)> tracks, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ReadOnlyMemory<float> samples = AudioClip.Load(file).Resample(TrackerModule.OutputRate).Samples;
        int index = Number(file) - 1;
        (string name, VoiceUse use) = index >= 0 && index < tracks.Count ? tracks[index]
            : (Path.GetFileNameWithoutExtension(file), new VoiceUse(1, 1, 1));
        return new Voice(name, use, samples[..Math.Min(samples.Length, (int)(LongestSeconds * TrackerModule.OutputRate))].ToArray());
    }

    /// <summary>The number before the first underscore of a track's file.</summary>
    private static int Number(string file) => int.TryParse(Path.GetFileName(file).Split('_')[0], NumberStyles.None,
        CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
}
