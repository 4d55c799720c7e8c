using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>
/// What <c>heads.json</c> in a model folder says: which heads <see cref="StemAnalyzer"/> uses, and where they come from. Immutable.
/// </summary>
internal sealed record HeadsInfo
{
    internal const string FileName = "heads.json";

    /// <summary>The value of <see cref="Format"/>.</summary>
    internal const string FormatName = "stemjepa-heads";

    internal const int CurrentVersion = 1;

    /// <summary>The heads, by their tasks. A model may lack the one for <see cref="Stem"/>.</summary>
    internal const string Key = "key", Tempo = "tempo", Beats = "beats", Instrument = "instrument", Stem = "stem";

    private static readonly DescriptionFormat<HeadsInfo> Description =
        new(HeadsJson.Default.HeadsInfo, "a description of heads",
        "train the heads for this model again with the command heads of StemJepa.Export");

    public string Format { get; init; } = FormatName;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>SHA-256 of the target encoder's file that the heads were trained on; they mean nothing on another.</summary>
    public required string EncoderSha256 { get; init; }

    /// <summary>Name of the data set that they were trained on.</summary>
    public required string Corpus { get; init; }

    /// <summary>Seconds of each recording that were used; null for all.</summary>
    public double? Seconds { get; init; }

    /// <summary>UTC day on which they were trained, ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>Commit of the code that trained them.</summary>
    public required string Commit { get; init; }

    /// <summary>The heads, by their tasks.</summary>
    public required IReadOnlyDictionary<string, HeadInfo> Heads { get; init; }

    /// <summary>Reads the description of a model's heads and makes sure that they belong to it.</summary>
    /// <exception cref="StemJepaException">There is none, or it is damaged or another encoder's.</exception>
    internal static HeadsInfo Read(HeadsSource source, ModelInfo model)
    {
        string name = source.NameOf(FileName);
        byte[] json = source.Read(FileName) ?? throw new StemJepaException(
            $"{name} is missing, so the model cannot analyse recordings: use a model folder with heads, or train them with the command "
            + "heads of StemJepa.Export.",
            StemJepaErrorKind.NotFound);
        HeadsInfo heads = Description.Parse(json, name);
        heads.Check(name, model);
        return heads;
    }

    /// <summary>Writes <c>heads.json</c> into an existing folder, whole or not at all.</summary>
    internal void Save(string folder) => Description.Write(Path.Combine(folder, FileName), this);

    private void Check(string name, ModelInfo model)
    {
        void Require(bool holds, string found) => Description.Require(holds, name, found);
        Require(Format == FormatName
            && Version == CurrentVersion, $"has format \"{Format}\", version {Version}, not \"{FormatName}\", version {CurrentVersion}");
        Require(EncoderSha256 == model.Sha256?[model.Files.TargetEncoder],
            $"belongs to another encoder than {model.Files?.TargetEncoder} of the model {model.Name}");
        IReadOnlyDictionary<string, HeadInfo> heads = Description.Present(Heads, name, "heads");
        foreach (string head in new[] { Key, Tempo, Beats, Instrument }.Concat(heads.ContainsKey(Stem) ? [Stem] : []))
        {
            Require(heads.GetValueOrDefault(head) is not null, $"has no head for {head}");
            Require(ModelInfoRules.IsPlainFileName(heads[head].File),
                $"names the file \"{heads[head].File}\" for {head}, which is not a plain name");
            Require(ModelInfoRules.IsSha256(heads[head].Sha256), $"has no valid SHA-256 for {heads[head].File}");
        }
        Require(heads[Key].Classes is { Count: MusicalKey.Count }, $"has no {MusicalKey.Count} classes for {Key}");
        Require(heads[Instrument].Classes is { Count: > 0 }, $"has no classes for {Instrument}");
        Require(heads.GetValueOrDefault(Stem)?.Classes?.SequenceEqual(StemJepa.Stem.Roles.Select(role => role.Name)) != false,
            $"has other classes for {Stem} than {string.Join(", ", StemJepa.Stem.Roles)}");
        Require(heads.All(head => head.Value?.Input is HeadInput.Columns || (head.Key, head.Value?.Input) is (Tempo,
            HeadInput.BeatPeriodicity) or (Key, HeadInput.Chroma) or (Instrument or Stem, HeadInput.MelDynamics)),
            $"shows a head something else than columns of patches, for {Tempo} the likelihood of beats, for {Key} the chroma, or for "
            + $"{Instrument} and {Stem} the moves of the mel bands");
    }
}

/// <summary>One head of <see cref="HeadsInfo"/>. Immutable.</summary>
internal sealed record HeadInfo
{
    /// <summary>The ONNX file: input <c>features</c>, output <c>logits</c>. A plain name inside the model folder.</summary>
    public required string File { get; init; }

    /// <summary>Its SHA-256 in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The input features of the head.</summary>
    public required HeadInput Input { get; init; }

    /// <summary>Its kind: <c>linear</c>, <c>mlp</c> or <c>columns</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Names of the outputs; null where they are classes of tempo or frames of a time patch.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Name of the data set that it was trained on, where that is another than <see cref="HeadsInfo.Corpus"/>.</summary>
    public string? Corpus { get; init; }

    /// <summary>Recordings that it was fitted to, and that chose it.</summary>
    public required int TrainClips { get; init; }

    /// <inheritdoc cref="TrainClips"/>
    public required int ValidationClips { get; init; }

    /// <summary>Figures on the validation recordings, by metric, 0..1.</summary>
    public required IReadOnlyDictionary<string, double> Validation { get; init; }
}

/// <summary>What a head is shown of a recording.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HeadInput>))]
internal enum HeadInput
{
    /// <summary>The target encoder's time patches, [time patches, 5 x width].</summary>
    [JsonStringEnumMemberName("columns")]
    Columns,

    /// <summary>The <see cref="StemJepa.Periodicity"/> of the likelihood of beats that the head for beats gives, [1, lags].</summary>
    [JsonStringEnumMemberName("beat_periodicity")]
    BeatPeriodicity,

    /// <summary><see cref="Chromagram.MeanAndDeviation"/> of the recording, [1, 24].</summary>
    [JsonStringEnumMemberName("chroma")]
    Chroma,

    /// <summary>The <see cref="StemJepa.MelDynamics"/> of the recording, [time patches, 240].</summary>
    [JsonStringEnumMemberName("mel_dynamics")]
    MelDynamics,
}

/// <summary>Compiled JSON of <c>heads.json</c>, so that trimmed and native programs can read it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(HeadsInfo))]
internal sealed partial class HeadsJson : JsonSerializerContext;
