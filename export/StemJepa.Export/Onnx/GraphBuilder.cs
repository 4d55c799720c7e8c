using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace StemJepa.Export.Onnx;

/// <summary>Collects the nodes and constants of one ONNX graph in order of execution. Not thread-safe.</summary>
internal sealed class GraphBuilder(string name)
{
    /// <summary>The version of the graphs, not of the program: the same weights give the same bytes until it changes.</summary>
    private const string GraphVersion = "0.1.0";

    /// <summary>The newest operator set that Debian 12's checker knows.</summary>
    public const int OperatorSet = 17;

    private const int IrVersion = 8;

    private readonly GraphProto _graph = new() { Name = name };
    private readonly HashSet<string> _values = [];

    /// <summary>Declares an input; a dimension is a number, or a name for a free one.</summary>
    public string Input(string name, TensorProto.Types.DataType type, string description, params ReadOnlySpan<string> shape)
    {
        _graph.Input.Add(ValueInfo(name, type, description, shape));
        return Declare(name);
    }

    /// <summary>Declares an existing value as an output.</summary>
    public void Output(string name, TensorProto.Types.DataType type, string description, params ReadOnlySpan<string> shape) =>
        _graph.Output.Add(ValueInfo(name, type, description, shape));

    /// <summary>Adds a float constant. The array is referred to, not copied.</summary>
    public string Constant(string name, float[] values, params ReadOnlySpan<long> shape) =>
        Constant(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values.AsSpan()).Length,
            new ArrayBytes<float>(values).Memory, shape);

    /// <summary>Adds a constant of 8-bit integers. The array is referred to, not copied.</summary>
    public string Constant(string name, sbyte[] values, params ReadOnlySpan<long> shape) =>
        Constant(name, TensorProto.Types.DataType.Int8, values.Length, new ArrayBytes<sbyte>(values).Memory, shape);

    /// <summary>Adds a constant of 16-bit floats. The array is referred to, not copied.</summary>
    public string Constant(string name, Half[] values, params ReadOnlySpan<long> shape) =>
        Constant(name, TensorProto.Types.DataType.Float16, 2 * values.Length, new ArrayBytes<Half>(values).Memory, shape);

    /// <summary>Adds a constant that is stored in half precision and read as floats. The array is referred to, not copied.</summary>
    public string WidenedConstant(string name, Half[] values, params ReadOnlySpan<long> shape)
    {
        string halves = Constant($"{name}/half", values, shape);
        return Node("Cast", name, [halves], [Attribute("to", (long)TensorProto.Types.DataType.Float)]);
    }

    /// <summary>Adds a 1-D integer constant.</summary>
    public string Constant(string name, params long[] values) =>
        Constant(name, TensorProto.Types.DataType.Int64, 8 * values.Length, new ArrayBytes<long>(values).Memory, [values.Length]);

    /// <summary>Adds a node with one output, which is named like the node unless <paramref name="output"/> says otherwise.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string operation, string name, ReadOnlySpan<string> inputs, ReadOnlySpan<AttributeProto> attributes = default,
        string? output = null) =>
        Nodes(operation, name, inputs, [output ?? name], attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <returns>The outputs' names.</returns>
    public string[] Nodes(
        string operation, string name, ReadOnlySpan<string> inputs, string[] outputs, ReadOnlySpan<AttributeProto> attributes = default)
    {
        var node = new NodeProto { OpType = operation, Name = name };
        foreach (string input in inputs)
        {
            if (!_values.Contains(input))
                throw new InvalidOperationException($"Node {name} reads {input}, which is not defined before it.");
            node.Input.Add(input);
        }
        foreach (string output in outputs)
            node.Output.Add(Declare(output));
        foreach (AttributeProto attribute in attributes)
            node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        return outputs;
    }

    /// <summary>An integer attribute.</summary>
    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>A float attribute.</summary>
    public static AttributeProto Attribute(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    /// <summary>An attribute that is a list of integers.</summary>
    public static AttributeProto Attribute(string name, params long[] values) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    /// <summary>The finished model.</summary>
    public ModelProto Build(string description) => new()
    {
        IrVersion = IrVersion,
        ProducerName = "StemJepa.Export",
        ProducerVersion = GraphVersion,
        DocString = description,
        Graph = _graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
    };

    private string Constant(
        string name, TensorProto.Types.DataType type, int byteLength, ReadOnlyMemory<byte> bytes, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long extent in shape)
            count *= extent;
        int size = type switch
        {
            TensorProto.Types.DataType.Int64 => 8,
            TensorProto.Types.DataType.Int8 => 1,
            TensorProto.Types.DataType.Float16 => 2,
            _ => 4,
        };
        if (count * size != byteLength)
            throw new ArgumentException(
                $"Constant {name} has {byteLength} bytes, which is not what its shape [{string.Join(", ", shape.ToArray())}] takes.");
        _graph.Initializer.Add(new TensorProto
        {
            Name = Declare(name),
            DataType = (int)type,
            Dims = { shape.ToArray() },
            RawData = UnsafeByteOperations.UnsafeWrap(bytes),
        });
        return name;
    }

    private string Declare(string name) =>
        _values.Add(name) ? name : throw new InvalidOperationException($"Two values of the graph are called {name}.");

    private static ValueInfoProto ValueInfo(string name, TensorProto.Types.DataType type, string description, ReadOnlySpan<string> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (string dimension in shape)
        {
            dimensions.Dim.Add(long.TryParse(dimension, out long size)
                ? new TensorShapeProto.Types.Dimension { DimValue = size }
                : new TensorShapeProto.Types.Dimension { DimParam = dimension });
        }
        return new ValueInfoProto
        {
            Name = name,
            DocString = description,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}

/// <summary>Exposes an array as bytes without a copy: weights of a base model take hundreds of megabytes.</summary>
internal sealed class ArrayBytes<T>(T[] values) : MemoryManager<byte> where T : unmanaged
{
    /// <inheritdoc/>
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("The bytes are read through spans only.");

    /// <inheritdoc/>
    public override void Unpin() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) { }
}
