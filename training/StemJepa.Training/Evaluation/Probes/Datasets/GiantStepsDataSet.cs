using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// GiantSteps Key: the folders <c>giantsteps-mtg-key-dataset</c> for training (plain keys that the annotators were sure of) and
/// <c>giantsteps-key-dataset</c> for testing, each with <c>audio</c> and <c>annotations</c>. One training recording in ten is for
/// validation.
/// </summary>
internal sealed class GiantStepsDataSet : IProbeDataSet
{
    private const string Train = "giantsteps-mtg-key-dataset", Test = "giantsteps-key-dataset", Sure = "2";
    private const int ValidationOneIn = 10;

    public string Name => "GiantSteps Key";

    public IReadOnlyList<string> Tasks => [ProbeTask.Key];

    public bool Recognises(string folder) => Directory.Exists(Path.Combine(folder, Train)) && Directory.Exists(Path.Combine(folder, Test));

    public ProbeData Read(ProbeRequest request) =>
        new(Name, request.Folder, new KeyTask(), [.. TrainingClips(request), .. TestClips(request)]);

    /// <summary><c>annotations/annotations.txt</c>: number, key and confidence, separated by tabs, below a line of titles.</summary>
    private static IEnumerable<ProbeClip> TrainingClips(ProbeRequest request)
    {
        string folder = Path.Combine(request.Folder, Train);
        foreach (string line in File.ReadLines(Path.Combine(folder, "annotations", "annotations.txt")).Skip(1))
        {
            if (line.Split('\t') is not [string number, string name, Sure, ..] || KeyClasses.Parse(name) is not { } key)
                continue;
            ProbeSplit split = ValidationSplit.Hash(number) % ValidationOneIn == 0 ? ProbeSplit.Validation : ProbeSplit.Train;
            if (Clip(request, folder, $"{number}.LOFI", key, split) is { } clip)
                yield return clip;
        }
    }

    /// <summary><c>annotations/key/NUMBER.LOFI.key</c>: the key in words.</summary>
    private static IEnumerable<ProbeClip> TestClips(ProbeRequest request)
    {
        string folder = Path.Combine(request.Folder, Test);
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, "annotations", "key"), "*.key"))
        {
            if (KeyClasses.Parse(File.ReadAllText(path)) is not { } key)
                throw new StemJepaException(
                    $"{path}: does not hold one key such as 'D minor'; take the annotation from the data set again.");
            if (Clip(request, folder, Path.GetFileNameWithoutExtension(path), key, ProbeSplit.Test) is { } clip)
                yield return clip;
        }
    }

    private static ProbeClip? Clip(ProbeRequest request, string folder, string name, int key, ProbeSplit split) =>
        ClipAudio.Find(Path.Combine(folder, "audio", name)) is { } audio
            ? new ProbeClip(name, name, split, ProbeLabel.FromClass(key), () => ClipAudio.FromFile(audio, request.Seconds))
            : null;
}
