namespace Grid.Cluster.Joining;

/// <summary>What a joining node sends, once.</summary>
/// <param name="TokenId">Null: the client certificate speaks for it.</param>
/// <param name="Secret">Of the token.</param>
/// <param name="Name">The node's.</param>
/// <param name="Address">What others will dial.</param>
/// <param name="Roles">What it will be.</param>
/// <param name="Wire">Contract MAJOR.MINOR.</param>
/// <param name="Clock">Its clock.</param>
/// <param name="ClusterId">Of the grid that its data folder belongs to, or null.</param>
/// <param name="SigningRequest">PKCS#10, PEM; only its key is read.</param>
internal sealed record JoinRequest(
    string? TokenId,
    string? Secret,
    string Name,
    string Address,
    string[] Roles,
    string Wire,
    DateTimeOffset Clock,
    string? ClusterId,
    string SigningRequest);
