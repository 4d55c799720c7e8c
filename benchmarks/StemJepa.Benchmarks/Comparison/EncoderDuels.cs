using Microsoft.ML.OnnxRuntime;
using StemJepa.Export;
using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>
/// The encoder on windows of 8 s: our exported network on ONNX Runtime against libtorch with the same weights, and against our other ways to run it.
/// </summary>
internal sealed class EncoderDuels
{
    private const int Frames = 800;
    private const double LargestDifference = 1e-3, LeastCosineOfInt8 = 0.98;
    private static readonly int[] Batches = [1, 4, 16], Int8Batches = [1, 4];
    private readonly Workshop workshop;
    private readonly NetworkSizes sizes;
    private readonly Lazy<StemJepaNetwork> rival;
    private readonly Dictionary<(string Precision, ModelOperators Operators, bool Spins), InferenceSession> sessions = [];

    private EncoderDuels(Workshop workshop, NetworkSizes sizes)
    {
        this.workshop = workshop;
        this.sizes = sizes;
        rival = new Lazy<StemJepaNetwork>(OpenRival);
    }

    public static IEnumerable<DuelPlan> All(Workshop workshop) =>
        new[] { NetworkSizes.Base, NetworkSizes.Small }.SelectMany(sizes => new EncoderDuels(workshop, sizes).Plans());

    /// <summary>Multiplications and additions of the encoder's matrix products and convolutions for some windows, by default of 8 s, in units of 1e9.</summary>
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

    private IEnumerable<DuelPlan> Plans()
    {
        const string fp32 = ExportOptions.Float32, int8 = ExportOptions.Int8;
        foreach (int batch in Batches)
            yield return Plan(fp32, batch, () => AgainstLibtorch(fp32, batch));
        foreach (int batch in Int8Batches)
            yield return Plan(int8, batch, () => AgainstLibtorch(int8, batch));
        yield return Plan(int8, 1, () => AgainstOurs(int8, 1, "ours in fp32", Session(fp32)));
        yield return Plan(fp32, 1, () => AgainstOurs(fp32, 1, "ours of standard operators", Session(fp32, ModelOperators.Standard)));
        yield return Plan(fp32, 1, () => AgainstOurs(fp32, 1, "ours with threads that spin", Session(fp32, spins: true)));
    }

    private DuelPlan Plan(string precision, int batch, Func<Duel> prepare) => new($"encoder {sizes.Name} {precision}, batch {batch}", prepare);

    private Duel AgainstLibtorch(string precision, int batch)
    {
        float[] logMel = Noise.Samples(batch * FrontEndSettings.MelBands * Frames);
        Tensor input = tensor(logMel, [batch, FrontEndSettings.MelBands, Frames]);
        (Action run, float[] patches) = Work(Session(precision), logMel, batch);
        run();
        CheckSameWork(input, patches, precision);
        return new Duel("libtorch", run, () =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            rival.Value.TargetEncoder.forward(input);
        }) { Gigaflops = Limited(precision, batch) };
    }

    private Duel AgainstOurs(string precision, int batch, string name, InferenceSession other)
    {
        float[] logMel = Noise.Samples(batch * FrontEndSettings.MelBands * Frames);
        return new Duel(name, Work(Session(precision), logMel, batch).Run, Work(other, logMel, batch).Run) { Gigaflops = Limited(precision, batch) };
    }

    /// <summary>The float32 rate does not bound products of 8-bit integers.</summary>
    private double? Limited(string precision, int batch) => precision == ExportOptions.Float32 ? Gigaflops(sizes, batch) : null;

    private (Action Run, float[] Patches) Work(InferenceSession session, float[] logMel, int batch)
    {
        var patches = new float[batch * PatchGrid.FrequencyPatches * PatchGrid.MaxTimePatches * sizes.Width];
        OrtValue input = workshop.Keep(OrtValue.CreateTensorValueFromMemory(logMel, [batch, FrontEndSettings.MelBands, Frames]));
        OrtValue output = workshop.Keep(OrtValue.CreateTensorValueFromMemory(patches, [batch, PatchGrid.FrequencyPatches, PatchGrid.MaxTimePatches, sizes.Width]));
        var options = workshop.Keep(new RunOptions());
        string[] inputs = ["log_mel"], outputs = ["patches"];
        return (() => session.Run(options, inputs, [input], outputs, [output]), patches);
    }

    private StemJepaNetwork OpenRival()
    {
        manual_seed(1);
        StemJepaNetwork network = workshop.Keep(new StemJepaNetwork(sizes));
        network.eval();
        WeightsFile.Save(WeightsPath, network.state_dict(), new WeightsConfig { Name = sizes.Name, Heads = sizes.Heads }.ToMetadata());
        return network;
    }

    private string WeightsPath => workshop.PathOf($"{sizes.Name}.safetensors");

    private InferenceSession Session(string precision, ModelOperators operators = ModelOperators.OnnxRuntime, bool spins = false)
    {
        if (sessions.TryGetValue((precision, operators, spins), out InferenceSession? session))
            return session;
        _ = rival.Value;
        string model = workshop.PathOf($"{sizes.Name}-{precision}-{operators}");
        ModelInfo info = Directory.Exists(model)
            ? ModelInfo.Load(model)
            : ModelExporter.Export(new ExportOptions { From = WeightsPath, Out = model, Operators = operators, Precision = precision });
        byte[] encoder = File.ReadAllBytes(Path.Combine(model, info.Files.TargetEncoder));
        var factory = new OnnxSessionFactory(new StemAffinityOptions { Spins = spins });
        return sessions[(precision, operators, spins)] = workshop.Keep(factory.Create(encoder, "encoder"));
    }

    private void CheckSameWork(Tensor input, float[] ours, string precision)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        float[] theirs = rival.Value.TargetEncoder.forward(input).contiguous().data<float>().ToArray();
        bool same = theirs.Length == ours.Length && (precision == ExportOptions.Float32
            ? theirs.Zip(ours, (a, b) => Math.Abs((double)a - b)).Max() <= LargestDifference
            : TensorPrimitives.CosineSimilarity<float>(theirs, ours) >= LeastCosineOfInt8);
        if (!same)
            throw new StemJepaException($"libtorch's encoder {sizes.Name} differs from ours in {precision}: they do not do the same work.");
    }
}
