namespace Grid.Silo.Ranks;

/// <summary>Why requests in flight end here and are resumed elsewhere.</summary>
public enum HandOverReason
{
    /// <summary>The time that a drain leaves them is over.</summary>
    Drain,

    /// <summary>The silo was declared dead by the cluster, or the engine died.</summary>
    Lost,
}
