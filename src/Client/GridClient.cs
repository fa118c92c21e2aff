namespace Grid.Client;

/// <summary>A typed client of a grid's HTTP surface.</summary>
public sealed class GridClient;
