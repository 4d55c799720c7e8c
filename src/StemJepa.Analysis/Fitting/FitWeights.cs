using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>
/// How much each <see cref="FitFeature"/> speaks for a way to fit, by stem, and how loud stems usually are: learned from
/// songs whose stems were moved, by the command <c>fit-weights</c> of StemJepa.Training. They belong to the library's model. Immutable and
/// thread-safe.
/// </summary>
internal sealed record FitWeights
{
    /// <summary>How many features there are.</summary>
    public const int Count = (int)FitFeature.RegisterSquare + 1;

    /// <summary>Where the shipped ones are in the sources.</summary>
    public const string FileName = "weights.json";

    private static readonly DescriptionFormat<FitWeights> Description = new(FitWeightsJson.Default.FitWeights,
        "a description of weights for fitting", "write it again with the command fit-weights of StemJepa.Training");

    private static readonly Lazy<FitWeights> Embedded = new(ReadEmbedded);

    /// <summary>Names of the corpora that they were learned from.</summary>
    public required IReadOnlyList<string> Corpora { get; init; }

    /// <summary>Number of moved stems.</summary>
    public required int Cases { get; init; }

    /// <summary>UTC day on which they were learned, ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>Commit of the code that learned them.</summary>
    public required string Commit { get; init; }

    /// <summary>By the stem's name, [<see cref="Count"/>].</summary>
    public required IReadOnlyDictionary<string, float[]> Stems { get; init; }

    /// <summary>By the stem's name, the median loudness of the stem less that of the others of its song, in LU, to half a LU.</summary>
    public required IReadOnlyDictionary<string, double> Levels { get; init; }

    /// <summary>The library's own level for a stem, in LU; that of other for stems beyond the roles.</summary>
    public static double LevelOf(Stem stem) => Embedded.Value.Levels[Stem.Roles[stem.Role].Name];

    /// <summary>The library's own for a stem; those of other for stems beyond the roles.</summary>
    public static float[] For(Stem stem) => Embedded.Value.Stems[Stem.Roles[stem.Role].Name];

    /// <summary>What to begin with where nothing was learned yet.</summary>
    public static float[] Simple()
    {
        var weights = new float[Count];
        (FitFeature, float)[] known =
        [
            (FitFeature.Rhythm, 1), (FitFeature.RhythmEvidence, 1), (FitFeature.Overlap, 3), (FitFeature.Within, 1),
            (FitFeature.SimilarLength, 2), (FitFeature.SameLength, 1), (FitFeature.Tempo, 0.2f), (FitFeature.LittleStretch, 0.5f),
            (FitFeature.Canonical, 0.5f),
            (FitFeature.CanonicalEvidence, 1), (FitFeature.LittleTransposition, 0.1f), (FitFeature.SameKey, 0.5f),
            (FitFeature.CompatibleKey, 0.5f), (FitFeature.Affinity, 2),
            (FitFeature.AffinityEvidence, 0.5f), (FitFeature.Chroma, 1), (FitFeature.Notes, 1), (FitFeature.ChromaKey, 1),
            (FitFeature.NotesKey, 1), (FitFeature.Low, 1), (FitFeature.LowKey, 1), (FitFeature.Chords, 1),
        ];
        foreach ((FitFeature feature, float weight) in known)
            weights[(int)feature] = weight;
        return weights;
    }

    /// <summary>Writes them, whole or not at all.</summary>
    public void Save(string path) => Description.Write(path, this);

    private static FitWeights ReadEmbedded()
    {
        string source = AssemblyFile.NameOf<FitWeights>(FileName);
        byte[] json = AssemblyFile.TryRead<FitWeights>($"Fitting/{FileName}") ?? throw new StemJepaException(
            $"{source} is missing from this build: write it with the command fit-weights of StemJepa.Training, and build again.");
        FitWeights weights = Description.Parse(json, source);
        IReadOnlyDictionary<string, float[]> stems = Description.Present(weights.Stems, source, "stems");
        Description.Require(Stem.Roles.All(stem => stems.GetValueOrDefault(stem.Name)?.Length == Count), source,
            $"has no {Count} weights for each stem");
        IReadOnlyDictionary<string, double> levels = Description.Present(weights.Levels, source, "levels");
        Description.Require(Stem.Roles.All(stem => levels.ContainsKey(stem.Name)), source, "has no level for each stem");
        return weights;
    }
}

/// <summary>Compiled JSON of <c>weights.json</c>, so that trimmed and native programs can read it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = false)]
[JsonSerializable(typeof(FitWeights))]
internal sealed partial class FitWeightsJson : JsonSerializerContext;
