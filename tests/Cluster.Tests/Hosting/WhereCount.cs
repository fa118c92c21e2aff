namespace Grid.Cluster.Tests.Hosting;

[GenerateSerializer]
public sealed record WhereCount
{
    [Id(0)]
    public int Value { get; init; }
}
