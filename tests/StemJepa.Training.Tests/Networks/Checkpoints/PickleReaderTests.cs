using System.Text;
using StemJepa.Training.Networks;
using static StemJepa.Training.Tests.Networks.PickleBytes;

namespace StemJepa.Training.Tests.Networks;

/// <summary>
/// The oracles are pickles that Python 3.11 wrote, and opcodes worked by hand from the listing of its <c>pickletools</c>.
/// </summary>
public sealed class PickleReaderTests
{
    /// <summary>
    /// <c>pickle.dumps(obj, protocol).hex()</c> of obj = {'a': None, 'b': True, 'c': -5, 'd': 200, 'e': 40000, 'f': 2**40, 'g': -2**40,
    /// 'h': 1.5, 'i': (1,), 'j': (1, 2), 'k': (1, 2, 3), 'l': (1, 2, 3, 4), 'm': [], 'n': [7], 'o': [7, 8], 'p': {}, 'q': 'ä', 'r': ()};
    /// obj['s'] = obj['q'].
    /// </summary>
    [Theory]
    [InlineData(
        "80027d71002858010000006171014e58010000006271028858010000006371034afbffffff58010000006471044bc858010000006571054d409c5801"
        + "0000006671068a0600000000000158010000006771078a060000000000ff5801000000687108473ff800000000000058010000006971094b0185710a"
        + "58010000006a710b4b014b0286710c58010000006b710d4b014b024b0387710e58010000006c710f284b014b024b034b0474711058010000006d7111"
        + "5d711258010000006e71135d71144b076158010000006f71155d7116284b074b086558010000007071177d711858010000007171195802000000c3a4"
        + "711a580100000072711b29580100000073711c681a752e")]
    [InlineData(
        "800595ac000000000000007d94288c0161944e8c016294888c0163944afbffffff8c0164944bc88c0165944d409c8c0166948a060000000000018c01"
        + "67948a060000000000ff8c016894473ff80000000000008c0169944b0185948c016a944b014b0286948c016b944b014b024b0387948c016c94284b01"
        + "4b024b034b0474948c016d945d948c016e945d944b07618c016f945d94284b074b08658c0170947d948c0171948c02c3a4948c017294298c01739468"
        + "1a752e")]
    public void What_Python_pickled_is_read_back(string hex)
    {
        var read = Assert.IsType<Dictionary<object, object?>>(PickleReader.Read(Convert.FromHexString(hex), new TorchObjects()));
        Assert.Null(read["a"]);
        Assert.Equal(true, read["b"]);
        Assert.Equal([-5L, 200L, 40000L, 1L << 40, -(1L << 40), 1.5], new[] { "c", "d", "e", "f", "g", "h" }.Select(key => read[key]));
        Assert.Equal([1L], (object?[])read["i"]!);
        Assert.Equal([1L, 2L], (object?[])read["j"]!);
        Assert.Equal([1L, 2L, 3L], (object?[])read["k"]!);
        Assert.Equal([1L, 2L, 3L, 4L], (object?[])read["l"]!);
        Assert.Equal([], (List<object?>)read["m"]!);
        Assert.Equal([7L], (List<object?>)read["n"]!);
        Assert.Equal([7L, 8L], (List<object?>)read["o"]!);
        Assert.Empty((Dictionary<object, object?>)read["p"]!);
        Assert.Equal("ä", read["q"]);
        Assert.Equal([], (object?[])read["r"]!);
        Assert.Same(read["q"], read["s"]);
        Assert.Equal(19, read.Count);
    }

    [Fact]
    public void Attributes_of_an_ordered_dictionary_are_left_out()
    {
        byte[] pickle = Pickle(OrderedDict(), Dictionary(("_metadata", OrderedDict())), "b"u8.ToArray());
        Assert.Empty(Assert.IsType<Dictionary<object, object?>>(PickleReader.Read(pickle, new TorchObjects())));
    }

    /// <summary>The pickle that runs a command in Python: nothing of it is done, and it is named.</summary>
    [Fact]
    public void A_call_of_a_system_command_is_refused_by_name() =>
        Refused("'posix.system'", Pickle(Global("posix", "system"), Tuple(Text("touch /tmp/owned")), Reduce));

    [Fact]
    public void A_constructor_of_another_library_is_refused_by_name() =>
        Refused("'omegaconf.dictconfig.DictConfig'", Pickle(Text("omegaconf.dictconfig"), Text("DictConfig"), [0x93]));

    [Fact]
    public void A_name_cannot_forge_lines_of_output() =>
        Refused("'os\u003f?.system?[31m'", Pickle(Global("os\r\u0007", "system\u001b[31m")));

    public static TheoryData<string, byte[]> BadPickles => new()
    {
        { "opcode Inst", Pickle("(ios\nsystem\n"u8.ToArray()) },
        { "opcode Obj", Pickle("(o"u8.ToArray()) },
        { "opcode NewObj", Pickle(Global("collections", "OrderedDict"), EmptyTuple, [0x81]) },
        { "opcode Ext1", Pickle([0x82, 1]) },
        { "opcode Dup", Pickle("N2"u8.ToArray()) },
        { "opcode 0xff", Pickle([0xff]) },
        { "protocol 6", [0x80, 6, (byte)'N', (byte)'.'] },
        { "cut off", [0x80, 2, (byte)'N'] },
        { "cut off", [] },
        { "cut off", Pickle([(byte)'X', 0xff, 0xff, 0xff, 0x7f]) },
        { "cut off", Pickle([(byte)'c', (byte)'o', (byte)'s']) },
        { "more values", Pickle([0x85]) },
        { "more values", Pickle(Mark, Reduce) },
        { "has not begun", Pickle("t"u8.ToArray()) },
        { "has not remembered", Pickle("h\u0007"u8.ToArray()) },
        { "middle of an object", Pickle("NN"u8.ToArray()) },
        { "middle of an object", Pickle() },
        { "not a list", Pickle(EmptyDict, "Na"u8.ToArray()) },
        { "not a dictionary", Pickle("]NNs"u8.ToArray()) },
        { "keys", Pickle(EmptyDict, "]Ns"u8.ToArray()) },
        { "not arguments", Pickle(Global("collections", "OrderedDict"), Text("x"), Reduce) },
        { "OrderedDict", Pickle(Global("collections", "OrderedDict"), Tuple(Text("x")), Reduce) },
        { "not a constructor", Pickle(Text("x"), EmptyTuple, Reduce) },
        { "not a storage", Pickle(Text("0"), "Q"u8.ToArray()) },
        { "9 bytes", Pickle([0x8a, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]) },
        { "UTF-8", Pickle([(byte)'X', 1, 0, 0, 0, 0xff]) },
        { "impossible sizes", Pickle(Tensor("FloatStorage", "0", 4, 0, [2, -2], [2, 1])) },
        { "impossible sizes", Pickle(Tensor("FloatStorage", "0", 4, -1, [2], [1])) },
        { "impossible sizes", Pickle(Tensor("FloatStorage", "0", 4, 0, [2], [1, 1])) },
        { "larger than its storage", Pickle(Tensor("FloatStorage", "0", 4, 3, [2], [1])) },
        { "larger than its storage", Pickle(Tensor("FloatStorage", "0", 4, 0, [2, 2], [3, 1])) },
        { "larger than its storage", Pickle(Tensor("FloatStorage", "0", 4, 0, [1L << 62, 1L << 62], [0, 0])) },
        { "larger than its storage", Pickle(Tensor("FloatStorage", "0", 4, long.MaxValue, [2], [long.MaxValue])) },
    };

    [Theory, MemberData(nameof(BadPickles))]
    public void Bad_pickles_are_refused(string expected, byte[] pickle) => Refused(expected, pickle);

    /// <summary>Nested lists, which a recursive reader would not survive.</summary>
    [Fact]
    public void Depth_of_nesting_is_no_danger()
    {
        byte[] pickle = [0x80, 2, .. Encoding.ASCII.GetBytes(new string(']', 200_000) + new string('a', 199_999) + ".")];
        Assert.Single(Assert.IsType<List<object?>>(PickleReader.Read(pickle, new TorchObjects())));
    }

    private static void Refused(string expected, byte[] pickle)
    {
        var error = Assert.Throws<InvalidDataException>(() => PickleReader.Read(pickle, new TorchObjects()));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }
}
