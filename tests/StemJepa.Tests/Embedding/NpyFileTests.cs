using System.Buffers.Binary;
using System.Text;
using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

public sealed class NpyFileTests : IDisposable
{
    private const string NumPyHeader = "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(NumPyHeader)]
    [InlineData("{'shape':(5,),'fortran_order':True,'descr':'<f4'}")]
    [InlineData("{ 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 5 , ) , }   \n")]
    public void Every_spelling_of_the_format_is_read(string header)
    {
        Assert.Equal([0f, 1, 2, 3, 4], Load(File(header)).Vector.ToArray());
        Assert.Equal([0f, 1, 2, 3, 4], Load(File(header, version: 2)).Vector.ToArray());
        Assert.Equal([0f, 1, 2, 3, 4], Load(File(header, version: 3)).Vector.ToArray());
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (5,), }")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (5,), }")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (5,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (5, 1), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-5,), }")]
    [InlineData("{'descr': '<f4', 'shape': (5,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), 'extra': True}")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (5,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), } + __import__('os')")]
    [InlineData("")]
    public void Another_array_or_a_hostile_header_is_refused(string header) => AssertRefused(File(header));

    [Fact]
    public void A_file_cut_anywhere_or_with_more_behind_it_is_refused()
    {
        byte[] whole = File(NumPyHeader);
        for (int length = 0; length < whole.Length; length++)
            AssertRefused(whole[..length]);
        AssertRefused([.. whole, 0]);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        byte[] bytes = File(NumPyHeader, version: 2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), uint.MaxValue);
        AssertRefused(bytes);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_refused(float value)
    {
        byte[] bytes = File(NumPyHeader);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - 4), value);
        AssertRefused(bytes);
    }

    [Fact]
    public void A_length_that_no_model_gives_is_refused() =>
        AssertRefused(File("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", values: 4));

    [Fact]
    public void A_missing_file_and_a_folder_are_told_apart()
    {
        Assert.Contains("does not exist", Assert.Throws<StemJepaException>(() => StemEmbedding.Load(_folder.PathOf("none.npy"))).Message);
        Assert.Contains("is a folder", Assert.Throws<StemJepaException>(() => StemEmbedding.Load(_folder.Root)).Message);
    }

    [Fact]
    public void Flipped_bytes_give_an_embedding_or_the_library_error() =>
        Gen.Select(Gen.Int[0, 90], Gen.Byte).Sample((index, value) =>
        {
            byte[] bytes = File(NumPyHeader);
            bytes[index % bytes.Length] = value;
            try
            {
                Load(bytes);
            }
            catch (StemJepaException)
            {
            }
        }, iter: 500, threads: 1);

    private void AssertRefused(byte[] bytes)
    {
        string message = Assert.Throws<StemJepaException>(() => Load(bytes)).Message;
        Assert.Contains("a.npy ", message);
        Assert.EndsWith(".", message);
    }

    private StemEmbedding Load(byte[] bytes) => StemEmbedding.Load(_folder.Write("a.npy", bytes));

    private static byte[] File(string header, int version = 1, int values = 5)
    {
        byte[] size = version == 1 ? new byte[2] : new byte[4];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)header.Length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)header.Length);
        byte[] data = new byte[4 * values];
        for (int i = 0; i < values; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), i);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. size, .. Encoding.ASCII.GetBytes(header), .. data];
    }
}
