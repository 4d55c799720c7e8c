using Microsoft.ML.OnnxRuntime;
using StemJepa.Export;
using StemJepa.Training.Checkpoints;
using StemJepa.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>The encoder on windows of 8 s: our exported network on ONNX Runtime against libtorch with the same weights.</summary>
internal static class EncoderDuels
{
    private const int Frames = 800;
    private static readonly int[] Batches = [1, 4, 16];

    public static IEnumerable<Func<Duel>> All(Workshop workshop)
    {
        foreach (NetworkSizes sizes in new[] { NetworkSizes.Base, NetworkSizes.Small })
        {
            var pair = new Lazy<(StemJepaNetwork Rival, InferenceSession Ours)>(() => Open(workshop, sizes));
            foreach (int batch in Batches)
                yield return () => Of(sizes, batch, pair.Value.Rival, pair.Value.Ours);
        }
    }

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

    private static (StemJepaNetwork Rival, InferenceSession Ours) Open(Workshop workshop, NetworkSizes sizes)
    {
        manual_seed(1);
        StemJepaNetwork network = workshop.Keep(new StemJepaNetwork(sizes));
        network.eval();
        string weights = workshop.PathOf($"{sizes.Name}.safetensors"), model = workshop.PathOf(sizes.Name);
        WeightsFile.Save(weights, network.state_dict(), new WeightsConfig { Name = sizes.Name, Heads = sizes.Heads }.ToMetadata());
        ModelInfo info = ModelExporter.Export(new ExportOptions { From = weights, Out = model, Operators = ModelOperators.OnnxRuntime });
        byte[] encoder = File.ReadAllBytes(Path.Combine(model, info.Files.TargetEncoder));
        return (network, workshop.Keep(new OnnxSessionFactory(new StemAffinityOptions()).Create(encoder, "encoder")));
    }

    private static Duel Of(NetworkSizes sizes, int batch, StemJepaNetwork rival, InferenceSession ours)
    {
        float[] logMel = Workshop.Noise(batch * FrontEndSettings.MelBands * Frames);
        var patches = new float[batch * PatchGrid.FrequencyPatches * PatchGrid.MaxTimePatches * sizes.Width];
        long[] shape = [batch, FrontEndSettings.MelBands, Frames];
        OrtValue input = OrtValue.CreateTensorValueFromMemory(logMel, shape);
        OrtValue output = OrtValue.CreateTensorValueFromMemory(patches, [batch, PatchGrid.FrequencyPatches, PatchGrid.MaxTimePatches, sizes.Width]);
        Tensor rivalInput = tensor(logMel, shape);
        var run = new RunOptions();
        string[] inputs = ["log_mel"], outputs = ["patches"];
        void Ours() => ours.Run(run, inputs, [input], outputs, [output]);
        Ours();
        CheckSameWork(rival, rivalInput, patches);
        return new Duel($"encoder {sizes.Name} fp32, batch {batch}", "libtorch", Ours, () =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            rival.TargetEncoder.forward(rivalInput);
        }) { Gigaflops = Gigaflops(sizes, batch) };
    }

    private static void CheckSameWork(StemJepaNetwork rival, Tensor input, float[] ours)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        float[] theirs = rival.TargetEncoder.forward(input).contiguous().data<float>().ToArray();
        double worst = theirs.Zip(ours, (a, b) => Math.Abs((double)a - b)).Max();
        if (theirs.Length != ours.Length || worst > 1e-3)
            throw new StemJepaException($"libtorch's encoder differs from ours by {worst}: they do not do the same work.");
    }
}
