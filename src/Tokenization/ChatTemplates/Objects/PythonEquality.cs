using System.Numerics;
using System.Runtime.CompilerServices;

namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Python's <c>==</c> and <c>hash()</c>: numbers and truth values by value, containers by content.</summary>
internal sealed class PythonEquality : IEqualityComparer<object>
{
    public static PythonEquality Instance { get; } = new();

    public static bool AreEqual(object? left, object? right, int depth = 0)
    {
        Budget.CheckNesting(depth);
        if (Values.Text(left) is { } text) return text == Values.Text(right);
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right)) return Numbers.Compare(left, right) == 0;
        return (left, right) switch
        {
            (List<object?> a, List<object?> b) => AreEqual(a, b, depth),
            (object?[] a, object?[] b) => AreEqual(a, b, depth),
            (TemplateDict a, TemplateDict b) =>
                a.Count == b.Count && a.All(item => b.TryGetValue(item.Key, out var other) && AreEqual(item.Value, other, depth + 1)),
            (Undefined, Undefined) => true,
            _ => ReferenceEquals(left, right),
        };
    }

    public new bool Equals(object? x, object? y) => AreEqual(x, y);

    public int GetHashCode(object obj)
    {
        if (Values.Text(obj) is { } text) return text.GetHashCode(StringComparison.Ordinal);
        return obj switch
        {
            bool or long or double => Convert.ToDouble(obj).GetHashCode(),
            BigInteger big => ((double)big).GetHashCode(),
            object?[] items => items.Aggregate(items.Length, (hash, item) => HashCode.Combine(hash, item is null ? 0 : GetHashCode(item))),
            List<object?> or TemplateDict => throw new TemplateRuntimeException($"unhashable type: '{Values.TypeName(obj)}'"),
            _ => RuntimeHelpers.GetHashCode(obj),
        };
    }

    private static bool AreEqual(IList<object?> left, IList<object?> right, int depth)
    {
        if (left.Count != right.Count) return false;
        for (var i = 0; i < left.Count; i++)
            if (!AreEqual(left[i], right[i], depth + 1)) return false;
        return true;
    }
}
