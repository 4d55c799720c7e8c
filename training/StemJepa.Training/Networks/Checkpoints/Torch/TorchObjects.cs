using System.Collections.Frozen;

namespace StemJepa.Training.Networks;

/// <summary>The closed list of what a checkpoint's pickle may name: ordered dictionaries, tensors, parameters and their storages. Immutable.</summary>
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
        ?? throw new InvalidDataException($"its pickle holds the constructor '{Printable($"{module}.{name}")}', which is not among those of tensors");

    public object? Call(object callable, object?[] arguments) => (callable, arguments) switch
    {
        (Constructor.OrderedDict, []) => new Dictionary<object, object?>(),
        (Constructor.Tensor, [TorchStorage storage, long offset, object?[] shape, object?[] strides, bool, _, ..]) => TorchTensor.Of(storage, offset, Numbers(shape), Numbers(strides)),
        (Constructor.Parameter, [TorchTensor tensor, ..]) => tensor,
        (Constructor constructor, _) => throw new InvalidDataException($"its pickle makes an object of the kind {constructor} from other things than one is made of"),
        _ => throw new InvalidDataException("its pickle calls what is not a constructor"),
    };

    public object? Persistent(object? identifier) => identifier is object?[] and ["storage", SafetensorsType type, string key, string, long count] && count >= 0
        ? new TorchStorage(type, key, count)
        : throw new InvalidDataException("its pickle refers to something outside of it that is not a storage");

    /// <summary>Text from a file as it may stand in a sentence.</summary>
    public static string Printable(string text) => string.Concat(text.Take(LongestName).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private static long[] Numbers(object?[] values) =>
        [.. values.Select(value => value is long number ? number : throw new InvalidDataException("its pickle describes a tensor with sizes that are not whole numbers"))];
}
