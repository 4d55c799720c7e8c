namespace StemJepa.Training.Corpora;

/// <summary>The composed songs of a training corpus. Thread-safe.</summary>
public static class ComposedSongs
{
    /// <summary>About how long a training song is.</summary>
    public const double Seconds = 40;

    /// <summary>
    /// Training songs 1 to <paramref name="count"/>; more songs do not change the first ones. With <paramref name="drummers"/>, people
    /// play the drums of some.
    /// </summary>
    /// <exception cref="StemJepaException">mma or a soundfont is not installed.</exception>
    public static IReadOnlyList<CorpusItem> Training(int count, int seed, DrumPerformances? drummers = null)
    {
        var composer = new Composer(GrooveLibrary.Read(), seed, isTest: false) { Drummers = drummers is null ? null
            : new HumanDrums(drummers, seed) };
        IReadOnlyList<(SoundFont, IReadOnlyList<int>)> fonts = DrumSets.Of(SoundFont.Training);
        return [.. Enumerable.Range(1, count).Select(index => new CorpusItem(composer.NameOf(index), CorpusFolder.Train, seed, async cancel =>
        {
            SourceSong song = await composer.ComposeAsync(index, Seconds, LeadInstrument.Training, cancel);
            return (song, ComposedPlan.Draw(song, fonts, seed));
        }))];
    }
}
