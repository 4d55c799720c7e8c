using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using StemJepa.Export.Graphs;
using StemJepa.Export.Onnx;
using StemJepa.Export.Weights;

namespace StemJepa.Export;

/// <summary>Turns a weights file into a model folder: ONNX graphs and <c>model.json</c>.</summary>
internal static class ModelExporter
{
    private const string EncoderFile = "encoder.onnx";
    private const string TargetEncoderFile = "target_encoder.onnx";
    private const string PredictorFile = "predictor.onnx";

    /// <summary>Exports. The folder appears whole, or not at all.</summary>
    /// <returns>The description in <c>model.json</c>.</returns>
    /// <exception cref="StemJepaException">The weights cannot be used, or the folder cannot be written or replaced.</exception>
    public static ModelInfo Export(ExportOptions options)
    {
        var target = new OutputFolder(options.Out);
        using ModelWeights weights = ModelWeights.Open(options.From, options.Heads);
        bool shared = options.Encoders == EncoderSharing.Shared
            || (options.Encoders == EncoderSharing.Automatic && weights.EncodersAreEqual());
        ModelInfo? written = null;
        target.Write(folder =>
        {
            var files = new ModelFiles
            {
                ContextEncoder = EncoderFile,
                TargetEncoder = shared ? EncoderFile : TargetEncoderFile,
                Predictor = PredictorFile,
            };
            IProjections projections = options.Precision switch
            {
                ExportOptions.Int8 => new Int8Projections(),
                ExportOptions.Float16 => new HalfProjections(),
                _ => new FloatProjections(),
            };
            string WriteEncoder(string name, TensorReader tensors) =>
                WriteModel(folder, name, EncoderGraph.Build(weights.Encoder, tensors, projections, Path.GetFileNameWithoutExtension(name)));
            var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [files.TargetEncoder] = WriteEncoder(files.TargetEncoder, weights.TargetEncoder),
                [files.Predictor] =
                    WriteModel(folder, files.Predictor, PredictorGraph.Build(
                        weights.Predictor, weights.Stems, weights.PredictorWeights, projections)),
            };
            if (!shared)
                hashes[files.ContextEncoder] = WriteEncoder(files.ContextEncoder, weights.ContextEncoder);
            written = Describe(options, weights, files, hashes);
            written.Save(folder);
        });
        return written!;
    }

    /// <summary>Reads the model's figures, by name, from a results file of <c>evaluate retrieval</c>.</summary>
    /// <exception cref="StemJepaException">The file cannot be read or is not such a results file.</exception>
    public static IReadOnlyDictionary<string, double> ReadFigures(string path)
    {
        try
        {
            using JsonDocument results = JsonDocument.Parse(File.ReadAllBytes(path));
            return results.RootElement.GetProperty("model").EnumerateObject()
                .ToDictionary(figure => figure.Name, figure => figure.Value.GetDouble());
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{path}: not a results file ({error.Message.TrimEnd('.')}); name one that 'evaluate retrieval --json' wrote.", error);
        }
    }

    /// <summary>Writes one graph and flushes it to disk.</summary>
    /// <returns>The file's SHA-256 in lower-case hexadecimal.</returns>
    private static string WriteModel(string folder, string name, ModelProto model)
    {
        if (WeightsSize(model) > int.MaxValue - (1 << 20))
            throw new StemJepaException(
                $"{name}: would take {WeightsSize(model)} bytes, but an ONNX file holds at most 2 GB; export a smaller model.");
        string path = Path.Combine(folder, name);
        using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            model.WriteTo(stream);
            stream.Flush(flushToDisk: true);
        }
        using FileStream content = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private static long WeightsSize(ModelProto model) => model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);

    private static ModelInfo Describe(
        ExportOptions options, ModelWeights weights, ModelFiles files, IReadOnlyDictionary<string, string> hashes)
    {
        var config = weights.Config;
        ModelFrontEnd reference = ModelFrontEnd.Reference;
        return new ModelInfo
        {
            Name = options.Name ?? config.Name ?? Path.GetFileNameWithoutExtension(options.From),
            License = options.License ?? config.License ?? "NOASSERTION",
            FrontEnd =
                reference with { Mean = config.Mean ?? reference.Mean, StandardDeviation = config.Std ?? reference.StandardDeviation },
            Encoder = new ModelEncoder
            {
                Width = weights.Encoder.Width,
                Depth = weights.Encoder.Depth,
                Heads = weights.Encoder.Heads,
                PatchEmbedding = weights.Encoder.PatchEmbedding,
                TimePositions = weights.Encoder.TimePositions,
            },
            Stems = weights.Stems,
            Predictor = new ModelPredictor { Hidden = [.. weights.Predictor.Hidden] },
            Files = files,
            Sha256 = hashes,
            Precision = options.Precision,
            Corpus = config.Corpus,
            Metrics = options.Metrics is { } file ? ReadFigures(file) : config.Metrics ?? new Dictionary<string, double>(),
        };
    }
}
