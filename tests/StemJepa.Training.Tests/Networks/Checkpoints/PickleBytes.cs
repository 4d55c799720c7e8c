using System.Buffers.Binary;
using System.Text;
using StemJepa.TestSupport;

namespace StemJepa.Training.Tests.Networks;

/// <summary>Pickles of protocol 2 put together opcode by opcode from the listing of Python's <c>pickletools</c>.</summary>
internal static class PickleBytes
{
    public static readonly byte[] Mark = "("u8.ToArray(), Stop = "."u8.ToArray(), Reduce = "R"u8.ToArray(), EmptyTuple = ")"u8.ToArray(),
        EmptyDict = "}"u8.ToArray();

    public static byte[] Pickle(params byte[][] parts) => [0x80, 2, .. WavBytes.Concat(parts), .. Stop];

    public static byte[] Global(string module, string name) => [(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")];

    public static byte[] Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return [(byte)'X', .. WavBytes.U32((uint)utf8.Length), .. utf8];
    }

    public static byte[] Integer(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return [0x8a, 8, .. bytes];
    }

    public static byte[] Tuple(params byte[][] items) => [.. Mark, .. WavBytes.Concat(items), (byte)'t'];

    public static byte[] Dictionary(params (string Key, byte[] Value)[] items) =>
        [.. EmptyDict, .. Mark, .. items.SelectMany(item => (byte[])[.. Text(item.Key), .. item.Value]), (byte)'u'];

    public static byte[] OrderedDict() => [.. Global("collections", "OrderedDict"), .. EmptyTuple, .. Reduce];

    /// <summary>A tensor as <c>torch.save</c> describes it.</summary>
    public static byte[] Tensor(string storageType, string key, long storageCount, long offset, long[] shape, long[] strides) =>
    [
        .. Global("torch._utils", "_rebuild_tensor_v2"),
        .. Tuple(
            [.. Tuple(Text("storage"), Global("torch", storageType), Text(key), Text("cpu"), Integer(storageCount)), (byte)'Q'],
            Integer(offset), Tuple([.. shape.Select(Integer)]), Tuple([.. strides.Select(Integer)]), [0x89], OrderedDict()),
        .. Reduce,
    ];
}
