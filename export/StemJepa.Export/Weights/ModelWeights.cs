using StemJepa.Training.Networks;

namespace StemJepa.Export.Weights;

/// <summary>
/// An open weights file whose tensors are exactly those of a context encoder, a target encoder and a predictor. Not thread-safe.
/// </summary>
internal sealed class ModelWeights : IDisposable
{
    private const int MostNames = 8;

    private readonly ITensorFile _file;

    private ModelWeights(ITensorFile file, WeightsConfig config, EncoderSizes encoder, PredictorSizes predictor)
    {
        _file = file;
        Config = config;
        Stems = config.Stems ?? Stem.Roles;
        Encoder = encoder;
        Predictor = predictor;
        ContextEncoder = new TensorReader(file, WeightNames.ContextEncoder);
        TargetEncoder = new TensorReader(file, WeightNames.TargetEncoder);
        PredictorWeights = new TensorReader(file, WeightNames.Predictor);
    }

    /// <summary>What the file says about itself; empty for official files.</summary>
    public WeightsConfig Config { get; }

    /// <summary>Sizes of both encoders.</summary>
    public EncoderSizes Encoder { get; }

    /// <summary>Sizes of the predictor.</summary>
    public PredictorSizes Predictor { get; }

    /// <summary>The stems of the predictor's vectors: those that the file says, else the four roles.</summary>
    public IReadOnlyList<Stem> Stems { get; }

    /// <summary>Tensors of the encoder of mixes.</summary>
    public TensorReader ContextEncoder { get; }

    /// <summary>Tensors of the encoder of recordings.</summary>
    public TensorReader TargetEncoder { get; }

    /// <summary>Tensors of the predictor.</summary>
    public TensorReader PredictorWeights { get; }

    /// <summary>Opens a file and checks that it holds every tensor that its sizes need, in the right shape, and no other.</summary>
    /// <param name="path">A safetensors file, or a checkpoint of PyTorch.</param>
    /// <param name="heads">Attention heads, when the file does not say.</param>
    /// <exception cref="StemJepaException">It does not; differences are named, of each kind some.</exception>
    public static ModelWeights Open(string path, int? heads)
    {
        ITensorFile file = TensorFile.Open(path);
        try
        {
            WeightsConfig config = (file is SafetensorsFile safetensors ? WeightsConfig.Read(safetensors) : null) ?? new WeightsConfig();
            file = new PlainNames(file);
            var sizes = new SizesReader(file);
            EncoderSizes encoder = sizes.Encoder(heads, config.Heads, config.TimePositions ?? TimePositions.Absolute);
            PredictorSizes predictor = sizes.Predictor(encoder.Width, (config.Stems ?? Stem.Roles).Count);
            CheckTensors(file, encoder, predictor);
            CheckConfig(path, config, encoder, predictor);
            return new ModelWeights(file, config, encoder, predictor);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>True when the two encoders hold the same values.</summary>
    public bool EncodersAreEqual() => WeightNames.ForEncoder(Encoder).All(tensor =>
        _file.ReadFloats(WeightNames.ContextEncoder + tensor.Name).AsSpan()
            .SequenceEqual(_file.ReadFloats(WeightNames.TargetEncoder + tensor.Name)));

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static void CheckTensors(ITensorFile file, EncoderSizes encoder, PredictorSizes predictor)
    {
        Dictionary<string, long[]> expected = WeightNames.All(encoder, predictor).ToDictionary();
        string[] missing = [.. expected.Keys.Where(name => !file.Shapes.ContainsKey(name))];
        string[] extra = [.. file.Shapes.Keys.Where(
            name => !expected.ContainsKey(name) && !name.EndsWith(WeightNames.Ignored, StringComparison.Ordinal))];
        string[] misshaped =
            [.. expected.Where(tensor => file.Shapes.TryGetValue(tensor.Key, out var shape) && !shape.SequenceEqual(tensor.Value))
            .Select(
                tensor => $"{tensor.Key} [{string.Join(", ", file.Shapes[tensor.Key])}] instead of [{string.Join(", ", tensor.Value)}]")];
        string[] faults =
            [.. new[] { Fault("missing", missing), Fault("unexpected", extra), Fault("misshaped", misshaped) }.OfType<string>()];
        if (faults.Length > 0)
        {
            throw new StemJepaException(
                $"{file.FilePath}: does not hold the tensors of a {encoder.Width} wide, {encoder.Depth} deep Stem-JEPA model "
                    + $"({string.Join("; ", faults)}); use a file with exactly the tensors of the published code.");
        }
    }

    /// <summary>Not all of them: a checkpoint of a run has hundreds that weights do not have.</summary>
    private static string? Fault(string kind, string[] names) => names.Length == 0 ? null
        : $"{kind}: {string.Join(", ", names.Take(MostNames))}{(names.Length > MostNames ? $" and {names.Length - MostNames} more" : "")}";

    private static void CheckConfig(string path, WeightsConfig config, EncoderSizes encoder, PredictorSizes predictor)
    {
        (string What, string? Said, string Found)[] claims =
        [
            ("width", config.Width?.ToString(), encoder.Width.ToString()),
            ("depth", config.Depth?.ToString(), encoder.Depth.ToString()),
            ("patch_embedding", config.PatchEmbedding?.ToString(), encoder.PatchEmbedding.ToString()),
            ("predictor_hidden", config.PredictorHidden is null ? null : string.Join(", ", config.PredictorHidden),
                string.Join(", ", predictor.Hidden)),
        ];
        foreach ((string what, string? said, string found) in claims)
        {
            if (said is not null && said != found)
                throw new StemJepaException(
                    $"{path}: its configuration says {what} {said}, but its tensors say {found}; write the weights again.");
        }
    }
}
