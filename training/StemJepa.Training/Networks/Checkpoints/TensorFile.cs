using System.Collections.Immutable;

namespace StemJepa.Training.Networks;

/// <summary>Opens weights in any format that is read.</summary>
internal static class TensorFile
{
    private static readonly HashSet<string> TorchExtensions = new(StringComparer.OrdinalIgnoreCase) { ".ckpt", ".pt", ".pth" };

    /// <summary>Opens a checkpoint of PyTorch, by its content or its name, and anything else as safetensors.</summary>
    /// <exception cref="StemJepaException">The file is missing, unreadable, damaged, or of an unsupported kind.</exception>
    public static ITensorFile Open(string path) =>
        File.Exists(path) && (TorchExtensions.Contains(Path.GetExtension(path)) || TorchArchive.StartsLikeOne(path))
            ? TorchCheckpoint.Open(path)
            : SafetensorsFile.Open(path);

    /// <summary>The dimensions of a tensor.</summary>
    /// <exception cref="StemJepaException">The file has no tensor of this name.</exception>
    public static ImmutableArray<long> ShapeOf(this ITensorFile file, string name) =>
        file.Shapes.TryGetValue(name, out ImmutableArray<long> shape)
        ? shape
        : throw new StemJepaException($"{file.FilePath}: has no tensor '{name}'; use a file with the tensor names of the published code.");
}

/// <summary>A file of named tensors: shapes are known once it is open, values are read on request.</summary>
internal interface ITensorFile : IDisposable
{
    /// <summary>The path as it was given.</summary>
    string FilePath { get; }

    /// <summary>Dimensions of every tensor by its name, outermost first.</summary>
    IReadOnlyDictionary<string, ImmutableArray<long>> Shapes { get; }

    /// <summary>Reads a floating-point tensor of any precision, row-major.</summary>
    /// <exception cref="StemJepaException">The tensor is missing, of another type, too large, or damaged.</exception>
    float[] ReadFloats(string name);
}
