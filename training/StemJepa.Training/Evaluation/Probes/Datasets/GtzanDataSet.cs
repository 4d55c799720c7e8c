using System.Globalization;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// GTZAN: <c>genres/GENRE/GENRE.NNNNN.wav</c> (or <c>genres_original</c>, or <c>.au</c>), with the lists of the fault-filtered split,
/// <c>train_filtered.txt</c>, <c>valid_filtered.txt</c> and <c>test_filtered.txt</c>, in the folder or in <c>GTZAN_split</c>. Tempo and
/// beats come from <c>gtzan_tempo_beat-main/{tempo,beats}/gtzan_GENRE_NNNNN.{bpm,beats}</c> or from GTZAN-Rhythm,
/// <c>*/jams/GENRE.NNNNN.wav.jams</c>.
/// </summary>
internal sealed class GtzanDataSet : IProbeDataSet
{
    private static readonly string[] Genres =
        ["blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock"];

    private static readonly string[] AudioFolders = ["genres", "genres_original"];

    private static readonly (string List, ProbeSplit Split)[] Lists =
        [("train_filtered.txt", ProbeSplit.Train), ("valid_filtered.txt", ProbeSplit.Validation), ("test_filtered.txt", ProbeSplit.Test)];

    public string Name => "GTZAN";

    public IReadOnlyList<string> Tasks => [ProbeTask.Genre, ProbeTask.Tempo, ProbeTask.Beats];

    public bool Recognises(string folder) => AudioFolders.Any(name => Directory.Exists(Path.Combine(folder, name, "blues")));

    public ProbeData Read(ProbeRequest request)
    {
        ProbeTask task = request.Task switch
        {
            ProbeTask.Genre => new ClassTask(ProbeTask.Genre, Genres),
            ProbeTask.Tempo => new TempoTask(),
            _ => new BeatTask(),
        };
        return new ProbeData(Name, request.Folder, task, Lists.SelectMany(list => Clips(request, list.List, list.Split)));
    }

    private static IEnumerable<ProbeClip> Clips(ProbeRequest request, string list, ProbeSplit split)
    {
        string path =
            new[] { Path.Combine(request.Folder, list), Path.Combine(request.Folder, "GTZAN_split", list) }.FirstOrDefault(File.Exists)
            ?? throw new StemJepaException(
                $"{Path.Combine(request.Folder, list)}: is missing; put the three lists of the fault-filtered split of GTZAN there.");
        foreach (string line in File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            string name = Path.GetFileNameWithoutExtension(line), genre = name.Split('.')[0];
            if (Array.IndexOf(Genres, genre) < 0)
                throw new StemJepaException(
                    $"{path}: lists '{line}', which is not of the form blues/blues.00000.wav; take the list from its source again.");
            string? audio = AudioFolders.Select(folder => ClipAudio.Find(Path.Combine(request.Folder, folder, genre, name)))
                .FirstOrDefault(found => found is not null);
            if (audio is not null && Label(request, genre, name) is { } label)
                yield return new ProbeClip(name, name, split, label, () => ClipAudio.FromFile(audio, request.Seconds));
        }
    }

    private static ProbeLabel? Label(ProbeRequest request, string genre, string name)
    {
        if (request.Task == ProbeTask.Genre)
            return ProbeLabel.FromClass(Array.IndexOf(Genres, genre));
        string plain = $"gtzan_{name.Replace('.', '_')}", texts = Path.Combine(request.Folder, "gtzan_tempo_beat-main");
        string? jams = Directory.EnumerateDirectories(request.Folder).Prepend(request.Folder)
            .Select(folder => Path.Combine(folder, "jams", $"{name}.wav.jams")).FirstOrDefault(File.Exists);
        if (request.Task == ProbeTask.Tempo)
        {
            string bpm = Path.Combine(texts, "tempo", plain + ".bpm");
            double? tempo = File.Exists(bpm)
                ? double.TryParse(File.ReadAllText(bpm), CultureInfo.InvariantCulture, out double value) && value > 0
                    ? value
                    : throw new StemJepaException(
                        $"{bpm}: does not hold one tempo such as 120.5; take the annotation from the data set again.")
                : jams is null ? null : JamsFile.Tempo(jams);
            return tempo is { } known ? ProbeLabel.FromTempo(known) : null;
        }
        string beats = Path.Combine(texts, "beats", plain + ".beats");
        IReadOnlyList<double>? times = File.Exists(beats) ? BeatFile.Read(beats) : jams is null ? null : JamsFile.Beats(jams);
        return times is { Count: > 0 } ? ProbeLabel.FromBeats([.. times.Where(time => time < request.Seconds)]) : null;
    }
}
