namespace Grid.Engine.Weights.Pickle;

/// <summary>
/// Reads a pickle as data. Plain values, tuples, lists and dicts are kept; the few globals of <see cref="PickleGlobal"/> are
/// understood, every other is refused by name where it is met. Nothing is imported, constructed or called.
/// </summary>
internal sealed class Unpickler
{
    private static readonly object Mark = new();

    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>The one object that the pickle holds: tuples are arrays, dicts are lists of pairs.</summary>
    /// <exception cref="PickleException">It is broken, or asks for something that is refused.</exception>
    public static object? Read(ReadOnlySpan<byte> pickle)
    {
        var unpickler = new Unpickler();
        var reader = new PickleReader(pickle);
        while (true)
        {
            var position = reader.Position;
            var opcode = reader.Byte();
            if (opcode == (byte)'.') return unpickler.Pop();
            unpickler.Execute(opcode, position, ref reader);
        }
    }

    private void Execute(byte opcode, int position, ref PickleReader reader)
    {
        switch (opcode)
        {
            case 0x80: _ = reader.Byte(); break;                                       // PROTO
            case 0x95: _ = reader.UInt64(); break;                                     // FRAME
            case (byte)'(': _stack.Push(Mark); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': _stack.Push(Peek()); break;

            case (byte)'N': _stack.Push(null); break;
            case 0x88: _stack.Push(true); break;
            case 0x89: _stack.Push(false); break;
            case (byte)'K': _stack.Push((long)reader.Byte()); break;
            case (byte)'M': _stack.Push((long)reader.UInt16()); break;
            case (byte)'J': _stack.Push((long)reader.Int32()); break;
            case 0x8a: _stack.Push(reader.Integer(reader.Byte())); break;              // LONG1
            case 0x8b: _stack.Push(reader.Integer(reader.UInt32())); break;            // LONG4
            case (byte)'G': _stack.Push(reader.Double()); break;
            case (byte)'X' or (byte)'T': _stack.Push(reader.Utf8(reader.UInt32())); break;
            case 0x8c or (byte)'U': _stack.Push(reader.Utf8(reader.Byte())); break;    // SHORT_BINUNICODE
            case 0x8d: _stack.Push(reader.Utf8(reader.UInt64())); break;               // BINUNICODE8
            case (byte)'B': _stack.Push(reader.Bytes(reader.UInt32()).ToArray()); break;
            case (byte)'C': _stack.Push(reader.Bytes(reader.Byte()).ToArray()); break;

            case (byte)')': _stack.Push(Array.Empty<object?>()); break;
            case (byte)'t': _stack.Push(PopToMark()); break;
            case 0x85: _stack.Push(PopMany(1)); break;
            case 0x86: _stack.Push(PopMany(2)); break;
            case 0x87: _stack.Push(PopMany(3)); break;
            case (byte)']': _stack.Push(new List<object?>()); break;
            case (byte)'l': _stack.Push(new List<object?>(PopToMark())); break;
            case (byte)'a': AppendToList([Pop()]); break;
            case (byte)'e': AppendToList(PopToMark()); break;
            case (byte)'}': _stack.Push(new PickleDictionary()); break;
            case (byte)'d': PushDictionary(PopToMark()); break;
            case (byte)'s': AddToDictionary(PopMany(2)); break;
            case (byte)'u': AddToDictionary(PopToMark()); break;

            case (byte)'q': _memo[reader.Byte()] = Peek(); break;
            case (byte)'r': _memo[reader.UInt32()] = Peek(); break;
            case 0x94: _memo[(uint)_memo.Count] = Peek(); break;                       // MEMOIZE
            case (byte)'h': _stack.Push(Recall(reader.Byte())); break;
            case (byte)'j': _stack.Push(Recall(reader.UInt32())); break;

            case (byte)'c': PushGlobal(reader.Line(), reader.Line()); break;
            case 0x93:                                                                 // STACK_GLOBAL
                if (PopMany(2) is not [string module, string name]) throw new PickleException("a global must be named by two strings");
                PushGlobal(module, name);
                break;
            case (byte)'Q': _stack.Push(TorchPickle.ReadStorage(Pop())); break;
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;

            default:
                throw new PickleException(
                $"opcode 0x{opcode:x2} at byte {position} of the pickle is refused: only tensors and plain containers are read");
        }
    }

    private void PushGlobal(string module, string name)
    {
        var global = new PickleGlobal(module, name);
        if (!global.IsAllowed)
            throw new PickleException($"the pickle asks for {global}, which is refused: only tensors and plain containers are read");
        _stack.Push(global);
    }

    private void Reduce()
    {
        var arguments = Pop() as object?[] ?? throw new PickleException("arguments must be a tuple");
        var global = Pop() as PickleGlobal ?? throw new PickleException("something that is no global is called");
        if (global == PickleGlobal.OrderedDict && arguments.Length == 0) _stack.Push(new PickleDictionary());
        else if (global == PickleGlobal.RebuildTensor) _stack.Push(TorchPickle.ReadTensor(arguments));
        else if (global == PickleGlobal.RebuildParameter && arguments is [TorchTensor tensor, ..]) _stack.Push(tensor);
        else throw new PickleException($"{global} is called with arguments that it does not have");
    }

    // A state dict carries module versions (_metadata) as attributes; nothing here needs them.
    private void Build()
    {
        Pop();
        if (Peek() is not PickleDictionary)
            throw new PickleException("attributes are set on something that is no dictionary, which is refused");
    }

    private void AppendToList(object?[] items) =>
        (Peek() as List<object?> ?? throw new PickleException("items are appended to something that is no list")).AddRange(items);

    private void PushDictionary(object?[] items)
    {
        _stack.Push(new PickleDictionary());
        AddToDictionary(items);
    }

    private void AddToDictionary(object?[] items)
    {
        if (items.Length % 2 != 0) throw new PickleException("a dictionary has a key without a value");
        var dictionary = Peek() as PickleDictionary ?? throw new PickleException("items are set in something that is no dictionary");
        for (var i = 0; i < items.Length; i += 2) dictionary.Add(KeyValuePair.Create(items[i], items[i + 1]));
    }

    private object? Recall(uint index) =>
        _memo.TryGetValue(index, out var value)
            ? value
            : throw new PickleException($"the pickle refers to memo {index}, which was not set");

    private object? Pop() => _stack.TryPop(out var value) && value != Mark ? value : throw Unbalanced();

    private object? Peek() => _stack.TryPeek(out var value) && value != Mark ? value : throw Unbalanced();

    private object?[] PopMany(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--) items[i] = Pop();
        return items;
    }

    private object?[] PopToMark()
    {
        var items = new List<object?>();
        while (_stack.TryPop(out var value))
        {
            if (value != Mark)
            {
                items.Add(value);
                continue;
            }
            items.Reverse();
            return [.. items];
        }
        throw Unbalanced();
    }

    private static PickleException Unbalanced() => new("the pickle takes more from its stack than it has put there");
}
