using System.Collections.Frozen;
using System.Collections.Immutable;

namespace StemJepa.Training.Networks;

/// <summary>
/// A checkpoint that PyTorch or Lightning saved (PyTorch 1.6 or newer, <c>.ckpt</c>, <c>.pt</c>): its <c>state_dict</c>, read without
/// executing anything. A pickle that holds more than dictionaries, numbers, text and tensors is rejected. Not thread-safe.
/// </summary>
internal sealed class TorchCheckpoint : ITensorFile
{
    private const string StateDictionary = "state_dict";

    private readonly TorchArchive _archive;
    private readonly FrozenDictionary<string, TorchTensor> _tensors;
    private (string Key, byte[] Bytes) _lastStorage = ("", []);

    private TorchCheckpoint(string path, TorchArchive archive)
    {
        FilePath = path;
        _archive = archive;
        _tensors = Tensors(PickleReader.Read(archive.ReadPickle(), new TorchObjects())).ToFrozenDictionary();
        foreach (var (name, tensor) in _tensors)
        {
            if (archive.StorageLength(tensor.Storage.Key) is var length && length != tensor.Storage.ByteLength)
                throw new InvalidDataException(
                    $"the storage of tensor '{name}' should take {tensor.Storage.ByteLength} bytes, but {(length is null ? "is missing"
                    : $"takes {length}")}");
        }
        Shapes = _tensors.ToFrozenDictionary(tensor => tensor.Key, tensor => tensor.Value.Shape);
    }

    public string FilePath { get; }

    public IReadOnlyDictionary<string, ImmutableArray<long>> Shapes { get; }

    /// <summary>Opens a checkpoint and checks that every tensor of it lies in its storage.</summary>
    /// <exception cref="StemJepaException">The file is missing, damaged, or of an unsupported kind.</exception>
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
        TorchTensor tensor = _tensors[name];
        return Guarded(FilePath, () =>
        {
            if (_lastStorage.Key != tensor.Storage.Key)
                _lastStorage = (tensor.Storage.Key, _archive.ReadStorage(tensor.Storage.Key));
            return TensorElements.ToFloats(tensor.Storage.Type, tensor.Gather(_lastStorage.Bytes))
                ?? throw new InvalidDataException($"tensor '{name}' is {tensor.Storage.Type}, but F32, F16, BF16 or F64 is needed");
        });
    }

    public void Dispose() => _archive.Dispose();

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
                throw new InvalidDataException(
                    $"the entry '{TorchObjects.Printable(key.ToString() ?? "")}' of its state_dict is not a named tensor");
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
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException
            or NotSupportedException or ArgumentException or OverflowException)
        {
            string message = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new StemJepaException(
                $"{path}: cannot be read as a PyTorch checkpoint ({message}); copy the file again, or save only its state_dict with "
                + $"torch.save in PyTorch 1.6 or newer.", error);
        }
    }
}

/// <summary>
/// The closed list of what a checkpoint's pickle may name: ordered dictionaries, tensors, parameters and their storages. Immutable.
/// </summary>
internal sealed class TorchObjects : IPickleObjects
{
    private const int LongestName = 120;

    private enum Constructor
    {
        OrderedDict,
        Tensor,
        Parameter,
    }

    private static readonly FrozenDictionary<string, object> Globals = new Dictionary<string, object>
    {
        ["collections.OrderedDict"] = Constructor.OrderedDict,
        ["torch._utils._rebuild_tensor_v2"] = Constructor.Tensor,
        ["torch._utils._rebuild_parameter"] = Constructor.Parameter,
        ["torch.FloatStorage"] = SafetensorsType.F32,
        ["torch.DoubleStorage"] = SafetensorsType.F64,
        ["torch.HalfStorage"] = SafetensorsType.F16,
        ["torch.BFloat16Storage"] = SafetensorsType.BF16,
        ["torch.LongStorage"] = SafetensorsType.I64,
        ["torch.IntStorage"] = SafetensorsType.I32,
        ["torch.ByteStorage"] = SafetensorsType.U8,
    }.ToFrozenDictionary();

    public object Global(string module, string name) => Globals.GetValueOrDefault($"{module}.{name}")
        ?? throw new InvalidDataException(
            $"its pickle holds the constructor '{Printable($"{module}.{name}")}', which is not among those of tensors");

    public object? Call(object callable, object?[] arguments) => (callable, arguments) switch
    {
        (Constructor.OrderedDict, []) => new Dictionary<object, object?>(),
        (Constructor.Tensor, [TorchStorage storage, long offset, object?[] shape, object?[] strides, bool, _, ..]) =>
            TorchTensor.Create(storage, offset, Numbers(shape), Numbers(strides)),
        (Constructor.Parameter, [TorchTensor tensor, ..]) => tensor,
        (Constructor constructor, _) =>
            throw new InvalidDataException($"its pickle makes an object of the kind {constructor} from other things than one is made of"),
        _ => throw new InvalidDataException("its pickle calls what is not a constructor"),
    };

    public object? Persistent(object? identifier) =>
        identifier is object?[] and ["storage", SafetensorsType type, string key, string, long count] && count >= 0
        ? new TorchStorage(type, key, count)
        : throw new InvalidDataException("its pickle refers to something outside of it that is not a storage");

    /// <summary>Text from a file as it may stand in a sentence.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Take(LongestName).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private static long[] Numbers(object?[] values) =>
        [.. values.Select(value => value is long number ? number
            : throw new InvalidDataException("its pickle describes a tensor with sizes that are not whole numbers"))];
}
