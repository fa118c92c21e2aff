namespace Grid.Cluster.Joining;

/// <summary>What an admitted node gets, in one answer.</summary>
/// <param name="Certificate">Its certificate in PEM.</param>
/// <param name="Authority">The grid's authority, PEM.</param>
/// <param name="ClusterId">The grid's id, Orleans' cluster id too.</param>
/// <param name="Terms">The addresses of the grid's parts.</param>
internal sealed record JoinGrant(string Certificate, string Authority, string ClusterId, GridTerms Terms);
