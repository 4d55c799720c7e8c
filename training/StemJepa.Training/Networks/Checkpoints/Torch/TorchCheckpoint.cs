using System.Collections.Frozen;
using System.Collections.Immutable;

namespace StemJepa.Training.Networks;

/// <summary>
/// A checkpoint that PyTorch or Lightning saved (PyTorch 1.6 or newer, <c>.ckpt</c>, <c>.pt</c>): its <c>state_dict</c>, read without executing
/// anything. A pickle that holds more than dictionaries, numbers, text and tensors is refused. Not thread-safe.
/// </summary>
internal sealed class TorchCheckpoint : ITensorFile
{
    private const string StateDictionary = "state_dict";

    private readonly TorchArchive archive;
    private readonly FrozenDictionary<string, TorchTensor> tensors;
    private (string Key, byte[] Bytes) lastStorage = ("", []);

    private TorchCheckpoint(string path, TorchArchive archive)
    {
        FilePath = path;
        this.archive = archive;
        tensors = Tensors(PickleReader.Read(archive.ReadPickle(), new TorchObjects())).ToFrozenDictionary();
        foreach (var (name, tensor) in tensors)
        {
            if (archive.StorageLength(tensor.Storage.Key) is var length && length != tensor.Storage.ByteLength)
                throw new InvalidDataException($"the storage of tensor '{name}' should take {tensor.Storage.ByteLength} bytes, but {(length is null ? "is missing" : $"takes {length}")}");
        }
        Shapes = tensors.ToFrozenDictionary(tensor => tensor.Key, tensor => tensor.Value.Shape);
    }

    public string FilePath { get; }

    public IReadOnlyDictionary<string, ImmutableArray<long>> Shapes { get; }

    /// <summary>Opens a checkpoint and checks that every tensor of it lies in its storage.</summary>
    /// <exception cref="StemJepaException">The file is missing, damaged, or holds what is not read.</exception>
    public static TorchCheckpoint Open(string path) => Guarded(path, () =>
    {
        TorchArchive archive = TorchArchive.Open(path);
        try
        {
            return new TorchCheckpoint(path, archive);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    });

    public float[] ReadFloats(string name)
    {
        this.ShapeOf(name);
        TorchTensor tensor = tensors[name];
        return Guarded(FilePath, () =>
        {
            if (lastStorage.Key != tensor.Storage.Key)
                lastStorage = (tensor.Storage.Key, archive.ReadStorage(tensor.Storage.Key));
            return TensorElements.ToFloats(tensor.Storage.Type, tensor.Gather(lastStorage.Bytes))
                ?? throw new InvalidDataException($"tensor '{name}' is {tensor.Storage.Type}, but F32, F16, BF16 or F64 is needed");
        });
    }

    public void Dispose() => archive.Dispose();

    /// <summary>The tensors of Lightning's <c>state_dict</c>, or of a state_dict that was saved alone.</summary>
    private static Dictionary<string, TorchTensor> Tensors(object? root)
    {
        if (root is Dictionary<object, object?> checkpoint && checkpoint.TryGetValue(StateDictionary, out object? inner))
            root = inner;
        if (root is not Dictionary<object, object?> state)
            throw new InvalidDataException($"it holds no dictionary of tensors, alone or as its '{StateDictionary}'");
        var tensors = new Dictionary<string, TorchTensor>();
        foreach (var (key, value) in state)
        {
            if (key is not string name || name.Any(char.IsControl) || value is not TorchTensor tensor)
                throw new InvalidDataException($"the entry '{TorchObjects.Printable(key.ToString() ?? "")}' of its state_dict is not a named tensor");
            tensors.Add(name, tensor);
        }
        return tensors;
    }

    /// <summary>Whatever a zip archive or a pickle can be damaged in becomes one sentence.</summary>
    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException or ArgumentException or OverflowException)
        {
            string message = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new StemJepaException($"{path}: cannot be read as a PyTorch checkpoint ({message}); copy the file again, or save only its state_dict with torch.save in PyTorch 1.6 or newer.", error);
        }
    }
}
