using System.Collections.Frozen;
using System.Text;

namespace StemJepa;

/// <summary>
/// Makes sure, before ONNX Runtime sees a network, that it is data: one graph of the operators that StemJepa.Export writes, with all of its
/// weights inside. Other files, loops, branches, functions and operators of other domains are refused. Thread-safe.
/// </summary>
internal static class NetworkRules
{
    private static readonly FrozenSet<string> Operators = FrozenSet.Create(StringComparer.Ordinal,
        "Add", "Cast", "Concat", "Conv", "Div", "DynamicQuantizeLinear", "Erf", "Gather", "LayerNormalization", "MatMul", "MatMulInteger",
        "Mul", "ReduceMean", "Relu", "Reshape", "Shape", "Slice", "Softmax", "Split", "Sub", "Transpose");

    /// <summary>Checks a serialised <c>ModelProto</c>; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="StemJepaException">It breaks a rule, or is no such message.</exception>
    internal static void Check(ReadOnlySpan<byte> model, string source)
    {
        const int graph = 7, trainingInfo = 20, functions = 25;
        int graphs = 0;
        for (var fields = new ProtobufFields(model, source); fields.Next();)
        {
            if (fields.Number is trainingInfo or functions)
                throw Refused(source, fields.Number == functions ? "functions of its own" : "instructions for training");
            if (fields.Number == graph && graphs++ == 0)
                CheckGraph(fields.Content, source);
        }
        if (graphs != 1)
            throw new StemJepaException($"{source} is not a network ({graphs} graphs in it): export the model again.");
    }

    private static void CheckGraph(ReadOnlySpan<byte> graph, string source)
    {
        const int node = 1, initializer = 5, sparseInitializer = 15;
        for (var fields = new ProtobufFields(graph, source); fields.Next();)
        {
            if (fields.Number == node)
                CheckNode(fields.Content, source);
            else if (fields.Number == initializer)
                CheckTensor(fields.Content, source);
            else if (fields.Number == sparseInitializer)
                throw Refused(source, "sparse weights");
        }
    }

    private static void CheckNode(ReadOnlySpan<byte> node, string source)
    {
        const int operation = 4, attribute = 5, domain = 7;
        string name = "", from = "";
        for (var fields = new ProtobufFields(node, source); fields.Next();)
        {
            if (fields.Number == operation)
                name = Encoding.UTF8.GetString(fields.Content);
            else if (fields.Number == domain)
                from = Encoding.UTF8.GetString(fields.Content);
            else if (fields.Number == attribute)
                CheckAttribute(fields.Content, source);
        }
        if (from is not ("" or "ai.onnx") || !Operators.Contains(name))
            throw Refused(source, $"the operator {(from == "" ? "" : from + ".")}{name}");
    }

    private static void CheckAttribute(ReadOnlySpan<byte> attribute, string source)
    {
        const int tensor = 5, graph = 6, tensors = 10, graphs = 11, sparseTensor = 22, sparseTensors = 23;
        for (var fields = new ProtobufFields(attribute, source); fields.Next();)
        {
            if (fields.Number is graph or graphs)
                throw Refused(source, "a loop or branch");
            if (fields.Number is sparseTensor or sparseTensors)
                throw Refused(source, "sparse weights");
            if (fields.Number is tensor or tensors)
                CheckTensor(fields.Content, source);
        }
    }

    private static void CheckTensor(ReadOnlySpan<byte> tensor, string source)
    {
        const int externalData = 13, dataLocation = 14;
        for (var fields = new ProtobufFields(tensor, source); fields.Next();)
        {
            if (fields.Number == externalData || (fields.Number == dataLocation && fields.Value != 0))
                throw Refused(source, "weights in another file");
        }
    }

    private static StemJepaException Refused(string source, string found) => new(
        $"{source} has {found}, which no network that StemJepa.Export writes has: export the model again, from its weights.");
}

/// <summary>The fields of one protobuf message, one after another.</summary>
/// <param name="message">The serialised message.</param>
/// <param name="source">What errors call it.</param>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message, string source)
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5, LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The present field's number.</summary>
    internal int Number { get; private set; }

    /// <summary>Its value where it is a number of variable length, else 0.</summary>
    internal ulong Value { get; private set; }

    /// <summary>Its bytes where it is a string, bytes or a message, else empty.</summary>
    internal ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="StemJepaException">The message is damaged.</exception>
    internal bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        ulong key = ReadVarint();
        Number = (int)Math.Min(key >> 3, int.MaxValue);
        Value = 0;
        Content = default;
        switch ((int)(key & 7))
        {
            case Varint:
                Value = ReadVarint();
                break;
            case LengthDelimited:
                Content = Take(ReadVarint());
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw Damaged();
        }
        return true;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw Damaged();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw Damaged();
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private readonly StemJepaException Damaged() =>
        new($"{source} is not a network that ONNX Runtime can load (its protobuf is damaged): export the model again.");
}
