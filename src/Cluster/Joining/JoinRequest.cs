namespace Grid.Cluster.Joining;

/// <summary>What a joining node sends, once.</summary>
/// <param name="TokenId">The id of the token; null if the node presents its certificate.</param>
/// <param name="Secret">The secret of the token.</param>
/// <param name="Name">The name of the node.</param>
/// <param name="Address">What others will dial.</param>
/// <param name="Roles">What it will be.</param>
/// <param name="Wire">The version of the wire contract, as MAJOR.MINOR.</param>
/// <param name="Clock">The time of the node's clock.</param>
/// <param name="ClusterId">The id of the grid that its data folder belongs to, or null.</param>
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
