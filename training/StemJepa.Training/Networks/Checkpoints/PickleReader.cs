using System.Buffers.Binary;
using System.Text;

namespace StemJepa.Training.Networks;

/// <summary>
/// Reads the part of Python's pickle format (protocols 2 to 5) that <c>torch.save</c> uses, by a closed list of opcodes. Nothing is
/// executed: names in a pickle are looked up in <see cref="IPickleObjects"/>, and everything else is rejected. Time and memory grow with
/// the pickle's length only, and no depth of nesting overflows the stack.
/// </summary>
/// <remarks>
/// Values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, tuples as arrays of objects, lists as
/// <see cref="List{T}"/> and dictionaries as <see cref="Dictionary{TKey, TValue}"/> of objects, and objects that
/// <see cref="IPickleObjects"/> makes.
/// </remarks>
internal sealed class PickleReader
{
    private const int NewestProtocol = 5;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _pickle;
    private readonly IPickleObjects _objects;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _position;

    private PickleReader(byte[] pickle, IPickleObjects objects) => (_pickle, _objects) = (pickle, objects);

    /// <summary>Reads the one object that a pickle holds.</summary>
    /// <exception cref="InvalidDataException">
    /// The pickle is damaged, or holds an object that is not allowed; the message names it.
    /// </exception>
    public static object? Read(byte[] pickle, IPickleObjects objects)
    {
        var reader = new PickleReader(pickle, objects);
        while (true)
        {
            var opcode = (PickleOpcode)reader.Byte();
            if (opcode != PickleOpcode.Stop)
                reader.Do(opcode);
            else if (reader._stack.Count == 1 && reader._marks.Count == 0)
                return reader._stack[0];
            else
                throw new InvalidDataException("its pickle ends in the middle of an object");
        }
    }

    private void Do(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto: CheckProtocol(Byte()); break;
            case PickleOpcode.Frame: Take(8); break;
            case PickleOpcode.Mark: _marks.Push(_stack.Count); break;
            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.NewTrue: Push(true); break;
            case PickleOpcode.NewFalse: Push(false); break;
            case PickleOpcode.BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case PickleOpcode.BinInt1: Push((long)Byte()); break;
            case PickleOpcode.BinInt2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case PickleOpcode.Long1: Push(Long(Take(Byte()))); break;
            case PickleOpcode.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case PickleOpcode.BinUnicode: Push(Text(UInt32())); break;
            case PickleOpcode.ShortBinUnicode: Push(Text(Byte())); break;
            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: PushTuple(1); break;
            case PickleOpcode.Tuple2: PushTuple(2); break;
            case PickleOpcode.Tuple3: PushTuple(3); break;
            case PickleOpcode.Tuple: Push(PopToMark()); break;
            case PickleOpcode.EmptyList: Push(new List<object?>()); break;
            case PickleOpcode.EmptyDict: Push(new Dictionary<object, object?>()); break;
            case PickleOpcode.Append: Append([Pop()]); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.SetItem: SetItems(PopMany(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;
            case PickleOpcode.BinPut: _memo[Byte()] = Top(); break;
            case PickleOpcode.LongBinPut: _memo[UInt32()] = Top(); break;
            case PickleOpcode.Memoize: _memo[(uint)_memo.Count] = Top(); break;
            case PickleOpcode.BinGet: Push(Remembered(Byte())); break;
            case PickleOpcode.LongBinGet: Push(Remembered(UInt32())); break;
            case PickleOpcode.Global: Push(_objects.Global(Line(), Line())); break;
            case PickleOpcode.StackGlobal: PushGlobal(PopMany(2)); break;
            case PickleOpcode.Reduce: PushCall(PopMany(2)); break;
            case PickleOpcode.Build: Build(Pop()); break;
            case PickleOpcode.BinPersId: Push(_objects.Persistent(Pop())); break;
            default: throw new InvalidDataException(
                $"its pickle holds the opcode {(Enum.IsDefined(opcode) ? opcode
                : $"0x{(byte)opcode:x2}")}, which is not among those of tensors");
        }
    }

    private static void CheckProtocol(int protocol)
    {
        if (protocol is < 2 or > NewestProtocol)
            throw new InvalidDataException($"its pickle has the protocol {protocol}, not 2 to {NewestProtocol}");
    }

    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long))
            throw new InvalidDataException($"its pickle holds an integer of {bytes.Length} bytes, more than {sizeof(long)}");
        long value = bytes.Length > 0 && (sbyte)bytes[^1] < 0 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
            value = value << 8 | bytes[i];
        return value;
    }

    private byte Byte() => Take(1)[0];

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > _pickle.Length - _position)
            throw new InvalidDataException("its pickle is cut off");
        _position += (int)count;
        return _pickle.AsSpan(_position - (int)count, (int)count);
    }

    private string Text(uint length) => Decode(Take(length));

    private string Line()
    {
        int length = _pickle.AsSpan(_position).IndexOf((byte)'\n');
        if (length < 0)
            throw new InvalidDataException("its pickle is cut off");
        string line = Decode(Take((uint)length));
        _position++;
        return line;
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException("its pickle holds text that is not UTF-8");
        }
    }

    private void Push(object? value) => _stack.Add(value);

    /// <summary>The values that an opcode takes must have been pushed since the last mark.</summary>
    private void Need(int count)
    {
        if (_stack.Count - (_marks.Count > 0 ? _marks.Peek() : 0) < count)
            throw new InvalidDataException("its pickle takes more values than it has made");
    }

    private object? Top()
    {
        Need(1);
        return _stack[^1];
    }

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count)
    {
        Need(count);
        object?[] values = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (!_marks.TryPop(out int mark))
            throw new InvalidDataException("its pickle ends a group that it has not begun");
        object?[] values = [.. _stack[mark..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private void PushTuple(int count) => Push(PopMany(count));

    private object? Remembered(uint index) => _memo.TryGetValue(index, out object? value)
        ? value
        : throw new InvalidDataException($"its pickle refers to a value {index} that it has not remembered");

    private void Append(object?[] values)
    {
        if (Top() is not List<object?> list)
            throw new InvalidDataException("its pickle appends to what is not a list");
        list.AddRange(values);
    }

    private void SetItems(object?[] pairs)
    {
        if (Top() is not Dictionary<object, object?> dictionary || pairs.Length % 2 != 0)
            throw new InvalidDataException("its pickle sets items of what is not a dictionary");
        for (int i = 0; i < pairs.Length; i += 2)
        {
            dictionary[pairs[i] is { } key and (string or long or double or bool)
                ? key
                : throw new InvalidDataException("its pickle has a dictionary with keys that are neither text nor numbers")] = pairs[i + 1];
        }
    }

    private void PushGlobal(object?[] names) => Push(names is [string module, string name]
        ? _objects.Global(module, name)
        : throw new InvalidDataException("its pickle names a constructor by what is not text"));

    private void PushCall(object?[] call) => Push(call is [{ } callable, object?[] arguments]
        ? _objects.Call(callable, arguments)
        : throw new InvalidDataException("its pickle calls with what are not arguments"));

    /// <summary>Attributes of a dictionary, such as a state_dict's <c>_metadata</c>, are nothing that anybody needs here.</summary>
    private void Build(object? attributes)
    {
        if (Top() is not Dictionary<object, object?> || attributes is not Dictionary<object, object?>)
            throw new InvalidDataException("its pickle sets attributes of what is not a dictionary");
    }
}

/// <summary>
/// The objects that a pickle may name. All members throw <see cref="InvalidDataException"/> with the name of an object that is not allowed.
/// </summary>
internal interface IPickleObjects
{
    /// <summary>Finds a constructor or function, such as <c>collections.OrderedDict</c>.</summary>
    object Global(string module, string name);

    /// <summary>Calls a constructor or function.</summary>
    object? Call(object callable, object?[] arguments);

    /// <summary>Finds the object outside of the pickle that has this identifier.</summary>
    object? Persistent(object? identifier);
}

/// <summary>
/// The opcodes of pickle protocols 0 to 5, with the names of Python's <c>pickletools</c>. All are listed so that those that are rejected
/// can be named; <see cref="PickleReader"/> says which are read.
/// </summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(', Stop = (byte)'.', Pop = (byte)'0', PopMark = (byte)'1', Dup = (byte)'2', Float = (byte)'F', Int = (byte)'I',
    BinInt = (byte)'J', BinInt1 = (byte)'K', Long = (byte)'L', BinInt2 = (byte)'M', None = (byte)'N', PersId = (byte)'P',
        BinPersId = (byte)'Q',
    Reduce = (byte)'R', String = (byte)'S', BinString = (byte)'T', ShortBinString = (byte)'U', Unicode = (byte)'V', BinUnicode = (byte)'X',
    Append = (byte)'a', Build = (byte)'b', Global = (byte)'c', Dict = (byte)'d', EmptyDict = (byte)'}', Appends = (byte)'e',
        Get = (byte)'g',
    BinGet = (byte)'h', Inst = (byte)'i', LongBinGet = (byte)'j', List = (byte)'l', EmptyList = (byte)']', Obj = (byte)'o', Put = (byte)'p',
    BinPut = (byte)'q', LongBinPut = (byte)'r', SetItem = (byte)'s', Tuple = (byte)'t', EmptyTuple = (byte)')', SetItems = (byte)'u',
    BinFloat = (byte)'G', BinBytes = (byte)'B', ShortBinBytes = (byte)'C',
    Proto = 0x80, NewObj, Ext1, Ext2, Ext4, Tuple1, Tuple2, Tuple3, NewTrue, NewFalse, Long1, Long4, ShortBinUnicode, BinUnicode8,
        BinBytes8,
    EmptySet, AddItems, FrozenSet, NewObjEx, StackGlobal, Memoize, Frame, ByteArray8, NextBuffer, ReadOnlyBuffer,
}
