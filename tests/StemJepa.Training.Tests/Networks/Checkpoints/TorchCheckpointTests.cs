using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using CsCheck;
using StemJepa.TestSupport;
using StemJepa.Training.Networks;
using static StemJepa.Training.Tests.Networks.PickleBytes;

namespace StemJepa.Training.Tests.Networks;

/// <summary>The oracle is <c>official.safetensors</c>, which PyTorch wrote from the same model as <c>official.ckpt</c>.</summary>
public sealed class TorchCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_published_checkpoint_holds_the_tensors_of_the_published_safetensors()
    {
        using ITensorFile checkpoint = TensorFile.Open(Golden.PathOf("official.ckpt"));
        Assert.True(HoldsPublishedTensors(checkpoint));
    }

    /// <summary>
    /// The law: element [i, j, ...] is the storage's element offset + i x stride 0 + j x stride 1 + ..., in every type of float.
    /// </summary>
    [Fact]
    public void Any_strides_and_offset_give_the_elements_at_their_places()
    {
        var layouts =
            from shape in Gen.Long[0, 4].Array[0, 4]
            from order in Gen.Shuffle(Enumerable.Range(0, shape.Length).ToArray())
            from gap in Gen.Long[0, 2]
            from offset in Gen.Long[0, 5]
            from type in Gen.Int[0, 3].Select(i => new[] { "FloatStorage", "DoubleStorage", "HalfStorage", "BFloat16Storage" }[i])
            select (shape, order, gap, offset, type);
        layouts.Sample(layout =>
        {
            (long[] shape, int[] order, long gap, long offset, string type) = layout;
            var strides = new long[shape.Length];
            long next = 1 + gap;
            foreach (int axis in order)
            {
                strides[axis] = next;
                next = next * Math.Max(1, shape[axis]) + gap;
            }
            long count = offset + next + 1;
            string path = Write("strided.ckpt", Pickle(Dictionary(("t", Tensor(type, "0", count, offset, shape, strides)))),
                ("0", Elements(type, (int)count)));
            using ITensorFile file = TensorFile.Open(path);
            Assert.Equal(shape, file.Shapes["t"]);
            Assert.Equal(Places(shape, strides, offset), file.ReadFloats("t"));
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void Tensors_may_share_a_storage_and_a_parameter_is_its_tensor()
    {
        byte[] parameter = [.. Global("torch._utils", "_rebuild_parameter"),
            .. PickleBytes.Tuple(Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1]), [0x88], OrderedDict()), .. Reduce];
        string path =
            Write("shared.ckpt",
            Pickle(Dictionary(("state_dict", Dictionary(("a", parameter), ("b", Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3])),
            ("c", Tensor("FloatStorage", "0", 6, 4, [2], [1])))))),
            ("0", Elements("FloatStorage", 6)));
        using ITensorFile file = TensorFile.Open(path);
        Assert.Equal([0f, 1, 2, 3, 4, 5], file.ReadFloats("a"));
        Assert.Equal([0f, 3, 1, 4, 2, 5], file.ReadFloats("b"));
        Assert.Equal([4f, 5], file.ReadFloats("c"));
    }

    [Fact]
    public void Hostile_storages_are_refused()
    {
        byte[] pickle = Pickle(Dictionary(("t", Tensor("FloatStorage", "0", 1L << 61, 0, [1L << 61], [1]))));
        Refused("should take 9223372036854775807 bytes", Write("huge.ckpt", pickle, ("0", new byte[16])));
        byte[] four = Pickle(Dictionary(("t", Tensor("FloatStorage", "0", 4, 0, [4], [1]))));
        Refused("is missing", Write("missing.ckpt", four, ("1", new byte[16])));
        Refused("takes 12", Write("short.ckpt", four, ("0", new byte[12])));
        Refused("instead of one", Write("two.ckpt", four, ("0", new byte[16]), ("data.pkl", [])));
        Refused("not a named tensor", Write("text.ckpt", Pickle(Dictionary(("t", Text("x")))), ("0", [])));
        Refused("no dictionary", Write("list.ckpt", Pickle("]"u8.ToArray())));
        Refused("I64", Write("integers.ckpt", Pickle(Dictionary(("t", Tensor("LongStorage", "0", 2, 0, [2], [1])))), ("0", new byte[16])));
    }

    /// <summary>A gigabyte of zeros in a megabyte: PyTorch compresses nothing, so it is not even unpacked.</summary>
    [Fact]
    public void A_zip_bomb_is_refused()
    {
        byte[] pickle = Pickle(Dictionary(("t", Tensor("ByteStorage", "0", 1 << 20, 0, [1 << 20], [1]))));
        Refused("compressed", Write("bomb.ckpt", pickle, CompressionLevel.Optimal, ("0", new byte[1 << 20])));
    }

    /// <summary>The central directory claims 1.8 GB for a storage of 16 bytes: refused before memory is taken for it.</summary>
    [Fact]
    public void Sizes_that_the_file_does_not_have_are_refused()
    {
        const int claimed = 0x70000000;
        byte[] pickle = Pickle(Dictionary(("t", Tensor("FloatStorage", "0", claimed / 4, 0, [claimed / 4], [1]))));
        byte[] bytes = File.ReadAllBytes(Write("claim.ckpt", pickle, ("0", new byte[16])));
        int record = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        foreach (int size in new[] { record + 20, record + 24 })
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(size), claimed);
        string path = _temporary.Write("claim.ckpt", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused("PyTorch checkpoint", path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void Files_of_old_PyTorch_and_other_files_are_refused()
    {
        Refused("PyTorch checkpoint",
            _temporary.Write("old.pt", [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']));
        Refused("PyTorch checkpoint", _temporary.Write("empty.ckpt", []));
    }

    /// <summary>
    /// The law: a damaged file gives what the whole one gives, or is refused in one sentence. Checksums see what the format does not.
    /// </summary>
    [Fact]
    public void Damaged_files_give_the_right_tensors_or_one_sentence()
    {
        byte[] good = File.ReadAllBytes(Golden.PathOf("official.ckpt"));
        int read = 0;
        Gen<int> place = Gen.OneOf(Gen.Int[0, good.Length - 1], Gen.Int[0, 9000], Gen.Int[good.Length - 6000, good.Length - 1]);
        var damages = Gen.OneOf(
            Gen.Select(place, Gen.Byte, (at, value) => (Action<byte[]>)(bytes => bytes[at] = value)).Array[1, 3]
                .Select(all => (All: all, Length: good.Length)),
            Gen.Int[0, good.Length].Select(length => (All: Array.Empty<Action<byte[]>>(), Length: length)));
        damages.Sample(damage =>
        {
            byte[] bytes = [.. good];
            foreach (Action<byte[]> change in damage.All)
                change(bytes);
            string path = _temporary.Write("damaged.ckpt", bytes[..damage.Length]);
            try
            {
                using ITensorFile file = TensorFile.Open(path);
                Assert.True(HoldsPublishedTensors(file));
                read++;
            }
            catch (StemJepaException error)
            {
                AssertOneSentence(path, error);
            }
        }, iter: 150, threads: 1);
        Assert.InRange(read, 0, 149);
    }

    /// <summary>
    /// The same of a pickle that is damaged before its checksum is taken: it may describe other tensors, but never does harm.
    /// </summary>
    [Fact]
    public void Damaged_pickles_give_tensors_or_one_sentence()
    {
        byte[] good = Pickle(Dictionary(("epoch", Integer(3)), ("state_dict", Dictionary(
            ("a", Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1])), ("b", Tensor("HalfStorage", "1", 6, 2, [2], [2]))))));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 4].Sample(damage =>
        {
            byte[] bytes = [.. good];
            foreach ((int at, byte value) in damage)
                bytes[at] = value;
            string path = Write("pickle.ckpt", bytes, ("0", Elements("FloatStorage", 6)), ("1", Elements("HalfStorage", 6)));
            try
            {
                using ITensorFile file = TensorFile.Open(path);
                foreach (string name in file.Shapes.Keys)
                    Assert.InRange(file.ReadFloats(name).Length, 0, 6);
            }
            catch (StemJepaException error)
            {
                AssertOneSentence(path, error);
            }
        }, iter: 2000, threads: 1);
    }

    private static bool HoldsPublishedTensors(ITensorFile checkpoint)
    {
        using var expected = SafetensorsFile.Open(Golden.PathOf("official.safetensors"));
        return checkpoint.Shapes.Count == expected.Tensors.Length && checkpoint.Shapes.All(tensor =>
        {
            string name = tensor.Key.Replace("_orig_mod.", "");
            return expected.Find(name).Shape.SequenceEqual(tensor.Value)
                && expected.ReadFloats(name).AsSpan().SequenceEqual(checkpoint.ReadFloats(tensor.Key));
        });
    }

    private static void Refused(string expected, string path)
    {
        var error = Assert.Throws<StemJepaException>(() =>
        {
            using ITensorFile file = TensorFile.Open(path);
            file.ReadFloats("t");
        });
        Assert.Contains(expected, error.Message);
        AssertOneSentence(path, error);
    }

    private static void AssertOneSentence(string path, StemJepaException error)
    {
        Assert.StartsWith($"{path}: ", error.Message);
        Assert.EndsWith(".", error.Message);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.InRange(error.Message.Length, path.Length, path.Length + 500);
    }

    private string Write(string name, byte[] pickle, params (string Key, byte[] Bytes)[] storages) =>
        Write(name, pickle, CompressionLevel.NoCompression, storages);

    private string Write(string name, byte[] pickle, CompressionLevel compression, params (string Key, byte[] Bytes)[] storages)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string entry, byte[] bytes) in storages.Select(storage => ($"x/data/{storage.Key}", storage.Bytes))
                .Prepend(("x/data.pkl", pickle)))
            {
                using Stream stream = zip.CreateEntry(entry, entry.EndsWith("data.pkl") ? CompressionLevel.NoCompression : compression)
                    .Open();
                stream.Write(bytes);
            }
        }
        return _temporary.Write(name, buffer.ToArray());
    }

    /// <summary>The numbers 0, 1, 2, ..., which every type of float holds exactly up to 256.</summary>
    private static byte[] Elements(string type, int count)
    {
        int[] numbers = [.. Enumerable.Range(0, count).Select(i => i % 256)];
        return type switch
        {
            "FloatStorage" => MemoryMarshal.AsBytes(Array.ConvertAll(numbers, i => (float)i).AsSpan()).ToArray(),
            "DoubleStorage" => MemoryMarshal.AsBytes(Array.ConvertAll(numbers, i => (double)i).AsSpan()).ToArray(),
            "HalfStorage" => MemoryMarshal.AsBytes(Array.ConvertAll(numbers, i => (Half)i).AsSpan()).ToArray(),
            _ => MemoryMarshal.AsBytes(Array.ConvertAll(numbers, i => (ushort)(BitConverter.SingleToUInt32Bits(i) >> 16)).AsSpan())
                .ToArray(),
        };
    }

    private static float[] Places(long[] shape, long[] strides, long at) => shape.Length == 0
        ? [at % 256]
        : [.. Enumerable.Range(0, (int)shape[0]).SelectMany(i => Places(shape[1..], strides[1..], at + i * strides[0]))];
}
