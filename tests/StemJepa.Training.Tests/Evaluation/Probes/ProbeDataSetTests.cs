using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;
using static StemJepa.Training.Tests.Evaluation.TinyProbeSets;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Each data set is made in its layout, with a few tones as its recordings; the oracle is what was written there.</summary>
public sealed class ProbeDataSetTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Folder => _temporary.Root;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_rendered_corpus_keeps_songs_and_variants_together()
    {
        string[] songs = [.. Enumerable.Range(0, 24).Select(i => $"composed_{i:00000}")];
        foreach (string song in songs)
        {
            Rendered(Folder, "train", song, "Eb major", 90, "blues");
            Rendered(Folder, "train", song + "~nearby", "F# minor", 100, "blues", program: 0);
        }
        Rendered(Folder, "train", "freedm_D_REAL", genre: null);
        Rendered(Folder, "test", "composed-test_001", "A minor", 128, "rock");
        ProbeData keys = Read(ProbeTask.Key);
        Assert.Equal(49, keys.Clips.Count);
        Assert.All(keys.Clips.GroupBy(clip => clip.Group), group => Assert.Single(group.Select(clip => clip.Split).Distinct()));
        Assert.InRange(keys.ClipsIn(ProbeSplit.Validation).Count, 2, 20);
        Assert.Equal(KeyClasses.Parse("A minor"), Assert.Single(keys.ClipsIn(ProbeSplit.Test)).Label.Class);
        Assert.Equal(KeyClasses.Parse("F# minor"), keys.Clips.Single(clip => clip.Name == "composed_00003~nearby").Label.Class);
        Assert.Equal(128, Read(ProbeTask.Tempo).ClipsIn(ProbeSplit.Test)[0].Label.Tempo, 6);
        Assert.Equal(8, Read(ProbeTask.Beats).ClipsIn(ProbeSplit.Test)[0].Label.Beats.Count);
        Assert.Equal("rock", SongFacts.Genres[Read(ProbeTask.Genre).ClipsIn(ProbeSplit.Test)[0].Label.Class]);
        ProbeData instruments = Read(ProbeTask.Instrument);
        Assert.Equal(2 * 50, instruments.Clips.Count);
        Assert.Equal("drums", FamilyOf(instruments, "freedm_D_REAL/drums"));
        Assert.Equal("bass", FamilyOf(instruments, "freedm_D_REAL/bass"));
        Assert.Equal("piano", FamilyOf(instruments, "composed_00001~nearby/bass"));
        ProbeData tags = Read(ProbeTask.Tags);
        Assert.Equal(["4/4", "bass", "blues", "major", "minor", "piano"], ((TagTask)tags.Task).Classes);
        Assert.Equal([true, true, false, false, true, false], tags.ClipsIn(ProbeSplit.Test)[0].Label.Tags);
        ProbeClip mix = keys.Clips[0];
        Assert.Equal(16000, mix.Load().Samples.Length);
        Assert.NotEqual(0, mix.Load().Samples.Span[5]);
        Assert.Equal(3, keys.Limited(1).Clips.Select(clip => clip.Group).Distinct().Count());
        Assert.Equal(8000, ProbeDataSets.Read(new ProbeRequest(Folder, ProbeTask.Key, null, 0.5)).Clips[0].Load().Samples.Length);
        ProbeData remixed = ProbeDataSets.Read(new ProbeRequest(Folder, ProbeTask.Key, Remixed: true));
        Assert.Equal([2 * keys.ClipsIn(ProbeSplit.Train).Count, keys.ClipsIn(ProbeSplit.Validation).Count, 1],
            Enum.GetValues<ProbeSplit>().Select(split => remixed.ClipsIn(split).Count));
        foreach (ProbeClip remix in remixed.Clips.Where(clip => clip.Name.EndsWith(" remix", StringComparison.Ordinal)))
        {
            ProbeClip original = keys.Clips.Single(clip => clip.Name == remix.Name.Split(' ')[0]);
            Assert.Equal((original.Group, original.Label.Class), (remix.Group, remix.Label.Class));
            float[] asWritten = original.Load().Samples.ToArray(), other = remix.Load().Samples.ToArray();
            Assert.NotEqual(asWritten, other);
            Assert.Equal(other, remix.Load().Samples.ToArray());
        }
    }

    [Fact]
    public void GiantSteps_trains_on_sure_keys_of_one_half_and_tests_on_the_other()
    {
        string mtg = _temporary.PathOf("giantsteps-mtg-key-dataset"), test = _temporary.PathOf("giantsteps-key-dataset");
        string[] lines = [.. Enumerable.Range(1000, 40).Select(number => $"{number}\tD# minor\t2")];
        Text(Path.Combine(mtg, "annotations", "annotations.txt"),
            "ID\tMANUAL KEY\tC\n" + string.Join('\n', lines) + "\n7\t-\t0\n8\tC minor / F# minor\t2\n9\tA minor\t1\n10\tA minor\t2\n");
        foreach (int number in Enumerable.Range(1000, 40).Concat([7, 8, 9]))
            Tone(Path.Combine(mtg, "audio", $"{number}.LOFI.wav"));
        Text(Path.Combine(test, "annotations", "key", "0010089.LOFI.key"), "F minor\n");
        Tone(Path.Combine(test, "audio", "0010089.LOFI.wav"));
        ProbeData data = Read(ProbeTask.Key);
        Assert.Equal(41, data.Clips.Count);
        Assert.All(data.ClipsIn(ProbeSplit.Train), clip => Assert.Equal(15, clip.Label.Class));
        Assert.Equal(17, Assert.Single(data.ClipsIn(ProbeSplit.Test)).Label.Class);
        Text(Path.Combine(test, "annotations", "key", "0010090.LOFI.key"), "H minor\n");
        Assert.Contains("0010090.LOFI.key", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Key)).Message);
    }

    [Fact]
    public void Gtzan_has_the_fault_filtered_split_and_both_annotations_of_beats()
    {
        foreach (string name in new[] { "blues.00000", "rock.00001", "jazz.00002", "pop.00003" })
            Tone(_temporary.PathOf($"genres/{name.Split('.')[0]}/{name}.wav"));
        Text(_temporary.PathOf("train_filtered.txt"), "blues/blues.00000.wav\njazz/jazz.00002.wav\nmetal/metal.00009.wav\n");
        Text(_temporary.PathOf("valid_filtered.txt"), "rock/rock.00001.wav\n");
        Text(_temporary.PathOf("test_filtered.txt"), "pop/pop.00003.wav\n");
        Text(_temporary.PathOf("gtzan_tempo_beat-main/tempo/gtzan_blues_00000.bpm"), "120.5\n");
        Text(_temporary.PathOf("gtzan_tempo_beat-main/tempo/gtzan_rock_00001.bpm"), "90");
        Text(_temporary.PathOf("gtzan_tempo_beat-main/beats/gtzan_blues_00000.beats"), "0.5 1\n1.0 2\n");
        Text(_temporary.PathOf("gtzan_tempo_beat-main/beats/gtzan_rock_00001.beats"), "0.25\t1\n0.75\t2\n");
        Text(_temporary.PathOf("GTZAN-Rhythm/jams/pop.00003.wav.jams"), """
            {"annotations": [{"namespace": "tag_open", "data": []},
              {"namespace": "beat", "data": [{"time": 0.9, "duration": 0, "value": 2}, {"time": 0.3, "duration": 0, "value": 1}]},
              {"namespace": "tempo", "data": [{"time": 0, "duration": 30, "value": 101.5, "confidence": 1}]}]}
            """);
        ProbeData genres = Read(ProbeTask.Genre);
        Assert.Equal(["blues.00000", "jazz.00002", "pop.00003", "rock.00001"], genres.Clips.Select(clip => clip.Name));
        Assert.Equal([0, 5, 7, 9], genres.Clips.Select(clip => clip.Label.Class));
        Assert.Equal([120.5, 101.5, 90], Read(ProbeTask.Tempo).Clips.Select(clip => clip.Label.Tempo));
        ProbeData beats = Read(ProbeTask.Beats);
        Assert.Equal([0.5, 1], beats.ClipsIn(ProbeSplit.Train)[0].Label.Beats);
        Assert.Equal([0.3, 0.9], beats.ClipsIn(ProbeSplit.Test)[0].Label.Beats);
        Text(_temporary.PathOf("GTZAN-Rhythm/jams/pop.00003.wav.jams"), "{}");
        Assert.Contains("pop.00003.wav.jams", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Beats)).Message);
        File.Delete(_temporary.PathOf("valid_filtered.txt"));
        Assert.Contains("valid_filtered.txt", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Genre)).Message);
    }

    /// <summary>52 tags, of which 'rare' and 'none' are the least frequent; folder c validates and d to f test.</summary>
    [Fact]
    public void MagnaTagATune_takes_its_fifty_most_frequent_tags()
    {
        string[] tags = [.. Enumerable.Range(0, 50).Select(i => $"tag {i}"), "rare", "none"];
        string Row(int clip, string path, bool rare) =>
            $"\"{clip}\"\t{string.Join('\t',
                tags.Select(tag => tag == "none" || (tag == "rare" && !rare) ? "\"0\"" : "\"1\""))}\t\"{path}\"";
        string[] paths = ["0/a-1-0-29.mp3", "b/a-2-0-29.mp3", "c/a-3-0-29.mp3", "f/a-4-0-29.mp3", "d/missing.mp3"];
        Text(_temporary.PathOf("annotations_final.csv"),
            $"\"clip_id\"\t{string.Join('\t', tags.Select(tag => $"\"{tag}\""))}\t\"mp3_path\"\n"
                + string.Join('\n', paths.Select((path, i) => Row(i, path, i == 0))) + "\n");
        foreach (string path in paths[..4])
            Tone(_temporary.PathOf(Path.ChangeExtension(path, ".wav")));
        ProbeData data = Read(ProbeTask.Tags);
        Assert.Equal(tags[..50], ((TagTask)data.Task).Classes);
        Assert.Equal([ProbeSplit.Train, ProbeSplit.Train, ProbeSplit.Validation, ProbeSplit.Test], data.Clips.Select(clip => clip.Split));
        Assert.All(data.Clips, clip => Assert.All(clip.Label.Tags, Assert.True));
        Assert.Equal(50, data.Clips[0].Label.Tags.Count);
        File.AppendAllText(_temporary.PathOf("annotations_final.csv"), "\"9\"\t\"1\"\n");
        Assert.Contains("annotations_final.csv", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Tags)).Message);
    }

    [Fact]
    public void NSynth_has_families_in_three_folders()
    {
        foreach ((string split, string name, string family) in new[] { ("train", "bass_synthetic_068-049-025", "bass"),
            ("valid", "vocal_acoustic_000-050-025", "vocal"), ("test", "organ_electronic_007-010-127", "organ") })
        {
            Text(_temporary.PathOf($"nsynth-{split}/examples.json"),
                $$$"""{"{{{name}}}": {"note": 1, "instrument_family": 0, "instrument_family_str": "{{{family}}}", "qualities": [0, 1]}}""");
            Tone(_temporary.PathOf($"nsynth-{split}/audio/{name}.wav"));
        }
        ProbeData data = Read(ProbeTask.Instrument);
        Assert.Equal([0, 6, 10], data.Clips.Select(clip => clip.Label.Class));
        Assert.Equal([ProbeSplit.Train, ProbeSplit.Test, ProbeSplit.Validation], data.Clips.Select(clip => clip.Split));
        Text(_temporary.PathOf("nsynth-test/examples.json"), """{"x": {"instrument_family_str": "kazoo"}}""");
        Assert.Contains("kazoo", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Instrument)).Message);
    }

    [Fact]
    public void Ballroom_has_beats_beside_the_audio()
    {
        foreach (int i in Enumerable.Range(0, 60))
        {
            Tone(_temporary.PathOf($"BallroomData/Waltz/Albums-Waltz-{i:00}.wav"));
            Text(_temporary.PathOf($"BallroomAnnotations-master/Albums-Waltz-{i:00}.beats"),
                "0.194467120\t0.4\n0.694467120\t1.1\n1.194467120\t1.2\n");
        }
        ProbeData data = Read(ProbeTask.Beats);
        Assert.Equal(60, data.Clips.Count);
        Assert.InRange(data.ClipsIn(ProbeSplit.Test).Count, 4, 25);
        Assert.All(data.Clips, clip => Assert.Equal([0.194467120, 0.694467120, 1.194467120], clip.Label.Beats));
        Assert.All(Read(ProbeTask.Tempo).Clips, clip => Assert.Equal(120, clip.Label.Tempo, 6));
        Text(_temporary.PathOf("BallroomAnnotations-master/Albums-Waltz-07.beats"), "0.1\t1\nnever\t2\n");
        Assert.Contains("line 2", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Beats)).Message);
    }

    [Fact]
    public void Folders_that_are_no_data_set_are_refused()
    {
        Assert.Contains("no known data set", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Key)).Message);
        Assert.Contains("no such folder", Assert.Throws<StemJepaException>(() =>
            ProbeDataSets.Read(new ProbeRequest(_temporary.PathOf("absent"), ProbeTask.Key))).Message);
        foreach (string split in new[] { "train", "valid", "test" })
            Text(_temporary.PathOf($"nsynth-{split}/examples.json"), "{}");
        Assert.Contains("no labels for key", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Key)).Message);
        Assert.Contains("train split", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Instrument)).Message);
    }

    /// <summary>Heads are trained without a test split; a probe has nothing to say then.</summary>
    [Fact]
    public void A_corpus_without_test_songs_can_be_trained_on_but_not_probed()
    {
        foreach (int i in Enumerable.Range(0, 24))
            Rendered(Folder, "train", $"composed_{i:00000}", "C major");
        ProbeData data = Read(ProbeTask.Key);
        Assert.Equal(24, data.Clips.Count);
        Assert.Contains("test split", Assert.Throws<StemJepaException>(() => new Probe(data)).Message);
    }

    /// <summary>The same song in training and testing would make every figure worthless.</summary>
    [Fact]
    public void A_song_in_two_splits_is_refused()
    {
        foreach (int i in Enumerable.Range(0, 24))
            Rendered(Folder, "train", $"composed_{i:00000}", "C major");
        Rendered(Folder, "test", "composed_00003~nearby", "C major");
        Assert.Contains("'composed_00003' is in two splits", Assert.Throws<StemJepaException>(() => Read(ProbeTask.Key)).Message);
    }

    private static string FamilyOf(ProbeData data, string clip) =>
        SongFacts.Instruments[data.Clips.Single(item => item.Name == clip).Label.Class];

    private ProbeData Read(string task) => ProbeDataSets.Read(new ProbeRequest(Folder, task));
}
