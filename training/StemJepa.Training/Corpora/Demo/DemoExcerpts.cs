using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>Chooses the demo's songs: test songs of Freedoom and FreeDM (BSD-3-Clause), played by FluidR3 (MIT).</summary>
public static class DemoExcerpts
{
    private static readonly string[] Packages = ["freedoom", "freedm"];

    /// <summary>The excerpts, in the order of their titles.</summary>
    /// <param name="corpus">A corpus folder.</param>
    /// <param name="most">At most this many songs: those whose excerpts are most active.</param>
    /// <param name="seconds">Length of an excerpt.</param>
    /// <param name="cancel">Stops between songs.</param>
    /// <exception cref="StemJepaException">There are no such songs in the folder.</exception>
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
            throw new StemJepaException($"{test}: holds {excerpts.Count} songs of {string.Join(" and ", Packages)} of at least {seconds} s; a demo needs two.");
        return [.. excerpts.OrderByDescending(e => e.Activity).Take(most).OrderBy(e => e.Title, StringComparer.Ordinal)];
    }

    /// <summary>The name for people: "Freedoom 1 E1M4" for <c>freedoom1_D_E1M4</c>.</summary>
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
        AudioClip[] stems = [.. Enum.GetValues<Stem>().Select(stem => AudioClip.Load(Path.Combine(folder, CorpusSong.FileOf(stem))))];
        if (ExcerptPicker.Pick(stems, seconds) is not (int start, double activity))
            return null;
        int rate = stems[0].SampleRate;
        AudioClip[] cut = [.. stems.Select(stem => new AudioClip(stem.Samples.Slice(start, (int)(seconds * rate)), rate))];
        return new DemoExcerpt(TitleOf(song.Name), song, (double)start / rate, activity, cut);
    }
}

/// <summary>An excerpt of a song for the tool's demo.</summary>
/// <param name="Title">The song's name for people.</param>
/// <param name="Song">The song it is cut from.</param>
/// <param name="StartSeconds">Where it begins in the rendered song.</param>
/// <param name="Activity">How much its least active stem plays, as <see cref="ExcerptPicker"/> measures it.</param>
/// <param name="Stems">One recording for each <see cref="Stem"/>, by its number.</param>
public sealed record DemoExcerpt(string Title, SongRecord Song, double StartSeconds, double Activity, IReadOnlyList<AudioClip> Stems);

/// <summary>Finds where in a song all stems play.</summary>
public static class ExcerptPicker
{
    /// <summary>Length of the pieces whose levels are compared; excerpts begin at multiples of it.</summary>
    private const double PieceSeconds = 0.25;

    /// <summary>Levels under this count as silence.</summary>
    private const double FloorDecibels = -60;

    /// <summary>
    /// The start of the excerpt whose least active stem is most active. A stem's activity is the mean, over pieces of 0.25 s, of how many
    /// decibels the root mean square lies over -60 dB of full scale; of equals the first is taken.
    /// </summary>
    /// <param name="stems">Recordings of one song; the shortest counts.</param>
    /// <param name="seconds">Length of the excerpt.</param>
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
