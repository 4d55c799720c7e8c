using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>Moves named tensors between libtorch and safetensors files.</summary>
internal static class WeightsFile
{
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(path, [.. tensors.Select(item => Entry(item.Key, item.Value))], metadata);
    }

    /// <summary>Fills every tensor from the file; missing names and other shapes are rejected.</summary>
    /// <exception cref="StemJepaException">The file does not hold these tensors.</exception>
    public static void Load(SafetensorsFile file, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in tensors)
        {
            SafetensorsTensor stored = file.Find(name);
            if (!stored.Shape.AsSpan().SequenceEqual(tensor.shape))
                throw new StemJepaException(
                    $"{file.FilePath}: tensor '{name}' is {stored.ShapeText}, but these sizes want [{string.Join(", ",
                    tensor.shape)}]; use the configuration that the file was trained with.");
            tensor.copy_(tensor.dtype == ScalarType.Int64
                ? torch.tensor(file.ReadIntegers(name), tensor.shape)
                : torch.tensor(file.ReadFloats(name), tensor.shape));
        }
    }

    private static SafetensorsEntry Entry(string name, Tensor tensor)
    {
        Tensor values = tensor.detach().cpu().contiguous();
        return values.dtype == ScalarType.Int64
            ? new SafetensorsEntry(name, values.shape, values.data<long>().ToArray().AsMemory())
            : new SafetensorsEntry(name, values.shape, values.data<float>().ToArray().AsMemory());
    }
}
