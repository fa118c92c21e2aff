namespace Grid.Engine.Geometry;

/// <summary>Some heads of a packed row of query, key and value heads.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">The number of items.</param>
/// <param name="Width">Elements of a head.</param>
internal readonly record struct HeadRange(int First, int Count, int Width);
