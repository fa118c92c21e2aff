namespace Grid.Engine.Weights.Pickle;

/// <summary>A storage that the pickle refers to; its bytes are an entry of the archive.</summary>
/// <param name="TypeName">Class name without the module, such as <c>FloatStorage</c>.</param>
/// <param name="Key">Name of the entry under <c>data/</c>.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record TorchStorage(string TypeName, string Key, long Count)
{
    /// <summary>Bytes of an element of each class that pickles may name.</summary>
    public static readonly IReadOnlyDictionary<string, int> ElementSizes = new Dictionary<string, int>
    {
        ["FloatStorage"] = 4,
        ["HalfStorage"] = 2,
        ["BFloat16Storage"] = 2,
        ["DoubleStorage"] = 8,
        ["LongStorage"] = 8,
        ["IntStorage"] = 4,
        ["ShortStorage"] = 2,
        ["CharStorage"] = 1,
        ["ByteStorage"] = 1,
        ["BoolStorage"] = 1,
    };

    /// <summary>Null for a type that torch knows and this project does not.</summary>
    public WeightType? Type => TypeName switch
    {
        "FloatStorage" => WeightType.Float32,
        "HalfStorage" => WeightType.Float16,
        "BFloat16Storage" => WeightType.BFloat16,
        _ => null,
    };
}
