namespace StemJepa.Training.Corpora;

/// <summary>The composed songs of a training corpus. Thread-safe.</summary>
public static class ComposedSongs
{
    /// <summary>About how long a training song is.</summary>
    public const double Seconds = 40;

    /// <summary>Training songs 1 to <paramref name="count"/>; more songs do not change the first ones.</summary>
    /// <exception cref="StemJepaException">mma or a soundfont is not installed.</exception>
    public static IReadOnlyList<CorpusItem> Training(int count, int seed)
    {
        var composer = new Composer(GrooveLibrary.Read(), seed, isTest: false);
        IReadOnlyList<(SoundFont, IReadOnlyList<int>)> fonts = DrumSets.Of(SoundFont.Training);
        return [.. Enumerable.Range(1, count).Select(index => new CorpusItem(composer.NameOf(index), CorpusFolder.Train, seed, async cancel =>
        {
            SourceSong song = await composer.ComposeAsync(index, Seconds, LeadInstrument.Training, cancel);
            return (song, ComposedPlan.Draw(song, fonts, seed));
        }))];
    }
}
