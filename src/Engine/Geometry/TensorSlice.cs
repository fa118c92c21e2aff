using Grid.Engine.Configuration;

namespace Grid.Engine.Geometry;

/// <summary>Which part of each sharded width a layer holds. Layers read it; models do not.</summary>
/// <param name="Index">Index of the shard within its tensor parallel group, from 0.</param>
/// <param name="Size">The tensor parallel size: the number of shards of each layer.</param>
internal readonly record struct TensorSlice(int Index, int Size)
{
    /// <summary>Everything.</summary>
    public static TensorSlice Whole => new(0, 1);

    /// <summary>This shard's part of a width.</summary>
    /// <param name="width">Elements of all shards together.</param>
    /// <param name="name">The width's name in config.json.</param>
    /// <exception cref="ModelLoadException">The width does not divide.</exception>
    public Slice Of(int width, string name)
    {
        if (width % Size != 0)
            throw new ModelLoadException($"{name} ({width}) must be divisible by tensor parallel size ({Size}).", ModelLoadFault.Layout);
        return new Slice(Index * (width / Size), width / Size);
    }

    /// <summary>
    /// This shard's rows of the vocabulary, padded so that all shards have as many: those of the last may end before its slice does.
    /// </summary>
    public (Slice Rows, int Padded) OfVocabulary(int size)
    {
        var padded = (size + Size - 1) / Size;
        var start = Math.Min(Index * padded, size);
        return (new Slice(start, Math.Min(padded, size - start)), padded);
    }

    /// <summary>This shard's query heads.</summary>
    public Slice OfHeads(int heads)
    {
        if (heads % Size != 0)
            throw new ModelLoadException($"Total number of attention heads ({heads}) must be divisible by tensor parallel size ({Size}).",
                ModelLoadFault.Layout);
        return new Slice(Index * (heads / Size), heads / Size);
    }

    /// <summary>This shard's key and value heads; where there are fewer than shards, several hold the same one.</summary>
    public Slice OfKVHeads(int kvHeads)
    {
        if (kvHeads % Size != 0 && Size % kvHeads != 0)
            throw new ModelLoadException(
                $"Total number of key/value heads ({kvHeads}) must divide or be divisible by tensor parallel size ({Size}).",
                ModelLoadFault.Layout);
        return new Slice((int)((long)Index * kvHeads / Size), Math.Max(1, kvHeads / Size));
    }
}
