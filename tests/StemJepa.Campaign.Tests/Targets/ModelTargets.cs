using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using StemJepa.TestSupport;
using StemJepa.Training.Networks;
using static StemJepa.Training.Tests.Networks.PickleBytes;

namespace StemJepa.Campaign.Tests;

/// <summary>Models, weights and embeddings.</summary>
internal static class ModelTargets
{
    internal static IEnumerable<Target> Create(string folder) =>
    [
        new("model.json", 120, [File.ReadAllBytes(Path.Combine(GoldenModel.Folder, ModelInfo.FileName))],
            (input, _) => ModelInfo.Parse(input, Target.Input)),
        new("heads.json", 60, HeadsSource.Shipped.Read(HeadsInfo.FileName) is { } heads ? [heads] : [], ReadHeads),
        new("backgrounds of models, hashed anew", 40, [Background(folder)], (input, _) => BackgroundFile.Read(Hashed(input), Target.Input)),
        new("ONNX networks before they are loaded", 120, [.. Directory.GetFiles(GoldenModel.Folder, "*.onnx").Select(Beginning)],
            (input, _) => NetworkRules.Check(input, Target.Input)),
        new(".npy embeddings", 100, Embeddings(folder), (input, inside) => StemEmbedding.Load(Write(inside, "input.npy", input))),
        new("safetensors", 60, [Safetensors(folder)], (input, inside) => ReadTensors(Write(inside, "input.safetensors", input))),
        new("PyTorch checkpoints", 40, [Checkpoint()], (input, inside) => ReadTensors(Write(inside, "input.ckpt", input))),
        new("pickles in checkpoints", 40, [Pickled()], (input, inside) => ReadTensors(Write(inside, "input.ckpt", Zip(input)))),
    ];

    private static string Write(string folder, string name, byte[] content)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Background(string folder)
    {
        Directory.CreateDirectory(folder);
        float[][][] directions = [[[1, 2], [3, 4]], [[5, 6]], [[7, 8]], [[9, 0]]];
        BackgroundFile.Write(folder, new BackgroundContent(new string('a', 64), "corpus", directions));
        return File.ReadAllBytes(Path.Combine(folder, BackgroundFile.Name))[..^SHA256.HashSizeInBytes];
    }

    private static byte[] Hashed(byte[] content) => [.. content, .. SHA256.HashData(content)];

    private static void ReadHeads(byte[] input, string folder) =>
        HeadsInfo.Read(new HeadsSource(_ => input, name => name), new EmbeddedModel().ReadInfo());

    private static void ReadTensors(string path)
    {
        using ITensorFile file = TensorFile.Open(path);
        foreach (string name in file.Shapes.Keys)
            file.ReadFloats(name);
    }

    /// <summary>Enough for all kinds of fields: the rest are weights.</summary>
    private static byte[] Beginning(string path)
    {
        byte[] network = File.ReadAllBytes(path);
        return network.Length > 1 << 17 ? network[..(1 << 14)] : network;
    }

    private static byte[][] Embeddings(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "seed.npy");
        float[] values = [.. Enumerable.Range(0, 20).Select(i => (float)i)];
        new StemEmbedding(values, TimeSpan.FromSeconds(8), false, new string('a', 64)).Save(path);
        return [File.ReadAllBytes(path), File.ReadAllBytes(Golden.PathOf("target_vocals.npy"))];
    }

    private static byte[] Safetensors(string folder)
    {
        Directory.CreateDirectory(folder);
        byte[] json = Encoding.UTF8.GetBytes(
            """{"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}"""
            + ""","y":{"dtype":"BF16","shape":[4],"data_offsets":[16,24]}}""");
        byte[] file = [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[24]];
        ReadTensors(Write(folder, "seed.safetensors", file));
        return file;
    }

    private static byte[] Pickled() => Pickle(Dictionary(("state_dict", Dictionary(
        ("a", Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1])), ("b", Tensor("HalfStorage", "1", 4, 1, [2], [1]))))));

    private static byte[] Checkpoint() => Zip(Pickled());

    private static byte[] Zip(byte[] pickle)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in ((string, byte[])[])[
                ("x/data.pkl", pickle), ("x/data/0", new byte[24]), ("x/data/1", new byte[8])])
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }
        return buffer.ToArray();
    }
}
