using System.Buffers;

namespace StemJepa;

/// <summary>The rules that a model description obeys before anything that it names is opened.</summary>
internal static class ModelInfoRules
{
    private const int MaximumWidth = 8192;
    private const int MaximumLayers = 256;

    /// <summary>The most stems that a model may know.</summary>
    internal const int MaximumStems = 64;
    private const int MaximumFileName = 128;

    private static readonly SearchValues<char> FileNameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> LowerHexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>How <c>model.json</c> is read and written.</summary>
    internal static DescriptionFormat<ModelInfo> Format { get; } =
        new(ModelJson.Default.ModelInfo, "a StemJepa model description", "export the model again");

    /// <summary>Checks everything that can be checked without the files.</summary>
    /// <exception cref="StemJepaException">A rule is broken; the message says which, in <paramref name="source"/>.</exception>
    internal static void Check(ModelInfo info, string source)
    {
        Require(info.Format == ModelInfo.FormatName, source, $"has the format \"{info.Format}\"", $"\"{ModelInfo.FormatName}\"");
        Require(info.Version == ModelInfo.CurrentVersion, source,
            $"has version {info.Version}", $"{ModelInfo.CurrentVersion}, or a newer release of StemJepa");
        Require(!string.IsNullOrWhiteSpace(info.Name), source, "has an empty \"name\"", "a name such as \"small\"");
        Require(!string.IsNullOrWhiteSpace(info.License), source, "has an empty \"license\"", "an SPDX expression such as \"MIT\"");
        CheckStems(Format.Present(info.Stems, source, "stems"), source);
        Require(info.Operators == ModelInfo.StandardOperators, source, $"has operators \"{info.Operators}\"", "\"standard\"");
        Require(!string.IsNullOrWhiteSpace(info.Precision), source, "has an empty \"precision\"", "\"fp32\"");
        Require(info.Metrics is not null
            && info.Metrics.Values.All(double.IsFinite), source, "has metrics that are not numbers", "finite numbers");
        CheckFrontEnd(Format.Present(info.FrontEnd, source, "front_end"), source);
        CheckEncoder(Format.Present(info.Encoder, source, "encoder"), source);
        CheckPredictor(Format.Present(info.Predictor, source, "predictor"), source);
        CheckFiles(info, source);
    }

    private static void CheckStems(IReadOnlyList<Stem> stems, string source)
    {
        Require(stems.Count <= MaximumStems, source, $"names {stems.Count} stems", $"up to {MaximumStems}");
        Require(stems.Take(Stem.Roles.Count).SequenceEqual(Stem.Roles), source,
            stems.Count == 0 ? "names no stems" : $"begins its stems with {string.Join(", ", stems.Take(Stem.Roles.Count))}",
            $"{string.Join(", ", Stem.Roles)}, and others after them");
        Require(stems.Distinct().Count() == stems.Count, source,
            $"names the stem {stems.GroupBy(stem => stem).FirstOrDefault(same => same.Count() > 1)?.Key} twice", "each once");
    }

    private static void CheckFrontEnd(ModelFrontEnd frontEnd, string source)
    {
        ModelFrontEnd reference = ModelFrontEnd.Reference;
        ModelFrontEnd expected = reference with { Mean = frontEnd.Mean, StandardDeviation = frontEnd.StandardDeviation };
        Require(frontEnd == expected, source, $"asks for another front end ({frontEnd})", $"Stem-JEPA's ({expected})");
        Require(float.IsFinite(frontEnd.Mean), source, $"has the front-end mean {frontEnd.Mean}", "a finite number");
        Require(float.IsFinite(frontEnd.StandardDeviation) && frontEnd.StandardDeviation > 0, source,
            $"has the front-end deviation {frontEnd.StandardDeviation}", "a positive number");
    }

    private static void CheckEncoder(ModelEncoder encoder, string source)
    {
        Require(encoder.Width is >= 4 and <= MaximumWidth && encoder.Width % 4 == 0, source,
            $"has the encoder width {encoder.Width}", $"a multiple of 4 up to {MaximumWidth}");
        Require(encoder.Depth is >= 1 and <= MaximumLayers, source, $"has the encoder depth {encoder.Depth}", $"1 to {MaximumLayers}");
        Require(encoder.Heads >= 1 && encoder.Width % encoder.Heads == 0, source,
            $"has {encoder.Heads} heads for the encoder width {encoder.Width}", "a number that divides the width");
        Require(encoder.PatchEmbedding is PatchEmbedding.Linear or PatchEmbedding.Convolutional, source,
            $"has the patch embedding {encoder.PatchEmbedding}", "\"linear\" or \"convolutional\"");
        Require(encoder.TimePositions is TimePositions.Absolute or TimePositions.Rotary, source,
            $"has the time positions {encoder.TimePositions}", "\"absolute\" or \"rotary\"");
        Require(encoder.TimePositions == TimePositions.Absolute || encoder.Width / encoder.Heads % 2 == 0, source,
            $"has rotary time positions and heads of {encoder.Width / encoder.Heads} channels", "heads of an even number of channels");
        Require(encoder.Patch is [ModelEncoder.PatchSize, ModelEncoder.PatchSize], source,
            $"has patches of {string.Join(" x ", encoder.Patch ?? [])}", $"{ModelEncoder.PatchSize} x {ModelEncoder.PatchSize}");
        Require(encoder.MaxTimePatches == ModelEncoder.WindowPatches, source,
            $"takes up to {encoder.MaxTimePatches} patches in time", $"{ModelEncoder.WindowPatches}");
    }

    private static void CheckPredictor(ModelPredictor predictor, string source)
    {
        IReadOnlyList<int> hidden = Format.Present(predictor.Hidden, source, "predictor.hidden");
        Require(hidden.Count <= MaximumLayers && hidden.All(width => width is >= 1 and <= 4 * MaximumWidth), source,
            $"has the predictor layers {string.Join(", ", hidden)}", $"up to {MaximumLayers} widths from 1 to {4 * MaximumWidth}");
    }

    private static void CheckFiles(ModelInfo info, string source)
    {
        ModelFiles files = Format.Present(info.Files, source, "files");
        IReadOnlyDictionary<string, string> hashes = Format.Present(info.Sha256, source, "sha256");
        foreach (string? file in new[] { files.ContextEncoder, files.TargetEncoder, files.Predictor })
        {
            Require(IsPlainFileName(file), source, $"names the file \"{file}\"",
                "a plain name of letters, digits, \"-\", \"_\" and \".\", without a folder");
            Require(IsSha256(hashes.GetValueOrDefault(file!)), source,
                $"has no valid SHA-256 for {file}", "64 lower-case hexadecimal digits under \"sha256\"");
        }
        Require(files.Predictor != files.ContextEncoder && files.Predictor != files.TargetEncoder, source,
            $"names {files.Predictor} as an encoder and as the predictor", "a predictor in a file of its own");
    }

    /// <summary>Whether a name is one of a file beside <c>model.json</c> that is safe to open.</summary>
    internal static bool IsPlainFileName(string? name) =>
        name is { Length: > 0 and <= MaximumFileName } && name[0] != '.' && name[^1] != '.'
        && name != ModelInfo.FileName && !name.AsSpan().ContainsAnyExcept(FileNameCharacters);

    /// <summary>Whether a text is a SHA-256 as descriptions write it.</summary>
    internal static bool IsSha256(string? hash) => hash is { Length: 64 } && !hash.AsSpan().ContainsAnyExcept(LowerHexadecimal);

    private static void Require(bool holds, string source, string found, string works) =>
        Format.Require(holds, source, $"{found}, where this version of StemJepa takes {works}");
}
