namespace Grid.Cluster.Tests.Hosting;

/// <summary>Tells where it is, and counts in the store.</summary>
public interface IWhereGrain : IGrainWithStringKey
{
    Task<string> Where();

    Task<int> Count();
}
