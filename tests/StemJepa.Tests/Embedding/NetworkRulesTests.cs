using System.Text;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>Networks that would read other files, never end, or use what no exported network has, are refused unloaded.</summary>
public sealed class NetworkRulesTests
{
    private const string Name = "network.onnx";

    public static TheoryData<string, byte[]> Forbidden => new()
    {
        { "weights in another file", Graph(5, Tensor(14, 1)) },
        { "weights in another file", Graph(5, Message(13, Text(1, "location"))) },
        { "weights in another file", Graph(1, Node("Add", attribute: Message(5, Tensor(14, 1)))) },
        { "weights in another file", Graph(1, Node("Add", attribute: Message(10, Tensor(14, 1)))) },
        { "the operator Loop", Graph(1, Node("Loop")) },
        { "the operator If", Graph(1, Node("If")) },
        { "the operator Constant", Graph(1, Node("Constant")) },
        { "the operator com.microsoft.Add", Graph(1, [.. Node("Add"), .. Text(7, "com.microsoft")]) },
        { "a loop or branch", Graph(1, Node("Add", attribute: Message(6, []))) },
        { "a loop or branch", Graph(1, Node("Add", attribute: Message(11, []))) },
        { "sparse weights", Graph(15, []) },
        { "functions of its own", Message(25, []) },
        { "instructions for training", Message(20, []) },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void What_no_exported_network_has_is_refused_by_name(string what, byte[] model)
    {
        string message = Assert.Throws<StemJepaException>(() => NetworkRules.Check(model, Name)).Message;
        Assert.StartsWith($"{Name} has {what},", message);
    }

    [Fact]
    public void Networks_without_a_graph_or_with_two_are_refused()
    {
        Assert.Throws<StemJepaException>(() => NetworkRules.Check([], Name));
        Assert.Throws<StemJepaException>(() => NetworkRules.Check([.. Graph(1, Node("Add")), .. Graph(1, Node("Loop"))], Name));
    }

    [Fact]
    public void Exported_networks_pass() =>
        Assert.All(Directory.GetFiles(GoldenModel.Folder, "*.onnx"), file => NetworkRules.Check(File.ReadAllBytes(file), file));

    private static byte[] Graph(int field, byte[] content) => Message(7, Message(field, content));

    private static byte[] Node(string operation, byte[]? attribute = null) =>
        [.. Text(4, operation), .. attribute is null ? [] : Message(5, attribute)];

    private static byte[] Tensor(int field, byte value) => [(byte)(field << 3), value];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A field that holds bytes; its key and its length take one or two bytes, as the encoding of protobuf says.</summary>
    private static byte[] Message(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Varint(int value) => value < 128 ? [(byte)value] : [(byte)(value | 128), (byte)(value >> 7)];
}
