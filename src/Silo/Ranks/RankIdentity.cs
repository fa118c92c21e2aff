namespace Grid.Silo.Ranks;

/// <summary>What a rank is called.</summary>
/// <param name="Rank">The number of the rank within its replica: N of dpN.</param>
/// <param name="Epoch">The epoch of its plan; requests for another epoch are answered with 409.</param>
/// <param name="ModelNames">The names that requests may use, the main one first.</param>
public sealed record RankIdentity(ReplicaId Replica, int Rank, long Epoch, IReadOnlyList<string> ModelNames)
{
    /// <summary>The rank with its replica.</summary>
    public RankId Id => Replica.Rank(Rank);
}
