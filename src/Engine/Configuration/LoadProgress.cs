namespace Grid.Engine.Configuration;

/// <summary>How far a load has come.</summary>
/// <param name="Phase">What is being done, in words for people.</param>
/// <param name="Done">The number of bytes that are done.</param>
/// <param name="Total">Bytes in all; 0 where unknown.</param>
public readonly record struct LoadProgress(string Phase, long Done, long Total);
