namespace Grid.Cluster.Joining;

/// <summary>What the head sends to every node that it admits.</summary>
/// <param name="ServiceId">Orleans' service id; its cluster id is the grid's.</param>
/// <param name="Store">How to reach the store.</param>
/// <param name="Admin">Base URL of the head's admin API.</param>
/// <param name="Http">Base URL of the head's gateway, or empty.</param>
public sealed record GridTerms(string ServiceId, StoreAccess Store, string Admin, string Http);
