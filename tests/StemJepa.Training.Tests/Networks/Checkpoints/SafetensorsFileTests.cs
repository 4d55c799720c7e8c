using System.Buffers.Binary;
using System.Text;
using CsCheck;
using StemJepa.TestSupport;
using StemJepa.Training.Networks;

namespace StemJepa.Training.Tests.Networks;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stemjepa-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_published_weights_have_the_names_and_shapes_that_the_reference_writer_gave_them()
    {
        using var file = SafetensorsFile.Open(Golden.PathOf("official.safetensors"));
        Assert.Equal(2 * 29 + 9, file.Tensors.Length);
        Assert.Empty(file.Metadata);
        Assert.Equal("[64, 1, 16, 16]", file.Find("encoder.patch_embed.proj.weight").ShapeText);
        Assert.Equal("[4, 64]", file.Find("predictor.source_embed.weight").ShapeText);
        Assert.All(file.Tensors, tensor => Assert.Equal(SafetensorsType.F32, tensor.Type));
    }

    /// <summary>
    /// The oracle is the formula of the fixed sine-cosine positions: at the first patch sin 0 = 0 and cos 0 = 1, in both halves.
    /// </summary>
    [Fact]
    public void The_published_positions_are_sines_and_cosines()
    {
        using var file = SafetensorsFile.Open(Golden.PathOf("official.safetensors"));
        float[] positions = file.ReadFloats("encoder.pos_embed");
        Assert.Equal(5 * 50 * 64, positions.Length);
        float[] first = positions[..64];
        Assert.Equal(32, first.Count(value => value == 0f));
        Assert.Equal(32, first.Count(value => value == 1f));
    }

    [Fact]
    public void Rewriting_the_published_weights_keeps_every_byte_of_every_tensor()
    {
        using var original = SafetensorsFile.Open(Golden.PathOf("official.safetensors"));
        string copy = Path.Combine(_folder, "copy.safetensors");
        SafetensorsFile.Write(copy, original.Tensors.Select(tensor =>
            new SafetensorsEntry(tensor.Name, tensor.Type, tensor.Shape.AsSpan(), original.ReadBytes(tensor.Name))));
        using var again = SafetensorsFile.Open(copy);
        Assert.Equal(original.Tensors.Select(tensor => tensor.Name), again.Tensors.Select(tensor => tensor.Name));
        Assert.All(original.Tensors, tensor => Assert.Equal(original.ReadBytes(tensor.Name), again.ReadBytes(tensor.Name)));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen<(string Name, SafetensorsType Type, long[] Shape, byte[] Bytes)> tensor =
            from name in Gen.String[Gen.Char[' ', '\u9fff'], 1, 12]
            from type in Gen.Enum<SafetensorsType>()
            from shape in Gen.Long[0, 4].Array[0, 4]
            let count = (int)shape.Aggregate(1L, (a, b) => a * b) * SafetensorsTensor.ElementSize(type)
            from bytes in Gen.Byte.Array[count]
            select (name, type, shape, bytes);
        Gen<Dictionary<string, string>> metadata =
            Gen.Dictionary(Gen.String[Gen.Char['a', 'z'], 1, 5], Gen.String[Gen.Char['\u0001', '\u07ff'], 0, 9])[0, 3];
        string path = Path.Combine(_folder, "round-trip.safetensors");
        Gen.Select(tensor.List[0, 6], metadata).Sample((tensors, strings) =>
        {
            var distinct = tensors.DistinctBy(t => t.Name).ToList();
            SafetensorsFile.Write(path, distinct.Select(t => new SafetensorsEntry(t.Name, t.Type, t.Shape, t.Bytes)), strings);
            using var file = SafetensorsFile.Open(path);
            Assert.Equal(strings, file.Metadata);
            Assert.Equal(distinct.Count, file.Tensors.Length);
            foreach (var (name, type, shape, bytes) in distinct)
            {
                Assert.Equal(type, file.Find(name).Type);
                Assert.Equal(shape, file.Find(name).Shape);
                Assert.Equal(bytes, file.ReadBytes(name));
            }
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void Every_float_type_reads_the_values_that_its_format_defines()
    {
        string path = Path.Combine(_folder, "types.safetensors");
        SafetensorsFile.Write(path,
        [
            new SafetensorsEntry("f32", [2], new float[] { 1.5f, -2f }),
            new SafetensorsEntry("f16", SafetensorsType.F16, [2], new byte[] { 0x00, 0x3E, 0x00, 0xC0 }),
            new SafetensorsEntry("bf16", SafetensorsType.BF16, [2], new byte[] { 0xC0, 0x3F, 0x00, 0xC0 }),
            new SafetensorsEntry("f64", SafetensorsType.F64, [2], new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }),
            new SafetensorsEntry("i64", [2], new long[] { long.MinValue, 7 }),
        ]);
        using var file = SafetensorsFile.Open(path);
        foreach (string name in new[] { "f32", "f16", "bf16", "f64" })
            Assert.Equal([1.5f, -2f], file.ReadFloats(name));
        Assert.Equal([long.MinValue, 7], file.ReadIntegers("i64"));
        Assert.Throws<StemJepaException>(() => file.ReadFloats("i64"));
        Assert.Throws<StemJepaException>(() => file.ReadIntegers("f32"));
        Assert.Throws<StemJepaException>(() => file.ReadFloats("absent"));
    }

    [Fact]
    public void A_damaged_file_is_refused_in_one_sentence_or_read_within_its_bounds()
    {
        string path = Path.Combine(_folder, "good.safetensors");
        SafetensorsFile.Write(path, [new SafetensorsEntry("a", [2, 3], new float[6]), new SafetensorsEntry("b", [4], new long[4])],
            new Dictionary<string, string> { ["config"] = "{}" });
        byte[] good = File.ReadAllBytes(path);
        string bad = Path.Combine(_folder, "bad.safetensors");
        Gen<byte[]> flipped = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 4].Select(edits =>
        {
            byte[] bytes = [.. good];
            foreach ((int index, byte value) in edits)
                bytes[index] = value;
            return bytes;
        });
        Gen<byte[]> cut = Gen.Int[0, good.Length - 1].Select(length => good[..length]);
        Gen<byte[]> extended = Gen.Byte.Array[1, 20].Select(tail => (byte[])[.. good, .. tail]);
        Gen<byte[]> noise = Gen.Byte.Array[0, 64];
        Gen.OneOf(flipped, cut, extended, noise).Sample(bytes =>
        {
            File.WriteAllBytes(bad, bytes);
            try
            {
                using var file = SafetensorsFile.Open(bad);
                foreach (SafetensorsTensor tensor in file.Tensors)
                    Assert.Equal(tensor.ByteLength, file.ReadBytes(tensor.Name).Length);
            }
            catch (StemJepaException error)
            {
                Assert.StartsWith(bad, error.Message);
                Assert.DoesNotContain('\n', error.Message);
            }
        }, iter: 3000, threads: 1);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "uplicate")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        "begins at byte 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "8 follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "take 16 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "take 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", "negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "overflow")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "F31")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", "lacks")]
    [InlineData("""{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "damaged")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "damaged")]
    [InlineData("""[]""", "'{'")]
    [InlineData("", "'{'")]
    public void A_header_that_does_not_account_for_the_8_bytes_after_it_is_refused(string header, string expected)
    {
        string path = Path.Combine(_folder, "hostile.safetensors");
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. new byte[8]]);
        var error = Assert.Throws<StemJepaException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(path, error.Message);
    }

    [Fact]
    public void A_folder_a_missing_file_and_a_huge_declared_header_are_refused()
    {
        string huge = Path.Combine(_folder, "huge.safetensors");
        File.WriteAllBytes(huge, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, (byte)'{', (byte)'}']);
        Assert.Throws<StemJepaException>(() => SafetensorsFile.Open(_folder));
        Assert.Throws<StemJepaException>(() => SafetensorsFile.Open(Path.Combine(_folder, "absent.safetensors")));
        Assert.Throws<StemJepaException>(() => SafetensorsFile.Open(huge));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        string path = Path.Combine(_folder, "kept.safetensors");
        AtomicFile.Write(path, stream => stream.WriteByte(1));
        Assert.Throws<StemJepaException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(2);
            throw new IOException("disk full");
        }));
        Assert.Equal([1], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
        Assert.Throws<ArgumentException>(() =>
            SafetensorsFile.Write(path, [new SafetensorsEntry("a", [1], new float[1]), new SafetensorsEntry("a", [1], new float[1])]));
        Assert.Throws<ArgumentException>(() => new SafetensorsEntry("a", [2], new float[1]));
        Assert.Throws<StemJepaException>(() => SafetensorsFile.Write(Path.Combine(_folder, "no", "such.safetensors"), []));
    }
}
