using Microsoft.ML.OnnxRuntime;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Export;
using StemJepa.Reporting;
using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>
/// The encoder on windows of 8 s: our exported network on ONNX Runtime against libtorch with the same weights, and against other ways to
/// run it.
/// </summary>
internal sealed class EncoderComparisons
{
    private const int Frames = 800;
    private const double LargestDifference = 1e-3, LeastCosineOfInt8 = 0.98;
    private static readonly int[] Batches = [1, 4, 16], Int8Batches = [1, 4];
    private readonly Fixture _fixture;
    private readonly NetworkSizes _sizes;
    private readonly Lazy<StemJepaNetwork> _rival;
    private readonly Dictionary<(string Precision, bool Spins), InferenceSession> _sessions = [];

    private EncoderComparisons(Fixture fixture, NetworkSizes sizes)
    {
        _fixture = fixture;
        _sizes = sizes;
        _rival = new Lazy<StemJepaNetwork>(OpenRival);
    }

    /// <summary>Lists the comparisons.</summary>
    public static IEnumerable<ComparisonPlan> All(Fixture fixture) =>
        new[] { NetworkSizes.Base, NetworkSizes.Small }.SelectMany(sizes => new EncoderComparisons(fixture, sizes).Plans());

    /// <summary>
    /// Multiplications and additions of the encoder's matrix products and convolutions for some windows, by default of 8 s, in units of
    /// 1e9.
    /// </summary>
    public static double Gigaflops(NetworkSizes sizes, int windows, int frames = Frames)
    {
        double tokens = frames / PatchGrid.PatchSize * PatchGrid.FrequencyPatches, width = sizes.Width;
        double blocks = sizes.Depth * (tokens * 12 * width * width + 2 * tokens * tokens * width), embedding = 0;
        if (sizes.PatchEmbedding == PatchEmbedding.Linear)
            embedding = tokens * width * PatchGrid.PatchSize * PatchGrid.PatchSize;
        else
        {
            double positions = FrontEndSettings.MelBands * (double)frames, inputs = 1;
            foreach (double channels in new[] { Math.Max(16, width / 8), width / 4, width / 2, width })
            {
                positions /= 4;
                embedding += positions * 9 * inputs * channels;
                inputs = channels;
            }
        }
        return 2 * windows * (blocks + embedding) / 1e9;
    }

    private IEnumerable<ComparisonPlan> Plans()
    {
        const string fp32 = ExportOptions.Float32, int8 = ExportOptions.Int8;
        foreach (int batch in Batches)
            yield return Plan(fp32, batch, "libtorch", () => AgainstLibtorch(fp32, batch));
        foreach (int batch in Int8Batches)
            yield return Plan(int8, batch, "libtorch", () => AgainstLibtorch(int8, batch));
        yield return Plan(int8, 1, "ours in fp32", () => AgainstOurs(int8, 1, Session(fp32)));
        yield return Plan(fp32, 1, "ours with threads that spin", () => AgainstOurs(fp32, 1, Session(fp32, spins: true)));
    }

    private ComparisonPlan Plan(string precision, int batch, string rival, Func<PreparedComparison> prepare) =>
        new($"encoder {_sizes.Name} {precision}, batch {batch}", rival, prepare);

    private PreparedComparison AgainstLibtorch(string precision, int batch)
    {
        float[] logMel = Noise.Samples(batch * FrontEndSettings.MelBands * Frames);
        Tensor input = tensor(logMel, [batch, FrontEndSettings.MelBands, Frames]);
        (Action run, float[] patches) = Work(Session(precision), logMel, batch);
        run();
        CheckSameWork(input, patches, precision);
        return new PreparedComparison(run, () =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            _rival.Value.TargetEncoder.forward(input);
        }) { Gigaflops = Limited(precision, batch) };
    }

    private PreparedComparison AgainstOurs(string precision, int batch, InferenceSession other)
    {
        float[] logMel = Noise.Samples(batch * FrontEndSettings.MelBands * Frames);
        return new PreparedComparison(Work(Session(precision), logMel, batch).Run, Work(other, logMel, batch).Run)
        {
            Gigaflops = Limited(precision, batch),
        };
    }

    /// <summary>Returns the work that the float32 matrix rate bounds: none for products of 8-bit integers.</summary>
    private double? Limited(string precision, int batch) => precision == ExportOptions.Float32 ? Gigaflops(_sizes, batch) : null;

    private (Action Run, float[] Patches) Work(InferenceSession session, float[] logMel, int batch)
    {
        var patches = new float[batch * PatchGrid.FrequencyPatches * PatchGrid.MaxTimePatches * _sizes.Width];
        OrtValue input = _fixture.Own(OrtValue.CreateTensorValueFromMemory(logMel, [batch, FrontEndSettings.MelBands, Frames]));
        OrtValue output = _fixture.Own(
            OrtValue.CreateTensorValueFromMemory(patches, [batch, PatchGrid.FrequencyPatches, PatchGrid.MaxTimePatches, _sizes.Width]));
        var options = _fixture.Own(new RunOptions());
        string[] inputs = ["log_mel"], outputs = ["patches"];
        return (() => session.Run(options, inputs, [input], outputs, [output]), patches);
    }

    private StemJepaNetwork OpenRival()
    {
        manual_seed(1);
        StemJepaNetwork network = _fixture.Own(new StemJepaNetwork(_sizes));
        network.eval();
        WeightsFile.Save(WeightsPath, network.state_dict(), new WeightsConfig { Name = _sizes.Name, Heads = _sizes.Heads }.ToMetadata());
        return network;
    }

    private string WeightsPath => _fixture.PathOf($"{_sizes.Name}.safetensors");

    /// <summary>Opens the exported encoder with the library's own settings, or with threads that spin between layers.</summary>
    private InferenceSession Session(string precision, bool spins = false)
    {
        if (_sessions.TryGetValue((precision, spins), out InferenceSession? session))
            return session;
        _ = _rival.Value;
        string model = _fixture.PathOf($"{_sizes.Name}-{precision}");
        ModelInfo info = Directory.Exists(model)
            ? ModelInfo.Load(model)
            : ModelExporter.Export(new ExportOptions { From = WeightsPath, Out = model, Precision = precision });
        byte[] encoder = File.ReadAllBytes(Path.Combine(model, info.Files.TargetEncoder));
        return _sessions[(precision, spins)] = _fixture.Own(spins
            ? OpenSpinning(encoder)
            : new OnnxSessionFactory(new StemAffinityOptions()).Create(encoder, "encoder"));
    }

    private static InferenceSession OpenSpinning(byte[] encoder)
    {
        using var options = new SessionOptions { IntraOpNumThreads = new StemAffinityOptions().ThreadCount, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "1");
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return new InferenceSession(encoder, options);
    }

    private void CheckSameWork(Tensor input, float[] ours, string precision)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        float[] theirs = _rival.Value.TargetEncoder.forward(input).contiguous().data<float>().ToArray();
        bool same = theirs.Length == ours.Length && (precision == ExportOptions.Float32
            ? theirs.Zip(ours, (a, b) => Math.Abs((double)a - b)).Max() <= LargestDifference
            : TensorPrimitives.CosineSimilarity<float>(theirs, ours) >= LeastCosineOfInt8);
        if (!same)
            throw new StemJepaException(
                $"libtorch's encoder {_sizes.Name} differs from ours in {precision}: they do not do the same work.");
    }
}
