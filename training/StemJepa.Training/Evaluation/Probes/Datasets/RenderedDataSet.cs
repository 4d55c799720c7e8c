using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// A corpus that the <c>corpus</c> command rendered: <c>train[|test]/SONG/song.json</c>. One song in eight of the train folder, with its
/// variants, is for validation.
/// </summary>
internal sealed class RenderedDataSet : IProbeDataSet
{
    private const int ValidationOneIn = 8;

    /// <summary>Tags of fewer training songs are left out, since they cannot be learnt.</summary>
    private const int FewestOfTag = 5;

    /// <summary>Largest gain of a stem in a remix, either way, and how much louder its drums are: real mixes have more of them.</summary>
    private const double RemixDecibels = 9, RemixDrumsDecibels = 6;

    private sealed record Song(CorpusSong Corpus, SongRecord Record, ProbeSplit Split);

    public string Name => "rendered";

    public IReadOnlyList<string> Tasks => ProbeTask.Names;

    public bool Recognises(string folder) => Path.Combine(folder, CorpusFolder.Train) is var train && Directory.Exists(train)
        && Directory.EnumerateDirectories(train).Take(1).Any(song => File.Exists(Path.Combine(song, SongRecord.FileName)));

    public ProbeData Read(ProbeRequest request)
    {
        Song[] songs =
        [
            .. CorpusFolder.Songs(request.Folder, CorpusFolder.Train).Select(song =>
                new Song(song, SongRecord.Load(song.Folder), ValidationSplit.Hash(song.Original) % ValidationOneIn == 0
                    ? ProbeSplit.Validation : ProbeSplit.Train)),
            .. TestSongs(request).Select(song => new Song(song, SongRecord.Load(song.Folder), ProbeSplit.Test)),
        ];
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.TestFolder ?? request.Folder)));
        return request.Task switch
        {
            ProbeTask.Key => Mixes(new KeyTask(), song => SongFacts.Key(song) is { } key ? ProbeLabel.FromClass(key) : null),
            ProbeTask.Tempo =>
                Mixes(new TempoTask(), song => SongFacts.Tempo(song.Beats) is { } tempo ? ProbeLabel.FromTempo(tempo) : null),
            ProbeTask.Genre => Mixes(new ClassTask(ProbeTask.Genre, SongFacts.Genres), song => SongFacts.Genre(song) is { } genre
                ? ProbeLabel.FromClass(genre) : null),
            ProbeTask.Beats => Mixes(new BeatTask(), song => song.Beats is { Count: > 0 } beats
                ? ProbeLabel.FromBeats([.. beats.Where(beat => beat < request.Seconds)]) : null),
            ProbeTask.Tags => Tagged(),
            ProbeTask.Stem => Stems(new ClassTask(ProbeTask.Stem, [.. Stem.Roles.Select(role => role.Name)]), (_, stem) => stem.Role),
            _ => Stems(new ClassTask(ProbeTask.Instrument, SongFacts.Instruments), SongFacts.Instrument),
        };

        ProbeData Mixes(ProbeTask task, Func<SongRecord, ProbeLabel?> label) => new(name, request.Folder, task,
            from song in songs
            let known = label(song.Record)
            where known is not null
            from isRemix in request.Remixed && song.Split == ProbeSplit.Train ? new[] { false, true } : [false]
            select isRemix ? Remix(song, known) : Clip(song, song.Corpus.Name, [.. Stem.Roles], known));

        ProbeClip Remix(Song song, ProbeLabel label)
        {
            string clip = $"{song.Corpus.Name} remix";
            return new(clip, song.Corpus.Original, song.Split, label, () =>
            {
                Random random = SeededRandom.For($"{clip}");
                return ClipAudio.FromStems(song.Corpus, [.. Stem.Roles], request.Seconds, stem => (float)Decibels.ToRatio(
                    RemixDecibels * (2 * random.NextDouble() - 1) + (stem == Stem.Drums ? RemixDrumsDecibels : 0)));
            });
        }

        ProbeData Stems(ProbeTask task, Func<SongRecord, Stem, int?> label) => new(name, request.Folder, task,
            from song in songs
            from stem in Stem.Roles
            where File.Exists(song.Corpus.PathOf(stem))
            let known = label(song.Record, stem)
            where known is not null
            select Clip(song, $"{song.Corpus.Name}/{stem.Name}", [stem], ProbeLabel.FromClass(known.Value)));

        ProbeData Tagged()
        {
            string[] tags =
            [
                .. songs.Where(song => song.Split == ProbeSplit.Train)
                    .SelectMany(song => SongFacts.Tags(song.Record) ?? new HashSet<string>())
                    .CountBy(tag => tag).Where(tag => tag.Value >= FewestOfTag).Select(tag => tag.Key).Order(StringComparer.Ordinal),
            ];
            return Mixes(new TagTask(tags), song => SongFacts.Tags(song) is { } own ? ProbeLabel.FromTags([.. tags.Select(own.Contains)])
                : null);
        }

        ProbeClip Clip(Song song, string clip, Stem[] stems, ProbeLabel label) =>
            new(clip, song.Corpus.Original, song.Split, label, () => ClipAudio.FromStems(song.Corpus, stems, request.Seconds));
    }

    /// <summary>
    /// The test songs; none if no other corpus is named for them and this one has none, which only matters to whoever tests.
    /// </summary>
    private static IReadOnlyList<CorpusSong> TestSongs(ProbeRequest request) => request.TestFolder is null
        && !Directory.Exists(Path.Combine(request.Folder, CorpusFolder.Test))
        ? []
        : CorpusFolder.Songs(request.TestFolder ?? request.Folder, CorpusFolder.Test);
}
