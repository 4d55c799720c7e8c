using System.Security.Cryptography;
using Google.Protobuf;
using StemJepa.Export.Graphs;
using StemJepa.Training.Evaluation;

namespace StemJepa.Export;

/// <summary>Writes trained heads into a model folder: one ONNX file for each, and <c>heads.json</c>.</summary>
internal static class HeadsExporter
{
    /// <summary>The most that all heads may take together, in bytes: they are shipped in a package.</summary>
    public const int MaximumBytes = 1_000_000;

    /// <summary>Writes the heads. <c>heads.json</c> comes last: without it, or beside other files, there are no heads.</summary>
    /// <param name="folder">The model folder; made if it is missing.</param>
    /// <param name="model">The model that they were trained on.</param>
    /// <param name="corpus">What they were trained on.</param>
    /// <param name="heads">The heads.</param>
    /// <param name="seconds">Seconds of each recording that were used; null for all.</param>
    /// <param name="measured">Where and when.</param>
    /// <param name="keepOthers">Whether heads for other tasks that the folder has for this model stay.</param>
    /// <exception cref="StemJepaException">
    /// The folder cannot be written, or the heads are too large, or those that are to stay are damaged or another model's.
    /// </exception>
    public static HeadsInfo Write(string folder, ModelInfo model, string corpus, IReadOnlyList<ChosenHead> heads, double? seconds,
        Provenance measured, bool keepOthers = false)
    {
        HeadsInfo? others = keepOthers ? HeadsInfo.Read(HeadsSource.FromFolder(folder), model) : null;
        (string File, byte[] Bytes, ChosenHead Head)[] files = [.. heads.Select(head =>
            ($"heads_{head.Data.Task.Name}.onnx",
                HeadGraph.Build(head.Head, head.Data.Task.Name, head.Data.Task.UsesSequence).ToByteArray(), head))];
        int size = files.Sum(file => file.Bytes.Length);
        if (size > MaximumBytes)
            throw new StemJepaException(
                $"{folder}: the heads of {model.Name} would take {size} bytes, but at most {MaximumBytes} are shipped; use a narrower "
                    + "encoder.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{folder}: cannot be made ({error.Message.TrimEnd('.')}); choose a folder that you may write to.", error);
        }
        foreach ((string file, byte[] bytes, _) in files)
            AtomicFile.Write(Path.Combine(folder, file), stream => stream.Write(bytes));
        var described = files.ToDictionary(file => file.Head.Data.Task.Name, file => Describe(file.File, file.Bytes, file.Head));
        var info = others is not null
            ? others with { Heads = Merge(others, described, corpus) }
            : new HeadsInfo
            {
                EncoderSha256 = model.Sha256[model.Files.TargetEncoder],
                Corpus = corpus,
                Seconds = seconds,
                Date = measured.Date,
                Commit = measured.Commit,
                Heads = described,
            };
        info.Save(folder);
        return info;
    }

    /// <summary>The heads that there are, in their order, with some replaced or added, which say what they were trained on.</summary>
    private static Dictionary<string, HeadInfo> Merge(HeadsInfo others, Dictionary<string, HeadInfo> heads, string corpus)
    {
        Dictionary<string, HeadInfo> merged = new(others.Heads);
        foreach ((string task, HeadInfo head) in heads)
            merged[task] = head with { Corpus = corpus == others.Corpus ? null : corpus };
        return merged;
    }

    private static HeadInfo Describe(string file, byte[] bytes, ChosenHead head)
    {
        ProbeTask task = head.Data.Task;
        return new HeadInfo
        {
            File = file,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Input = head.Input,
            Network = (head.Head.AveragesInput ? "mean_" : "") + head.Head.Kind.ToString().ToLowerInvariant(),
            Classes = task is ClassTask classes ? classes.Classes : null,
            TrainClips = head.Data.ClipsIn(ProbeSplit.Train).Count,
            ValidationClips = head.Data.ClipsIn(ProbeSplit.Validation).Count,
            Validation = task.Metrics.Zip(head.Head.Validation).ToDictionary(),
        };
    }
}
