namespace Grid.Engine.Geometry;

/// <summary>Neighbouring rows, columns or heads.</summary>
/// <param name="Start">The index of the first item.</param>
/// <param name="Length">The number of items.</param>
internal readonly record struct Slice(int Start, int Length)
{
    /// <summary>All of a width.</summary>
    public static Slice All(int length) => new(0, length);

    /// <summary>The elements of heads.</summary>
    public Slice Times(int width) => new(checked(Start * width), checked(Length * width));
}
