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
        AudioClip[] stems = [.. Enum.GetValues<Stem>().Select(stem => AudioClip.Load(Path.Combine(folder, SongRenderer.FileOf(stem))))];
        if (ExcerptPicker.Pick(stems, seconds) is not (int start, double activity))
            return null;
        int rate = stems[0].SampleRate;
        AudioClip[] cut = [.. stems.Select(stem => new AudioClip(stem.Samples.Slice(start, (int)(seconds * rate)), rate))];
        return new DemoExcerpt(TitleOf(song.Name), song, (double)start / rate, activity, cut);
    }
}
