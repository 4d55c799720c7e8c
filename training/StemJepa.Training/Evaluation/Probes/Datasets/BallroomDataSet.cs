using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Ballroom: <c>BallroomData/DANCE/NAME.wav</c> and <c>BallroomAnnotations[-master]/NAME.beats</c>. It has no split of its own: by a hash
/// of the name, a tenth is for validation and two tenths for testing. The tempo is the median of the annotated beats.
/// </summary>
internal sealed class BallroomDataSet : IProbeDataSet
{
    private const string Audio = "BallroomData", Annotations = "BallroomAnnotations*";
    private const int Parts = 10;

    public string Name => "Ballroom";

    public IReadOnlyList<string> Tasks => [ProbeTask.Beats, ProbeTask.Tempo];

    public bool Recognises(string folder) => Directory.Exists(Path.Combine(folder, Audio))
        && Directory.EnumerateDirectories(folder, Annotations).Any();

    public ProbeData Read(ProbeRequest request)
    {
        string annotations = Directory.EnumerateDirectories(request.Folder, Annotations).Order(StringComparer.Ordinal).First();
        return new ProbeData(Name, request.Folder, request.Task == ProbeTask.Beats ? new BeatTask() : new TempoTask(),
            from audio in Directory.EnumerateFiles(Path.Combine(request.Folder, Audio), "*.wav", SearchOption.AllDirectories)
            let name = Path.GetFileNameWithoutExtension(audio)
            let path = Path.Combine(annotations, name + ".beats")
            where File.Exists(path)
            let label = Label(request, BeatFile.Read(path))
            where label is not null
            select new ProbeClip(name, name, SplitOf(name), label, () => ClipAudio.FromFile(audio, request.Seconds)));
    }

    private static ProbeLabel? Label(ProbeRequest request, IReadOnlyList<double> beats) => request.Task == ProbeTask.Beats
        ? ProbeLabel.FromBeats([.. beats.Where(beat => beat < request.Seconds)])
        : SongFacts.Tempo(beats) is { } tempo ? ProbeLabel.FromTempo(tempo) : null;

    private static ProbeSplit SplitOf(string name) => (ValidationSplit.Hash(name) % Parts) switch
    {
        0 => ProbeSplit.Validation,
        1 or 2 => ProbeSplit.Test,
        _ => ProbeSplit.Train,
    };
}
