using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Chooses the songs of the demo: test songs of Freedoom and FreeDM (BSD-3-Clause), rendered with FluidR3 (MIT). Thread-safe.
/// </summary>
internal static class DemoExcerpts
{
    private static readonly string[] Packages = ["freedoom", "freedm"];

    /// <summary>Returns the excerpts, in order of their titles.</summary>
    /// <param name="corpus">A corpus folder.</param>
    /// <param name="most">Largest number of songs; those with the most active excerpts are taken.</param>
    /// <param name="seconds">Length of an excerpt in seconds.</param>
    /// <param name="cancel">Cancels between songs.</param>
    /// <exception cref="StemJepaException">The folder has fewer than two such songs.</exception>
    public static IReadOnlyList<DemoExcerpt> Pick(string corpus, int most, double seconds, CancellationToken cancel)
    {
        string test = Path.Combine(corpus, CorpusFolder.Test);
        if (!Directory.Exists(test))
            throw new StemJepaException($"{test}: does not exist; give the folder that the command 'corpus' wrote.");
        var excerpts = new List<DemoExcerpt>();
        foreach (string folder in Directory.GetDirectories(test).Order(StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            if (Cut(folder, seconds) is { } excerpt)
                excerpts.Add(excerpt);
        }
        if (excerpts.Count < 2)
            throw new StemJepaException(
                $"{test}: holds {excerpts.Count} songs of {string.Join(" and ", Packages)} of at least {seconds} s; a demo needs two.");
        return [.. excerpts.OrderByDescending(e => e.Activity).Take(most).OrderBy(e => e.Title, StringComparer.Ordinal)];
    }

    /// <summary>Returns the title of a song: "Freedoom 1 E1M4" for <c>freedoom1_D_E1M4</c>.</summary>
    public static string TitleOf(string song) => song
        .Replace("freedoom1_D_", "Freedoom 1 ", StringComparison.Ordinal)
        .Replace("freedoom2_D_", "Freedoom 2 ", StringComparison.Ordinal)
        .Replace("freedm_D_", "FreeDM ", StringComparison.Ordinal);

    private static DemoExcerpt? Cut(string folder, double seconds)
    {
        string record = Path.Combine(folder, "song.json");
        if (!File.Exists(record) || JsonSerializer.Deserialize<SongRecord>(File.ReadAllText(record), CorpusJson.Options) is not { } song)
            return null;
        if (!Packages.Contains(song.Source.Package) || song.Soundfont != SoundFont.FluidR3.Name)
            return null;
        AudioClip[] stems = [.. Stem.Roles.Select(stem => AudioClip.Load(Path.Combine(folder, CorpusSong.FileOf(stem))))];
        if (ExcerptPicker.Pick(stems, seconds) is not (int start, double activity))
            return null;
        int rate = stems[0].SampleRate;
        AudioClip[] cut = [.. stems.Select(stem => new AudioClip(stem.Samples.Slice(start, (int)(seconds * rate)), rate))];
        return new DemoExcerpt(TitleOf(song.Name), song, (double)start / rate, activity, cut);
    }
}

/// <summary>An excerpt of a song for the demo.</summary>
/// <param name="Title">Title of the song.</param>
/// <param name="Song">Record of the song.</param>
/// <param name="StartSeconds">Start in the rendered song.</param>
/// <param name="Activity">Activity of the least active stem, in decibels (<see cref="ExcerptPicker"/>).</param>
/// <param name="Stems">One recording for each <see cref="Stem"/>, in its order.</param>
internal sealed record DemoExcerpt(string Title, SongRecord Song, double StartSeconds, double Activity, IReadOnlyList<AudioClip> Stems);

/// <summary>Finds the excerpt of a song in which all stems play most. Thread-safe.</summary>
internal static class ExcerptPicker
{
    /// <summary>Length of the pieces whose levels are measured; excerpts start at multiples of it.</summary>
    private const double PieceSeconds = 0.25;

    /// <summary>Levels below this are silence.</summary>
    private const double FloorDecibels = -60;

    /// <summary>
    /// Finds the excerpt whose least active stem is most active; of equals, the first. The activity of a stem is the mean, over pieces
    /// of 0.25 s, of the level of the root mean square above -60 dB of full scale, in decibels.
    /// </summary>
    /// <param name="stems">Recordings of one song; its length is that of the shortest.</param>
    /// <param name="seconds">Length of the excerpt in seconds.</param>
    /// <returns>The start in samples and the activity in decibels; null if the song is shorter than the excerpt.</returns>
    public static (int Start, double Activity)? Pick(IReadOnlyList<AudioClip> stems, double seconds)
    {
        int piece = (int)(PieceSeconds * stems[0].SampleRate);
        int excerpt = (int)Math.Ceiling(seconds / PieceSeconds);
        double[][] levels = [.. stems.Select(stem => Levels(stem.Samples.Span, piece))];
        (int Start, double Activity)? best = null;
        for (int start = 0; start + excerpt <= levels.Min(stem => stem.Length); start++)
        {
            double activity = levels.Min(stem => stem.AsSpan(start, excerpt).ToArray().Average());
            if (best is null || activity > best.Value.Activity)
                best = (start * piece, activity);
        }
        return best;
    }

    private static double[] Levels(ReadOnlySpan<float> samples, int piece)
    {
        var levels = new double[samples.Length / piece];
        for (int i = 0; i < levels.Length; i++)
        {
            double energy = 0;
            foreach (float sample in samples.Slice(i * piece, piece))
                energy += (double)sample * sample;
            levels[i] = Math.Max(0, 10 * Math.Log10(energy / piece + 1e-12) - FloorDecibels);
        }
        return levels;
    }
}
