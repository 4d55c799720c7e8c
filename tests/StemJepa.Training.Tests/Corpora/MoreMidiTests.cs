using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the committed test set and the rules for what is added to it.</summary>
public sealed class MoreMidiTests
{
    [FactWithMoreSongs]
    public async Task Further_songs_share_nothing_with_the_songs_that_are_known()
    {
        IReadOnlyList<SourceSong> known = SourceSong.Select(await MidiCollections.ReadAllAsync(CancellationToken.None)).Songs;
        (IReadOnlyList<SourceSong> songs, IReadOnlyList<RejectedSource> rejected) =
            await MoreMidi.SelectAsync(known, CancellationToken.None);
        Assert.InRange(songs.Count, 8, 10);
        Assert.Empty(songs.Select(s => s.Name).Intersect(known.Select(s => s.Name)));
        Assert.All(songs, s => Assert.Equal(4, s.Roles.Values.Distinct().Count()));
        Assert.All(songs, s => Assert.All(known, k => Assert.True(SharedMaterial.Overlap(s.Midi, k.Midi) < SharedMaterial.LeastOverlap)));
        SourceSong copied = songs[0];
        (IReadOnlyList<SourceSong> others, rejected) = await MoreMidi.SelectAsync([.. known, copied], CancellationToken.None);
        Assert.DoesNotContain(copied.Name, others.Select(s => s.Name));
        Assert.Contains(rejected, r => r.Name == copied.Name && r.Reason.Contains("shares material"));
    }

    [FactWithMoreSongs]
    public async Task Songs_of_separate_voices_have_licences_and_unique_names()
    {
        (IReadOnlyList<Multitrack> songs, IReadOnlyList<RejectedSource> again) =
            await MultitrackCollections.ReadAllAsync(CancellationToken.None);
        Assert.Equal(songs.Count, songs.Select(s => s.Name).Distinct().Count());
        Assert.All(songs, s => Assert.Matches("^(GPL|Artistic|BSD|CC-BY-SA)-", s.Source.Licence));
        Assert.All(songs, s => Assert.Matches("^[0-9a-f]{64}$", s.Source.Sha256));
        Assert.Contains(again, r => r.Name == "tecnoballz_area1-game2" && r.Reason.Contains("tecnoballz_area1-game "));
        Assert.InRange(songs.Count(s => s.IsTest), 3, songs.Count / 4);
    }
}

/// <summary>A test that reads the songs of further packages: skipped where one is not installed.</summary>
public sealed class FactWithMoreSongsAttribute : FactAttribute
{
    public FactWithMoreSongsAttribute() => Skip = Requirements.MissingForMore();
}
