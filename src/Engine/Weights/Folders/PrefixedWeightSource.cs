namespace Grid.Engine.Weights.Folders;

/// <summary>
/// Lets models ask for the full name (<c>model.decoder.layers.0...</c>, <c>transformer.h.0...</c>) of a tensor that the files
/// hold without the first part, as published GPT-2 and OPT files do.
/// </summary>
internal sealed class PrefixedWeightSource(IWeightSource inner, string prefix) : IWeightSource
{
    public IReadOnlyCollection<string> Names { get; } =
        [.. inner.Names.Select(
        name => name.StartsWith(prefix, StringComparison.Ordinal) || name.StartsWith("lm_head.", StringComparison.Ordinal)
            ? name
            : prefix + name)];

    public long TotalBytes => inner.TotalBytes;

    public WeightTensor? Find(string name) =>
        inner.Find(name) ?? (name.StartsWith(prefix, StringComparison.Ordinal) ? inner.Find(name[prefix.Length..]) : null);

    public void Dispose() => inner.Dispose();
}
