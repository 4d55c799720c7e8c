using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>
/// How much what two recordings have in common counts beside their affinity in time, by the stem that is sought: learned by the command
/// <c>coherence-weights</c> of StemJepa.Training. They belong to the library's model. Immutable and thread-safe.
/// </summary>
internal sealed record CoherenceWeights
{
    /// <summary>How many values <see cref="Compare"/> gives.</summary>
    public const int Count = 8;

    /// <summary>Where the shipped ones are in the sources.</summary>
    public const string FileName = "coherence.json";

    private static readonly DescriptionFormat<CoherenceWeights> Description = new(CoherenceWeightsJson.Default.CoherenceWeights,
        "a description of weights for coherence", "write it again with the command coherence-weights of StemJepa.Training");

    private static readonly Lazy<CoherenceWeights> Embedded = new(ReadEmbedded);

    /// <summary>Names of the corpora that they were learned from.</summary>
    public required IReadOnlyList<string> Corpora { get; init; }

    /// <summary>Number of pairs.</summary>
    public required int Pairs { get; init; }

    /// <summary>UTC day on which they were learned, ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>Commit of the code that learned them.</summary>
    public required string Commit { get; init; }

    /// <summary>By the stem's name, [<see cref="Count"/>]; the affinity counts 1.</summary>
    public required IReadOnlyDictionary<string, float[]> Stems { get; init; }

    /// <summary>The library's own for a stem; those of other for stems beyond the roles.</summary>
    public static float[] For(Stem stem) => Embedded.Value.Stems[Stem.Roles[stem.Role].Name];

    /// <summary>
    /// What a mix and a recording that begin together have in common, each about -1..1: onsets; the canonical variables that alignment
    /// uses; and by pitch classes, none of them transposed, both chromas, the mix's chroma and the recording's notes, its low notes and the
    /// recording's notes, chords, and the means over time of both chromas and of chroma and notes (<see cref="HarmonyMatch"/>).
    /// </summary>
    public static float[] Compare(SoundFeatures mix, SoundFeatures recording, Stem stem)
    {
        HarmonyMatch harmony = mix.Harmony.Compare(recording.Harmony, ratio: 1, start: 0);
        return
        [
            (float)mix.Rhythm.Match(recording.Rhythm, ratio: 1, start: 0).Correlation,
            new CanonicalFit(mix.Alignment, recording.Alignment, stem).Correlate(new FitTrial(0, 1, 0)),
            harmony.InTime[0], harmony.NotesInTime[0], harmony.LowInTime[0], harmony.Chords[0], harmony.Mean[0], harmony.NotesMean[0],
        ];
    }

    /// <summary>Writes them, whole or not at all.</summary>
    public void Save(string path) => Description.Write(path, this);

    private static CoherenceWeights ReadEmbedded()
    {
        string source = AssemblyFile.NameOf<CoherenceWeights>(FileName);
        byte[] json = AssemblyFile.TryRead<CoherenceWeights>($"Coherence/{FileName}") ?? throw new StemJepaException(
            $"{source} is missing from this build: write it with the command coherence-weights of StemJepa.Training, and build again.");
        CoherenceWeights weights = Description.Parse(json, source);
        IReadOnlyDictionary<string, float[]> stems = Description.Present(weights.Stems, source, "stems");
        Description.Require(Stem.Roles.All(stem => stems.GetValueOrDefault(stem.Name)?.Length == Count), source,
            $"has no {Count} weights for each stem");
        return weights;
    }
}

/// <summary>Compiled JSON of <c>coherence.json</c>, so that trimmed and native programs can read it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = false)]
[JsonSerializable(typeof(CoherenceWeights))]
internal sealed partial class CoherenceWeightsJson : JsonSerializerContext;
