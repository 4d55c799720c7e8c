using System.Text.Json;
using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// NSynth: <c>nsynth-{train,valid,test}</c>, each with <c>examples.json</c> and <c>audio/NOTE.wav</c>; the family of the instrument.
/// </summary>
internal sealed class NSynthDataSet : IProbeDataSet
{
    private static readonly string[] Families =
        ["bass", "brass", "flute", "guitar", "keyboard", "mallet", "organ", "reed", "string", "synth_lead", "vocal"];

    private static readonly (string Folder, ProbeSplit Split)[] Folders =
        [("nsynth-train", ProbeSplit.Train), ("nsynth-valid", ProbeSplit.Validation), ("nsynth-test", ProbeSplit.Test)];

    private sealed record Note([property: JsonPropertyName("instrument_family_str")] string Family);

    public string Name => "NSynth";

    public IReadOnlyList<string> Tasks => [ProbeTask.Instrument];

    public bool Recognises(string folder) => Folders.All(split => File.Exists(Path.Combine(folder, split.Folder, "examples.json")));

    public ProbeData Read(ProbeRequest request) => new(Name, request.Folder, new ClassTask(ProbeTask.Instrument, Families),
        Folders.SelectMany(split => Clips(request, Path.Combine(request.Folder, split.Folder), split.Split)));

    private static IEnumerable<ProbeClip> Clips(ProbeRequest request, string folder, ProbeSplit split)
    {
        string path = Path.Combine(folder, "examples.json");
        foreach (var (name, note) in ReadNotes(path))
        {
            int family = Array.IndexOf(Families, note.Family);
            if (family < 0)
                throw new StemJepaException(
                    $"{path}: note '{name}' is of the family '{note.Family}', which is not one of {string.Join(", ",
                    Families)}; take the file from the data set again.");
            if (ClipAudio.Find(Path.Combine(folder, "audio", name)) is { } audio)
                yield return new ProbeClip(name, name, split, ProbeLabel.FromClass(family), () =>
                    ClipAudio.FromFile(audio, request.Seconds));
        }
    }

    private static Dictionary<string, Note> ReadNotes(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<Dictionary<string, Note>>(stream) ?? [];
        }
        catch (JsonException error)
        {
            throw new StemJepaException(
                $"{path}: is not the list of notes of NSynth ({error.Message.ReplaceLineEndings(" ")
                .TrimEnd('.')}); take it from the data set again.", error);
        }
    }
}
