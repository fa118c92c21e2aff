namespace Grid.Engine.Weights.Pickle;

/// <summary>What the arguments of torch's own globals mean.</summary>
internal static class TorchPickle
{
    private const int MaxDimensions = 16;

    /// <summary>A persistent id: <c>('storage', class, key, location, elements)</c>.</summary>
    public static TorchStorage ReadStorage(object? id)
    {
        if (id is not object?[] { Length: 5 } parts || parts[0] is not "storage" || parts[1] is not PickleGlobal { IsStorage: true } type
            || parts[2] is not string key || parts[4] is not long count || count < 0)
            throw new PickleException("a persistent id must describe a storage and does not");
        return new TorchStorage(type.Name, key, count);
    }

    /// <summary>The arguments of <c>_rebuild_tensor_v2</c>: storage, offset, size, stride, and what concerns training only.</summary>
    public static TorchTensor ReadTensor(object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] size, object?[] stride, ..])
            throw new PickleException("_rebuild_tensor_v2 must be given a storage, an offset, a size and a stride");
        if (size.Length > MaxDimensions)
            throw new PickleException($"a tensor must have at most {MaxDimensions} dimensions; got {size.Length}");
        var tensor = new TorchTensor(storage, offset, Numbers(size, "size"), Numbers(stride, "stride"));
        if (offset < 0 || tensor.Shape.Length != tensor.Strides.Length)
            throw new PickleException("a tensor's offset, size and stride do not belong together");
        if (TensorShape.CountElements(tensor.Shape) is not { } elements)
            throw new PickleException($"a tensor of size [{string.Join(", ", tensor.Shape)}] has too many elements");
        if (elements > 0 && LastElement(tensor) >= storage.Count)
            throw new PickleException(
                $"a tensor of size [{string.Join(", ", tensor.Shape)}] and stride [{string.Join(", ", tensor.Strides)}] at {offset} "
                + $"reaches beyond its storage {storage.Key} of {storage.Count} elements");
        return tensor;
    }

    private static Int128 LastElement(TorchTensor tensor)
    {
        Int128 last = tensor.Offset;
        for (var i = 0; i < tensor.Shape.Length; i++) last += (Int128)(tensor.Shape[i] - 1) * tensor.Strides[i];
        return last;
    }

    private static long[] Numbers(object?[] values, string what) =>
        [.. values.Select(
        value => value is long and >= 0 ? (long)value : throw new PickleException($"a tensor's {what} must hold whole numbers from 0"))];
}
